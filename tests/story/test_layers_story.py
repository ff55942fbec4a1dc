"""A formula above another, in folders of their own."""

from pathlib import Path

import pytest

from builder import pipeline
from builder.errors import FormulaInvalid, FormulaMissing
from builder.model.formula import Formula
from tests.fakes.story import FORMULA
from tests.fakes.world import FakeWorld


def _above(path: Path, text: str = "extends: ../../formula.yaml\n") -> Path:
    above = path.parent / "profiles" / "own" / "formula.yaml"
    above.parent.mkdir(parents=True)
    above.write_text(text)
    return above


def _read(made: FakeWorld, path: Path) -> Formula:
    return pipeline.read_formula(made.world, path, {})


def _files(formula: Formula) -> dict[str, str]:
    return {str(each.path): each.content.decode() for each in formula.inputs}


def test_files_of_the_folder_above_stand_for_those_below(path: Path, made: FakeWorld) -> None:
    above = _above(path)
    for folder, text in ((path.parent, "below"), (above.parent, "above")):
        (folder / "init.groovy.d").mkdir(exist_ok=True)
        (folder / "init.groovy.d" / "b.groovy").write_text(text)
        (folder / "casc").mkdir()
        (folder / "casc" / "a.yaml").write_text(f"{text}: 1\n")
        (folder / "casc" / "note.txt").write_text(text)
    assert _files(_read(made, above)) == {
        "casc/a.yaml": "below: 1\nabove: 1\n",
        "casc/note.txt": "above",
        "init.groovy.d/a.groovy": "println 1",
        "init.groovy.d/b.groovy": "above",
    }
    assert "casc/a.yaml" in _files(_read(made, path))


def test_the_formula_below_is_read_as_it_stands(path: Path, made: FakeWorld) -> None:
    assert _read(made, _above(path)).plugins[0].place.file == str(path)
    assert path.read_text() == FORMULA


@pytest.mark.parametrize("named", ["gone.yaml", "formula.yaml", "../../formula.yaml"])
def test_a_formula_that_is_not_there_or_extends_this_one_is_refused(
    named: str, path: Path, made: FakeWorld
) -> None:
    above = _above(path, f"bundle:\nextends: {named}\n")
    path.write_text(f"{FORMULA}\nextends: profiles/own/formula.yaml\n")
    with pytest.raises(FormulaInvalid) as caught:
        _read(made, above)
    (problem,) = caught.value.problems
    assert problem.path == "extends"
    file = path if named.startswith("..") else above
    assert problem.place.file == str(file)


def test_no_formula_at_all_is_said_as_ever(path: Path, made: FakeWorld) -> None:
    with pytest.raises(FormulaMissing):
        _read(made, path.with_name("none.yaml"))
