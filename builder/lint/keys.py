"""Keys of CasC: whose they are, and which of them a release no longer takes.

Source: recordings of configuration-as-code 1.53: an unknown key, and by default a deprecated one,
stops the boot.
"""

import re
from collections.abc import Iterator

from builder.lint.base import Linted, brought_by, error, note, warning
from builder.model.audit import AuditFinding
from builder.verify.casc_tree import Leaf
from builder.version import Version

_ENTRIES = Version("657.v398b_8a_279c49")  # role-strategy from here on has entries
_ROLES = ("jenkins", "authorizationstrategy", "rolebased", "roles")
_TEMPLATES = ("jenkins", "clouds", "kubernetes", "templates")
_OF_CONTAINERS = {
    "command",
    "args",
    "remotefs",
    "privileged",
    "alwayspullimage",
    "image",
    "resourcerequestcpu",
    "resourcerequestmemory",
    "resourcelimitcpu",
    "resourcelimitmemory",
}
_NO_SUCH = "io.jenkins.plugins.casc.ConfigurationAsCode.initialDelay"


def absent_plugins(seen: Linted) -> Iterator[AuditFinding]:
    """Find keys that nobody in the lock reads."""
    if seen.plugins is None:
        return
    owners = brought_by("casc_owners.json")
    for each in seen.leaves:
        wanted = owners.get(".".join(each.path), ())
        if wanted and not any(plugin in seen.plugins for plugin in wanted):
            yield error(
                f"casc-key:{wanted[0]}",
                each.place,
                f"{each.path[-1]} is for {' or '.join(wanted)}, which is not locked: "
                "the controller does not start",
                f"ask for {wanted[0]}, or take the key out",
            )


def roles(seen: Linted) -> Iterator[AuditFinding]:
    """Find roles in the words of another release of role-strategy."""
    version = (seen.plugins or {}).get("role-strategy")
    if version is None:
        return
    takes, other = ("entries", "assignments") if version >= _ENTRIES else ("assignments", "entries")
    for each in seen.leaves:
        if each.path[:4] == _ROLES and each.path[-1] == other:
            yield error(
                "roles",
                each.place,
                f"role-strategy {version} does not take {other}: the controller does not start",
                f"write {takes}" + ("" if takes == "assignments" else ", each a user or a group"),
            )


def renamed(seen: Linted) -> Iterator[AuditFinding]:
    """Find keys that moved elsewhere, and those that were given up."""
    for each in seen.leaves:
        if each.path[:-1] == _TEMPLATES and each.path[-1] in _OF_CONTAINERS:
            yield error(
                "renamed",
                each.place,
                f"{each.path[-1]} of a template is deprecated: the controller does not start",
                "write it under containers",
            )
        if each.path == ("jenkins", "disabledagentprotocols"):
            yield warning(
                "dead",
                each.place,
                "the protocols that this would shut are gone since core 2.214",
                "take it out",
            )


def dead(seen: Linted) -> Iterator[AuditFinding]:
    """Find settings that nothing reads."""
    for each in seen.java_options:
        if each.startswith(f"-D{_NO_SUCH}"):
            yield warning("dead", "image.java.options", f"{_NO_SUCH} is unknown", "take it out")


def unresolved(seen: Linted) -> Iterator[AuditFinding]:
    """Find words for the agent's pod that CasC would take for its own variables."""
    for each in seen.leaves:
        value = str(each.node.value) if isinstance(each.node.value, str) else ""
        if re.search(r"(?<!\^)\$\{computer\.", value):
            yield error(
                "agent-words",
                each.place,
                "${computer...} is replaced by nothing, and agents come without name and secret",
                "write ^${computer...}",
            )


def in_the_clear(seen: Linted) -> Iterator[AuditFinding]:
    """Find secrets that stand in a file as they are."""
    for each in seen.leaves:
        if _is_secret(each) and (value := str(each.node.value)) and "${" not in value:
            yield warning(
                "secret",
                each.place,
                f"{each.path[-1]} stands in the file, and so in the image and its history",
                "write a variable: ${NAME}, from the environment or a file of /run/secrets",
            )


def without_lock(seen: Linted) -> Iterator[AuditFinding]:
    """Say what was not looked at."""
    if seen.plugins is None:
        yield note(
            "no-lock",
            "formula",
            "there is no lock: keys and imports were not held against plugins",
            "jbuild lock",
        )


def _is_secret(leaf: Leaf) -> bool:
    name = leaf.path[-1]
    if not isinstance(leaf.node.value, str) or name.endswith(("id", "file")):
        return False
    return any(word in name for word in ("password", "secret", "token", "privatekey")) and not any(
        word in name for word in ("tokenauth", "crumb", "excluded")
    )
