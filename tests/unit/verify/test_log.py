"""Holds the reader of boot logs to recordings of Jenkins 2.346.3 and Hudson 3.3.2."""

from pathlib import Path

import pytest

from builder.verify.failed_plugins import CauseKind
from builder.verify.log import BootLog, HookFault, is_end_state, is_ready, read
from builder.verify.records import records
from tests.fakes.shared import DATA

OURS = Path(__file__).parent / "logs"
JENKINS = DATA / "jenkins-2.346.3" / "boot"
FAILED_BOOTS = {
    "config-xml-names-a-missing-plugin.log": "CannotResolveClassException: com.michelin",
    "disk-full.log": "java.io.IOException: No space left on device",
    "jenkins-home-not-writable.log": "java.io.IOException: Permission denied",
    "xmx-32m.log": "java.lang.OutOfMemoryError: Java heap space",
}
EXITED = {"http-port-in-use.log", "java-25-refused.log", "shutdown-sigterm.log", "xmx-16m.log"}
FAILED_PLUGINS = {
    "plugin-bad-manifest.log": {"nomanifest": CauseKind.ARCHIVE, "alpha": CauseKind.OTHER},
    "plugin-corrupt-archive.log": {
        "empty": CauseKind.ARCHIVE,
        "caffeine-api": CauseKind.ARCHIVE,
        "notazip": CauseKind.ARCHIVE,
    },
    "plugin-cyclic-dependency.log": {
        "alpha": CauseKind.CYCLE,
        "beta": CauseKind.CYCLE,
        "gamma": CauseKind.DISABLED,
    },
    "plugin-dependency-too-old.log": {"alpha": CauseKind.TOO_OLD},
    "plugin-missing-dependency.log": {"alpha": CauseKind.MISSING, "gamma": CauseKind.FOLLOWS},
    "plugin-optional-dependency-too-old.log": {"alpha": CauseKind.TOO_OLD},
    "plugin-requires-newer-core.log": {"alpha": CauseKind.CORE},
    "plugin-requires-newer-java.log": {"alpha": CauseKind.JAVA},
    "plugin-start-throws.log": {"bouncycastle-api": CauseKind.OTHER, "alpha": CauseKind.MISSING},
}
FAILED_HOOKS = {
    "init-groovy-syntax-error.log": {"50-syntax.groovy": HookFault.NOT_COMPILED},
    "init-groovy-throws.log": {"50-throws.groovy": HookFault.THROWS},
    "xmx-32m.log": {"10-security.groovy": HookFault.THROWS},
}

needs_recordings = pytest.mark.skipif(
    not JENKINS.is_dir(), reason="the recordings of Jenkins 2.346.3 are not on this machine"
)
every_recording = pytest.mark.parametrize(
    "path", sorted(JENKINS.glob("*.log")) or [JENKINS], ids=lambda path: path.name
)


def recorded(path: Path) -> BootLog:
    """Read the log of a recording, without the remarks before and the answers after it."""
    text = path.read_text(errors="replace")
    log = text.rpartition("##### log\n")[2].partition("\n##### ")[0]
    return read(log.splitlines())


@needs_recordings
@every_recording
def test_a_recording_is_ready_unless_it_failed_or_exited(path: Path) -> None:
    assert recorded(path).ready == (path.name not in FAILED_BOOTS.keys() | EXITED)


@needs_recordings
@every_recording
def test_only_a_failed_boot_has_the_end_state_and_its_cause(path: Path) -> None:
    cause = recorded(path).failed_boot_cause
    assert (cause is None) == (path.name not in FAILED_BOOTS)
    assert FAILED_BOOTS.get(path.name, "") in (cause or "")


@needs_recordings
@every_recording
def test_each_failed_plugin_has_its_kind_and_no_other_plugin_failed(path: Path) -> None:
    failed = {each.plugin: each.kind for each in recorded(path).failed_plugins}
    assert failed == FAILED_PLUGINS.get(path.name, {})


@needs_recordings
@every_recording
def test_each_failed_hook_has_its_fault_and_no_other_hook_failed(path: Path) -> None:
    failed = {each.name: each.fault for each in recorded(path).failed_hooks}
    assert failed == FAILED_HOOKS.get(path.name, {})


@needs_recordings
@every_recording
def test_swallowed_initialisers_taken_ports_and_heaps_are_told_where_they_happened(
    path: Path,
) -> None:
    log = recorded(path)
    assert bool(log.swallowed) == path.name.startswith("plugin-initializer-linkage")
    assert bool(log.lacking) == (path.name == "plugin-archive-lacks-a-library.log")
    assert bool(log.port_refused) == (path.name == "agent-port-in-use.log")
    assert bool(log.out_of_memory) == (path.name in {"xmx-16m.log", "xmx-32m.log"})


@needs_recordings
def test_hooks_are_told_in_the_order_of_their_execution() -> None:
    assert recorded(JENKINS / "init-groovy-order.log").hooks == (
        "init.groovy",
        "10-security.groovy",
        "E.groovy",
        "a.groovy",
        "b.groovy",
    )


@needs_recordings
def test_detached_plugins_that_the_core_places_are_named() -> None:
    log = recorded(JENKINS / "plugin-old-core-brings-detached-plugins.log")
    assert log.detached == ("trilead-api", "sshd", "javax-activation-api", "javax-mail-api")


@needs_recordings
def test_the_last_milestone_locates_a_failed_boot() -> None:
    log = recorded(JENKINS / "config-xml-names-a-missing-plugin.log")
    assert log.milestone == "Augmented all extensions"


