"""Image references."""

import pytest

from builder.errors import FormulaInvalid
from builder.image.reference import Reference, default_for, tags
from builder.model.digest import Digest
from builder.model.formula import Bundle
from tests.unit.image.material import formula

DIGEST = Digest.of(b"x")


@pytest.mark.parametrize(
    ("text", "repository", "tag", "digest"),
    [
        ("alpine", "alpine", None, None),
        ("jbuild/base:sid-0123", "jbuild/base", "sid-0123", None),
        ("localhost:5000/a", "localhost:5000/a", None, None),
        ("localhost:5000/a:1.0_x-Y", "localhost:5000/a", "1.0_x-Y", None),
        ("[::1]:5000/a/b__c:1", "[::1]:5000/a/b__c", "1", None),
        ("Registry.Example/a/b-c.d", "Registry.Example/a/b-c.d", None, None),
        (f"a@{DIGEST}", "a", None, DIGEST),
        (f"h:1/a:t@{DIGEST}", "h:1/a", "t", DIGEST),
    ],
)
def test_a_reference_is_read_into_its_parts_and_printed_as_it_was(
    text: str, repository: str, tag: str | None, digest: Digest | None
) -> None:
    read = Reference.parse(text)
    assert read == Reference(repository=repository, tag=tag, digest=digest)
    assert str(read) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        ":1",
        "a:",
        "a@",
        "Alpine",
        "a//b",
        "/a",
        "a/",
        "a b",
        "a\n",
        "a:1\nRUN x",
        "a:-1",
        "a:" + "x" * 129,
        "a/" + "x" * 254,
        "a--/b_",
        "a..b",
        "a@sha256:12",
        f"a@{DIGEST.hex}",
        "a$b",
        "https://a/b",
    ],
)
def test_an_illegal_reference_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"^"):
        Reference.parse(text)


@pytest.mark.parametrize(
    ("artifact", "version", "wanted"),
    [
        ("ks-jenkins", "2.346.3", "jbuild/ks-jenkins:2.346.3"),
        ("KS_Jenkins!", "1.0 beta+7", "jbuild/ks-jenkins:1.0-beta-7"),
        ("...", "-.", "jbuild/controller:latest"),
        ("a", "1" * 200, "jbuild/a:" + "1" * 128),
    ],
)
def test_a_formula_without_tags_gets_a_legal_one_of_its_bundle(
    artifact: str, version: str, wanted: str
) -> None:
    named = default_for(Bundle(group="g", artifact=artifact, version=version))
    assert str(named) == wanted
    assert Reference.parse(wanted) == named


def test_tags_are_whole_and_each_stands_once() -> None:
    assert tags(formula(tags=("b/a", "a:1", "b/a:latest"))) == ("b/a:latest", "a:1")
    assert tags(formula()) == ("jbuild/quickstart:1.0",)


def test_all_illegal_tags_are_told_at_once() -> None:
    with pytest.raises(FormulaInvalid) as caught:
        tags(formula(tags=("A:1", "a:1", f"a@{DIGEST}")))
    told = [(each.path, each.found) for each in caught.value.problems]
    assert told == [("image.tags[0]", "A:1"), ("image.tags[2]", f"a@{DIGEST}")]
