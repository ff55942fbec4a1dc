"""What several catalogues say together."""

from msgspec.structs import replace

from builder.model.catalogue import Catalogue, Listings
from builder.model.plugin import PluginId, Release
from builder.sources.merge import merge
from builder.version import Version
from tests.fakes.catalogue import catalogue

GIT = PluginId("git")


def _named(*lines: str, source: str) -> Catalogue:
    told = catalogue(*lines)
    return replace(told, listed=tuple(replace(each, source=source) for each in told.listed))


def _told(release: Release) -> tuple[str, str]:
    return (release.version, release.source)


def test_the_first_that_tells_of_a_release_wins() -> None:
    merged = merge((_named("git:2", source="a"), _named("git:2", "git:1", source="b")))
    assert [_told(each) for each in merged.releases(GIT)] == [("1", "b"), ("2", "a")]


def test_one_that_knows_the_digest_wins_over_an_earlier_one() -> None:
    bare, full = "git:2 trust=first-use", "git:2 trust=signed"
    parts = tuple(_named(line, source=line) for line in (bare, full, bare, full))
    (found,) = merge(parts).releases(GIT)
    assert found.digest
    assert found == parts[1].releases(GIT)[0]


def test_texts_that_compare_equal_are_different_releases() -> None:
    merged = merge((_named("git:24.1", source="a"), _named("git:24.1.0", source="b")))
    assert [each.version for each in merged.releases(GIT)] == ["24.1", "24.1.0"]


def test_the_first_that_offers_decides_what_is_offered() -> None:
    none, old, new = catalogue("git:3 withdrawn"), catalogue("git:1"), catalogue("git:2")
    assert merge((none, old, new)).offered(GIT) == "1"
    assert merge((none, new, old)).offered(GIT) == "2"
    assert merge((none,)).offered(GIT) is None


def test_every_id_is_known_and_the_first_that_knows_a_place_says_it() -> None:
    merged = merge((Listings(listings=()), catalogue("git:1"), catalogue("mailer:1")))
    assert set(merged.ids()) == {"git", "mailer"}
    assert str(merged.where(PluginId("mailer"), Version("7"))) == "plugins/mailer/7/mailer.hpi"
    assert merged.where(PluginId("unknown"), Version("7")) is None


def test_nothing_merged_knows_nothing() -> None:
    assert (set(merge(()).ids()), merge(()).releases(GIT)) == (set(), ())
