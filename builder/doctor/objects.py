"""Objects of Kubernetes: rendered manifests, or what ``kubectl get -o yaml`` prints."""

import re
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath

import yaml

from builder.model.audit import AuditFinding, Severity, found_at
from builder.model.controller import LEAST_LIMIT
from builder.model.formula import InputFile

_UNITS = {"": 1, "k": 1000, "M": 1000**2, "G": 1000**3}
_UNITS |= {"Ki": 1024, "Mi": 1024**2, "Gi": 1024**3, "m": 1024**2, "g": 1024**3}
_SIZE = re.compile(r"([0-9.]+)([A-Za-z]*)")
_HEAP = re.compile(r"-Xmx([0-9]+[kmgKMG]?)")
_MAX_RAM = re.compile(r"-XX:MaxRAM=([0-9]+[kmgKMG]?)")
_SHARE = 0.75  # of the limit that a fixed heap may take
_TOO_SOON_S = 300.0  # a controller with many plugins may need that long
_DEFAULT_PASSWORD = "P@ssw0rd"  # noqa: S105  # of the chart, for mail

Objects = tuple[Mapping[str, object], ...]


def examine(name: str, objects: Objects) -> tuple[AuditFinding, ...]:
    """Find what is known to go wrong.

    Args:
        name: of the file.
        objects: documents; of a list its items.
    """
    return tuple(finding for each in flat(objects) for finding in _of(name, each))


def casc_in(objects: Objects) -> tuple[InputFile, ...]:
    """Give the CasC files that ConfigMaps hold."""
    files = []
    for each in flat(objects):
        if each.get("kind") == "ConfigMap":
            folder = _name(each)
            for key, text in sorted(_map(each.get("data")).items()):
                if key.endswith((".yaml", ".yml")) and "jenkins:" in str(text):
                    path = PurePosixPath(folder) / key
                    files.append(InputFile(path=path, content=str(text).encode()))
    return tuple(files)


def documents(text: str | bytes) -> Objects:
    """Read YAML; what is no map is left out.

    Raises:
        YAMLError: it is none.
    """
    found = yaml.load_all(text, Loader=yaml.CSafeLoader)
    return tuple(each for each in found if isinstance(each, dict))


def flat(objects: Objects) -> Iterator[Mapping[str, object]]:
    """Give the items of lists, as ``kubectl get`` prints them, and everything else as it is."""
    for each in objects:
        items = each.get("items")
        if isinstance(items, list):
            yield from flat(tuple(item for item in items if isinstance(item, dict)))
        else:
            yield each


def _of(file: str, thing: Mapping[str, object]) -> Iterator[AuditFinding]:
    where = f"{file}: {thing.get('kind')} {_name(thing)}"
    pod = _map(_map(_map(thing.get("spec")).get("template")).get("spec"))
    if thing.get("kind") == "Pod":
        pod = _map(thing.get("spec"))
    for container in _maps(pod.get("containers")):
        if "jenkins" in str(container.get("image")) and "agent" not in str(container.get("image")):
            yield from _memory(where, container)
            yield from _probe(where, container)
            yield from _variables(where, container)
            if _map(pod.get("securityContext")).get("runAsUser") == 0:
                yield _warning(
                    "root",
                    where,
                    "the controller runs as root: what it writes, no other user can change later",
                    "run as 1000 with fsGroup: 1000, and chown the volume once",
                )
    for status in _maps(_map(thing.get("status")).get("containerStatuses")):
        ended = _map(_map(status.get("lastState")).get("terminated"))
        if ended.get("reason") == "OOMKilled":
            yield _error(
                "memory",
                where,
                f"{status.get('name')} was killed for want of memory",
                "give it 4Gi or more, with one way of sizing the heap",
            )


