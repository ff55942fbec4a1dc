"""Restarts and upgrades on the real controller: good ones pass, each fault is told by its check."""

import os
import shutil
from collections.abc import Iterator

import pytest

from tests.fakes.plugins import plugin
from tests.live.conftest import Quickstart, Run, Spoil, jbuild, remove_image

pytestmark = [
    pytest.mark.docker,
    pytest.mark.network,
    pytest.mark.slow,
    pytest.mark.usefixtures("socket_enabled"),
]

_REF = "/usr/share/jenkins/ref/plugins"
_START = "exec /usr/bin/tini -- /usr/local/bin/jbuild-start"


def _shell(script: str) -> str:
    return f'ENTRYPOINT ["/bin/sh", "-c", "{script}"]'


def _checks(done: Run) -> dict[str, dict[str, object]]:
    checks = done.document()["checks"]
    assert isinstance(checks, list)
    return {each["id"]: each for each in checks}


@pytest.fixture(scope="module")
def retiring(
    quickstart: Quickstart, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Quickstart]:
    """Build the quickstart with a plugin retired that only an older image has."""
    folder = tmp_path_factory.mktemp("retiring") / "formula"
    shutil.copytree(quickstart.folder, folder)
    path = folder / "formula.yaml"
    keys = "  layout: ref\n  retired: [stranger]\n"
    path.write_text(path.read_text().replace("  layout: ref\n", keys))
    version = f"version=retiring-{os.getpid()}"
    done = jbuild("image", "--set", version, "--no-verify", folder=folder)
    assert done.code == 0, done.stderr
    built = Quickstart(folder=folder, receipt=done.document())
    yield built
    remove_image(built.reference)


def test_the_quickstart_survives_a_restart(quickstart: Quickstart) -> None:
    done = jbuild("verify", quickstart.reference, "--restart", "--json", folder=quickstart.folder)
    assert done.code == 0, done.stderr
    found = {
        each: _checks(done)[f"restart.{each}"] for each in ("stops", "starts", "readonly", "same")
    }
    assert {each["status"] for each in found.values()} == {"passed"}
    assert "exit code 143" in str(found["stops"]["seen"])


@pytest.mark.parametrize(
    ("script", "check", "words"),
    [
        pytest.param(
            "trap '' TERM; /usr/local/bin/jbuild-start & wait $!; sleep 60",
            "restart.stops",
            "was killed",
            id="deaf",
        ),
        pytest.param(
            f"echo x >/var/tmp/x || exit 1; {_START}",
            "restart.readonly",
            "Read-only file system",
            id="writes-its-root",
        ),
    ],
)
def test_a_restart_that_goes_wrong_is_told(
    quickstart: Quickstart, spoil: Spoil, script: str, check: str, words: str
) -> None:
    image = spoil(_shell(script))
    done = jbuild("verify", image, "--restart", "--json", folder=quickstart.folder)
    assert set(done.failed_checks()) == {check}, done.stdout
    assert words in str(done.failed_checks()[check])


def test_a_controller_without_tini_buries_nobody(quickstart: Quickstart, spoil: Spoil) -> None:
    image = spoil('ENTRYPOINT ["/usr/local/bin/jbuild-start"]')
    done = jbuild("verify", image, "--json", folder=quickstart.folder)
    assert set(done.failed_checks()) == {"process.reaps"}
    assert "tini" in str(done.failed_checks()["process.reaps"]["hint"])


def test_an_upgrade_moves_plugins_keeps_the_user_s_and_takes_retired_ones(
    retiring: Quickstart, spoil: Spoil
) -> None:
    older = {"greenballs.hpi": plugin("greenballs", "1.5"), "stranger.hpi": plugin("stranger", "1")}
    copied = f"COPY greenballs.hpi stranger.hpi {_REF}/", f"RUN touch {_REF}/greenballs.hpi"
    old = spoil(*copied, files=older)  # newer than the list of what the image placed
    done = jbuild("verify", retiring.reference, "--from", old, "--json", folder=retiring.folder)
    assert done.code == 0, done.stdout
    found = _checks(done)
    assert found["upgrade.plugins"]["evidence"] == ["greenballs 1.5 to 1.6"]
    assert found["upgrade.retired"]["seen"] == "gone: stranger"
    assert found["upgrade.kept"]["status"] == "passed"


def test_an_old_image_that_does_not_boot_is_named(quickstart: Quickstart, spoil: Spoil) -> None:
    old = spoil(_shell("echo no controller here; exit 7"))
    done = jbuild("verify", quickstart.reference, "--from", old, "--json", folder=quickstart.folder)
    assert set(done.failed_checks()) == {"upgrade.old"}
    assert "no controller here" in str(done.failed_checks()["upgrade.old"])
