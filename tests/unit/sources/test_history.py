"""What is read out of ``plugin-versions.json``."""

import json
import lzma

import pytest

from builder.errors import CatalogueBroken
from builder.model.plugin import PluginId, Trust
from builder.sources import history
from builder.sources.history import History
from builder.version import Version
from tests.fakes.shared import DATA

SHA = "6rVihRaF+26EFVoDFUACRnBR0octBouFPPwcO4a2aak="
GIT = PluginId("git")


def _entry(version: str, **other: object) -> dict[str, object]:
    return {"version": version, "dependencies": [], **other}


def _read(plugins: object, **other: object) -> History:
    whole = {"plugins": plugins, "updateCenterVersion": "1", **other}
    return history.decode(json.dumps(whole).encode(), name="history", trust=Trust.SIGNED)


def test_releases_come_in_the_plain_order_of_their_texts() -> None:
    found = _read({"git": {each: _entry(each) for each in ("9", "10", "1.0", "1")}})
    assert [each.version for each in found.releases(GIT)] == ["1", "1.0", "10", "9"]
    assert {each.trust for each in found.releases(GIT)} == {Trust.SIGNED}


def test_a_release_is_found_by_its_very_text() -> None:
    found = _read({"git": {each: _entry(each) for each in ("1.0", "2")}})
    assert found.release(GIT, Version("1.0")) == found.releases(GIT)[0]
    assert found.release(GIT, Version("1")) is None


def test_a_history_offers_nothing() -> None:
    assert _read({"git": {"1": _entry("1")}}).offered(GIT) is None


@pytest.mark.parametrize(
    "spoilt", [1, {}, _entry("2"), _entry("1", name="other"), _entry("1", sha256="x")]
)
def test_a_broken_release_harms_no_other(spoilt: object) -> None:
    found = _read({"git": {"1": spoilt, "3": _entry("3")}, "good": {"1": _entry("1")}})
    assert [each.version for each in found.releases(GIT)] == ["3"]
    assert found.broken == ("git",)


def test_a_broken_plugin_harms_no_other() -> None:
    found = _read({"git": [], "good": {"1": _entry("1")}})
    assert (found.releases(GIT), found.broken) == ((), ("git",))
    assert len(found.releases(PluginId("good"))) == 1


def test_cores_of_a_derived_history_are_listed() -> None:
    cores = {"2.9": {"version": "2.9", "sha256": SHA}, "2.10": {"version": "2.10", "sha256": SHA}}
    assert [each.version for each in _read({}, cores=cores).cores] == ["2.10", "2.9"]


@pytest.mark.parametrize("cores", [[], {"2.9": {"version": "..", "sha256": SHA}}])
def test_cores_that_cannot_be_read_are_told(cores: object) -> None:
    with pytest.raises(CatalogueBroken):
        _ = _read({}, cores=cores).cores


@pytest.mark.skipif(not DATA.exists(), reason="the real histories are not there")
@pytest.mark.parametrize(
    ("name", "plugins", "releases", "cores"),
    [
        ("official-plugin-versions-2020-06-10", 1743, 20857, 0),
        ("plugin-versions", 2246, 18907, 339),
    ],
)
def test_every_release_of_a_real_history_is_read(
    name: str, plugins: int, releases: int, cores: int
) -> None:
    content = lzma.decompress((DATA / "catalogues" / f"{name}.json.xz").read_bytes())
    found = history.decode(content, name=name)
    assert len(found.ids()) == plugins
    assert sum(len(found.releases(each)) for each in found.ids()) == releases
    assert (len(found.cores), found.broken) == (cores, ())
