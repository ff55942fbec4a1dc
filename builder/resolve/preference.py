"""Which release of a plugin is wanted most: the modes of a wish, the policy, what is locked."""

from builder.model.formula import Dependencies, Mode, Policy, Wish
from builder.model.plugin import PluginId
from builder.resolve.universe import Universe
from builder.version import Version, older_than

_DEPENDENCY = {
    Dependencies.NEWEST: Mode.NEWEST,
    Dependencies.LATEST: Mode.LATEST,
    Dependencies.LOWEST: Mode.AT_LEAST,
}


def ranked(
    universe: Universe, plugin: PluginId, *, wish: Wish | None, kept: Version | None, policy: Policy
) -> tuple[Version, ...]:
    """Order the versions of a plugin that may be chosen, the best first.

    A pinned version, and the one that the update site offers, stand here whether they fit the
    core or not: whoever asked for them is to be told. Versions of no other mode do.
    """
    if wish and wish.version and wish.mode is Mode.PINNED:
        return (wish.version,)
    versions = _by_mode(universe, plugin, wish, policy)
    if kept is not None:
        release = universe.find(plugin, kept)
        takes = release is None or universe.fits(release)
        others = tuple(each for each in versions if each != kept)
        versions = (kept, *others) if takes else versions
    if wish and wish.version:
        versions = tuple(each for each in versions if not older_than(each, wish.version))
    return versions


def _by_mode(
    universe: Universe, plugin: PluginId, wish: Wish | None, policy: Policy
) -> tuple[Version, ...]:
    mode = wish.mode if wish else _DEPENDENCY[policy.dependencies]
    offered = universe.offered(plugin)
    if offered and mode is Mode.LATEST:
        return (offered,)
    if offered and wish and not universe.listed(plugin):
        return (offered,)  # an index of places only: its offer is all that is known to exist
    if mode is Mode.EXPERIMENTAL:
        takes = [each.version for each in universe.listed(plugin) if universe.fits(each)]
        return tuple(takes[-1:])  # early ones, too: they were asked for
    oldest_first = mode is Mode.AT_LEAST and policy.dependencies is Dependencies.LOWEST
    return universe.fitting(plugin, oldest_first=oldest_first)
