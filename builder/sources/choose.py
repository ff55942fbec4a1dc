"""The plugin set: settled by what the indexes tell, and by reading what they do not.

What an older lock pins stays unless a wish or a bound forces it, and is not read again.
"""

import dataclasses
from collections.abc import Iterable
from pathlib import PurePosixPath

from msgspec import Struct
from msgspec.structs import replace

from builder import lock, resolve
from builder.errors import (
    ArtifactsMissing,
    DemandsConflict,
    DigestMismatch,
    FilesUnreachable,
    OfflineMiss,
    ReleasesUnlisted,
    ResolutionError,
)
from builder.model.catalogue import Catalogue
from builder.model.formula import Dependencies, Formula, Wish
from builder.model.lock import Lock, Pin, Resolution
from builder.model.plugin import Coordinates, PluginId, Release
from builder.ports import World
from builder.resolve import Question, Universe, Unread
from builder.sources import inspect, ladder, mirrors, own
from builder.sources.own import Brought
from builder.sources.survey import Survey
from builder.version import Version, newest, older_than

_Missing = tuple[PluginId, Version]


def plugins(world: World, formula: Formula, survey: Survey, old: Lock | None) -> Resolution:
    """Settle the plugin set.

    The quick index is asked first. Where it refuses, or does not know a release, the next one
    is asked; only what none of them knows is fetched to be read. The lowest releases that would
    do are looked for in the last one alone.

    Raises:
        ResolutionError: no set fits; with what would help.
        SourceError: a file that is needed to decide cannot be had.
    """
    brought = own.read(world, formula, old)
    meant = (each for each in old.plugins if _still_meant(each, formula)) if old else ()
    return _settled(world, formula, survey, brought, tuple(lock.release(each) for each in meant))


def beside(
    world: World, formula: Formula, survey: Survey, there: tuple[Release, ...]
) -> Resolution:
    """Settle the plugin set beside releases that are there, and stay unless they have to move.

    Raises:
        ResolutionError: no set fits; with what would help.
        SourceError: a file that is needed to decide cannot be had.
    """
    return _settled(world, formula, survey, own.read(world, formula, None), there)


def _settled(
    world: World, formula: Formula, survey: Survey, brought: Brought, kept: tuple[Release, ...]
) -> Resolution:
    choosing = _Choosing(
        world=world,
        formula=replace(formula, plugins=brought.wishes),
        survey=survey,
        kept=tuple((each.plugin, each.version) for each in kept),
    )
    known = (*kept, *brought.releases)
    *quick, last = survey.indexes
    lowest = formula.policy.dependencies is Dependencies.LOWEST  # no quick index knows old releases
    for index in () if lowest else quick:
        try:
            answer = resolve.settle(choosing.question(index, known))
        except ResolutionError:
            continue
        if not isinstance(answer, Unread):
            return _vouched(answer, index)
    return _vouched(choosing.settle(last, known), last)


def _vouched(answer: Resolution, index: Catalogue) -> Resolution:
    """Let an index vouch for what was locked without one, and speak up where it has other bytes.

    Raises:
        DigestMismatch: the index lists a chosen release with another digest than the lock has.
    """
    choices = tuple(
        replace(each, release=_as_listed(each.release, index)) for each in answer.choices
    )
    return replace(answer, choices=choices)


def _as_listed(release: Release, index: Catalogue) -> Release:
    if not isinstance(release.origin, PurePosixPath) or release.digest is None:
        return release
    same = (each for each in index.releases(release.plugin) if each.version == release.version)
    listed = next(same, None)
    if listed is None or listed.digest is None:
        return release
    if listed.digest != release.digest:
        name = f"{release.plugin} {release.version}"
        raise DigestMismatch(name=name, wanted=listed.digest, got=release.digest)
    return replace(release, trust=listed.trust, source=listed.source)


def _still_meant(pin: Pin, formula: Formula) -> bool:
    """Say whether a pin's file is the one that the formula means: a wish may name another place."""
    wishes = [each for each in formula.plugins if each.plugin == pin.plugin]
    for wish in wishes:
        if wish.origin or not isinstance(pin.origin, Coordinates | PurePosixPath):
            return wish.origin == pin.origin and isinstance(pin.origin, Coordinates)
        if wish.group and isinstance(pin.origin, Coordinates):
            return wish.group == pin.origin.group
    return bool(wishes) or isinstance(pin.origin, Coordinates | PurePosixPath)


