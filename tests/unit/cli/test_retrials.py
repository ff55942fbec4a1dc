"""What is tried beyond the first boot: options of image and verify."""

import click
import pytest
from click.testing import CliRunner

from builder.cli.main import main
from builder.cli.retrials import retrial
from builder.model.report import ONCE, Retrial


def taken(*options: str) -> Retrial:
    made: list[Retrial] = []

    @click.command()
    @retrial
    def command(*, retrial: Retrial) -> None:
        made.append(retrial)

    assert CliRunner().invoke(command, list(options)).exit_code == 0
    return made[0]


def test_nothing_more_is_tried_unless_it_is_asked_for() -> None:
    assert taken() == ONCE


def test_each_option_asks_for_one_more_trial() -> None:
    options = ("--agent", "--restart", "--from", "image:0")
    assert taken(*options) == Retrial(restarts=True, connects=True, old_image="image:0")


@pytest.mark.parametrize("option", [["--restart"], ["--agent"], ["--from", "image:0"]])
def test_a_trial_of_an_image_that_is_not_booted_is_refused(
    option: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["image", "--no-verify", *option]) == 2
    assert "--no-verify does not" in capsys.readouterr().err
