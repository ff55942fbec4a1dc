"""What cannot be judged where a part of a controller was out of sight: skipped, with the reason."""

from builder.model.report import Finding, Observation, Part
from builder.verify.checks import (
    AGENT_ANSWER,
    AGENT_HANDSHAKE,
    AGENT_IDENTITY,
    AGENT_OWNER,
    AGENT_PROTOCOLS,
    BOOT_CONFIG,
    HOME_WRITABLE,
    HOOKS_CLEAN,
    HOOKS_RAN,
    PLUGINS_CORE,
    PLUGINS_DEPENDENCIES,
    PLUGINS_LOADED,
    PLUGINS_PRESENT,
    PLUGINS_UNEXPECTED,
    PROCESS_REAPS,
)
from builder.verify.findings import skipped

_RESTS_ON = {
    Part.LOG: (BOOT_CONFIG, PLUGINS_LOADED, HOOKS_RAN, HOOKS_CLEAN),
    Part.FILES: (
        PLUGINS_PRESENT,
        PLUGINS_UNEXPECTED,
        PLUGINS_DEPENDENCIES,
        PLUGINS_CORE,
        HOME_WRITABLE,
        PROCESS_REAPS,
    ),
    Part.AGENT_PORT: (AGENT_ANSWER, AGENT_OWNER, AGENT_PROTOCOLS, AGENT_HANDSHAKE, AGENT_IDENTITY),
}


def without_unseen(findings: tuple[Finding, ...], seen: Observation) -> tuple[Finding, ...]:
    """Put a skip in the place of each finding that rests on what was not looked at."""
    why = {each.id: f"{part.value}: {why}" for part, why in seen.unseen for each in _RESTS_ON[part]}
    return tuple(
        skipped(each.check, each.expected, why[each.check.id]) if each.check.id in why else each
        for each in findings
    )
