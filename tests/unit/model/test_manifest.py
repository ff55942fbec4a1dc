"""Holds ``builder/model/manifest.py`` to the JAR specification and to Jenkins's grammar."""

import pytest

from builder.model.manifest import dependencies, main_attributes
from builder.model.plugin import Dependency, DependencyKind, PluginId
from builder.version import Version


def dependency(plugin: str, minimum: str, kind: DependencyKind) -> Dependency:
    return Dependency(plugin=PluginId(plugin), minimum=Version(minimum), kind=kind)


@pytest.mark.parametrize("end", [b"\n", b"\r", b"\r\n"])
def test_lines_may_end_in_cr_lf_or_crlf(end: bytes) -> None:
    content = end.join([b"Manifest-Version: 1.0", b"Short-Name: git", b"Long-Name: A", b"  B"])
    assert dict(main_attributes(content)) == {
        "Manifest-Version": "1.0",
        "Short-Name": "git",
        "Long-Name": "A B",
    }


def test_names_ignore_case() -> None:
    attributes = main_attributes(b"short-NAME: git\n")
    assert attributes["Short-Name"] == "git"
    assert attributes.get("plugin-version") is None


def test_a_character_folded_in_its_middle_is_whole_again() -> None:
    first, second = "é".encode()[:1], "é".encode()[1:]
    assert main_attributes(b"Long-Name: caf" + first + b"\r\n " + second + b"!\r\n") == {
        "Long-Name": "café!"
    }


def test_only_one_space_of_a_folded_line_is_dropped() -> None:
    assert main_attributes(b"Url: a\n  b\n c\n")["url"] == "a bc"


def test_later_sections_do_not_override_the_main_one() -> None:
    content = b"Plugin-Version: 1.0\n\nName: x/\nPlugin-Version: 9\nSealed: true\n"
    assert main_attributes(content) == {"Plugin-Version": "1.0"}


def test_the_last_of_two_equal_names_counts() -> None:
    assert main_attributes(b"A: 1\na: 2\n")["A"] == "2"


def test_a_value_keeps_its_colons() -> None:
    assert (
        main_attributes(b"Url: https://example.invalid/x\n")["Url"] == "https://example.invalid/x"
    )


@pytest.mark.parametrize("content", [b"", b"\n", b"<html>\n<body/>\n", b"\x00\xff\xfe", b" folded"])
def test_what_is_no_manifest_has_no_attributes(content: bytes) -> None:
    assert dict(main_attributes(content)) == {}


def test_dependencies_are_read_in_order() -> None:
    assert dependencies("structs:1.23,mailer:1.34;resolution:=optional") == (
        dependency("structs", "1.23", DependencyKind.REQUIRED),
        dependency("mailer", "1.34", DependencyKind.OPTIONAL),
    )


@pytest.mark.parametrize(
    "token",
    ["a:1;RESOLUTION:=Optional", "a:1; resolution:=optional ", "a:1;x;resolution:=optional"],
)
def test_the_optional_mark_is_found_among_the_attributes(token: str) -> None:
    assert dependencies(token) == (dependency("a", "1", DependencyKind.OPTIONAL),)


def test_a_required_token_keeps_its_tail() -> None:
    assert dependencies("a:1;x:=y") == (dependency("a", "1;x:=y", DependencyKind.REQUIRED),)


def test_the_first_colon_divides_id_and_version() -> None:
    assert dependencies("a:1:2") == (dependency("a", "1:2", DependencyKind.REQUIRED),)


@pytest.mark.parametrize("text", ["", "  "])
def test_an_empty_text_asks_for_nothing(text: str) -> None:
    assert dependencies(text) == ()


def test_a_token_without_a_colon_is_refused() -> None:
    with pytest.raises(ValueError, match="structs"):
        dependencies("a:1,structs")
