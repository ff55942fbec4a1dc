"""Judges the plugins: against the lock, against each other, against the core, and by the log."""

from collections.abc import Iterator, Mapping

from builder.model.controller import Family
from builder.model.lock import Pin
from builder.model.plugin import Dependency, DependencyKind, PluginId
from builder.model.report import Ending, Finding, InstalledPlugin, Observation
from builder.verify.checks import (
    PLUGINS_CORE,
    PLUGINS_DEPENDENCIES,
    PLUGINS_LOADED,
    PLUGINS_PRESENT,
    PLUGINS_UNEXPECTED,
    Expectation,
)
from builder.verify.findings import NOT_READY, failed, passed, settled, skipped, summary
from builder.verify.installed import Unpacked, unpacked
from builder.verify.log import BootLog
from builder.version import older_than

_UNREADABLE = "the plugins folder could not be read"
_ZIP = b"PK"


def judge_loaded(expected: Expectation, seen: Observation, log: BootLog) -> Finding:
    """Judge what the log says of plugins; it says so of a failed boot too."""
    wanted = "no plugin failed to load"
    evidence = tuple(line for each in log.failed_plugins for line in each.evidence)
    faults = tuple(f"{each.plugin}: {each.cause}" for each in log.failed_plugins)
    if log.swallowed:
        faults += ("an initializer of a plugin failed, and the controller went on",)
    if expected.controller.family is Family.JENKINS:  # Hudson may miss optional ones, all well
        faults += tuple(f"the extension {each} could not be loaded" for each in log.lacking)
    if faults:
        evidence += log.swallowed + log.lacking_lines
        return failed(PLUGINS_LOADED, wanted, summary(faults), evidence)
    if seen.ending is not Ending.READY:
        return skipped(PLUGINS_LOADED, wanted, NOT_READY)
    said = f"{len(expected.plugins)} plugins, no failure in the log"
    if log.lacking:
        said += f"; extensions that could not be loaded: {', '.join(log.lacking)}"
    return passed(PLUGINS_LOADED, wanted, said, log.lacking)


def judge_folder(expected: Expectation, seen: Observation, log: BootLog) -> tuple[Finding, ...]:
    """Judge the plugins folder: present, unexpected, dependencies, core."""
    if seen.ending is not Ending.READY:
        return _skipped_all(NOT_READY)
    if seen.plugins is None:
        present = failed(PLUGINS_PRESENT, PLUGINS_PRESENT.title, _UNREADABLE)
        return (present, *_skipped_all(_UNREADABLE)[1:])
    loadable = unpacked(seen.plugins)
    return (
        _present(expected, seen.plugins, loadable),
        _unexpected(expected, seen.plugins, log),
        _dependencies(loadable),
        _core(expected, loadable),
    )


def _skipped_all(reason: str) -> tuple[Finding, ...]:
    checks = (PLUGINS_PRESENT, PLUGINS_UNEXPECTED, PLUGINS_DEPENDENCIES, PLUGINS_CORE)
    return tuple(skipped(each, each.title, reason) for each in checks)


def _present(
    expected: Expectation,
    found: tuple[InstalledPlugin, ...],
    loadable: Mapping[PluginId, Unpacked],
) -> Finding:
    by_name = {each.name: each for each in found}
    faults = (
        (pin, _absence(pin, by_name.get(pin.plugin), loadable.get(pin.plugin)))
        for pin in expected.plugins
    )
    return settled(
        PLUGINS_PRESENT,
        f"{len(expected.plugins)} plugins of the lock",
        tuple(f"{pin.plugin} {pin.version}: {fault}" for pin, fault in faults if fault),
        f"all {len(expected.plugins)}",
    )


def _absence(pin: Pin, found: InstalledPlugin | None, loadable: Unpacked | None) -> str | None:
    """Say what is wrong with one locked plugin; None where it is as it should be."""
    if found is None and loadable is None:
        return "missing"
    fault = _unusable(pin, found) if found else None
    if fault:
        return fault
    if loadable is None:
        return "another plugin is unpacked under its name"
    if loadable.version != pin.version:
        return f"version {loadable.version or 'unknown'} is there instead"
    return None


def _unusable(pin: Pin, found: InstalledPlugin) -> str | None:
    if found.disabled:
        return f"disabled by {found.archive}.disabled"
    if found.manifest is None:
        return f"not unpacked: {_why_not(pin, found)}"
    return None if found.archive else "unpacked, but its archive is gone"


def _why_not(pin: Pin, found: InstalledPlugin) -> str:
    is_short = pin.size is not None and found.size is not None and found.size < pin.size
    reasons = (
        (found.archive is None, "its folder holds no manifest, and there is no archive"),
        (found.size == 0, f"{found.archive} is empty"),
        (found.head.lstrip().startswith(b"<"), f"{found.archive} is an HTML page, no archive"),
        (not found.head.startswith(_ZIP), f"{found.archive} is no ZIP archive"),
        (is_short, f"{found.archive} is truncated: {found.size} of {pin.size} bytes"),
    )
    otherwise = f"{found.archive} cannot be expanded, or holds no manifest"
    return next((reason for holds, reason in reasons if holds), otherwise)


def _unexpected(expected: Expectation, found: tuple[InstalledPlugin, ...], log: BootLog) -> Finding:
    """Judge what else is there; what the core itself brought along is no fault."""
    known = {str(each.plugin) for each in expected.plugins}
    others = tuple(each.name for each in found if each.name not in known)
    detached = tuple(each for each in others if each in log.detached)
    said = f"detached plugins that the core placed: {', '.join(detached)}" if detached else "none"
    return settled(
        PLUGINS_UNEXPECTED,
        "no plugin that the lock does not hold",
        tuple(each for each in others if each not in detached),
        said,
    )


def _dependencies(loadable: Mapping[PluginId, Unpacked]) -> Finding:
    return settled(
        PLUGINS_DEPENDENCIES,
        "each one present and not older, each optional one not older where it is present",
        tuple(fault for each in loadable.values() for fault in _unmet(each, loadable)),
        f"{sum(len(each.dependencies) for each in loadable.values())} dependencies hold",
    )


def _unmet(plugin: Unpacked, loadable: Mapping[PluginId, Unpacked]) -> Iterator[str]:
    """Word what a controller refuses to load ``plugin`` for.

    Source: ``hudson.PluginWrapper.resolvePluginDependencies``.
    """
    if plugin.fault:
        yield f"{plugin.plugin}: {plugin.fault}"
    for need in plugin.dependencies:
        fault = _unmet_need(need, loadable.get(need.plugin))
        if fault:
            yield f"{plugin.plugin} needs {need.plugin} {need.minimum}: {fault}"


def _unmet_need(need: Dependency, found: Unpacked | None) -> str | None:
    if found is None:
        return None if need.kind is DependencyKind.OPTIONAL else "it is not there"
    if found.version is None or older_than(found.version, need.minimum):
        return f"{found.version or 'no version'} is there"
    return None


def _core(expected: Expectation, loadable: Mapping[PluginId, Unpacked]) -> Finding:
    faults = tuple(
        f"{each.plugin} needs core {each.required_core}"
        for each in loadable.values()
        if each.required_core and older_than(expected.core, each.required_core)
    )
    return settled(
        PLUGINS_CORE, f"core {expected.core} or older will do", faults, f"for all {len(loadable)}"
    )
