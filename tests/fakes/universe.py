"""Releases, wishes and questions in a line each, for tests of the resolution."""

from builder.model.catalogue import Listings
from builder.model.formula import Mode, Place, Wish
from builder.model.lock import Resolution
from builder.model.manifest import dependencies
from builder.model.plugin import Coordinates, Listing, PluginId, Release
from builder.resolve import Question, Universe, Unread, settle
from builder.version import Version


def release(text: str, needs: str = "", core: str | None = None) -> Release:
    """Make a release out of ``id:version`` and a manifest's ``Plugin-Dependencies``."""
    name, _, version = text.partition(":")
    return Release(
        plugin=PluginId(name),
        version=Version(version),
        required_core=None if core is None else Version(core),
        dependencies=dependencies(needs),
        origin=Coordinates("org.example", name, Version(version)),
    )


def wish(text: str) -> Wish:
    """Make a wish out of ``id``, ``id:version``, ``id:latest`` or ``id:>=version``."""
    name, _, version = text.partition(":")
    mode = Mode.PINNED if version else Mode.NEWEST
    if version in {"latest", "experimental"}:
        mode, version = Mode(version), ""
    if version.startswith(">="):
        mode, version = Mode.AT_LEAST, version.removeprefix(">=")
    return Wish(
        plugin=PluginId(name),
        version=Version(version) if version else None,
        group=None,
        place=Place("formula.yaml", 1, 1),
        mode=mode,
    )


def question(
    wishes: str,
    releases: tuple[Release, ...],
    *,
    core: str = "2.0",
    kept: tuple[tuple[str, str], ...] = (),
) -> Question:
    """Ask for ``wishes``, separated by blanks; the catalogue offers nothing but places."""
    names = sorted({each.plugin for each in releases})
    listings = tuple(Listing(plugin=n, group="org.example", offered=None) for n in names)
    return Question(
        universe=Universe(core=Version(core), catalogue=Listings(listings=listings), read=releases),
        wishes=tuple(wish(each) for each in wishes.split()),
        kept=tuple((PluginId(name), Version(version)) for name, version in kept),
    )


def settled(asked: Question) -> str:
    """Answer as ``id:version``, separated by blanks; fails where facts are missing."""
    answer = settle(asked)
    assert not isinstance(answer, Unread), answer
    return spelled(answer)


def spelled(answer: Resolution) -> str:
    return " ".join(f"{each.release.plugin}:{each.release.version}" for each in answer.choices)
