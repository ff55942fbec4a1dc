"""Pod templates: labels, modes, names of containers, and how agents find their way."""

import re
from collections.abc import Iterator

from builder.lint.base import Linted, labels_of
from builder.model.audit import AuditFinding, error, note, warning
from builder.verify.casc_tree import CLOUD, Leaf, items

_TUNNEL = re.compile(r"[^:/\s]+:[0-9]+")
_AGENT_IMAGES = ("inbound-agent", "jnlp-slave")


def ways(seen: Linted) -> Iterator[AuditFinding]:
    """Find clouds whose agents find no way to the controller."""
    for cloud in seen.at(*CLOUD):
        tunnel = cloud.first("jenkinstunnel")
        if (cloud.first("websocket") or "").lower() == "true" and tunnel:
            yield error(
                "websocket",
                cloud.place,
                "a WebSocket goes through no tunnel: no agent connects",
                "take webSocket or jenkinsTunnel out",
            )
        if tunnel and not _TUNNEL.fullmatch(tunnel):
            yield error(
                "tunnel",
                cloud.place,
                f"jenkinsTunnel {tunnel} is no host:port",
                "write the agents' Service, such as devops-jenkins-agent.NAMESPACE:50000",
            )


def names(seen: Linted) -> Iterator[AuditFinding]:
    """Find clouds and templates of one name."""
    for found in (seen.at(*CLOUD), seen.casc.templates):
        known: dict[str, str] = {}
        for each in found:
            name = each.first("name") or ""
            if name and name in known:
                yield warning(
                    "twice",
                    each.place,
                    f"{name} is there a second time, after {known[name]}",
                    "keep one: lists of several files are joined",
                )
            known.setdefault(name, each.place)


def modes(seen: Linted) -> Iterator[AuditFinding]:
    """Find where jobs without a label may go to more than one place."""
    normal = [
        e for e in seen.casc.templates if (e.first("nodeusagemode") or "").upper() == "NORMAL"
    ]
    for each in normal[1:]:
        yield warning(
            "mode",
            each.place,
            "a second template takes jobs without a label: which one gets them is chance",
            f"make it EXCLUSIVE, or {normal[0].first('name')} at {normal[0].place}",
        )
    executors = next((each.text for each in seen.at("jenkins", "numexecutors")), None)
    if normal and executors not in {None, "0"}:
        mode = next((each.text for each in seen.at("jenkins", "mode")), "NORMAL")
        if mode != "EXCLUSIVE":
            yield warning(
                "mode",
                seen.at("jenkins", "numexecutors")[0].place,
                "jobs without a label run on the controller itself",
                "write numExecutors: 0 or mode: EXCLUSIVE",
            )


def containers(seen: Linted) -> Iterator[AuditFinding]:
    """Find agents of another name than jnlp, and children that override nothing."""
    found = seen.casc.templates
    by_name = {each.first("name"): each for each in found}
    for each in found:
        inside = [item for below in each.below("containers") for item in items(below)]
        for one in inside:
            image = one.first("image") or ""
            if one.first("name") != "jnlp" and any(part in image for part in _AGENT_IMAGES):
                yield error(
                    "agent-name",
                    one.place,
                    f"the agent's container is called {one.first('name')}: a second one is added",
                    "call it jnlp",
                )
        parents = _parents(each)
        for above in parents:
            if above not in by_name:
                yield error(
                    "inherits",
                    each.place,
                    f"it inherits from {above}, which is not there",
                    "name a template of this cloud",
                )
        if parents and all(above in by_name for above in parents):
            yield from _child(inside, [by_name[above] for above in parents])


def labels(seen: Linted) -> Iterator[AuditFinding]:
    """Find templates that no job can ask for."""
    found = seen.casc.templates
    inherited = {name for each in found for name in _parents(each)}
    inherited |= {cloud.first("defaultsprovidertemplate") or "" for cloud in seen.at(*CLOUD)}
    for each in found:
        mode = (each.first("nodeusagemode") or "").upper()
        if not each.first("label") and mode == "EXCLUSIVE" and each.first("name") not in inherited:
            yield warning(
                "label",
                each.place,
                "it has no label, takes no job without one, and nothing inherits from it",
                "give it a label, or take it out",
            )


def shared(seen: Linted) -> Iterator[AuditFinding]:
    """Tell labels that more than one template has."""
    first: dict[str, Leaf] = {}
    for each in seen.casc.templates:
        for label in labels_of(each):
            known = first.setdefault(label, each)
            if known is not each:
                yield note(
                    "shared-label",
                    each.place,
                    f"label {label} is also of {known.first('name')} at {known.place}: "
                    "either may take the job",
                    "nothing, if both will do",
                )


def _parents(template: Leaf) -> list[str]:
    """Name the templates that it inherits from; blanks are between them."""
    return (template.first("inheritfrom") or "").split()


def _child(inside: list[Leaf], parents: list[Leaf]) -> Iterator[AuditFinding]:
    lists = [below for parent in parents for below in parent.below("containers")]
    there = {item.first("name") for below in lists for item in items(below)}
    above = " or ".join(str(parent.first("name")) for parent in parents)
    for one in inside:
        name = one.first("name")
        if name not in there:
            yield warning(
                "inherits",
                one.place,
                f"{name} overrides no container of {above}: both run",
                f"call it one of {', '.join(sorted(filter(None, there)))}",
            )
