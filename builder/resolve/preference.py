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
    mode = wish.mode if wish else _DEPENDENCY[policy.dependencies]
    if wish and wish.version and mode is Mode.PINNED:
        return (wish.version,)
    if (
        wish
        and kept is None
        and not universe.listed(plugin)
        and (offered := universe.offered(plugin))
    ):
        return (offered,)  # an index of places only: its offer is all that is known to exist
    versions = _by_mode(universe, plugin, mode, policy)
    if wish and wish.version and mode is Mode.AT_LEAST:
        versions = tuple(each for each in versions if not older_than(each, wish.version))
    if kept is None:
        return versions
    release = universe.find(plugin, kept)
    takes = release is None or universe.fits(release)
    return (kept, *(each for each in versions if each != kept)) if takes else versions


def _by_mode(
    universe: Universe, plugin: PluginId, mode: Mode, policy: Policy
) -> tuple[Version, ...]:
    offered = universe.offered(plugin)
    if offered and mode is Mode.LATEST:
        return (offered,)
    if mode is Mode.EXPERIMENTAL:
        takes = [each.version for each in universe.listed(plugin) if universe.fits(each)]
        return tuple(takes[-1:])  # early ones, too: they were asked for
    oldest_first = mode is Mode.AT_LEAST and policy.dependencies is Dependencies.LOWEST
    return universe.fitting(plugin, oldest_first=oldest_first)
