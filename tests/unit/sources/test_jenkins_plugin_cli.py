"""What jenkins-plugin-cli's addresses mean: which index is read, and where files come from."""

import pytest
from msgspec.structs import fields

from builder.errors import SettingsError
from builder.formula.plugin_list import plugin_list
from builder.model.plugin import Addressed
from builder.sources import jenkins_plugin_cli as cli
from builder.sources.jenkins_plugin_cli import Addresses, Named
from builder.version import Version

_CORE = Version("2.346.3")
_ASKS = f"?version={_CORE}"
_CENTER = "update-center.json"
_TUNA = "https://mirrors.tuna.tsinghua.edu.cn/jenkins/"
_OFFICIAL = "https://updates.jenkins.io"
_PUBLIC_HISTORY = f"{_OFFICIAL}/current/plugin-versions.json"


def _addresses(**named: str) -> Addresses:
    return Addresses(**{name: Named(url=url, origin=name) for name, url in named.items()})


@pytest.mark.parametrize(
    ("told", "source"),
    [
        (None, "official"),
        (_OFFICIAL, "official"),
        (f"{_OFFICIAL}/", "official"),
        (f"{_OFFICIAL}/{_CENTER}", "official"),
        (f"{_OFFICIAL}/current/{_CENTER}", "official"),
        (f"{_OFFICIAL}/experimental", "experimental"),
        (f"{_OFFICIAL}/stable", f"{_OFFICIAL}/stable/{_CENTER}{_ASKS}"),
        (f"{_TUNA}updates/{_CENTER}", "official"),
        ("https://site.example", f"https://site.example/{_CENTER}{_ASKS}"),
        ("https://site.example/uc.json", f"https://site.example/uc.json{_ASKS}"),
        ("file:///srv/uc%20now.json", "/srv/uc now.json"),
        ("file:///srv/uc.json.xz", "/srv/uc.json.xz"),
        ("file:///srv", "/srv/update-center.json"),
    ],
)
def test_an_update_center_is_asked_for_the_core(told: str | None, source: str) -> None:
    named = Named(url=told, origin="JENKINS_UC") if told else None
    assert cli.source(named, _CORE) == source


def test_a_core_that_nobody_knows_is_not_asked_for() -> None:
    named = Named(url="https://site.example", origin="JENKINS_UC")
    assert cli.source(named, None) == f"https://site.example/{_CENTER}"


@pytest.mark.parametrize(
    ("told", "mirrors"),
    [
        ({}, ("official",)),
        ({"update_center": f"{_TUNA}updates"}, ("tuna",)),
        ({"update_center": f"{_OFFICIAL}/stable"}, ("official",)),
        (
            {"update_center": "https://site.example/a/updates"},
            (
                "https://site.example/download/",
                "https://site.example/a/",
                "https://site.example/a/download/",
            ),
        ),
        (
            {"update_center": "https://site.example:8443"},
            ("https://site.example:8443/download/", "https://site.example:8443/"),
        ),
        ({"download": "https://files.example/root/"}, ("https://files.example/root/",)),
        ({"download": f"{_TUNA}"}, ("tuna",)),
        ({"download_url": f"{_TUNA}plugins"}, ("tuna",)),
        ({"download_url": "https://files.example/plugins/"}, ("https://files.example/",)),
        ({"download_url": "https://files.example/jpi"}, ("https://files.example/jpi/#plugins",)),
        (
            {"download_url": "https://one.example/plugins", "download": "https://two.example"},
            ("https://one.example/",),
        ),
    ],
)
def test_files_come_from_where_the_other_tool_looks(
    told: dict[str, str], mirrors: tuple[str, ...]
) -> None:
    assert cli.mirrors(_addresses(**told)).mirrors == mirrors


@pytest.mark.parametrize(
    ("told", "histories"),
    [
        ({}, ()),
        ({"update_center": f"{_OFFICIAL}/stable"}, (_PUBLIC_HISTORY,)),
        ({"update_center": "https://site.example"}, ()),
        ({"plugin_info": "https://site.example/all.json"}, ("https://site.example/all.json",)),
    ],
)
def test_behind_a_private_site_stands_nothing_that_nobody_named(
    told: dict[str, str], histories: tuple[str, ...]
) -> None:
    assert cli.histories(_addresses(**told)) == histories


def test_a_long_index_that_is_a_file_is_read_beside_the_quick_one() -> None:
    told = _addresses(plugin_info="file:///srv/all.json")
    assert cli.sources(told, _CORE) == ("official", "/srv/all.json")
    assert cli.histories(told) == ()
    assert cli.sources(_addresses(plugin_info="https://site.example/all.json"), _CORE) == (
        "official",
    )


def test_a_private_site_has_no_public_experimental_one() -> None:
    private = "https://site.example"
    assert cli.experimental(_addresses(), _CORE) == "experimental"
    with pytest.raises(SettingsError):
        cli.experimental(_addresses(update_center=private), _CORE)
    both = _addresses(update_center=private, experimental=f"{private}/lab")
    assert cli.experimental(both, _CORE) == f"{private}/lab/{_CENTER}{_ASKS}"


def _use_every(told: Addresses) -> None:
    (wish,) = plugin_list("git:incrementals;org.ex;1", file="plugins.txt")
    cli.source(told.update_center, _CORE)
    cli.experimental(told, _CORE)
    cli.histories(told)
    cli.mirrors(told)
    cli.at_incrementals(wish, told)


@pytest.mark.parametrize("name", [each.name for each in fields(Addresses)])
@pytest.mark.parametrize("url", ["ftp://h/x", "site.example", "https://ann:s3cret@h/x"])
def test_what_is_no_address_is_refused_and_not_told(name: str, url: str) -> None:
    with pytest.raises(SettingsError) as caught:
        _use_every(_addresses(**{name: url}))
    assert "s3cret" not in str(caught.value)


def test_an_incremental_build_lies_where_maven_keeps_it() -> None:
    text = "git:incrementals;org.jenkins-ci.plugins;2-rc1.a\nmailer:1\n"
    git, mailer = plugin_list(text, file="plugins.txt")
    assert cli.at_incrementals(mailer, _addresses()) == mailer
    found = cli.at_incrementals(git, _addresses(incrementals="https://maven.example/inc/"))
    folder = "https://maven.example/inc/org/jenkins-ci/plugins/git/2-rc1.a"
    assert (found.origin, found.url) == (Addressed(), f"{folder}/git-2-rc1.a.hpi")
