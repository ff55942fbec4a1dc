"""The loading rules a third time, out of resolution.md a and b alone: they hold real answers.

Shares nothing with ``builder/resolve`` but the table of what has left the core.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from builder.model.catalogue import Catalogue
from builder.model.formula import Mode, Wish
from builder.model.lock import Resolution
from builder.model.plugin import Dependency, DependencyKind, PluginId, Release
from builder.resolve.detached import Detached, of_core
from builder.version import Version, compare

_STAMPED = re.compile(r"-\d{8}\.\d{6}-\d+$")
_FIRST_JAVA, _AFTER_JAVA = Version("2.158"), Version("2.348")  # cores that read a plugin's Java

Found = Mapping[PluginId, Version]


@dataclass(frozen=True, kw_only=True)
class Controller:
    """A core, the Java it runs on, and every release that might be put into it."""

    core: Version
    java: int
    catalogue: Catalogue

    @cached_property
    def table(self) -> Detached:
        return of_core(self.core, self.java)

    @cached_property
    def _releases(self) -> dict[PluginId, dict[Version, Release]]:
        return {}

    @cached_property
    def _edges(self) -> dict[tuple[PluginId, Version], tuple[Dependency, ...]]:
        return {}

    @cached_property
    def _brings(self) -> dict[tuple[PluginId, Version], list[Dependency]]:
        return {}

    def releases(self, plugin: PluginId) -> Mapping[Version, Release]:
        if plugin not in self._releases:
            told = self.catalogue.releases(plugin)
            self._releases[plugin] = {each.version: each for each in told}
        return self._releases[plugin]

    def edges(self, release: Release) -> tuple[Dependency, ...]:
        key = (release.plugin, release.version)
        if key not in self._edges:
            implied = self.table.implied(release.plugin, release.required_core)
            self._edges[key] = (*release.dependencies, *implied)
        return self._edges[key]

    def takes(self, release: Release) -> bool:
        needs, java = release.required_core, release.required_java
        if needs is not None and too_old(self.core, needs):
            return False
        reads = compare(self.core, _FIRST_JAVA) >= 0 > compare(self.core, _AFTER_JAVA)
        return java is None or not reads or java <= self.java

    def brings(self, release: Release) -> list[Dependency]:
        """Give the edges whose target has to be there; implied ones only where it can be had."""
        key = (release.plugin, release.version)
        if key not in self._brings:
            edges = self.edges(release)
            self._brings[key] = [e for e in edges if is_required(e) or self._can_be_had(e)]
        return self._brings[key]

    def _can_be_had(self, edge: Dependency) -> bool:
        if edge.kind is not DependencyKind.IMPLIED:
            return False
        releases = self.releases(edge.plugin).values()
        return any(self.takes(e) and not too_old(e.version, edge.minimum) for e in releases)


def is_required(edge: Dependency) -> bool:
    return edge.kind is DependencyKind.REQUIRED


def too_old(found: Version, wanted: Version) -> bool:
    """Compare as a booting controller does: with a snapshot on either side it looks away."""
    return not (_is_snapshot(found) or _is_snapshot(wanted)) and compare(found, wanted) < 0


def _is_snapshot(version: Version) -> bool:
    return "-SNAPSHOT" in version or _STAMPED.search(version) is not None


def allows(controller: Controller, wish: Wish, version: Version) -> bool:
    """Say whether a version is what a wish asks for."""
    if wish.mode is Mode.LATEST:
        return version == controller.catalogue.offered(wish.plugin)
    if wish.version is None:
        return True
    if wish.mode is Mode.PINNED:
        return version == wish.version
    return compare(version, wish.version) >= 0


def found_in(answer: Resolution) -> Found:
    return {each.release.plugin: each.release.version for each in answer.choices}


def complaints(controller: Controller, wishes: Iterable[Wish], found: Found) -> Iterator[str]:
    """Tell all that a booting controller, or whoever wished, would complain of."""
    releases = {each: controller.releases(each)[version] for each, version in found.items()}
    for wish in wishes:
        if wish.plugin not in found or not allows(controller, wish, found[wish.plugin]):
            yield f"the wish for {wish.plugin} {wish.version} is not met"
    for each in releases.values():
        if not controller.takes(each):
            yield f"{each.plugin} {each.version} is refused by the core"
        yield from _unmet(controller, each, found)
    for plugin in on_cycles(controller, releases.values()):
        yield f"{plugin} is on a cycle"


def _unmet(controller: Controller, release: Release, found: Found) -> Iterator[str]:
    for edge in controller.edges(release):
        if edge.plugin not in found:
            if is_required(edge):
                yield f"{release.plugin} lacks {edge.plugin}"
        elif too_old(found[edge.plugin], edge.minimum):
            yield f"{release.plugin} finds {edge.plugin} {found[edge.plugin]} too old"


def on_cycles(controller: Controller, releases: Iterable[Release]) -> set[PluginId]:
    """Take away what needs nothing that is left, again and again: cycles stay, and their users."""
    needs = {each.plugin: {e.plugin for e in controller.edges(each)} for each in releases}
    left = set(needs)
    while free := {each for each in left if not needs[each] & left}:
        left -= free
    return left


def reached(controller: Controller, wishes: Iterable[Wish], found: Found) -> set[PluginId]:
    """Give what the wishes bring in; it lacks nothing and has nothing too much where it is all."""
    waiting = [each.plugin for each in wishes]
    seen: set[PluginId] = set()
    while waiting:
        plugin = waiting.pop()
        if plugin not in seen:
            seen.add(plugin)
            if plugin in found:
                release = controller.releases(plugin)[found[plugin]]
                waiting += [edge.plugin for edge in controller.brings(release)]
    return seen
