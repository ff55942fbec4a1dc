"""Dockerfiles as instructions, and the words of their operands."""

import pytest

from builder.errors import FormulaInvalid
from builder.image import settled
from builder.image.dockerfile import parse
from builder.image.plan import plan
from builder.image.shell_words import pairs, plain, split
from tests.unit.image.material import formula, lock


def test_the_stock_dockerfile_is_taken() -> None:
    words = [each.word for each in parse(plan(formula(), lock("git")).dockerfile)]
    assert words[0] == "FROM"
    assert words[-1] == "ENTRYPOINT"


@pytest.mark.parametrize(
    "line",
    [
        *("RUN make", "ADD a b", "ARG a", "COPY --from=x a b", "COPY *.sh /", "COPY a", "ENV"),
        *("COPY --chmod=755 a b", "FROM b", "HEALTHCHECK NONE", "ONBUILD RUN x", "run x"),
    ],
)
def test_what_another_engine_takes_is_refused_with_its_line(line: str) -> None:
    with pytest.raises(FormulaInvalid) as caught:
        parse(f"FROM a\n# note\n\n{line}\n")
    (problem,) = caught.value.problems
    assert str(problem.place).startswith("Dockerfile:4")
    assert problem.found == line


@pytest.mark.parametrize(
    "text", ["", "# none\n", "USER 1\n", "FROM a AS b\n", "# escape=`\nFROM a"]
)
def test_no_one_stage_is_refused(text: str) -> None:
    with pytest.raises(FormulaInvalid):
        parse(text)


def test_lines_are_joined_and_counted_from_the_first() -> None:
    _, step = parse("FROM a\nENV a=1 \\\n# between\n    b=2\n")
    assert (step.line, pairs(step.rest, {})) == (2, (("a", "1"), ("b", "2")))


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ('"a b"', "a b"),
        ("'$a'", "$a"),
        ("a\\ b", "a b"),
        ('"\\$a \\" \\\\ \\n"', '$a " \\ \\n'),
        ("$x/${x}s", "1/1s"),
        ("$none.", "."),
    ],
)
def test_words_mean_what_the_builders_take_them_for(word: str, meant: str) -> None:
    assert plain(word, {"x": "1"}) == meant


@pytest.mark.parametrize("word", ['"a', "${x:-1}", "a$"])
def test_words_that_mean_nothing_are_refused(word: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        plain(word, {})


def test_blanks_part_words_unless_quoted() -> None:
    assert split("a 'b c' d\\ e  \"f g\"") == ("a", "'b c'", "d\\ e", '"f g"')
    assert pairs("NAME a b", {}) == (("NAME", "a b"),)


def test_an_entrypoint_drops_the_command_of_a_base_and_keeps_its_own() -> None:
    first, second = parse('FROM a\nENTRYPOINT ["/x"]\nCMD echo $a\n')[1:]
    said = settled.after({"Cmd": ["sh"], "StopSignal": "9"}, first)
    assert said == {"Entrypoint": ["/x"], "StopSignal": "9"}
    assert settled.after(said, second)["Cmd"] == ["/bin/sh", "-c", "echo $a"]
    assert settled.after({"Cmd": ["own"]}, first, own_command=True)["Cmd"] == ["own"]


def test_a_base_without_a_path_gets_the_builders_own() -> None:
    assert settled.of_base({})["Env"] == [f"PATH={settled.PATH}"]
    assert settled.of_base({"Env": ["PATH=/x"]})["Env"] == ["PATH=/x"]
