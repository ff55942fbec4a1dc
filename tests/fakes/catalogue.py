"""A catalogue in a line a release, for tests of whatever looks releases up."""

from collections.abc import Collection, Mapping
from functools import cached_property
from pathlib import PurePosixPath

from msgspec import Struct

from builder.model.digest import Digest
from builder.model.manifest import dependencies
from builder.model.plugin import Origin, PluginId, Release, Trust
from builder.version import Version, newest

_FACTS = {"core", "java", "needs", "since", "trust"}
_WORDS = {"offered", "withdrawn"}


class FakeCatalogue(Struct, frozen=True, kw_only=True, dict=True):
    """Behaves as an update site with its history: releases by id, one of them offered."""

    listed: tuple[Release, ...]
    offers: tuple[tuple[PluginId, Version], ...]

    @cached_property
    def _by_id(self) -> Mapping[PluginId, tuple[Release, ...]]:
        ordered = sorted(self.listed, key=lambda each: each.version)
        return {
            plugin: tuple(each for each in ordered if each.plugin == plugin)
            for plugin in {each.plugin for each in ordered}
        }

    def ids(self) -> Collection[PluginId]:
        """Give every plugin id it knows."""
        return self._by_id.keys()

    def releases(self, plugin: PluginId) -> tuple[Release, ...]:
        """Give every release, in the plain order of the version texts."""
        return self._by_id.get(plugin, ())

    def offered(self, plugin: PluginId) -> Version | None:
        """Tell which version it offers."""
        return dict(self.offers).get(plugin)

    def where(self, plugin: PluginId, version: Version) -> Origin | None:
        """Give the conventional path of a plugin that it knows."""
        return _path(plugin, version) if plugin in self._by_id else None


def catalogue(*lines: str) -> FakeCatalogue:
    """Make a catalogue.

    Args:
        lines: such as ``git:5.2 core=2.346.1 java=11 since=4.0 trust=signed
            needs=scm-api:1,structs:2;optional``; all but the first word may be left out. A line
            that ends in ``offered`` is what the site offers, else the newest of each plugin; a
            plugin with a line that ends in ``withdrawn`` is offered no longer.
    """
    listed = tuple(_release(each) for each in lines)
    return FakeCatalogue(listed=listed, offers=_offers(lines, listed))


def _release(line: str) -> Release:
    name, *rest = line.split()
    facts = dict(each.split("=", 1) for each in rest if each not in _WORDS)
    assert facts.keys() <= _FACTS, line
    plugin, version = PluginId(name.partition(":")[0]), Version(name.partition(":")[2])
    trust = Trust(facts.get("trust", "signed"))
    return Release(
        plugin=plugin,
        version=version,
        required_core=Version(facts["core"]) if "core" in facts else None,
        dependencies=dependencies(
            facts.get("needs", "").replace(";optional", ";resolution:=optional")
        ),
        origin=_path(plugin, version),
        digest=None if trust is Trust.FIRST_USE else Digest.of(f"{plugin} {version}".encode()),
        required_java=int(facts["java"]) if "java" in facts else None,
        compatible_since=Version(facts["since"]) if "since" in facts else None,
        trust=trust,
        source="fake",
    )


def _offers(
    lines: tuple[str, ...], listed: tuple[Release, ...]
) -> tuple[tuple[PluginId, Version], ...]:
    """Offer what the lines say, else the newest; a withdrawn plugin not at all."""
    words = {each: set(line.split()) & _WORDS for each, line in zip(listed, lines, strict=True)}
    withdrawn = {each.plugin for each in listed if "withdrawn" in words[each]}
    said = {each.plugin: each.version for each in listed if "offered" in words[each]}
    return tuple(
        (plugin, said.get(plugin) or newest(e.version for e in listed if e.plugin == plugin))
        for plugin in sorted({each.plugin for each in listed} - withdrawn)
    )


def _path(plugin: PluginId, version: Version) -> PurePosixPath:
    return PurePosixPath(f"plugins/{plugin}/{version}/{plugin}.hpi")
