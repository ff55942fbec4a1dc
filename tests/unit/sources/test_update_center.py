"""What is read out of ``update-center.json``."""

import json
import lzma
from datetime import UTC, datetime
from pathlib import PurePosixPath

import pytest

from builder.errors import CatalogueBroken
from builder.model.catalogue import CoreRelease, SecurityWarning
from builder.model.digest import Digest
from builder.model.plugin import Dependency, DependencyKind, PluginId, Release, Trust
from builder.sources import update_center
from builder.sources.update_center import UpdateCenter
from builder.version import Version
from tests.fakes.shared import DATA

GIT = PluginId("git")
SHA = "6rVihRaF+26EFVoDFUACRnBR0octBouFPPwcO4a2aak="
ENTRY: dict[str, object] = {
    "name": "git",
    "version": "5.10.1",
    "url": "https://mirror.example/jenkins/plugins/git/5.10.1/git.hpi",
    "sha256": SHA,
    "size": 624498,
    "requiredCore": "2.479.1",
    "compatibleSinceVersion": "2.0",
    "minimumJavaVersion": "1.8",
    "dependencies": [
        {"name": "scm-api", "version": "724.v7d", "optional": False},
        {"name": "matrix-project", "version": "1.18", "optional": True},
    ],
}


def _read(trust: Trust = Trust.UNSIGNED, **document: object) -> UpdateCenter:
    whole = {"plugins": {"git": ENTRY}, "updateCenterVersion": "1", "id": "default", **document}
    return update_center.decode(json.dumps(whole).encode(), name="site", trust=trust)


def _entry(**other: object) -> dict[str, object]:
    return {**ENTRY, **other}


def test_a_release_says_what_the_entry_says() -> None:
    assert _read(Trust.SIGNED).releases(GIT) == (
        Release(
            plugin=GIT,
            version=Version("5.10.1"),
            required_core=Version("2.479.1"),
            dependencies=(
                Dependency(
                    plugin=PluginId("scm-api"),
                    minimum=Version("724.v7d"),
                    kind=DependencyKind.REQUIRED,
                ),
                Dependency(
                    plugin=PluginId("matrix-project"),
                    minimum=Version("1.18"),
                    kind=DependencyKind.OPTIONAL,
                ),
            ),
            origin=PurePosixPath("plugins/git/5.10.1/git.hpi"),
            digest=Digest.parse(SHA),
            size=624498,
            required_java=8,
            compatible_since=Version("2.0"),
            trust=Trust.SIGNED,
            source="site",
        ),
    )


def test_what_an_entry_leaves_out_is_unknown() -> None:
    bare = {"version": "1", "dependencies": []}
    old = {**bare, "requiredCore": "null"}
    assert _read(plugins={"git": old}).releases(GIT) == _read(plugins={"git": bare}).releases(GIT)
    (found,) = _read(plugins={"git": bare}).releases(GIT)
    assert (found.digest, found.size, found.required_core) == (None, None, None)
    assert (found.required_java, found.compatible_since) == (None, None)


@pytest.mark.parametrize(
    ("url", "path"),
    [
        (
            "http://updates.example/download/plugins/git/5.10.1/git.hpi",
            "plugins/git/5.10.1/git.hpi",
        ),
        ("https://m.example/plugins/git/plugins/git/5/git.jpi?x#y", "plugins/git/5/git.jpi"),
        ("https://m.example/elsewhere/git.hpi", "plugins/git/5.10.1/git.hpi"),
        ("https://m.example/plugins/git/../../x.hpi", "plugins/git/5.10.1/git.hpi"),
        ("https://m.example/plugins/git/%2e%2e/x.hpi", "plugins/git/5.10.1/git.hpi"),
        (None, "plugins/git/5.10.1/git.hpi"),
    ],
)
def test_the_origin_is_a_path_below_every_mirror(url: str | None, path: str) -> None:
    (found,) = _read(plugins={"git": _entry(url=url)}).releases(GIT)
    assert found.origin == PurePosixPath(path)


@pytest.mark.parametrize(
    ("text", "java"), [("1.7", 7), ("1.8", 8), ("8", 8), ("11", 11), ("14.0.1", 14), ("odd", None)]
)
def test_java_is_a_whole_number(text: str, java: int | None) -> None:
    (found,) = _read(plugins={"git": _entry(minimumJavaVersion=text)}).releases(GIT)
    assert found.required_java == java


@pytest.mark.parametrize(
    "spoilt",
    [
        {"version": 5},
        {"version": ""},
        {"version": ".."},
        {"version": "1/../../2"},
        {"version": "1\\2"},
        {"version": "1\n"},
        {"version": "9" * 300},
        {"name": "other"},
        {"sha256": "short"},
        {"size": -1},
        {"size": "10"},
        {"dependencies": None},
        {"dependencies": [{"name": "../x", "version": "1"}]},
        {"dependencies": [{"name": "x", "version": ""}]},
        {"dependencies": [{"name": "x", "version": "1", "optional": "no"}]},
    ],
)
def test_a_broken_entry_is_listed_and_harms_no_other(spoilt: dict[str, object]) -> None:
    good = {"version": "1", "dependencies": []}
    found = _read(plugins={"git": _entry(**spoilt), "good": good})
    assert found.broken == ("git",)
    assert found.releases(GIT) == ()
    assert found.offered(GIT) is None
    assert found.offered(PluginId("good")) == "1"


