"""Labels that pipelines ask for, held against those that agents have.

Only texts are read: a label that a script puts together, or a library gives, is not seen.
"""

import re
from collections.abc import Iterator

from builder.lint.base import Linted, labels_of, place_in
from builder.model.audit import AuditFinding, error, note

_ASKED = re.compile(
    r"""\blabel\s*(?:[:(]\s*)?(?P<quote>['"])(?P<label>[^'"\n]+)(?P=quote)"""
    r"""|\bnode\s*\(?\s*(?P<q>['"])(?P<node>[^'"\n]+)(?P=q)"""
)
_OWN_POD = re.compile(r"(?:\bpodTemplate\s*\(|\bkubernetes\s*\{)[^)}]*")
_WORD = re.compile(r"[\w.-]+")
_BUILT_IN = {"master", "built-in"}


def labels(seen: Linted) -> Iterator[AuditFinding]:
    """Find labels that no agent has, and agents that no pipeline asks for."""
    agents = {label: leaf for leaf in seen.casc.templates for label in labels_of(leaf)}
    if not agents or not seen.pipelines:
        return
    known = {*agents, *_BUILT_IN, *_of_nodes(seen)}
    wanted = set[str]()
    for file in seen.pipelines:
        text = file.content.decode(errors="replace")
        own = {each for block in _OWN_POD.finditer(text) for each, _ in _asked(block[0])}
        for label, at in _asked(text):
            wanted.add(label)
            if label not in known | own:
                yield error(
                    "label-missing",
                    place_in(file, text, at),
                    f"no agent has the label {label}: the job waits for ever",
                    f"take one of {', '.join(sorted(agents))}, or give a template this label",
                )
    for label in sorted(agents.keys() - wanted):
        yield note(
            "label-unused",
            agents[label].place,
            f"none of these pipelines asks for the label {label}",
            "nothing, if others do",
        )


def _asked(text: str) -> Iterator[tuple[str, int]]:
    """Give each word of each expression, and where it stands; what is put together is left out."""
    for found in _ASKED.finditer(text):
        expression = found["label"] or found["node"]
        if "$" not in expression:
            yield from ((word, found.start()) for word in _WORD.findall(expression))


def _of_nodes(seen: Linted) -> Iterator[str]:
    """Give the labels and names of agents that stay, and of the controller itself."""
    for each in seen.casc.leaves:
        is_node = each.path[:2] == ("jenkins", "nodes") and each.path[-1] in {"name", "labelstring"}
        if (is_node or each.path == ("jenkins", "labelstring")) and each.text:
            yield from each.text.split()
