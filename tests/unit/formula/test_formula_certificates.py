"""``image.certificates``: read with their places, needed, and part of what a lock stands for."""

from pathlib import PurePosixPath

import pytest

from builder import lock
from builder.errors import FormulaInvalid
from builder.formula import input_paths, parse, with_inputs
from builder.model.formula import CertificateFile, Formula, InputFile, Place

PATH = PurePosixPath("ca/ours.pem")
HEAD = """\
bundle: {groupId: io.example, artifactId: demo}
war: {groupId: org.jenkins-ci.main, artifactId: jenkins-war, source: {version: 2.346.3}}
"""


def read(listed: str) -> Formula:
    return parse(f"{HEAD}image:\n  certificates: {listed}\n", file="f", values={})


def test_each_file_is_read_with_its_place_and_wanted_as_an_input() -> None:
    formula = read("[ca/ours.pem]")
    assert formula.image.certificates == (CertificateFile(PATH, Place("f", 4, 18)),)
    assert PATH in input_paths(formula)


@pytest.mark.parametrize("listed", ["[/etc/ca.pem]", "[../ca.pem]", "ca.pem", "[{path: a}]"])
def test_what_is_no_list_of_files_beside_the_formula_is_refused(listed: str) -> None:
    with pytest.raises(FormulaInvalid) as caught:
        read(listed)
    assert caught.value.problems[0].path.startswith("image.certificates")


def test_a_file_that_is_missing_is_told_where_it_is_named() -> None:
    with pytest.raises(FormulaInvalid) as caught:
        with_inputs(read("[ca/ours.pem]"), ())
    (problem,) = caught.value.problems
    assert (str(problem.place), problem.path) == ("f:4:18", "image.certificates[0]")


def test_a_list_or_another_byte_makes_another_fingerprint_and_an_empty_list_none() -> None:
    def fingerprint(listed: str, content: bytes) -> str:
        formula = read(listed)
        inputs = [InputFile(path=each.path, content=content) for each in formula.image.certificates]
        return str(lock.fingerprint(with_inputs(formula, inputs)))

    found = [
        fingerprint("[]", b""),
        fingerprint("[ca/ours.pem]", b"a"),
        fingerprint("[ca/ours.pem]", b"b"),
        fingerprint("[ca/theirs.pem]", b"a"),
    ]
    assert len(set(found)) == len(found)
    bare = parse(f"{HEAD}image:\n  layout: ref\n", file="f", values={})
    assert str(lock.fingerprint(bare)) == found[0]


def test_a_file_that_is_copied_anyway_counts_once_more_where_it_is_trusted() -> None:
    copied = "  files: [{from: ca/ours.pem, to: /ca.pem}]\n"
    found = [
        lock.fingerprint(
            with_inputs(
                parse(f"{HEAD}image:\n{copied}{trusted}", file="f", values={}),
                [InputFile(path=PATH, content=b"a")],
            )
        )
        for trusted in ("", "  certificates: [ca/ours.pem]\n")
    ]
    assert found[0] != found[1]
