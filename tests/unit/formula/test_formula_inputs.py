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


LISTED = """\
bundle: {groupId: io.example, artifactId: demo}
war: {groupId: g, artifactId: a, source: {version: 2.346.3}}
plugins: [git:1, {artifactId: own, source: {file: own/own.hpi}}]
pluginsFile: lists/plugins.txt
"""


def listed(content: bytes, text: str = LISTED, *more: str) -> Formula:
    file = InputFile(path=PurePosixPath("lists/plugins.txt"), content=content)
    return with_inputs(
        parse(text, file="a/f.yaml", values={}), [file, *found("own/own.hpi", *more)]
    )


def test_the_wishes_of_a_plugin_list_join_the_formulas() -> None:
    formula = listed(b"ldap\nmailer:1.2\n")
    assert [(each.plugin, str(each.place)) for each in formula.plugins] == [
        ("git", "a/f.yaml:3:11"),
        ("own", "a/f.yaml:3:18"),
        ("ldap", "a/lists/plugins.txt:1:1"),
        ("mailer", "a/lists/plugins.txt:2:1"),
    ]
    assert formula.plugins_file is None


def test_a_plugin_list_counts_by_its_wishes_and_a_plugin_by_its_bytes() -> None:
    formula = listed(b"ldap\n")
    assert [str(each.path) for each in formula.inputs] == ["own/own.hpi"]
    assert {"lists/plugins.txt", "own/own.hpi"} < {
        str(each) for each in input_paths(parse(LISTED, file="f", values={}))
    }


def test_a_plugin_list_that_goes_into_the_image_as_well_stays_an_input() -> None:
    text = f"{LISTED}image: {{files: [{{from: lists, to: /a}}]}}\n"
    names = [str(each.path) for each in listed(b"ldap\n", text).inputs]
    assert names == ["lists/plugins.txt", "own/own.hpi"]


def test_a_plugin_in_the_list_and_in_the_formula_is_told_with_both_places() -> None:
    with pytest.raises(FormulaInvalid) as caught:
        listed(b"ldap\ngit:1\n")
    (problem,) = caught.value.problems
    assert str(problem.place) == "a/lists/plugins.txt:2:1"
    assert problem.wanted == "it in one of the two; the formula has it at a/f.yaml:3:11"


def test_what_a_list_says_twice_is_noted() -> None:
    assert [str(each.place) for each in listed(b"ldap\nldap\n").notes] == [
        "a/lists/plugins.txt:2:1"
    ]


def test_problems_of_a_list_have_their_place_in_it() -> None:
    with pytest.raises(FormulaInvalid) as caught:
        listed(b"ldap\nmailer:1#2\n")
    assert [str(each.place) for each in caught.value.problems] == ["a/lists/plugins.txt:2:1"]


def test_a_list_that_is_no_text_is_told_with_its_place() -> None:
    with pytest.raises(FormulaInvalid) as caught:
        listed(b"ldap\nmai\xffler\n")
    (problem,) = caught.value.problems
    assert (str(problem.place), problem.wanted) == ("a/lists/plugins.txt:2:4", "UTF-8 text")


def test_lists_and_plugins_that_are_not_there_are_told_with_their_places() -> None:
    parsed = parse(LISTED, file="a/f.yaml", values={})
    with pytest.raises(FormulaInvalid) as caught:
        with_inputs(parsed, found("lists/plugins.txt/deeper"))
    assert [(str(e.place), e.path, e.found) for e in caught.value.problems] == [
        ("a/f.yaml:3:18", "plugins[1].source.file", "own/own.hpi"),
        ("a/f.yaml:4:14", "pluginsFile", "lists/plugins.txt"),
    ]