@pytest.mark.parametrize("plugin", ["", "..", "a/b", "a\\b", "a\x00"])
def test_an_id_that_could_leave_a_folder_is_no_id(plugin: str) -> None:
    found = _read(plugins={plugin: _entry(name=plugin), "git": ENTRY})
    assert set(found.ids()) == {"git"}
    assert found.broken == (plugin,)
    assert found.where(PluginId(plugin), Version("1")) is None


def test_other_releases_of_a_known_plugin_have_a_place() -> None:
    found = _read()
    assert found.where(GIT, Version("4.0")) == PurePosixPath("plugins/git/4.0/git.hpi")
    assert found.where(GIT, Version("../4")) is None
    assert found.where(PluginId("unknown"), Version("4.0")) is None
    assert found.release(GIT, Version("4.0")) is None


@pytest.mark.parametrize(
    ("version", "path"),
    [
        ("2.578", "war/2.578/jenkins.war"),
        ("2.346.3", "war-stable/2.346.3/jenkins.war"),
    ],
)
def test_a_core_of_the_long_term_line_lies_elsewhere(version: str, path: str) -> None:
    found = _read(core={"version": version, "sha256": SHA, "size": 10, "name": "core"})
    assert found.cores == (
        CoreRelease(
            version=Version(version), path=PurePosixPath(path), digest=Digest.parse(SHA), size=10
        ),
    )


def test_a_core_without_a_digest_is_none() -> None:
    assert _read(core={"version": "2.1"}).cores == ()
    assert _read().cores == ()


def test_warnings_keep_their_patterns_and_odd_kinds_are_left_out() -> None:
    warnings = [
        {"id": "S-1", "type": "plugin", "name": "git", "message": "m", "url": "u", "versions": []},
        {"id": "S-2", "type": "core", "name": "core", "versions": [{"pattern": "1[.].*"}, {}]},
        {"id": "S-3", "type": "weather", "name": "x"},
    ]
    assert _read(warnings=warnings).warnings == (
        SecurityWarning(id="S-1", plugin=GIT, message="m", url="u", patterns=()),
        SecurityWarning(id="S-2", plugin=None, message="", url="", patterns=("1[.].*", ".*")),
    )


def test_warnings_that_cannot_be_read_hide_nothing() -> None:
    with pytest.raises(CatalogueBroken):
        _ = _read(warnings=[{"id": "S-1"}]).warnings


def test_a_label_deprecates_as_an_entry_does() -> None:
    labelled = _entry(name="old", labels=["scm", "deprecated"], wiki="https://page")
    found = _read(
        plugins={"old": labelled, "git": ENTRY},
        deprecations={"gone": {"url": "https://why"}},
    )
    assert found.deprecations == {"old": "https://page", "gone": "https://why"}


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("2026-08-22T10:15:00Z", datetime(2026, 8, 22, 10, 15, tzinfo=UTC)),
        ("2026-08-22T10:15:00.00+02:00", datetime(2026, 8, 22, 8, 15, tzinfo=UTC)),
        ("yesterday", None),
        (None, None),
    ],
)
def test_the_time_it_was_made_is_in_utc(text: str | None, at: datetime | None) -> None:
    assert _read(generationTimestamp=text).timestamp == at


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<html>{}</html>",
        b"[]",
        b'{"plugins":[]}',
        b'{"plugins":{}}',
        b'{"plugins":{},"updateCenterVersion":"2"}',
        b'{"plugins":{},"updateCenterVersion":"1","core":{"version":"../1"}}',
        b'{"plugins":' + b'{"a":' * 5000 + b"1" + b"}" * 5000 + b"}",
    ],
)
def test_anything_else_is_no_catalogue(content: bytes) -> None:
    with pytest.raises(CatalogueBroken) as caught:
        update_center.decode(content, name="site")
    assert caught.value.source == "site"


REAL = (
    ("tsinghua-2026-08-22", 2095),
    ("tsinghua-2023-02-15", 1887),
    ("official-update-center-2020-06-09", 1743),
)


@pytest.mark.skipif(not DATA.exists(), reason="the real catalogues are not there")
@pytest.mark.parametrize(("name", "count"), REAL)
def test_every_entry_of_a_real_catalogue_is_read(name: str, count: int) -> None:
    content = lzma.decompress((DATA / "catalogues" / f"{name}.json.xz").read_bytes())
    found = update_center.decode(content, name=name)
    releases = [release for each in found.ids() for release in found.releases(each)]
    assert (len(releases), found.broken, found.site) == (count, (), "default")
    assert all(
        each.digest and each.origin == found.where(each.plugin, each.version) for each in releases
    )
