"""The shortest way from a wish down to a plugin, for errors that say where a demand comes from."""

from builder.model.lock import PinKind, Resolution
from builder.model.plugin import DependencyKind, PluginId


def chain_to(resolution: Resolution, plugin: PluginId) -> tuple[PluginId, ...]:
    """Give one shortest chain from a wish to ``plugin``; ties go to the smaller ids.

    Returns:
        Plugin ids, the wish first, ``plugin`` last.
    """
    choices = {each.release.plugin: each for each in resolution.choices}
    chains: list[tuple[PluginId, ...]] = [
        (each,) for each in sorted(choices) if choices[each].kind is PinKind.WISH
    ]
    seen = {chain[0] for chain in chains}
    for chain in chains:  # grows while it is walked: breadth first
        if chain[-1] == plugin:
            return chain
        for edge in choices[chain[-1]].release.dependencies:
            if edge.plugin in choices and edge.plugin not in seen and _brings(edge.kind):
                seen.add(edge.plugin)
                chains.append((*chain, edge.plugin))
    return (plugin,)


def _brings(kind: DependencyKind) -> bool:
    return kind is not DependencyKind.OPTIONAL
