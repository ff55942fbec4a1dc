"""Which mirrors a name stands for, and what a URL is below them."""

from pathlib import PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.errors import SettingsError
from builder.model.formula import CatalogueWishes
from builder.model.mirror import Mirror
from builder.sources.mirrors import (
    chosen,
    preferred,
    presets_by_name,
    relative,
    resolve_mirrors,
)


def _names(*wished: str) -> list[str]:
    return [each.name for each in resolve_mirrors(wished)]


def test_a_preset_has_the_official_site_and_its_archive_behind_it() -> None:
    assert _names("tuna") == ["tuna", "official", "archives"]
    assert _names("official") == ["official", "archives"]


def test_china_is_all_of_chinas_in_a_fixed_order() -> None:
    behind = ["official", "archives"]
    assert _names("china") == ["tuna", "ustc", "aliyun", "huawei", "tencent", "bit", *behind]
    assert _names("ustc", "china")[:3] == ["ustc", "tuna", "aliyun"]


def test_a_mirror_named_by_url_has_nothing_public_behind_it() -> None:
    (mirror,) = resolve_mirrors(("https://nexus.example:8443/raw/jenkins",))
    assert mirror == Mirror(
        name="nexus.example:8443",
        files="https://nexus.example:8443/raw/jenkins/",
        updates="https://nexus.example:8443/raw/jenkins/updates/",
    )


@pytest.mark.parametrize(
    "url",
    [
        "https://m.example/jenkins",
        "https://m.example/jenkins/",
        "https://m.example/jenkins/updates/",
        "https://m.example/jenkins/updates/update-center.json",
        "https://m.example/jenkins/updates/update-center.json?version=2.346.3",
    ],
)
def test_a_root_its_updates_folder_and_an_index_in_there_name_one_mirror(url: str) -> None:
    (mirror,) = resolve_mirrors((url,))
    assert mirror.files == "https://m.example/jenkins/"
    assert mirror.updates == "https://m.example/jenkins/updates/"


def test_a_mirror_that_is_no_url_is_a_setting_that_cannot_be_used() -> None:
    with pytest.raises(SettingsError) as caught:
        preferred(("http://[x/",))
    assert (caught.value.name, caught.value.value) == ("mirrors", "http://[x/")


def test_a_formula_with_a_private_source_and_no_mirrors_asks_nobody_else() -> None:
    wishes = CatalogueWishes(sources=("https://m.example/updates/update-center.json",), mirrors=())
    assert [each.files for each in chosen(wishes)] == ["https://m.example/"]


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("https://updates.jenkins.io/download/plugins/git/5/git.hpi", "plugins/git/5/git.hpi"),
        ("https://m.example/a/jenkins/plugins/git/5/git.hpi?x=1", "plugins/git/5/git.hpi"),
        ("https://m.example/plugins/jenkins/plugins/git/5/git.hpi", "plugins/git/5/git.hpi"),
        ("https://m.example/plugins/a/1%2B2/a.hpi", "plugins/a/1+2/a.hpi"),
        (
            "https://updates.jenkins.io/download/war/2.346.3/jenkins.war",
            "war-stable/2.346.3/jenkins.war",
        ),
        ("https://updates.jenkins.io/download/war/2.578/jenkins.war", "war/2.578/jenkins.war"),
        ("https://m.example/war-stable/2.346.3/jenkins.war", "war-stable/2.346.3/jenkins.war"),
        ("https://m.example/plugins/../../etc/passwd", None),
        ("https://m.example/plugins/git/../git.hpi", None),
        ("https://m.example/plugins/git.hpi", None),
        ("https://m.example/latest/git.hpi", None),
    ],
)
def test_a_url_is_the_same_path_below_every_mirror(url: str, path: str | None) -> None:
    assert relative(url) == (PurePosixPath(path) if path else None)


_STEPS = st.text(
    st.characters(exclude_characters="/\0", exclude_categories=["Cs"]), min_size=1, max_size=9
).filter(lambda each: each not in {".", ".."})
_PATHS = st.one_of(
    st.tuples(st.just("plugins"), _STEPS, _STEPS, _STEPS),
    st.tuples(st.just("war"), st.from_regex(r"2\.[1-9][0-9]*", fullmatch=True), _STEPS),
    st.tuples(st.just("war-stable"), _STEPS, _STEPS),
)


@given(steps=_PATHS, mirror=st.sampled_from(tuple(presets_by_name().values())))
def test_relocate_then_join_gives_the_url_back(steps: tuple[str, ...], mirror: Mirror) -> None:
    url = mirror.url(PurePosixPath(*steps))
    found = relative(url)
    assert found
    assert mirror.url(found) == url
