"""Laws of catalogues: whatever an index says, it harms nothing but itself."""

import json
from pathlib import PurePosixPath

from hypothesis import given, settings
from hypothesis import strategies as st

from builder.errors import CatalogueBroken
from builder.model.catalogue import Catalogue
from builder.model.plugin import PluginId, Release
from builder.sources import history, update_center
from builder.sources.merge import merge
from builder.version import Version
from tests.fakes.catalogue import catalogue

nasty = st.sampled_from(["..", ".", "", "a/b", "a\\b", "a\0", "a" * 300, "\ud800"])
names = st.sampled_from(["git", "ant", "1.0", "10", "9"]) | nasty | st.text(max_size=3)
odd = st.none() | st.booleans() | st.integers() | names | st.lists(st.integers(), max_size=2)
edges = st.fixed_dictionaries({"name": names, "version": names})
urls = st.builds("https://m.example/plugins/git/{}/{}".format, names, names)
good = st.fixed_dictionaries(
    {"version": names, "dependencies": st.lists(edges, max_size=1)}, optional={"url": names}
)
placed = st.builds(lambda url: {"version": "1.0", "dependencies": [], "url": url}, urls)
spoilt = st.tuples(good, st.sampled_from(["version", "name", "sha256", "size", "url"]), odd).map(
    lambda drawn: {**drawn[0], drawn[1]: drawn[2]}
)
entries = good | placed | spoilt | odd
ids = st.just("git") | names
indexes = st.dictionaries(ids, entries, max_size=4)
versions = st.dictionaries(names, good | placed | entries, max_size=4).map(
    lambda told: {v: {**e, "version": v} if isinstance(e, dict) else e for v, e in told.items()}
)


def _document(plugins: object) -> bytes:
    return json.dumps({"plugins": plugins, "updateCenterVersion": "1"}).encode()


def _require_harmless(release: Release) -> None:
    assert isinstance(release.origin, PurePosixPath)
    assert not release.origin.is_absolute()
    assert release.origin.parts[:2] == ("plugins", release.plugin)
    assert len(release.origin.parts) >= 3
    names = (*release.origin.parts, release.version, *(e.plugin for e in release.dependencies))
    assert not {"", ".", ".."} & set(names)
    assert not any("/" in each or "\\" in each or "\0" in each for each in names)


@given(indexes)
@settings(max_examples=400)
def test_no_entry_of_an_update_center_leads_out_of_a_folder(index: dict[str, object]) -> None:
    try:
        found = update_center.decode(_document(index), name="site")
    except CatalogueBroken:
        return  # a key that is no text, such as half a sign
    for plugin in map(PluginId, index):
        for each in found.releases(plugin):
            _require_harmless(each)
    assert set(found.broken) == {each for each in index if not found.releases(PluginId(each))}


@given(st.dictionaries(ids, versions | odd, max_size=3))
@settings(max_examples=400)
def test_no_entry_of_a_history_leads_out_of_a_folder(index: dict[str, object]) -> None:
    try:
        found = history.decode(_document(index), name="site")
    except CatalogueBroken:
        return
    for plugin in map(PluginId, index):
        releases = found.releases(plugin)
        for each in releases:
            _require_harmless(each)
        assert [each.version for each in releases] == sorted({each.version for each in releases})


lines = st.builds(
    "{}:{} trust={}".format,
    st.sampled_from(["a", "b"]),
    st.sampled_from(["1", "1.0", "2", "3-rc"]),
    st.sampled_from(["signed", "first-use"]),
)
catalogues = st.lists(lines, max_size=4, unique_by=lambda line: line.split()[0]).map(
    lambda each: catalogue(*each)
)


@given(st.lists(catalogues, max_size=4))
def test_what_is_merged_is_every_release_once(parts: list[Catalogue]) -> None:
    merged = merge(tuple(parts))
    for plugin in map(PluginId, ("a", "b")):
        told = [each for part in parts for each in part.releases(plugin)]
        found = merged.releases(plugin)
        assert [each.version for each in found] == sorted({each.version for each in told})
        assert all(each in told for each in found)
        for each in found:
            digests = [e.digest for e in told if e.version == each.version]
            assert (each.digest is None) == (set(digests) == {None})
        assert merged.releases(plugin) == found


@given(st.lists(catalogues, max_size=3), st.lists(catalogues, max_size=3))
def test_merging_in_steps_changes_nothing(left: list[Catalogue], right: list[Catalogue]) -> None:
    at_once = merge((*left, *right))
    in_steps = merge((merge(tuple(left)), merge(tuple(right))))
    assert set(at_once.ids()) == set(in_steps.ids())
    for plugin in map(PluginId, ("a", "b")):
        assert at_once.releases(plugin) == in_steps.releases(plugin)
        assert at_once.offered(plugin) == in_steps.offered(plugin)
        assert at_once.where(plugin, Version("9")) == in_steps.where(plugin, Version("9"))