@needs_recordings
def test_a_script_that_does_not_compile_is_told_with_the_compilers_first_complaint() -> None:
    (hook,) = recorded(JENKINS / "init-groovy-syntax-error.log").failed_hooks
    assert hook.cause.endswith("expecting ']', found 'println' @ line 3, column 1.")


def test_a_good_boot_of_hudson_has_no_failures() -> None:
    log = recorded(OURS / "hudson-good.log")
    assert log.ready
    assert log.milestone == "Completed initialization"
    assert log.hooks == ("10-message.groovy",)
    assert log.failed_plugins + log.failed_hooks + log.failed_boot + log.swallowed == ()


def test_plugins_that_hudson_refuses_are_told_once_each_with_their_first_cause() -> None:
    log = recorded(OURS / "hudson-broken-plugins-and-hooks.log")
    assert [(each.plugin, each.kind, each.cause) for each in log.failed_plugins] == [
        ("git", CauseKind.ARCHIVE, "java.io.IOException: Negative seek offset"),
        (
            "subversion",
            CauseKind.ARCHIVE,
            "java.util.zip.ZipException: archive is not a ZIP archive",
        ),
        ("analysis-core", CauseKind.MISSING, "Dependency jfreechart-plugin (1.4) doesn't exist"),
    ]
    assert "java.lang.NullPointerException" in log.failed_plugins[2].evidence


def test_hooks_that_fail_in_hudson_are_told_from_those_that_run() -> None:
    log = recorded(OURS / "hudson-broken-plugins-and-hooks.log")
    assert log.hooks == ("10-message.groovy", "b.groovy", "c.groovy", "d.groovy")
    assert [(each.name, each.fault, each.cause) for each in log.failed_hooks] == [
        ("b.groovy", HookFault.THROWS, "java.lang.IllegalStateException: boom"),
        (
            "c.groovy",
            HookFault.NOT_COMPILED,
            "Script1.groovy: 1: unexpected token: 2 @ line 1, column 13.",
        ),
    ]


def test_a_hook_of_hudson_that_prints_before_it_throws_has_failed() -> None:
    log = recorded(OURS / "hudson-hooks-that-print-and-throw.log")
    assert [(each.name, each.cause) for each in log.failed_hooks] == [
        ("20.groovy", "java.lang.IllegalStateException: boom"),
        ("30.groovy", "Assertion failed: "),
        ("40.groovy", "java.lang.Exception"),
        (
            "50.groovy",
            "groovy.lang.MissingPropertyException: No such property: nosuch for class: Script1",
        ),
    ]


def test_records_of_both_shapes_and_of_jetty_end_where_the_next_begins() -> None:
    lines = (
        "Running from: jenkins.war",
        "2026-11-23 13:14:58.628+0000 [id=1]\tINFO\ta.B#c: one",
        "\tat a.B.c(B.java:1)",
        "",
        "java.io.IOException: two",
        "Nov 3, 2026 2:24:56 PM a.B$5 onTaskFailed",
        "SEVERE: three",
        "2026-11-23 14:36:20.750:INFO:oejs.Server:main: Started",
    )
    assert [(each.level, each.source, each.message, each.details) for each in records(lines)] == [
        ("", "", "Running from: jenkins.war", ()),
        ("INFO", "a.B#c", "one", ("java.io.IOException: two",)),
        ("SEVERE", "a.B$5 onTaskFailed", "three", ()),
        ("INFO", "oejs.Server:main", "Started", ()),
    ]


@pytest.mark.parametrize(
    "cut", ["", "Nov 3, 2026 2:24:56 PM a.B$5 onTaskFailed", "2026-11-23 13:14:58.628+0000 [id=1]"]
)
def test_a_log_that_breaks_off_anywhere_is_read(cut: str) -> None:
    log = read([cut])
    assert (log.ready, log.failed_plugins, log.hooks) == (False, (), ())


def test_old_cores_word_failures_differently() -> None:
    log = read(
        (
            "Nov 3, 2026 2:24:56 PM jenkins.InitReactorRunner$1 onTaskFailed",
            "SEVERE: Failed Loading plugin Git plugin v3.0 (git)",
            "java.io.IOException: Git plugin v3.0 failed to load.",
            " - You must update Jenkins from v2.0 to v2.60 or later to run this plugin.",
            " - SCM API v1 failed to load. Fix this plugin first.",
        )
    )
    (failed,) = log.failed_plugins
    assert (failed.plugin, failed.kind) == ("git", CauseKind.CORE)
    assert failed.cause.endswith(
        "to run this plugin.; SCM API v1 failed to load. Fix this plugin first."
    )


@pytest.mark.parametrize(
    ("line", "ready", "ended"),
    [
        ("INFO: Hudson is ready.", True, False),
        ("x\tINFO\thudson.WebAppMain$3#run: Jenkins is fully up and running", True, False),
        ("x\tSEVERE\thudson.util.BootFailure#publish: Failed to initialize Jenkins", False, True),
        ("SEVERE: Failed to initialize Hudson", False, True),
        ("INFO: Started initialization", False, False),
    ],
)
def test_the_two_end_states_are_known_by_one_line(line: str, *, ready: bool, ended: bool) -> None:
    assert (is_ready(line), is_end_state(line)) == (ready, ended)


def test_a_hook_inside_the_war_counts_as_well() -> None:
    line = (
        "2026-11-23 13:10:19.390+0000 [id=33]\tINFO\tj.util.groovy.GroovyHookScript#execute: "
        "Executing bundled script: file:/w/WEB-INF/init.groovy.d/a.groovy"
    )
    assert read([line]).hooks == ("a.groovy",)
