"""What the core has to be for the pinned plugins, and what its agents need of them."""

from collections.abc import Iterator

from builder.audit.candidates import newest_of, takes
from builder.model.audit import AuditFinding, Known, Severity
from builder.model.controller import Family
from builder.model.lock import Lock, Pin
from builder.model.plugin import PluginId
from builder.version import Version, is_snapshot, older_than

_AGENTS_SINCE = Version("2.357")
_AGENT_PLUGINS = (PluginId("bouncycastle-api"), PluginId("instance-identity"))


def core_floors(locked: Lock, known: Known) -> Iterator[AuditFinding]:
    """Find the plugins that need a newer core than the lock's, by plugin id.

    A snapshot on either side makes a controller overlook the difference.
    """
    core = locked.core.version
    for pin in locked.plugins:
        needs = pin.required_core
        if needs is None or is_snapshot(needs) or is_snapshot(core):
            continue
        if older_than(core, needs):
            yield _floor(pin, needs, core, known)


def agents(locked: Lock) -> Iterator[AuditFinding]:
    """Find the plugins whose functions inbound agents need and the core has given away.

    Source: ``jenkins.slaves.JnlpSlaveAgentProtocol4`` asks for the instance's identity, which
    left the core with 2.357 and stands on bouncycastle-api.
    """
    core = locked.core.version
    if locked.core.family is not Family.JENKINS or older_than(core, _AGENTS_SINCE):
        return
    for plugin in _AGENT_PLUGINS:
        if locked.find(plugin) is None:
            yield AuditFinding(
                id=f"agents:{plugin}",
                severity=Severity.WARNING,
                subject=plugin,
                sentence=f"inbound agents cannot connect to core {core} without {plugin}, "
                "and the lock lacks it",
                evidence=(f"since core {_AGENTS_SINCE} it is a plugin of its own",),
                way_out=f"add {plugin} to the formula's plugins",
            )


def _floor(pin: Pin, needs: Version, core: Version, known: Known) -> AuditFinding:
    releases = known.catalogue.releases(pin.plugin)
    found = newest_of(each for each in releases if takes(core, each))
    lower = f", or take {pin.plugin} {found.version}" if found else ""
    return AuditFinding(
        id=f"required-core:{pin.plugin}",
        severity=Severity.ERROR,
        subject=pin.plugin,
        sentence=f"{pin.plugin} {pin.version} needs core {needs}, and the lock has {core}: "
        "it does not load",
        way_out=f"raise the core to {needs}{lower}",
        fixed_by=found.version if found else None,
    )
