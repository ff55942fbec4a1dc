"""Plugins that a formula has built from their sources: what is read, and what is refused."""

from pathlib import PurePosixPath

import pytest

from builder.errors import FormulaInvalid
from builder.formula import parse
from builder.model.formula import Formula
from builder.model.recipe import Recipe

COMMIT = "0123456789abcdef0123456789abcdef01234567"
HEAD = """\
bundle: {groupId: io.example, artifactId: demo}
war: {groupId: org.jenkins-ci.main, artifactId: jenkins-war, source: {version: 2.346.3}}
"""


def read(source: str, build: str = "command: [mvn, -B, package]") -> Formula:
    text = f"{HEAD}plugins:\n  - artifactId: ours\n    source: {{{source}}}\n"
    return parse(f"{text}    build: {{{build}}}\n", file="f", values={})


def built(source: str, build: str) -> Recipe:
    (wish,) = read(source, build).plugins
    assert isinstance(wish.origin, Recipe)
    return wish.origin


@pytest.mark.parametrize(
    "address",
    [
        "https://git.example/team/ours.git",
        "ssh://git@git.example/team/ours.git",
        "git@git.example:team/ours.git",
        "file:///srv/ours",
        "../ours",
        "./ours",
        "/srv/ours",
    ],
)
def test_a_repository_and_a_full_commit_make_a_recipe(address: str) -> None:
    (wish,) = read(f"git: '{address}', commit: {COMMIT}").plugins
    recipe = Recipe(
        address=address,
        commit=COMMIT,
        command=("mvn", "-B", "package"),
        output=PurePosixPath("target/ours.hpi"),
    )
    assert (wish.origin, wish.version) == (recipe, None)


def test_the_file_that_is_taken_and_how_long_it_may_take_are_the_formulas() -> None:
    build = "command: [make], output: out/a.hpi, timeout: 60, noCache: true"
    (wish,) = read(f"git: ../ours, commit: {COMMIT}, branch: main", build).plugins
    recipe = wish.origin
    assert isinstance(recipe, Recipe)
    assert (recipe.output, recipe.timeout_s) == (PurePosixPath("out/a.hpi"), 60)


@pytest.mark.parametrize(
    ("source", "build", "path", "wanted"),
    [
        ("git: ../o", "command: [a]", "commit", "`git ls-remote ../o HEAD` tells"),
        (
            "git: ../o, branch: main",
            "command: [a]",
            "commit",
            "another one tomorrow; `git ls-remote ../o main`",
        ),
        ("git: ../o, commit: v1.2", "command: [a]", "commit", "`git ls-remote ../o v1.2`"),
        ("git: ../o, commit: 0123456", "command: [a]", "commit", "a full commit"),
        ("git: 'https://me:pw@h/o', commit: C", "command: [a]", "git", "git's own settings"),
        ("git: '--upload-pack=x', commit: C", "command: [a]", "git", "a repository such as"),
        ("git: ../o, commit: C", "noCache: true", "build", "the command that builds it"),
        ("git: ../o, commit: C", "command: mvn package", "command", "a list"),
        ("git: ../o, commit: C", "command: [a], output: ../x", "output", "without .."),
        ("dir: ours", "noCache: true", "build", "the command that builds it"),
        ("branch: main", "command: [a]", "branch", "git and a commit"),
    ],
)
def test_what_is_no_recipe_is_told_where_it_stands(
    source: str, build: str, path: str, wanted: str
) -> None:
    with pytest.raises(FormulaInvalid) as caught:
        read(source.replace("C", COMMIT), build)
    (problem,) = (e for e in caught.value.problems if e.path.endswith(f".{path}"))
    assert wanted in problem.wanted
    assert "pw" not in problem.found


def test_a_recipe_is_another_where_other_bytes_may_come_of_it() -> None:
    source = f"git: ../ours, commit: {COMMIT}"
    builds = ["command: [a]", "command: [a, b]", "command: [a], output: b.hpi"]
    recipes = [built(source, each) for each in builds]
    assert len({each.digest for each in recipes}) == len(builds)
    assert built(source, "command: [a], timeout: 9").digest == recipes[0].digest
