"""What may stand in a WAR."""

import pytest

from builder.war.rules import fault_of, is_signature, path_fault


@pytest.mark.parametrize(
    "name",
    [
        "META-INF/",
        "META-INF/MANIFEST.MF",
        "WEB-INF/plugins/git.hpi",
        "..a/b..c/...",
        "a b",
        "\u6587\u4ef6",
        "C",
        "x" * 65_535,
    ],
)
def test_an_ordinary_path_is_legal(name: str) -> None:
    assert path_fault(name) is None


@pytest.mark.parametrize(
    ("name", "fault"),
    [
        ("", "has an empty step"),
        ("/", "is absolute"),
        ("/etc/passwd", "is absolute"),
        ("c:/x", "is absolute"),
        ("..", "leads out of the archive"),
        ("a/../b", "leads out of the archive"),
        ("a/..", "leads out of the archive"),
        ("a/../", "leads out of the archive"),
        ("a//b", "has an empty step"),
        ("./a", "has an empty step"),
        ("a\\b", "has a backslash"),
        ("a\0b", "has a control character"),
        ("a\x7f", "has a control character"),
        ("\u6587" * 21_846, "is too long"),
    ],
)
def test_a_path_that_could_do_harm_is_not(name: str, fault: str) -> None:
    found = path_fault(name)
    assert found is not None
    assert found.endswith(fault)
    assert len(found) < 1000


@pytest.mark.parametrize("kind", ["kept", "added"])
def test_one_bad_path_spoils_the_set(kind: str) -> None:
    names = {"kept": ("a",), "added": ("b",)} | {kind: ("c", "/d")}
    assert fault_of(**names) == "the path '/d' is absolute"


def test_a_name_may_stand_once() -> None:
    assert fault_of(kept=("a", "b"), added=("c",)) is None
    assert fault_of(kept=("a", "a"), added=()) == "two entries are called 'a'"
    assert fault_of(kept=("a",), added=("a",)) == "two entries are called 'a', but for case"
    assert fault_of(kept=(), added=("a", "a")) == "two entries are called 'a', but for case"


def test_only_upstream_may_tell_entries_apart_by_case() -> None:
    assert fault_of(kept=("META-INF/LICENSE", "META-INF/license"), added=("x",)) is None
    assert fault_of(kept=("Git",), added=("git",)) == "two entries are called 'git', but for case"


@pytest.mark.parametrize(
    ("name", "signs"),
    [
        ("META-INF/JENKINS.SF", True),
        ("META-INF/jenkins.rsa", True),
        ("META-INF/X.DSA", True),
        ("META-INF/X.EC", True),
        ("META-INF/SIG-X", True),
        ("META-INF/MANIFEST.MF", False),
        ("META-INF/x/Y.SF", False),
        ("WEB-INF/META-INF/X.SF", False),
        ("X.SF", False),
    ],
)
def test_a_signature_is_told_by_its_name(name: str, signs: bool) -> None:  # noqa: FBT001 - a column of the table
    assert is_signature(name) is signs
