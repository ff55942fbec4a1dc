"""CasC files that are taken otherwise than they are meant."""

from pathlib import PurePosixPath

import pytest

from builder.model.formula import InputFile
from builder.verify.casc_files import Casc, faults

SIGN_UP = "jenkins.securityrealm.local.allowssignup"
ITEM = "kubernetes name here"
GOOD = """\
jenkins:
  numExecutors: 0
  securityRealm: {local: {allowsSignup: false}}
  systemMessage: "x ${NOPE}"
"""


def read(*texts: str, overrides: bool = False) -> Casc:
    return Casc(
        files=tuple(
            InputFile(path=PurePosixPath(f"casc/{name}.yaml"), content=text.encode())
            for name, text in zip("abc", texts, strict=False)
        ),
        overrides=overrides,
    )


def test_a_good_file_has_no_fault_and_is_read_whole() -> None:
    assert faults(read(GOOD)) == ()
    assert [(each.path, each.value, each.place) for each in read(GOOD).entries] == [
        ("jenkins.numexecutors", "0", "casc/a.yaml:2"),
        ("jenkins.securityrealm.local.allowssignup", "false", "casc/a.yaml:3"),
        ("jenkins.systemmessage", "x ${NOPE}", "casc/a.yaml:4"),
    ]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (
            GOOD + "jenkins: {labelString: two}\n",
            "casc/a.yaml:5: jenkins a second time; it replaces that of line 1",
        ),
        (
            GOOD.replace("0", "many"),
            "casc/a.yaml:2: jenkins.numexecutors: 'many' is no whole number; it is not kept",
        ),
        (
            GOOD.replace("0", "2.7"),
            "casc/a.yaml:2: jenkins.numexecutors: '2.7' is no whole number; it is not kept",
        ),
        (
            GOOD.replace("false", "perhaps"),
            f"casc/a.yaml:3: {SIGN_UP}: 'perhaps' is no boolean; it becomes false",
        ),
        ("jenkins: [", "casc/a.yaml: this is no YAML, or several documents"),
    ],
)
def test_what_is_taken_without_a_word_is_told_with_its_place(text: str, fault: str) -> None:
    assert faults(read(text)) == (fault,)


@pytest.mark.parametrize("value", ["${EXECUTORS}", '"3"', "-1"])
def test_a_variable_or_a_quoted_number_is_no_fault(value: str) -> None:
    assert faults(read(GOOD.replace("0", value))) == ()


def test_two_values_of_two_files_are_told_unless_the_later_wins() -> None:
    texts = ("jenkins: {mode: NORMAL}", "jenkins: {mode: EXCLUSIVE}")
    (fault,) = faults(read(*texts))
    assert "jenkins.mode: casc/" in fault
    assert "say different things" in fault
    assert faults(read(*texts, overrides=True)) == ()


def test_a_list_item_of_two_files_is_doubled() -> None:
    cloud = "jenkins: {clouds: [{kubernetes: {name: here}}]}"
    expected = (f"jenkins.clouds: {ITEM} stands in casc/a.yaml:1 and casc/b.yaml:1: it is doubled",)
    assert faults(read(cloud, cloud)) == expected
    assert faults(read(cloud, cloud, overrides=True)) == expected
    assert faults(read(cloud, cloud.replace("here", "there"))) == ()


def test_an_anchor_inside_itself_ends() -> None:
    assert faults(read("jenkins: &again {inner: *again}")) == ()
