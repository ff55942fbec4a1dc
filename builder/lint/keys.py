"""Keys of CasC: whose they are, and which of them a release no longer takes.

Source: recordings of configuration-as-code 1.53: an unknown key, and by default a deprecated one,
stops the boot.
"""

from collections.abc import Iterator

from builder.lint.base import Linted, brought_by, stopping
from builder.model.audit import AuditFinding, note, warning
from builder.verify.casc_tree import CLOUD, TEMPLATES
from builder.version import Version

_ENTRIES = Version("657.v398b_8a_279c49")  # role-strategy from here on has entries
_ROLES = ("jenkins", "authorizationstrategy", "rolebased", "roles")
_OPTIONAL = {"unclassified", "tool"}  # roots below which an unknown key can be let pass
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
_REPLACED = {
    **{(*TEMPLATES, each): "write it under containers" for each in _OF_CONTAINERS},
    **{(*above, "caponlyonalivepods"): "take it out" for above in (CLOUD, TEMPLATES)},
    (*CLOUD, "labels"): "write podLabels",
}
_NO_SUCH = "io.jenkins.plugins.casc.ConfigurationAsCode.initialDelay"


def absent_plugins(seen: Linted) -> Iterator[AuditFinding]:
    """Find keys that nobody in the lock reads."""
    if seen.plugins is None:
        return
    owners = brought_by("casc_owners.json")
    for each in seen.casc.leaves:
        wanted = owners.get(".".join(each.path), ())
        if wanted and not any(plugin in seen.plugins for plugin in wanted):
            yield stopping(
                f"casc-key:{wanted[0]}",
                each.place,
                f"{each.path[-1]} is for {' or '.join(wanted)}, which is not locked",
                f"ask for {wanted[0]}, or take the key out",
                unless=each.path[0] in _OPTIONAL and seen.only_warns("unknown"),
            )


def roles(seen: Linted) -> Iterator[AuditFinding]:
    """Find roles in the words of another release of role-strategy."""
    version = (seen.plugins or {}).get("role-strategy")
    if version is None:
        return
    takes, other = ("entries", "assignments") if version >= _ENTRIES else ("assignments", "entries")
    for each in seen.casc.leaves:
        if each.path[:4] == _ROLES and each.path[-1] == other:
            yield stopping(
                "roles",
                each.place,
                f"role-strategy {version} does not take {other}",
                f"write {takes}" + ("" if takes == "assignments" else ", each a user or a group"),
                unless=seen.only_warns("deprecated" if takes == "entries" else "unknown"),
            )


def renamed(seen: Linted) -> Iterator[AuditFinding]:
    """Find keys that moved elsewhere, and those that were given up."""
    for each in seen.casc.leaves:
        if way_out := _REPLACED.get(each.path):
            yield stopping(
                "renamed",
                each.place,
                f"{each.path[-1]} of {each.path[-2]} is deprecated",
                way_out,
                unless=seen.only_warns("deprecated"),
            )
        if each.path == (*CLOUD, "containercap"):
            yield stopping(
                "renamed",
                each.place,
                "containercap is no key of CasC",
                "write containerCapStr",
                unless=seen.only_warns("unknown"),
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


def without_lock(seen: Linted) -> Iterator[AuditFinding]:
    """Say what was not looked at."""
    if seen.plugins is None:
        yield note(
            "no-lock",
            "formula",
            "there is no lock: keys and imports were not held against plugins",
            "jbuild lock",
        )
