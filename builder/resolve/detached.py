"""Functions that have left the core: which plugin carries each now, and since when.

The table belongs to the core that runs. The one a WAR carries is the truth; the one written down
here serves where there is no WAR to look into.

Source: resolution.md b, read from ``jenkins.plugins.DetachedPluginsUtil`` and its resources.
"""

from collections.abc import Iterable
from functools import cached_property

from msgspec import Struct

from builder.model.plugin import Dependency, DependencyKind, PluginId
from builder.version import Version, compare, older_than


class Row(Struct, frozen=True, kw_only=True):
    """One plugin that once was a part of the core."""

    plugin: PluginId
    split: Version  # the last core that had the function, patch releases of it included
    minimum: Version


class Detached(Struct, frozen=True, kw_only=True, dict=True):
    """The rows of one core, and the plugins that never get one of them implied.

    Without slots, so that what a core lacks is worked out once: thousands of releases name a few
    hundred cores.
    """

    rows: tuple[Row, ...]
    exempt: frozenset[tuple[PluginId, PluginId]]  # plugin, and what it is not given

    def implied(self, plugin: PluginId, required_core: Version | None) -> tuple[Dependency, ...]:
        """List what a controller adds to the needs of a plugin that was built for an old core.

        Args:
            plugin: its id.
            required_core: as its manifest has it; None or ``null`` is older than every core.
        """
        return tuple(
            Dependency(plugin=row.plugin, minimum=row.minimum, kind=DependencyKind.IMPLIED)
            for row in self._rows_after(required_core)
            if row.plugin != plugin and (plugin, row.plugin) not in self.exempt
        )

    def _rows_after(self, core: Version | None) -> tuple[Row, ...]:
        known = self._after.get(core)
        if known is None:
            known = self.rows
            if core is not None and core != "null":
                known = tuple(e for e in known if compare(core, Version(f"{e.split}.*")) <= 0)
            self._after[core] = known
        return known

    @cached_property
    def _after(self) -> dict[Version | None, tuple[Row, ...]]:
        return {}


NOTHING = Detached(rows=(), exempt=frozenset())
"""For controllers whose core never lost anything: Hudson."""


def parse(rows: str, cycles: str) -> Detached:
    """Read the two lists that a core carries since 2.87.

    Args:
        rows: ``split-plugins.txt``, lines of ``ant 1.430 1.0``; a fourth column is a Java.
        cycles: ``split-plugin-cycles.txt``, lines of ``script-security matrix-auth``.

    Raises:
        ValueError: a line has too few columns.
    """
    found = tuple(
        Row(plugin=PluginId(each[0]), split=Version(each[1]), minimum=Version(each[2]))
        for each in _columns(rows, 3)
    )
    pairs = ((PluginId(each[0]), PluginId(each[1])) for each in _columns(cycles, 2))
    return Detached(rows=found, exempt=frozenset(pairs))


def _columns(text: str, least: int) -> Iterable[list[str]]:
    for line in text.splitlines():
        columns = line.split()
        if columns and not line.startswith("#"):
            if len(columns) < least:
                raise ValueError(line)
            yield columns


def of_core(core: Version, java: int | None) -> Detached:
    """Give the table that a Jenkins of this version applies, by what is written down here.

    Args:
        core: of the controller that runs.
        java: it runs on; None is taken for 11 or newer.
    """
    known = parse(_ROWS, _CYCLES)
    absent = {each for each, first in _FIRST_CORE.items() if older_than(core, first)}
    if not older_than(core, _WITHOUT_WINDOWS_SLAVES):
        absent.add(PluginId("windows-slaves"))
    if java is not None and java < _JAXB_JAVA and older_than(core, _JAXB_ALWAYS):
        absent.add(PluginId("jaxb"))
    old_sshd = older_than(core, _FIRST_CORE[PluginId("instance-identity")])
    rows = (
        Row(plugin=e.plugin, split=e.split, minimum=_OLD_SSHD)
        if old_sshd and e.plugin == "sshd"
        else e
        for e in known.rows
        if e.plugin not in absent
    )
    exempt = known.exempt - _LATE_PAIRS if old_sshd else known.exempt
    return Detached(
        rows=tuple(rows), exempt=frozenset(each for each in exempt if each[1] not in absent)
    )


_WITHOUT_WINDOWS_SLAVES = Version("2.386")
_JAXB_ALWAYS, _JAXB_JAVA = Version("2.348"), 11
_OLD_SSHD = Version("3.0.1")
_LATE_PAIRS = frozenset({(PluginId("bouncycastle-api"), PluginId("sshd"))})
_FIRST_CORE = {  # since when a row stands in the table
    PluginId("bouncycastle-api"): Version("2.17"),
    PluginId("command-launcher"): Version("2.87"),
    PluginId("jdk-tool"): Version("2.112"),
    PluginId("jaxb"): Version("2.163"),
    PluginId("trilead-api"): Version("2.185"),
    PluginId("sshd"): Version("2.282"),
    PluginId("javax-activation-api"): Version("2.331"),
    PluginId("javax-mail-api"): Version("2.331"),
    PluginId("instance-identity"): Version("2.357"),
}
_ROWS = """\
maven-plugin 1.296 1.296
subversion 1.310 1.0
cvs 1.340 0.1
ant 1.430 1.0
javadoc 1.430 1.0
external-monitor-job 1.467 1.0
ldap 1.467 1.0
pam-auth 1.467 1.0
mailer 1.493 1.2
matrix-auth 1.535 1.0.2
windows-slaves 1.547 1.0
antisamy-markup-formatter 1.553 1.0
matrix-project 1.561 1.0
junit 1.577 1.0
bouncycastle-api 2.16 2.16.0
command-launcher 2.86 1.0
jdk-tool 2.112 1.0
jaxb 2.163 2.3.0
trilead-api 2.184 1.0.4
sshd 2.281 3.236.ved5e1b_cb_50b_2
javax-activation-api 2.330 1.2.0-2
javax-mail-api 2.330 1.6.2-5
instance-identity 2.356 3.1
"""
_CYCLES = """\
credentials matrix-auth
credentials windows-slaves
script-security antisamy-markup-formatter
script-security bouncycastle-api
script-security command-launcher
script-security matrix-auth
script-security matrix-project
script-security windows-slaves
script-security jaxb
maven-plugin jaxb
subversion jaxb
cvs jaxb
ant jaxb
javadoc jaxb
external-monitor-job jaxb
ldap jaxb
pam-auth jaxb
mailer jaxb
matrix-auth jaxb
windows-slaves jaxb
antisamy-markup-formatter jaxb
matrix-project jaxb
junit jaxb
bouncycastle-api jaxb
command-launcher jaxb
jdk-tool jaxb
javax-activation-api javax-mail-api
javax-activation-api sshd
javax-activation-api instance-identity
javax-mail-api sshd
javax-mail-api instance-identity
bouncycastle-api instance-identity
bouncycastle-api sshd
"""
