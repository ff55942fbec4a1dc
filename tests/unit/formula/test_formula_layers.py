"""``extends``: one formula above another."""

import pytest

from builder.errors import FormulaInvalid
from builder.formula import Layer, extended, parse
from builder.model.formula import Formula, Place, Problem

BELOW = """\
bundle: {groupId: g, artifactId: a, version: "1", title: {{default "t" .title}}}
war: {groupId: g, artifactId: a, source: {version: 2.346.3}}
plugins: [one:1, {artifactId: two, source: {version: "2"}}, three:3]
image:
  base: {registry: "base:1"}
  env: {A: a, B: b}
  tags: ["x:1", "x:2"]
"""


def _formula(above: str, *, below: str = BELOW, **values: str) -> Formula:
    under = Layer(text=below, file="below.yaml")
    return parse(f"extends: below.yaml\n{above}", file="above.yaml", values=values, below=(under,))


def _problems(above: str, **values: str) -> tuple[Problem, ...]:
    with pytest.raises(FormulaInvalid) as caught:
        _formula(above, **values)
    return caught.value.problems


def test_what_is_not_said_above_stands_as_below() -> None:
    joined, alone = _formula(""), parse(BELOW, file="below.yaml", values={})
    assert (joined.plugins, joined.image, joined.bundle) == (
        alone.plugins,
        alone.image,
        alone.bundle,
    )
    assert joined.file == "above.yaml"


def test_maps_are_joined_and_lists_replaced() -> None:
    image = _formula("image: {env: {B: other, C: c}, tags: ['y:1']}").image
    assert image.env == (("A", "a"), ("B", "other"), ("C", "c"))
    assert image.tags == ("y:1",)
    assert image.base == parse(BELOW, file="f", values={}).image.base


def test_a_key_without_a_value_takes_away_what_stands_below() -> None:
    image = _formula("image: {env: {A: }, tags: }").image
    assert image.env == (("B", "b"),)
    assert image.tags == ()


def test_plugins_are_joined_by_id_in_either_form_and_know_their_own_file() -> None:
    plugins = _formula("plugins: [two:9, four:4]\nwithout: [three]\n").plugins
    assert [(each.plugin, each.version, each.place.file) for each in plugins] == [
        ("one", "1", "below.yaml"),
        ("two", "9", "above.yaml"),
        ("four", "4", "above.yaml"),
    ]


def test_a_plugin_twice_in_one_formula_is_told_of() -> None:
    (problem,) = _problems("plugins: [two:9, two:8]\n")
    assert problem.place == Place("above.yaml", 2, 18)


def test_what_is_left_out_has_to_be_there() -> None:
    (problem,) = _problems("without: [one, thre]\n")
    assert problem == Problem(
        place=Place("above.yaml", 2, 16),
        path="without[1]",
        found="thre",
        wanted='a plugin of the formula below; did you mean the plugin "three"?',
    )


def test_nothing_can_be_left_out_of_nothing() -> None:
    with pytest.raises(FormulaInvalid) as caught:
        parse(f"{BELOW}without: [one]\n", file="f", values={})
    (problem,) = caught.value.problems
    assert (problem.path, problem.place) == ("without", Place("f", 8, 1))


def test_a_fault_points_into_the_file_that_has_it() -> None:
    (above,) = _problems("image: {layout: wrong}\n")
    assert above.place == Place("above.yaml", 2, 17)
    with pytest.raises(FormulaInvalid) as caught:
        _formula("", below=BELOW.replace("A: a", "A-: a"))
    assert {each.place.file for each in caught.value.problems} == {"below.yaml"}


def test_values_fill_both_and_each_must_be_used_by_one() -> None:
    joined = _formula("image: {tags: ['y:{{.tag}}']}", tag="5", title="named")
    assert (joined.image.tags, joined.bundle.title) == (("y:5",), "named")
    (problem,) = _problems("", nobody="1")
    assert (problem.found, problem.place.file) == ('a value for "nobody"', "above.yaml")


def test_a_chain_may_have_any_length() -> None:
    middle = Layer(text="extends: below.yaml\nplugins: [one:5]\n", file="middle.yaml")
    lowest = Layer(text=BELOW, file="below.yaml")
    top = "extends: middle.yaml\nplugins: [two:6]\n"
    found = parse(top, file="top.yaml", values={}, below=(middle, lowest)).plugins
    assert [(each.version, each.place.file) for each in found] == [
        ("5", "middle.yaml"),
        ("6", "top.yaml"),
        ("3", "below.yaml"),
    ]


@pytest.mark.parametrize(
    ("text", "named"),
    [
        (BELOW, None),
        ("extends: a/b.yaml\n", "a/b.yaml"),
        ("image:\n  env: {extends: x}\n", None),
        ("extends:\n", None),
        ("extends: {a: b}\n", None),
        ("extends: [", None),
    ],
)
def test_what_a_formula_extends_is_told_without_reading_it_whole(
    text: str, named: str | None
) -> None:
    found = extended(Layer(text=text, file="f"))
    assert (found.value if found else None) == named
