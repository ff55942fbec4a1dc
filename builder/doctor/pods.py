"""Pods of a controller: memory and heap, probes, variables, and how they ended."""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import PurePosixPath

from builder.doctor.tree import mapping, mappings
from builder.model.audit import AuditFinding, error, warning
from builder.model.controller import LEAST_LIMIT
from builder.model.quantity import UNITS, quantity

_MEMORY = {**UNITS, "m": UNITS["Mi"], "g": UNITS["Gi"], "K": UNITS["k"]}  # and Java's letters
_HEAP = re.compile(r"-Xmx([0-9]+[kmgKMG]?)")
_MAX_RAM = re.compile(r"-XX:MaxRAM=([0-9]+[kmgKMG]?)")
_SHARE = Decimal("0.75")  # of the limit that a fixed heap may take
_TOO_SOON_S = 300.0  # a controller with many plugins may need that long
_DEFAULT_PASSWORD = "P@ssw0rd"  # noqa: S105  # of the chart, for mail
_SONAR = "SONAR_ENABLED"


def of_pod(where: str, thing: Mapping[str, object]) -> Iterator[AuditFinding]:
    """Judge the controller's container of a pod, or of what makes pods, and how pods ended."""
    spec = mapping(thing.get("spec"))
    pod = spec if thing.get("kind") == "Pod" else mapping(mapping(spec.get("template")).get("spec"))
    for container in mappings(pod.get("containers")):
        if "jenkins" in str(container.get("image")) and "agent" not in str(container.get("image")):
            yield from _memory(where, container)
            yield from _probe(where, container)
            yield from _variables(where, container)
            if mapping(pod.get("securityContext")).get("runAsUser") == 0:
                yield warning(
                    "root",
                    where,
                    "the controller runs as root: what it writes, no other user can change later",
                    "run as 1000 with fsGroup: 1000, and chown the volume once",
                )
    for status in mappings(mapping(thing.get("status")).get("containerStatuses")):
        ended = mapping(mapping(status.get("lastState")).get("terminated"))
        if ended.get("reason") == "OOMKilled":
            yield error(
                "memory",
                where,
                f"{status.get('name')} was killed for want of memory",
                "give it 4Gi or more, with one way of sizing the heap",
            )


def _memory(where: str, container: Mapping[str, object]) -> Iterator[AuditFinding]:
    """Judge limit and heap; ``JAVA_TOOL_OPTIONS`` is the chart's place for it."""
    limit = quantity(
        mapping(mapping(container.get("resources")).get("limits")).get("memory"), _MEMORY
    )
    env = _env(container)
    options = " ".join(env.get(each, "") for each in ("JAVA_TOOL_OPTIONS", "JAVA_OPTS"))
    if limit is not None and limit < LEAST_LIMIT:
        yield error(
            "memory-limit",
            where,
            f"{limit / 1024**3:.1f} GiB: some jobs at once get the controller killed",
            "give it 4Gi or more",
        )
    heap, most = _HEAP.search(options), _MAX_RAM.search(options)
    if heap and "RAMPercentage" in options:
        yield warning(
            "heap", where, "-Xmx and -XX:MaxRAMPercentage both size the heap", "keep one of them"
        )
    if heap and limit and (quantity(heap[1], _MEMORY) or 0) > limit * _SHARE:
        yield error(
            "heap",
            where,
            f"-Xmx{heap[1]} leaves Java itself too little of the limit",
            "take three quarters of the limit at most",
        )
    if most and limit and (quantity(most[1], _MEMORY) or 0) > limit:
        yield error(
            "heap", where, f"-XX:MaxRAM={most[1]} is above the limit", "set both to the same"
        )


def _probe(where: str, container: Mapping[str, object]) -> Iterator[AuditFinding]:
    probe = mapping(container.get("livenessProbe"))
    if not probe or container.get("startupProbe"):
        return
    after = _number(probe.get("initialDelaySeconds"), 0) + _number(
        probe.get("periodSeconds"), 10
    ) * _number(probe.get("failureThreshold"), 3)
    if after < _TOO_SOON_S:
        yield warning(
            "liveness",
            where,
            f"a boot that takes longer than {after:.0f} s is killed, and starts again",
            "add a startupProbe, or raise initialDelaySeconds",
        )


def _variables(where: str, container: Mapping[str, object]) -> Iterator[AuditFinding]:
    env = _env(container)
    for name in env:
        if "." in name:
            yield warning(
                "dead-variable",
                where,
                f"{name}: Java reads no system property from a variable",
                f"write -D{name}=... into JAVA_TOOL_OPTIONS",
            )
    if _DEFAULT_PASSWORD in env.values() or env.get("EMAIL_SMTP_HOST") == "mail.example.com":
        yield warning(
            "mail-default",
            where,
            "mail has the chart's example for a server or a password",
            "set EMAIL_SMTP_HOST and EMAIL_FROM_PASS under Master",
        )
    if any(name.startswith("SONAR_") for name in env) and env.get(_SONAR, "").lower() != "true":
        yield warning(
            "sonar-off",
            where,
            f"{_SONAR} is not true: the hook sets up no SonarQube, and quality gates find none",
            f"set {_SONAR}: 'true', or configure SonarQube in CasC",
        )
    folder = env.get("CASC_JENKINS_CONFIG", "")
    if any(part.startswith(".") for part in PurePosixPath(folder).parts):
        yield error(
            "casc-hidden",
            where,
            f"CASC_JENKINS_CONFIG {folder}: nothing below a name with a dot in front is read",
            "mount it elsewhere",
        )


def _env(container: Mapping[str, object]) -> dict[str, str]:
    found = mappings(container.get("env"))
    return {str(each.get("name")): str(each.get("value") or "") for each in found}


def _number(value: object, otherwise: float) -> float:
    try:
        return float(str(value)) if value is not None else otherwise
    except ValueError:
        return otherwise
