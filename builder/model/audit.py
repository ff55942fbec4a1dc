"""What a lock is held against, and what comes of it: findings, newer releases, moves."""

from collections.abc import Iterable, Mapping
from enum import Enum
from functools import cached_property
from types import MappingProxyType

from msgspec import Struct, field

from builder.model.catalogue import Catalogue, CoreRelease, SecurityWarning
from builder.model.formula import Allowance, ImageWishes
from builder.model.lock import ChangeKind, Shift
from builder.model.plugin import PluginId
from builder.version import Version


class Known(Struct, frozen=True, kw_only=True, dict=True):
    """What is known besides the lock: by catalogues, and by the formula of its image.

    Without slots, so that the look-up below is worked out once.
    """

    catalogue: Catalogue
    warnings: tuple[SecurityWarning, ...] = ()
    deprecations: Mapping[PluginId, str] = field(default_factory=lambda: MappingProxyType({}))
    cores: tuple[CoreRelease, ...] = ()
    image: ImageWishes | None = None  # None: nothing is known of the base
    findings: "tuple[AuditFinding, ...]" = ()  # on the catalogues themselves

    @cached_property
    def warnings_by_plugin(self) -> Mapping[PluginId | None, tuple[SecurityWarning, ...]]:
        """The warnings on each plugin, each id once; those on the core under None."""
        found: dict[PluginId | None, dict[str, SecurityWarning]] = {}
        for each in self.warnings:
            found.setdefault(each.plugin, {}).setdefault(each.id, each)
        return {plugin: tuple(by_id.values()) for plugin, by_id in found.items()}


class Severity(Enum):
    """How much a finding weighs, the heaviest first."""

    ERROR = "error"  # a controller or the policy refuses it
    WARNING = "warning"
    NOTE = "note"


class AuditFinding(Struct, frozen=True, kw_only=True):
    """One thing that a person should know of a lock or of a formula's image."""

    id: str  # what an allowance names: a security warning's id, or such as ``deprecated:git``
    severity: Severity
    subject: str  # a plugin id, ``core``, ``base`` or ``policy``
    sentence: str
    evidence: tuple[str, ...] = ()
    way_out: str | None = None
    fixed_by: Version | None = None  # a release of the subject that settles it
    allowance: Allowance | None = None  # what covers it

    @property
    def counts(self) -> bool:
        """Nobody has accepted it."""
        return self.allowance is None


def found_at(  # noqa: PLR0913  # all that a finding says
    place: str,
    *,
    id: str,  # noqa: A002  # as the field is called
    severity: Severity,
    sentence: str,
    way_out: str,
    evidence: tuple[str, ...] = (),
) -> AuditFinding:
    """Make a finding on a place such as ``casc/jenkins.yaml:3``; its sentence names it first."""
    return AuditFinding(
        id=id,
        severity=severity,
        subject=place,
        sentence=f"{place}: {sentence}",
        evidence=evidence,
        way_out=way_out,
    )


def error(name: str, place: str, sentence: str, way_out: str) -> AuditFinding:
    """Make a finding on what stops a boot, or keeps agents, people or the platform out."""
    return found_at(place, id=name, severity=Severity.ERROR, sentence=sentence, way_out=way_out)


def warning(name: str, place: str, sentence: str, way_out: str) -> AuditFinding:
    """Make a finding on what makes something else happen than what is written."""
    return found_at(place, id=name, severity=Severity.WARNING, sentence=sentence, way_out=way_out)


def note(name: str, place: str, sentence: str, way_out: str) -> AuditFinding:
    """Make a finding that somebody may want to know."""
    return found_at(place, id=name, severity=Severity.NOTE, sentence=sentence, way_out=way_out)


def heaviest_first(findings: Iterable[AuditFinding]) -> tuple[AuditFinding, ...]:
    """Order findings by severity; those of one severity stay in their order."""
    order = tuple(Severity)
    return tuple(sorted(findings, key=lambda each: order.index(each.severity)))


class Outdated(Struct, frozen=True, kw_only=True):
    """A pin for which something newer is known."""

    subject: str  # a plugin id, or ``core``
    version: Version
    newest: Version | None  # that the core and Java at hand take; None: the pin is it
    beyond: Version | None  # a newer one still, which needs ``needs_core``
    needs_core: Version | None
    fixes: tuple[str, ...] = ()  # warnings on the pin that ``newest`` does not have
    crosses: Version | None = None  # ``newest`` may not read configuration older than this


class Move(Struct, frozen=True, kw_only=True):
    """One difference between two locks, with all that can be said of it."""

    subject: str  # as of a ``Change``
    kind: ChangeKind | None  # None: the same file, on other terms
    before: str | None
    after: str | None
    severity: Severity
    shifts: tuple[Shift, ...] = ()
    fixes: tuple[str, ...] = ()  # warnings that applied before and apply no longer
    brings: tuple[str, ...] = ()  # warnings that apply only now
    crosses: Version | None = None  # the new release may not read configuration older than this