class _Choosing(Struct, frozen=True, kw_only=True):
    """One choice of plugins, with all that does not change while it is made."""

    world: World
    formula: Formula
    survey: Survey
    kept: tuple[_Missing, ...]

    def question(self, index: Catalogue, known: Iterable[Release]) -> Question:
        """Ask for the formula's wishes."""
        survey = self.survey
        universe = Universe(
            core=survey.core,
            java=survey.java,
            catalogue=index,
            read=known,
            detached=survey.detached,
        )
        return Question(
            universe=universe,
            wishes=self.formula.plugins,
            kept=self.kept,
            policy=self.formula.policy,
        )

    def settle(self, index: Catalogue, known: tuple[Release, ...]) -> Resolution:
        """Read release by release, until the answer hangs on no other."""
        while True:
            question = self.question(index, known)
            try:
                answer = resolve.settle(question)
            except DemandsConflict as conflict:
                from builder import advise  # noqa: PLC0415  # hardly any set is refused

                changes = advise.changes(question, conflict.clash)
                raise dataclasses.replace(conflict, changes=changes) from conflict
            if not isinstance(answer, Unread):
                return answer
            known += self._read(index, answer, known)

    def _read(
        self, index: Catalogue, unread: Unread, known: tuple[Release, ...]
    ) -> tuple[Release, ...]:
        by_maven = tuple(
            (plugin, origin)
            for plugin, _, origin in unread.releases
            if isinstance(origin, Coordinates)
        )
        by_site = tuple(
            (plugin, version, origin)
            for plugin, version, origin in unread.releases
            if isinstance(origin, PurePosixPath)
        )
        try:
            found = inspect.artifacts(self.world, self.formula, by_maven)
        except ArtifactsMissing as fault:
            raise _explained(fault, self.formula, known) from fault
        return (*found, *self._climbed(index, by_site))

    def _climbed(
        self, index: Catalogue, wanted: tuple[tuple[PluginId, Version, PurePosixPath], ...]
    ) -> tuple[Release, ...]:
        """Read the releases that no index lists, all of them before any is complained of."""
        found: list[Release] = []
        missing: list[_Missing] = []
        said: list[str] = []
        roots = mirrors.chosen(self.formula.catalogue)
        for plugin, version, path in wanted:
            try:
                accept = ladder.plugin(self.world, plugin, path, version)
                believed = ladder.fetch(self.world, path, f"{plugin} {version}", roots, accept)
            except FilesUnreachable as fault:
                missing.append((plugin, version))
                said += fault.said
            except OfflineMiss:
                missing.append((plugin, version))
                said = ["--offline forbids to fetch them"]
            else:
                found.append(replace(believed.read, trust=believed.trust))
        if missing:
            raise _unlisted(index, self.formula.plugins, missing, said)
        return tuple(found)


def _unlisted(
    index: Catalogue, wishes: tuple[Wish, ...], missing: list[_Missing], said: list[str]
) -> ReleasesUnlisted:
    places = {each.plugin: each.place for each in wishes}
    return ReleasesUnlisted(
        releases=tuple(f"{plugin} {version}" for plugin, version in missing),
        places=tuple(places[plugin] for plugin, _ in missing if plugin in places),
        near=tuple(_near(index, *each) for each in missing),
        said=tuple(said),
    )


def _near(index: Catalogue, plugin: PluginId, version: Version) -> str:
    """Name the listed releases on either side of one that is not."""
    listed = [each.version for each in index.releases(plugin)]
    below = [each for each in listed if older_than(each, version)]
    above = [each for each in listed if older_than(version, each)]
    oldest_above = next((e for e in above if not any(older_than(o, e) for o in above)), None)
    sides = ([newest(below)] if below else []) + ([oldest_above] if oldest_above else [])
    return f"{plugin}: {' and '.join(sides)}" if sides else f"{plugin}: none"


def _explained(
    fault: ArtifactsMissing, formula: Formula, known: tuple[Release, ...]
) -> ArtifactsMissing:
    """Add where the formula asks for what is missing, and which plugins depend on it."""
    names = {each.artifact for each in fault.missing}
    return dataclasses.replace(
        fault,
        places=tuple(each.place for each in formula.plugins if each.plugin in names),
        needed_by=tuple(
            each.plugin for each in known if any(edge.plugin in names for edge in each.dependencies)
        ),
    )
