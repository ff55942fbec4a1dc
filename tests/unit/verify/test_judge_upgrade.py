"""Judges upgrades: what an image makes of the home of an older one."""

import io
import zipfile

from msgspec.structs import replace

from builder.model.controller import JENKINS
from builder.model.plugin import PluginId
from builder.model.report import Ending, Observation, Relived, Report, Retrial, Status, Stopped
from builder.verify.checks import listed
from builder.verify.judge import judge
from builder.verify.upgrade import upgraded
from tests.unit.verify.observations import (
    EXPECTED,
    GOOD,
    NOT_READY,
    TRIAL,
    A,
    B,
    finding,
    installed,
)

RETRIAL = Retrial(old_image="image:0")
PROBE = installed("jbuild-probe", "1.0")
OLD = replace(
    GOOD,
    plugins=(installed("a", "0.9"), installed("gone", "1"), installed("left", "1")),
    stopped=Stopped(after_s=1, exit_code=143, log=()),
)
NEW = replace(GOOD, plugins=(A, B, PROBE, installed("left", "1")))
RETIRED = replace(EXPECTED, retired=(PluginId("gone"), PluginId("never-was")))
CHECKS = tuple(f"upgrade.{e}" for e in ("old", "starts", "plugins", "kept", "retired", "clean"))


def over(new: Observation | None, old: Observation = OLD) -> Report:
    return judge(RETIRED, GOOD, Relived(retrial=RETRIAL, old=old, new=new))


def told(report: Report) -> dict[str, str]:
    return {each.check.id: each.seen for each in report.findings if each.status is Status.FAILED}


def test_a_user_s_plugin_is_planted_in_the_old_image_s_home() -> None:
    old, new = upgraded(replace(TRIAL, controller=JENKINS), "image:0")
    assert (old.image, new.image, new.planted) == ("image:0", "image:1", None)
    assert old.planted is not None
    assert old.planted.archive == "jbuild-probe.jpi"
    with zipfile.ZipFile(io.BytesIO(old.planted.content)) as archive:
        manifest = archive.read("META-INF/MANIFEST.MF").decode()
    assert "Short-Name: jbuild-probe\r\n" in manifest
    assert "Jenkins-Version: " in manifest
    assert upgraded(TRIAL, "image:0")[0].planted == upgraded(TRIAL, "image:0")[0].planted


def test_an_upgrade_that_goes_well_tells_what_moved() -> None:
    report = over(NEW)
    assert [finding(report, each).status for each in CHECKS] == [Status.PASSED] * 6
    assert finding(report, "upgrade.plugins").evidence == ("a 0.9 to 1.0", "b 2.0 added")
    assert finding(report, "upgrade.kept").evidence == ("left",)
    assert finding(report, "upgrade.retired").seen == "gone: gone"
    assert tuple(each.check for each in report.findings) == listed(
        memory=512 * 1024**2, timeout_s=90, has_hooks=True, retrial=RETRIAL
    )


def test_without_a_retired_plugin_nothing_has_to_go() -> None:
    report = judge(EXPECTED, GOOD, Relived(retrial=RETRIAL, old=OLD, new=NEW))
    assert finding(report, "upgrade.retired").status is Status.SKIPPED


def test_an_old_image_that_is_never_ready_leaves_nothing_to_judge() -> None:
    report = over(None, replace(NOT_READY, log=("a", "b")))
    assert told(report) == {"upgrade.old": "the old image never became ready: timed out"}
    assert {finding(report, each).status for each in CHECKS[1:]} == {Status.SKIPPED}


def test_an_old_image_that_has_to_be_killed_is_told() -> None:
    killed = replace(OLD, stopped=Stopped(after_s=30, exit_code=137, log=()))
    assert set(told(over(NEW, killed))) == {"upgrade.old"}


def test_a_start_on_the_old_home_that_fails_is_told_and_ends_it() -> None:
    words = "jbuild-start: cannot write to /var/jenkins_home as user 1000:1000"
    exited = replace(NOT_READY, ending=Ending.EXITED, exit_code=1, log=(words,))
    report = over(exited)
    assert set(told(report)) == {"upgrade.starts"}
    assert finding(report, "upgrade.starts").evidence == (words,)
    assert {finding(report, each).status for each in CHECKS[2:]} == {Status.SKIPPED}


def test_a_plugin_that_did_not_move_is_named() -> None:
    stuck = replace(NEW, plugins=(installed("a", "0.9"), B, PROBE))
    assert told(over(stuck)) == {"upgrade.plugins": "a 1.0: version 0.9 is there instead"}


def test_a_plugin_of_the_user_that_went_or_was_not_loaded_is_told() -> None:
    assert told(over(replace(NEW, plugins=(A, B)))) == {"upgrade.kept": "jbuild-probe is gone"}
    packed = replace(PROBE, manifest=None)
    report = over(replace(NEW, plugins=(A, B, packed)))
    assert told(report) == {"upgrade.kept": "jbuild-probe is there, and was not unpacked"}


def test_a_retired_plugin_that_stayed_is_named() -> None:
    stayed = replace(NEW, plugins=(*(NEW.plugins or ()), installed("gone", "1")))
    assert told(over(stayed)) == {"upgrade.retired": "gone"}


def test_every_other_check_is_held_to_the_old_home_too() -> None:
    report = over(replace(NEW, unwritable=("/home/secret.key",)))
    assert told(report) == {"upgrade.clean": "home.writable: /home/secret.key"}
