"""Published weaknesses of the pinned plugins and of the core, each with the nearest cure."""

from collections.abc import Iterable, Iterator

from builder.audit.candidates import cure, takes
from builder.audit.patterns import affecting, match, released_part
from builder.model.audit import AuditFinding, Known, Severity
from builder.model.catalogue import SecurityWarning
from builder.model.controller import Family
from builder.model.lock import Lock
from builder.model.plugin import PluginId, Release
from builder.version import Version, compare, older_than

_LONGEST = 100  # characters of a pattern: some list every version there ever was


def security(locked: Lock, known: Known, severity: Severity) -> Iterator[AuditFinding]:
    """Find the warnings on the core, then on the plugins by id; each id once for a subject."""
    core = locked.core.version
    if locked.core.family is Family.JENKINS:
        yield from _core(core, known, severity)
    for pin in locked.plugins:
        yield from of_plugin(pin.plugin, pin.version, known, core, severity)


def of_plugin(
    plugin: PluginId, version: Version, known: Known, core: Version, severity: Severity
) -> Iterator[AuditFinding]:
    """Find the warnings on one plugin."""
    for each in affecting(known, plugin, version):
        found = cure(known, each, version, core)
        yield _finding(each, version, severity, (_way_out(each, found, core), found))
    yield from _dodged(plugin, version, known)


def core_cure(known: Known, warning: SecurityWarning, core: Version) -> Version | None:
    """Find the nearest newer core that a warning does not concern.

    Cores of the same kind come first, long-term or weekly, and among them those that no warning
    at all concerns. None where none is known.
    """
    newer = {each.version for each in known.cores if older_than(core, each.version)}
    spared = {each for each in newer if match(warning, each) is None}
    same = {each for each in spared if each.count(".") == core.count(".")} or spared
    clean = {each for each in same if not affecting(known, None, each)}
    return _oldest(clean or same)


def _oldest(versions: Iterable[Version]) -> Version | None:
    best: Version | None = None
    for each in sorted(versions):
        if best is None or compare(each, best) < 0:
            best = each
    return best


def _core(core: Version, known: Known, severity: Severity) -> Iterator[AuditFinding]:
    for each in affecting(known, None, core):
        found = core_cure(known, each, core)
        said = f"raise the core to {found}" if found else "take a newer core: none is known yet"
        yield AuditFinding(
            id=each.id,
            severity=severity,
            subject="core",
            sentence=f"core {core}: {each.message}",
            evidence=_evidence(each, core),
            way_out=said,
            fixed_by=found,
        )


def _finding(
    warning: SecurityWarning,
    version: Version,
    severity: Severity,
    remedy: tuple[str, Release | None],
) -> AuditFinding:
    said, release = remedy
    return AuditFinding(
        id=warning.id,
        severity=severity,
        subject=str(warning.plugin),
        sentence=f"{warning.plugin} {version}: {warning.message}",
        evidence=_evidence(warning, version),
        way_out=said,
        fixed_by=release.version if release else None,
    )


def _dodged(plugin: PluginId, version: Version, known: Known) -> Iterator[AuditFinding]:
    """Hint at warnings that the tail of an unfinished version hides from their patterns."""
    part = released_part(version)
    if part is None:
        return
    told = {each.id for each in affecting(known, plugin, version)}
    for each in affecting(known, plugin, part):
        if each.id not in told:
            yield AuditFinding(
                id=each.id,
                severity=Severity.NOTE,
                subject=plugin,
                sentence=f"{plugin} {version} may have it too: {each.message}",
                evidence=(
                    each.url,
                    f"the pattern takes {part}, and {version} only by its tail not",
                ),
                way_out=f"look whether that build of {plugin} holds the fix",
            )


def _evidence(warning: SecurityWarning, version: Version) -> tuple[str, ...]:
    pattern = match(warning, version) or ""
    cut = pattern if len(pattern) <= _LONGEST else f"{pattern[:_LONGEST]}..."
    return (warning.url, f"the catalogue's pattern for it is {cut}")


def _way_out(warning: SecurityWarning, found: Release | None, core: Version) -> str:
    if found is None:
        return f"take {warning.plugin} out: no release without it is known"
    if takes(core, found):
        return f"raise {warning.plugin} to {found.version}"
    return f"raise the core to {found.required_core} and {warning.plugin} to {found.version}"
