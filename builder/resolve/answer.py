"""The chosen releases as a ``Resolution``: each with every demand on it."""

from builder.model.formula import Mode
from builder.model.lock import Choice, PinKind, Reason, Resolution
from builder.model.plugin import DependencyKind, PluginId
from builder.resolve.chosen import Chosen
from builder.resolve.question import Question

_Why = dict[PluginId, list[Reason]]


def resolution(question: Question, chosen: Chosen) -> Resolution:
    """Write the answer down, by plugin id; the formula's demand first, then by demander."""
    why, brought = _reasons(question, chosen), _brought(question, chosen)
    return Resolution(
        core=question.universe.core,
        choices=tuple(
            Choice(
                release=chosen[plugin],
                kind=_kind(question, plugin, brought),
                why=tuple(why[plugin]),
            )
            for plugin in sorted(chosen)
        ),
    )


def _reasons(question: Question, chosen: Chosen) -> _Why:
    why: _Why = {plugin: [] for plugin in chosen}
    for plugin, wish in question.wish_by_id.items():
        asked = wish.version if wish.mode in {Mode.PINNED, Mode.AT_LEAST} else None
        why[plugin].append(Reason(demander=None, minimum=asked, kind=DependencyKind.REQUIRED))
    for demander in sorted(chosen):
        for edge in chosen[demander].dependencies:
            if edge.plugin in chosen:
                reason = Reason(demander=demander, minimum=edge.minimum, kind=edge.kind)
                why[edge.plugin].append(reason)
    return why


def _brought(question: Question, chosen: Chosen) -> dict[PluginId, set[DependencyKind]]:
    kinds: dict[PluginId, set[DependencyKind]] = {}
    for release in chosen.values():
        for edge in question.brings(release):
            kinds.setdefault(edge.plugin, set()).add(edge.kind)
    return kinds


def _kind(
    question: Question, plugin: PluginId, brought: dict[PluginId, set[DependencyKind]]
) -> PinKind:
    if plugin in question.wish_by_id:
        return PinKind.WISH
    only_implied = DependencyKind.REQUIRED not in brought.get(plugin, set())
    return PinKind.IMPLIED if only_implied else PinKind.REQUIRED
