"""What has left the core: the table of resolution.md b, typed off once more, and its eras."""

import pytest

from builder.model.plugin import DependencyKind, PluginId
from builder.resolve.detached import NOTHING, of_core, parse
from builder.version import Version
from tests.fakes.real_catalogues import NEEDS_REAL_DATA, today

_BEFORE_TWO = """
    maven-plugin:1.296 subversion:1.0 cvs:0.1 ant:1.0 javadoc:1.0 external-monitor-job:1.0 ldap:1.0
    pam-auth:1.0 mailer:1.2 matrix-auth:1.0.2 windows-slaves:1.0 antisamy-markup-formatter:1.0
    matrix-project:1.0 junit:1.0
"""
_SINCE = (  # the first core that has lost the function, and the plugin that has it
    ("2.17", "bouncycastle-api:2.16.0"),
    ("2.87", "command-launcher:1.0"),
    ("2.112", "jdk-tool:1.0"),
    ("2.163", "jaxb:2.3.0"),
    ("2.185", "trilead-api:1.0.4"),
    ("2.282", "sshd:3.0.1"),
    ("2.331", "javax-activation-api:1.2.0-2 javax-mail-api:1.6.2-5"),
)
_LATE_SSHD = "3.236.ved5e1b_cb_50b_2"
_NEVER_GIVEN = {
    "credentials": "matrix-auth windows-slaves",
    "script-security": "antisamy-markup-formatter bouncycastle-api command-launcher matrix-auth "
    "matrix-project jaxb windows-slaves",
    "javax-activation-api": "javax-mail-api sshd instance-identity",
    "javax-mail-api": "sshd instance-identity",
    "bouncycastle-api": "instance-identity sshd jaxb",
    "windows-slaves": "jaxb",
    "junit": "jaxb",
    "jdk-tool": "jaxb",
    "maven-plugin": "jaxb",
}


def _implied(core: str, plugin: str, needs: str | None, java: int | None = None) -> set[str]:
    version = None if needs is None else Version(needs)
    edges = of_core(Version(core), java).implied(PluginId(plugin), version)
    assert all(each.kind is DependencyKind.IMPLIED for each in edges)
    return {f"{each.plugin}:{each.minimum}" for each in edges}


@pytest.mark.parametrize(("first", "gone"), _SINCE)
def test_a_row_stands_in_the_table_from_the_core_on_that_lost_the_function(
    first: str, gone: str
) -> None:
    number = int(first.removeprefix("2."))
    earlier = {each for since, names in _SINCE for each in names.split() if since != first}
    after, before = _implied(first, "p", None), _implied(f"2.{number - 1}", "p", None)
    assert after == before | set(gone.split())
    assert not before & set(gone.split())
    assert before <= earlier | set(_BEFORE_TWO.split())


def test_a_plugin_without_a_core_gets_every_row() -> None:
    rows = {each for _, names in _SINCE for each in names.split()} | set(_BEFORE_TWO.split())
    assert _implied("2.346.3", "p", None) == _implied("2.346.3", "p", "null") == rows


def test_windows_slaves_is_dropped_and_instance_identity_comes_in() -> None:
    before, between = _implied("2.356", "p", None), _implied("2.357", "p", None)
    assert between - before == {f"sshd:{_LATE_SSHD}", "instance-identity:3.1"}
    assert before - between == {"sshd:3.0.1"}
    assert _implied("2.385", "p", None) == between
    assert _implied("2.386", "p", None) == between - {"windows-slaves:1.0"}
    assert len(_implied("2.578", "p", None)) == 22


@pytest.mark.parametrize(
    ("core", "java", "given"),
    [
        ("2.346.3", 8, False),
        ("2.346.3", 11, True),
        ("2.346.3", None, True),
        ("2.163", 8, False),
        ("2.348", 8, True),
    ],
)
def test_jaxb_is_given_up_to_2347_on_java_11_alone(
    core: str, java: int | None, *, given: bool
) -> None:
    assert ("jaxb:2.3.0" in _implied(core, "p", None, java)) is given


@pytest.mark.parametrize(
    ("needs", "given"),
    [
        ("2.329", True),
        ("2.330", True),
        ("2.330.4", True),
        ("2.331", False),
        ("2.332.4", False),
        ("1.625.3", True),
    ],
)
def test_the_last_core_with_a_function_counts_with_its_patch_releases(
    needs: str, *, given: bool
) -> None:
    assert ("javax-mail-api:1.6.2-5" in _implied("2.346.3", "p", needs)) is given


@pytest.mark.parametrize(("plugin", "others"), _NEVER_GIVEN.items())
def test_what_would_close_a_cycle_is_not_given(plugin: str, others: str) -> None:
    every = {each.partition(":")[0] for each in _implied("2.385", "p", None)}
    given = {each.partition(":")[0] for each in _implied("2.385", plugin, None)}
    assert every - given == {*others.split(), plugin} & every


def test_bouncycastle_gets_sshd_until_instance_identity_comes_in() -> None:
    assert "sshd:3.0.1" in _implied("2.356", "bouncycastle-api", None)
    assert f"sshd:{_LATE_SSHD}" not in _implied("2.357", "bouncycastle-api", None)


def test_hudson_never_lost_anything() -> None:
    assert NOTHING.implied(PluginId("p"), None) == ()


def test_the_lists_of_a_core_are_read_with_remarks_blank_lines_and_a_java_column() -> None:
    found = parse("# remark\n\nant 1.430 1.0\njaxb 2.163 2.3.0 11\n", "# remark\np jaxb\n")
    assert [each.plugin for each in found.implied(PluginId("p"), None)] == ["ant"]
    assert [each.plugin for each in found.implied(PluginId("q"), None)] == ["ant", "jaxb"]


@pytest.mark.parametrize(("rows", "cycles"), [("ant 1.430\n", ""), ("", "p\n")])
def test_a_line_with_too_few_columns_is_refused(rows: str, cycles: str) -> None:
    with pytest.raises(ValueError, match=r"ant|p"):
        parse(rows, cycles)


@NEEDS_REAL_DATA
def test_half_of_the_plugins_of_today_miss_what_has_left_the_core() -> None:
    table, catalogue = of_core(Version("2.578"), 21), today()
    releases = [each for plugin in sorted(catalogue.ids()) for each in catalogue.releases(plugin)]
    counts = [len(table.implied(each.plugin, each.required_core)) for each in releases]
    assert len(releases) == 2095
    assert (sum(map(bool, counts)), sum(counts)) == (1109, 10600)
