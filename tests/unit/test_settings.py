"""Which setting wins, and which cannot be used."""

from pathlib import Path

import pytest

from builder.errors import SettingsError
from builder.settings import Settings, merge


def _merged(file: dict[str, object] | None = None, option: str = "", **variables: str) -> Settings:
    return merge(
        defaults={"store": "/default"},
        file=("settings.toml", file or {}),
        environment=variables,
        options={"store": option} if option else {},
    )


def test_option_goes_before_variable_before_file_before_default() -> None:
    file: dict[str, object] = {"store": "/file"}
    found = [
        _merged(file, "/option", JBUILD_STORE="/variable"),
        _merged(file, JBUILD_STORE="/variable"),
        _merged(file),
        _merged(),
    ]
    assert [str(each.store) for each in found] == ["/option", "/variable", "/file", "/default"]
    origins = [next(s.origin for s in each.listing if s.name == "store") for each in found]
    assert origins == ["option", "variable JBUILD_STORE", "file settings.toml", "default"]


@pytest.mark.parametrize(
    ("value", "offline"), [(True, True), ("yes", True), ("0", False), (False, False)]
)
def test_a_flag_is_read_in_every_spelling(value: object, *, offline: bool) -> None:
    assert _merged({"offline": value}).offline is offline


def test_a_store_is_absolute_and_an_empty_variable_is_none() -> None:
    assert _merged(JBUILD_STORE="store").store == Path.cwd() / "store"
    assert _merged(JBUILD_STORE="").store == Path("/default")


def test_a_mirror_with_a_password_is_refused_without_printing_it() -> None:
    with pytest.raises(SettingsError) as caught:
        _merged(JBUILD_DEBIAN_MIRROR="http://user:s3cret@127.0.0.1/debian")
    assert "s3cret" not in str(caught.value)


def test_a_name_nobody_knows_is_refused_with_the_names_there_are() -> None:
    with pytest.raises(SettingsError) as caught:
        _merged({"stor": "/x"})
    assert (caught.value.name, caught.value.origin) == ("stor", "settings.toml")
    assert "store" in caught.value.wanted


def test_a_flag_that_is_none_is_refused_with_its_origin() -> None:
    with pytest.raises(SettingsError) as caught:
        _merged(JBUILD_OFFLINE="perhaps")
    assert caught.value.origin == "variable JBUILD_OFFLINE"


def test_mirrors_are_a_list_in_every_spelling() -> None:
    named = ("tuna", "https://m.example/")
    assert _merged({"mirrors": list(named)}).mirrors == named
    assert _merged(JBUILD_MIRRORS="tuna, https://m.example/").mirrors == named
    assert _merged().mirrors == ()


def test_a_mirror_of_ones_own_with_a_password_is_refused_without_printing_it() -> None:
    with pytest.raises(SettingsError) as caught:
        _merged(JBUILD_MIRRORS="https://user:s3cret@m.example/")
    assert "s3cret" not in str(caught.value)


def test_connections_and_timeout_have_defaults_and_bounds() -> None:
    assert (_merged().network.connections, _merged().network.timeout_s) == (16, 30.0)
    assert _merged({"connections": "4"}, JBUILD_TIMEOUT="2.5").network.timeout_s == 2.5
    for wrong in ({"connections": 0}, {"connections": 257}, {"timeout": "soon"}):
        with pytest.raises(SettingsError):
            _merged(dict(wrong))


def test_a_token_belongs_to_one_host() -> None:
    network = _merged(JBUILD_TOKEN_M_MY__FIRM_EXAMPLE_8443="t0ken").network  # noqa: S106  # none
    assert network.token("m.my-firm.example:8443") == "t0ken"
    assert network.token("m.my-firm.example") is None
    assert network.token("m.my.firm.example:8443") is None
    assert "t0ken" not in repr(network)


def test_an_engine_is_one_of_those_there_are() -> None:
    assert (_merged().engine, _merged(JBUILD_ENGINE="buildx").engine) == ("docker", "buildx")
    with pytest.raises(SettingsError) as caught:
        _merged({"engine": "podman"})
    assert "docker" in caught.value.wanted


def test_caches_of_buildx_are_split_at_blanks_alone() -> None:
    one, two = "type=registry,ref=r.example/a", "type=local,src=/b"
    assert _merged(JBUILD_CACHE_FROM=f"{one} {two}").buildx.cache_from == (one, two)
    assert _merged({"cache_to": [one, two]}).buildx.cache_to == (one, two)
    assert _merged({"builder": "cluster"}).buildx.builder == "cluster"


@pytest.mark.parametrize("name", ["cache_to", "cache_from"])
@pytest.mark.parametrize(
    "text", ["type=s3,bucket=b,secret_access_key=hush", "type=gha,url=https://me:hush@h/x"]
)
def test_a_cache_with_a_key_is_refused_without_printing_it(name: str, text: str) -> None:
    with pytest.raises(SettingsError) as caught:
        _merged({name: text})
    assert caught.value.name == name
    assert "hush" not in str(caught.value)
