"""What stands behind keys of CasC: words for numbers, secrets, variables, and whole files.

Source: recordings of configuration-as-code 1.53 and of kubesphere-token-auth 1.7.
"""

import re
from collections.abc import Iterator

import yaml

from builder.lint.base import Linted
from builder.model.audit import AuditFinding, error, warning
from builder.verify.casc_tree import CLOUD, TEMPLATES, Leaf
from builder.version import Version

_TOKEN_REVIEWS = ("unclassified", "kubespheretokenauthglobalconfiguration")
_NUMBERS = {  # in lists, which hold no entries that verify compares
    *((*CLOUD, each) for each in ("connecttimeout", "readtimeout", "retentiontimeout")),
    *((*CLOUD, each) for each in ("waitforpodsec", "maxrequestsperhost")),
    *((*TEMPLATES, each) for each in ("idleminutes", "slaveconnecttimeout", "instancecap")),
}
_NUMBER = re.compile(r"\s*[-+]?[0-9]+\s*")
_MOST_ALIASES = 50  # of lists and maps, as SnakeYAML has it
_ALIASES = "CASC_YAML_MAX_ALIASES"
_COUNTS_RIGHT = Version("1413")  # configuration-as-code from here on merges as it says
_SECRETS = ("password", "passphrase", "secret", "token", "privatekey")
_NO_SECRETS = ("tokenauth", "crumb", "excluded")


def numbers(seen: Linted) -> Iterator[AuditFinding]:
    """Find words where CasC makes a number of them: 0."""
    for each in seen.casc.leaves:
        said = each.text if each.path in _NUMBERS else None
        if said is not None and not _NUMBER.fullmatch(said):
            yield warning(
                "number",
                each.place,
                f"{each.path[-1]}: {said!r} is no whole number; it is not kept",
                "write digits",
            )


def token_server(seen: Linted) -> Iterator[AuditFinding]:
    """Find a token plugin that is on and has nobody to ask."""
    for each in seen.at(*_TOKEN_REVIEWS):
        servers = each.below("server")
        has_none = not servers or all(one.text is not None and not one.text for one in servers)
        if (each.first("enabled") or "").lower() == "true" and has_none:
            yield error(
                "token-server",
                each.place,
                "tokens are on, and no server is named: every log-in with a name ends in 500",
                "write server: http://devops-apiserver.NAMESPACE:9090/",
            )


def aliases(seen: Linted) -> Iterator[AuditFinding]:
    """Find files with more aliases than CasC reads."""
    for file, root in seen.casc.roots:
        count = _aliases(file.content) if root else 0
        if count > _MOST_ALIASES and _ALIASES not in seen.casc.variables:
            yield error(
                "aliases",
                f"{file.path}:1",
                f"{count} aliases of lists and maps, {_MOST_ALIASES} are read: "
                "the controller does not start",
                f"write fewer, or set {_ALIASES} in image.env",
            )


def merging(seen: Linted) -> Iterator[AuditFinding]:
    """Find files that a release of configuration-as-code joins wrongly."""
    version = (seen.plugins or {}).get("configuration-as-code")
    several = len(seen.casc.files) > 1 and seen.casc.overrides
    if version and version < _COUNTS_RIGHT and several:
        yield error(
            "merge",
            f"{seen.casc.files[1].path}:1",
            f"configuration-as-code {version} counts wrongly when override joins files: "
            "what comes out depends on the order of keys, or the controller does not start",
            "write one file, or take configuration-as-code 1414 or newer",
        )


def unresolved(seen: Linted) -> Iterator[AuditFinding]:
    """Find words for the agent's pod that CasC would take for its own variables."""
    for each in seen.casc.leaves:
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
    for each in seen.casc.leaves:
        if _is_secret(each) and (value := str(each.node.value)) and "${" not in value:
            yield warning(
                "secret",
                each.place,
                f"{each.path[-1]} stands in the file, and so in the image and its history",
                "write a variable: ${NAME}, from the environment or a file of /run/secrets",
            )


def _is_secret(leaf: Leaf) -> bool:
    name = leaf.path[-1]
    if not isinstance(leaf.node.value, str) or name.endswith(("id", "file")):
        return False
    return any(word in name for word in _SECRETS) and not any(word in name for word in _NO_SECRETS)


def _aliases(content: bytes) -> int:
    """Count aliases of lists and maps; those of scalars cost nothing."""
    scalars, count = set[str](), 0
    for event in yaml.parse(content, Loader=yaml.SafeLoader):
        if isinstance(event, yaml.ScalarEvent) and event.anchor:
            scalars.add(event.anchor)
        elif isinstance(event, yaml.AliasEvent):
            count += event.anchor not in scalars
    return count