def _memory(where: str, container: Mapping[str, object]) -> Iterator[AuditFinding]:
    """Judge limit and heap; ``JAVA_TOOL_OPTIONS`` is the chart's place for it."""
    limit = _bytes(_map(_map(container.get("resources")).get("limits")).get("memory"))
    env = _env(container)
    options = " ".join(env.get(each, "") for each in ("JAVA_TOOL_OPTIONS", "JAVA_OPTS"))
    if limit is not None and limit < LEAST_LIMIT:
        yield _error(
            "memory-limit",
            where,
            f"{limit / 1024**3:.1f} GiB: some jobs at once get the controller killed",
            "give it 4Gi or more",
        )
    heap, most = _HEAP.search(options), _MAX_RAM.search(options)
    if heap and "RAMPercentage" in options:
        yield _warning(
            "heap", where, "-Xmx and -XX:MaxRAMPercentage both size the heap", "keep one of them"
        )
    if heap and limit and (_bytes(heap[1]) or 0) > limit * _SHARE:
        yield _error(
            "heap",
            where,
            f"-Xmx{heap[1]} leaves Java itself too little of the limit",
            "take three quarters of the limit at most",
        )
    if most and limit and (_bytes(most[1]) or 0) > limit:
        yield _error(
            "heap", where, f"-XX:MaxRAM={most[1]} is above the limit", "set both to the same"
        )


def _probe(where: str, container: Mapping[str, object]) -> Iterator[AuditFinding]:
    probe = _map(container.get("livenessProbe"))
    if not probe or container.get("startupProbe"):
        return
    after = _number(probe.get("initialDelaySeconds"), 0) + _number(
        probe.get("periodSeconds"), 10
    ) * _number(probe.get("failureThreshold"), 3)
    if after < _TOO_SOON_S:
        yield _warning(
            "liveness",
            where,
            f"a boot that takes longer than {after:.0f} s is killed, and starts again",
            "add a startupProbe, or raise initialDelaySeconds",
        )


def _variables(where: str, container: Mapping[str, object]) -> Iterator[AuditFinding]:
    env = _env(container)
    for name in env:
        if "." in name:
            yield _warning(
                "dead-variable",
                where,
                f"{name}: Java reads no system property from a variable",
                f"write -D{name}=... into JAVA_TOOL_OPTIONS",
            )
    if _DEFAULT_PASSWORD in env.values() or env.get("EMAIL_SMTP_HOST") == "mail.example.com":
        yield _warning(
            "mail-default",
            where,
            "mail has the chart's example for a server or a password",
            "set EMAIL_SMTP_HOST and EMAIL_FROM_PASS under Master",
        )
    folder = env.get("CASC_JENKINS_CONFIG", "")
    if any(part.startswith(".") for part in PurePosixPath(folder).parts):
        yield _error(
            "casc-hidden",
            where,
            f"CASC_JENKINS_CONFIG {folder}: nothing below a name with a dot in front is read",
            "mount it elsewhere",
        )


def _error(name: str, where: str, sentence: str, way_out: str) -> AuditFinding:
    return found_at(where, id=name, severity=Severity.ERROR, sentence=sentence, way_out=way_out)


def _warning(name: str, where: str, sentence: str, way_out: str) -> AuditFinding:
    return found_at(where, id=name, severity=Severity.WARNING, sentence=sentence, way_out=way_out)


def _name(thing: Mapping[str, object]) -> str:
    return str(_map(thing.get("metadata")).get("name") or "?")


def _map(value: object) -> Mapping[str, object]:
    return value if isinstance(value, dict) else {}


def _maps(value: object) -> Iterator[Mapping[str, object]]:
    yield from (each for each in value if isinstance(each, dict)) if isinstance(value, list) else ()


def _env(container: Mapping[str, object]) -> dict[str, str]:
    found = _maps(container.get("env"))
    return {str(each.get("name")): str(each.get("value") or "") for each in found}


def _number(value: object, otherwise: float) -> float:
    try:
        return float(str(value)) if value is not None else otherwise
    except ValueError:
        return otherwise


def _bytes(value: object) -> float | None:
    """Read a quantity such as ``2Gi``, or Java's ``1600m``."""
    found = _SIZE.fullmatch(str(value)) if value is not None else None
    if not found:
        return None
    unit = found[2] if found[2] in _UNITS else found[2].lower()
    return float(found[1]) * _UNITS[unit] if unit in _UNITS else None
