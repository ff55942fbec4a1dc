"""``verify.overlay``: read with its place, of the trial alone, no part of image or lock."""

from pathlib import PurePosixPath

import pytest

from builder import lock
from builder.errors import FormulaInvalid
from builder.formula import input_paths, parse, with_inputs
from builder.model.formula import Formula, InputFile, Overlay, Place

PATH = PurePosixPath("trial.yaml")
HEAD = """\
bundle: {groupId: io.example, artifactId: demo}
war: {groupId: org.jenkins-ci.main, artifactId: jenkins-war, source: {version: 2.346.3}}
"""


def read(path: str = "trial.yaml", image: str = "") -> Formula:
    return parse(f"{HEAD}{image}verify:\n  overlay: {path}\n", file="f", values={})


def test_its_content_belongs_to_the_trial_and_to_nothing_else() -> None:
    formula = read()
    assert PATH in input_paths(formula)
    whole = with_inputs(formula, [InputFile(path=PATH, content=b"jenkins: {}")])
    place = Place("f", 4, 3)
    assert whole.trial.overlay == Overlay(path=PATH, place=place, content=b"jenkins: {}")
    assert whole.inputs == ()
    plain = with_inputs(parse(HEAD, file="f", values={}), [])
    assert lock.fingerprint(whole) == lock.fingerprint(plain)
    assert not whole.unbuilt or all(each.path != "verify.overlay" for each in whole.unbuilt)


@pytest.mark.parametrize(
    ("path", "image", "found"),
    [
        ("trial.yaml", "", "trial.yaml"),
        ("casc/trial.yaml", "", "casc/trial.yaml"),
        ("trial.yaml", "image: {layout: war}\n", "image.layout: war"),
    ],
)
def test_one_that_is_missing_or_would_be_in_the_image_is_refused(
    path: str, image: str, found: str
) -> None:
    there = [] if found == "trial.yaml" else [InputFile(path=PurePosixPath(path), content=b"")]
    with pytest.raises(FormulaInvalid) as caught:
        with_inputs(read(path, image), there)
    (problem,) = caught.value.problems
    assert (problem.path, problem.found) == ("verify.overlay", found)
