"""Configuration as code of one formula above that of another."""

import pytest
import yaml

from builder.errors import FormulaInvalid
from builder.formula.casc_layers import joined

FILES = ("below/casc/a.yaml", "above/casc/a.yaml")


def _joined(below: str, above: str) -> object:
    return yaml.safe_load(joined(below.encode(), above.encode(), files=FILES))


def test_maps_are_joined_null_takes_away_and_all_else_replaces() -> None:
    below = "a: {b: 1, c: {d: 2}, l: [1, 2]}\nz: {y: 1}\n"
    above = "a: {b: 3, c: null, l: [3]}\nz: ~\nn: {m: 1}\n"
    assert _joined(below, above) == {"a": {"b": 3, "l": [3]}, "n": {"m": 1}}


def test_what_is_taken_away_and_was_never_there_leaves_nothing() -> None:
    assert _joined("a: 1\n", "b: {c: , d: 1}\n") == {"a": 1, "b": {"d": 1}}


def test_kinds_of_scalars_and_variables_stay() -> None:
    text = 'p: 50000\nq: "60"\nt: true\ne: ""\nv: "^${x} ${A:-b}"\nb: |\n  one\n  two\n'
    assert _joined(text, "n: 1\n") == {**yaml.safe_load(text), "n": 1}


def test_what_an_alias_repeats_is_there_each_time() -> None:
    text = "a: &x {n: 1}\nl: [*x, *x]\n"
    assert _joined(text, "z: 1\n") == {"a": {"n": 1}, "l": [{"n": 1}, {"n": 1}], "z": 1}
    assert _joined(text, "a: {n: 2}\n") == {"a": {"n": 2}, "l": [{"n": 1}, {"n": 1}]}


@pytest.mark.parametrize(
    ("below", "above", "place"),
    [
        ("- 1\n", "a: 1\n", "below/casc/a.yaml:1:1"),
        ("a: 1\n", "", "above/casc/a.yaml:1:1"),
        ("a: 1\n", "a: 1\nb: [\n", "above/casc/a.yaml:3:1"),
    ],
)
def test_what_is_no_map_is_refused_with_its_place(below: str, above: str, place: str) -> None:
    with pytest.raises(FormulaInvalid) as caught:
        _joined(below, above)
    assert [str(each.place) for each in caught.value.problems] == [place]
