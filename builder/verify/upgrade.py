"""Judges an upgrade: the image takes over a home that an older one has written."""

import io
import zipfile
from collections.abc import Iterator, Mapping

from msgspec.structs import replace

from builder.model.controller import Family
from builder.model.plugin import PluginId
from builder.model.report import (
    Ending,
    Finding,
    InstalledPlugin,
    Observation,
    Planted,
    Relived,
    Status,
    Trial,
)
from builder.verify.booted import judge_boot
from builder.verify.checks import (
    PLUGINS_PRESENT,
    PLUGINS_UNEXPECTED,
    ROOT,
    UPGRADE_CLEAN,
    UPGRADE_KEPT,
    UPGRADE_OLD,
    UPGRADE_PLUGINS,
    UPGRADE_RETIRED,
    UPGRADE_STARTS,
    Expectation,
)
from builder.verify.findings import failed, passed, settled, skipped
from builder.verify.installed import Unpacked, unpacked
from builder.verify.log import BootLog
from builder.verify.restart import judge_stop

PROBE = PluginId("jbuild-probe")  # the plugin that a user of the old image installs
_CHECKS = (UPGRADE_STARTS, UPGRADE_PLUGINS, UPGRADE_KEPT, UPGRADE_RETIRED, UPGRADE_CLEAN)
_NO_OLD = "the old image never became ready"
_NO_NEW = "the image never became ready on the home of the old one"
_ELSEWHERE = {PLUGINS_PRESENT.id, PLUGINS_UNEXPECTED.id}  # judged as plugins, and as kept
_EPOCH = (1980, 1, 1, 0, 0, 0)


def upgraded(trial: Trial, old_image: str) -> tuple[Trial, ...]:
    """Say how two images are booted to see an upgrade from the old one."""
    suffix = trial.controller.plugin_suffix
    planted = Planted(archive=f"{PROBE}{suffix}", content=_plugin(trial.controller.family))
    once = replace(trial, connects=False)
    return replace(once, image=old_image, paths=(ROOT,), planted=planted, casc=None), once


def judge_upgrade(
    expected: Expectation, relived: Relived, findings: tuple[Finding, ...], log: BootLog
) -> tuple[Finding, ...]:
    """Judge the old image's life and the image's on its home, where they were asked for.

    Args:
        expected: of the image.
        relived: with both boots.
        findings: of the stock checks on the image's boot.
        log: of that boot.
    """
    if relived.retrial.old_image is None or relived.old is None:
        return ()
    old, new = relived.old, relived.new
    first = _old(old, relived.retrial.old_image)
    if new is None:
        return (first, *(skipped(each, each.title, _NO_OLD) for each in _CHECKS))
    boot = judge_boot(expected, new, log)
    if new.ending is not Ending.READY:
        starts = failed(UPGRADE_STARTS, boot.expected, boot.seen, boot.evidence)
        return (first, starts, *(skipped(each, each.title, _NO_NEW) for each in _CHECKS[1:]))
    before, after = unpacked(old.plugins or ()), unpacked(new.plugins or ())
    return (
        first,
        replace(boot, check=UPGRADE_STARTS),
        _moved(expected, before, after, findings),
        _kept(expected, before, after, new.plugins or ()),
        _retired(expected, before, new.plugins or ()),
        _clean(findings),
    )


def _old(old: Observation, image: str) -> Finding:
    wanted = f"{image} is ready, writes its home and ends"
    if old.stopped is None:
        return failed(UPGRADE_OLD, wanted, f"{_NO_OLD}: {old.ending.value}", old.log[-5:])
    stop = judge_stop(old.stopped)
    said = f"ready after {old.ready_after_s or 0:.1f} s, {stop.seen}"
    return replace(stop, check=UPGRADE_OLD, expected=wanted, seen=said)


def _moved(
    expected: Expectation,
    before: Mapping[PluginId, Unpacked],
    after: Mapping[PluginId, Unpacked],
    findings: tuple[Finding, ...],
) -> Finding:
    present = next(each for each in findings if each.check == PLUGINS_PRESENT)
    if present.status is not Status.PASSED:
        return failed(UPGRADE_PLUGINS, present.expected, present.seen, present.evidence)
    moves = tuple(
        f"{pin.plugin} {before[pin.plugin].version} to {pin.version}"
        for pin in expected.plugins
        if pin.plugin in before and before[pin.plugin].version != pin.version
    )
    added = tuple(
        f"{e.plugin} {e.version} added" for e in expected.plugins if e.plugin not in before
    )
    said = f"{len(moves)} moved, {len(added)} added, {len(after)} in all"
    return passed(UPGRADE_PLUGINS, present.expected, said, (*moves, *added))


def _kept(
    expected: Expectation,
    before: Mapping[PluginId, Unpacked],
    after: Mapping[PluginId, Unpacked],
    found: tuple[InstalledPlugin, ...],
) -> Finding:
    """Judge the plugin that a user installed; name those that an image left behind."""
    wanted = f"{PROBE}, which a user of the old image installed, stays"
    if not any(each.name == PROBE and each.archive for each in found):
        return failed(UPGRADE_KEPT, wanted, f"{PROBE} is gone")
    if PROBE not in after:
        return failed(UPGRADE_KEPT, wanted, f"{PROBE} is there, and was not unpacked")
    locked = {each.plugin for each in expected.plugins}
    left = sorted(str(each) for each in before if each in after and each not in locked)
    said = f"so do {', '.join(left)}, which the old image brought" if left else "it stays"
    return passed(UPGRADE_KEPT, wanted, said, tuple(left))


def _retired(
    expected: Expectation,
    before: Mapping[PluginId, Unpacked],
    found: tuple[InstalledPlugin, ...],
) -> Finding:
    wanted = "no retired plugin is left of those that the old image brought"
    brought = tuple(each for each in expected.retired if each in before)
    if not brought:
        return skipped(UPGRADE_RETIRED, wanted, "the old image brought no plugin that is retired")
    left = tuple(each for each in brought if any(each == other.name for other in found))
    return settled(UPGRADE_RETIRED, wanted, left, f"gone: {', '.join(brought)}")


def _clean(findings: tuple[Finding, ...]) -> Finding:
    held = [each for each in findings if each.check.id not in _ELSEWHERE]
    faults = tuple(_faults(held))
    count = sum(each.status is Status.PASSED for each in held)
    return settled(UPGRADE_CLEAN, UPGRADE_CLEAN.title, faults, f"{count} checks hold")


def _faults(findings: list[Finding]) -> Iterator[str]:
    for each in findings:
        if each.status is Status.FAILED:
            yield f"{each.check.id}: {each.seen}"


def _plugin(family: Family) -> bytes:
    """Make a plugin without code, which every core takes."""
    required = {
        Family.JENKINS: "Jenkins-Version: 2.289.1",  # an older one would draw in detached plugins
        Family.HUDSON: "Hudson-Version: 1.554",
    }
    lines = ("Manifest-Version: 1.0", f"Short-Name: {PROBE}", f"Long-Name: {PROBE}")
    more = ("Plugin-Version: 1.0", required[family], "", "")
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        entry = zipfile.ZipInfo("META-INF/MANIFEST.MF", _EPOCH)
        archive.writestr(entry, "\r\n".join((*lines, *more)))
    return content.getvalue()
