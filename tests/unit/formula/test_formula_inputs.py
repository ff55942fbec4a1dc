from pathlib import PurePosixPath

import pytest

from builder.errors import FormulaInvalid
from builder.formula import input_paths, parse, with_inputs
from builder.model.formula import Formula, InputFile, Place, Problem


def formula(files: str) -> Formula:
    text = f"""\
bundle: {{groupId: io.example, artifactId: demo}}
war: {{groupId: g, artifactId: a, source: {{version: 2.346.3}}}}
image: {{base: {{debian: bookworm}}, files: [{files}]}}
"""
    return parse(text, file="f.yaml", values={})


def found(*names: str) -> list[InputFile]:
    return [InputFile(path=PurePosixPath(name), content=name.encode()) for name in names]


def test_the_stock_paths_are_asked_for_always_and_each_path_once() -> None:
    asked = formula("{from: certs, to: /a}, {from: certs, to: /b}, {from: casc, to: /c}")
    assert [str(each) for each in input_paths(asked)] == [
        "Dockerfile.template",
        "init.groovy.d",
        "casc",
        "certs",
    ]


def test_the_inputs_join_the_formula_by_path() -> None:
    bare = formula("{from: certs, to: /a}, {from: ca.crt, to: /b}")
    files = found("certs/deep/b.crt", "ca.crt", "casc/jenkins.yaml")
    filled = with_inputs(bare, files)
    assert filled.inputs == tuple(sorted(files, key=lambda each: each.path))


def test_every_file_that_the_formula_names_has_to_be_there() -> None:
    bare = formula("{from: certs, to: /a}, {from: ca.crt, to: /b}, {from: cert, to: /c}")
    with pytest.raises(FormulaInvalid) as caught:
        with_inputs(bare, found("certs/b.crt"))
    wanted = "a file, or a folder with files, beside the formula"
    assert caught.value.problems == tuple(
        Problem(place=Place("f.yaml", 1, 1), path=path, found=name, wanted=wanted)
        for path, name in [("image.files[1].from", "ca.crt"), ("image.files[2].from", "cert")]
    )


def test_a_formula_that_names_no_files_needs_none() -> None:
    assert with_inputs(formula(""), ()).inputs == ()
