"""Which documents a source stands for."""

import pytest

from builder.sources.sites import Local, Remote, site
from builder.version import Version

HISTORY = Remote(
    name="official history", url="https://updates.jenkins.io/current/plugin-versions.json"
)


def test_the_official_site_is_asked_for_the_tier_of_the_core() -> None:
    assert site("official", Version("2.346.3"), chosen=False) == Remote(
        name="official",
        url="https://updates.jenkins.io/update-center.json?version=2.346.3",
        otherwise="https://updates.jenkins.io/current/update-center.json",
        history=HISTORY,
    )


def test_without_a_core_the_newest_catalogue_is_asked_for() -> None:
    assert site("official", None, chosen=False) == Remote(
        name="official",
        url="https://updates.jenkins.io/current/update-center.json",
        history=HISTORY,
    )


@pytest.mark.parametrize("name", ["stable", "experimental"])
def test_other_presets_are_one_catalogue_for_every_core(name: str) -> None:
    url = f"https://updates.jenkins.io/{name}/update-center.json"
    wanted = Remote(name=name, url=url, history=HISTORY)
    assert site(name, Version("2.346.3"), chosen=False) == wanted


def test_a_folder_is_asked_as_the_official_site_is_and_a_document_is_taken_as_it_is() -> None:
    found = site("https://m.example/updates/", Version("2.1 b"), chosen=False)
    assert found == Remote(
        name="https://m.example/updates/",
        url="https://m.example/updates/update-center.json?version=2.1%20b",
        history=Remote(
            name="https://m.example/updates/current/plugin-versions.json",
            url="https://m.example/updates/current/plugin-versions.json",
        ),
    )
    url = "https://m.example/uc.json.html"
    assert site(url, Version("2.1"), chosen=False) == Remote(name=url, url=url)


def test_a_name_holds_no_secret() -> None:
    found = site("https://user:word@m.example/uc.json?token=secret#x", None, chosen=True)
    assert found.name == "https://m.example/uc.json"
    assert site("https://[/uc.json", None, chosen=True).name == "an address that is no URL"


def test_anything_else_is_a_file() -> None:
    for chosen in (True, False):
        wanted = Local(name="uc/a.json.xz", path="uc/a.json.xz", chosen=chosen)
        assert site("uc/a.json.xz", None, chosen=chosen) == wanted
