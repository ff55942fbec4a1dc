"""All that a choice of plugins stands on: the controller, its Java, what the indexes tell."""

from pathlib import PurePosixPath

from msgspec import Struct
from msgspec.structs import replace

from builder import audit
from builder.errors import CoreUnknown, DigestMismatch
from builder.formula import ANY_CORE
from builder.model.audit import AuditFinding
from builder.model.catalogue import Asked, Catalogue, CoreRelease, Identity
from builder.model.controller import Family, is_jenkins, war_path
from builder.model.formula import CatalogueWishes, Formula, Mode
from builder.model.lock import CorePin, Lock
from builder.model.mirror import Mirror, Wanted
from builder.model.plugin import Trust
from builder.model.stored import StoredFile
from builder.ports import World
from builder.resolve import Detached
from builder.resolve.detached import NOTHING, of_core
from builder.sources import catalogues, inspect, ladder, mirrors, table
from builder.sources.catalogues import Catalogues
from builder.sources.inspect import Inspected
from builder.version import Version


class Survey(Struct, frozen=True, kw_only=True):
    """What is known before anything is chosen."""

    core: Version
    java: int | None  # None: the base does not say
    detached: Detached
    indexes: tuple[Catalogue, ...]  # to be asked one after the other, the quick one first
    catalogues: Catalogues | None  # None: no update site tells of this controller's plugins
    pin: CorePin | None  # None: the WAR was not looked into

    @property
    def looked_into(self) -> CorePin:
        """The WAR, for whoever has had it looked into."""
        if self.pin is None:
            raise AssertionError(self.core)
        return self.pin

    @property
    def findings(self) -> tuple[AuditFinding, ...]:
        """What a person should know of the indexes that have been asked."""
        return self.catalogues.findings if self.catalogues else ()

    @property
    def identities(self) -> tuple[Identity, ...]:
        """The indexes that have been asked."""
        return self.catalogues.identities if self.catalogues else ()


def survey(world: World, formula: Formula, old: Lock | None, asked: Asked) -> Survey:
    """Read the indexes and the controller's WAR.

    Raises:
        SourceError: a document or the WAR cannot be had.
        IntegrityError: it is not what it should be.
        NotAController: the WAR is none.
    """
    if is_jenkins(formula.war) and not formula.parts.core:
        found = _catalogues(world, formula, formula.war.version, asked)
        return _jenkins(world, formula, _site_war(world, formula, old, found), found)
    with world.stages.stage("inspect") as stage:
        inspected = inspect.core(world, formula, old)
        stage.note(f"{inspected.pin.family.value} {inspected.pin.version}")
    if inspected.pin.family is Family.JENKINS:
        found = _catalogues(world, formula, inspected.pin.version, asked)
        return _jenkins(world, formula, inspected, found)
    return Survey(
        core=inspected.pin.version,
        java=_java(formula),
        detached=NOTHING,
        indexes=(inspected.catalogue,),
        catalogues=None,
        pin=inspected.pin,
    )


def glance(world: World, formula: Formula, old: Lock | None, asked: Asked) -> Survey:
    """Do without Jenkins' WAR: its version and the table written down here have to do.

    Raises:
        SourceError: a document cannot be had, or a WAR that has to be looked into.
        IntegrityError: it is not what it should be.
    """
    if formula.parts.core or not is_jenkins(formula.war):
        return survey(world, formula, old, asked)
    java, wanted = _java(formula), formula.war.version
    found = _catalogues(world, formula, wanted if wanted != ANY_CORE else None, asked)
    core = wanted if wanted != ANY_CORE else _own_core(found)
    return Survey(
        core=core,
        java=java,
        detached=of_core(core, java),
        indexes=_indexes(found),
        catalogues=found,
        pin=None,
    )


def _own_core(found: Catalogues) -> Version:
    """Give the core that the first catalogue with one is for."""
    if not found.cores:
        raise CoreUnknown(sources=tuple(each.name for each in found.identities))
    return found.cores[0].version


def _catalogues(world: World, formula: Formula, core: Version | None, asked: Asked) -> Catalogues:
    with world.stages.stage("catalogue") as stage:
        found = catalogues.read(world, _with_experimental(formula), asked, core)
        stage.note(f"{len(found.current.ids())} plugins, {len(found.opened)} sources")
    return found


def _with_experimental(formula: Formula) -> CatalogueWishes:
    """Ask the experimental site, too, where a wish is for what it offers."""
    wishes = formula.catalogue
    wanted = any(each.mode is Mode.EXPERIMENTAL for each in formula.plugins)
    if not wanted or "official" not in wishes.sources:
        return wishes
    return replace(wishes, sources=tuple(dict.fromkeys((*wishes.sources, "experimental"))))


def _jenkins(world: World, formula: Formula, inspected: Inspected, found: Catalogues) -> Survey:
    core, java = inspected.pin.version, _java(formula)
    carried = table.carried(world, inspected.file.path, core)
    return Survey(
        core=core,
        java=java,
        detached=carried or of_core(core, java),
        indexes=_indexes(found),
        catalogues=found,
        pin=inspected.pin,
    )


def _indexes(found: Catalogues) -> tuple[Catalogue, ...]:
    return (found.current, found.merged) if found.later else (found.merged,)


def _java(formula: Formula) -> int | None:
    return audit.java_of(formula.image)


def _site_war(world: World, formula: Formula, old: Lock | None, found: Catalogues) -> Inspected:
    """Fetch Jenkins' WAR by a digest that is listed or locked, else up the ladder.

    Raises:
        DigestMismatch: a catalogue lists another digest than the lock has.
    """
    version, roots = formula.war.version, mirrors.chosen(formula.catalogue)
    path, label = war_path(version), f"jenkins.war {version}"
    listed = next((each for each in found.cores if each.version == version), None)
    locked = old.core if old and old.core.origin == path else None
    if listed and locked and listed.digest != locked.digest:
        raise DigestMismatch(name=label, wanted=listed.digest, got=locked.digest)

    def accept(file: StoredFile) -> Inspected:
        return inspect.war(world, file, path, old, trust=Trust.FIRST_USE)

    with world.stages.stage("inspect") as stage:
        if known := listed or locked:
            trust = locked.trust if locked and not listed else _trust(found)
            inspected = accept(_known(world, path, label, known, roots))
        else:
            believed = ladder.fetch(world, path, label, roots, accept)
            inspected, trust = believed.read, believed.trust
        stage.note(f"{inspected.pin.family.value} {inspected.pin.version}, {trust.value}")
    return replace(inspected, pin=replace(inspected.pin, trust=trust))


def _known(
    world: World,
    path: PurePosixPath,
    label: str,
    known: CorePin | CoreRelease,
    roots: tuple[Mirror, ...],
) -> StoredFile:
    wanted = Wanted(path=path, url=None, digest=known.digest, size=known.size, label=label)
    (file,) = world.downloads.fetch((wanted,), roots)
    return file


def _trust(found: Catalogues) -> Trust:
    signed = all(each.trust is Trust.SIGNED for each in found.identities)
    return Trust.SIGNED if signed else Trust.UNSIGNED
