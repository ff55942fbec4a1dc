"""What would have to change for a plugin set: each change is tried before it is told."""

from collections.abc import Iterator
from dataclasses import replace

from builder.errors import DemandsConflict, ResolutionError
from builder.model.formula import Mode, Wish
from builder.model.java import javas
from builder.model.lock import Resolution
from builder.model.plugin import PluginId
from builder.model.refusal import Change, Clash, Move, Remedy
from builder.resolve import Question, Unread, detached, sacrifice, settle
from builder.resolve.loading import meets
from builder.resolve.universe import Universe
from builder.version import Version, older_than

_CORES = 8  # steps up from core to core; each is one more refusal understood


def changes(question: Question, clash: Clash) -> tuple[Change, ...]:
    """Find the nearest changes to the formula that give a plugin set.

    One line changed comes first: a wish moved, a wish dropped, the core raised. Where no single
    one helps, as many wishes as it takes are moved or dropped at once.

    Args:
        question: that has no answer.
        clash: the demands that its refusal shows.
    """
    wishes = [question.wish_by_id[each.plugin] for each in clash.demands if each.plugin is not None]
    found = [*_moved(question, wishes, clash), *_dropped(question, wishes), *_newer_core(question)]
    if not found:
        found = list(_several(question))
    return tuple(dict.fromkeys(found))


def _moved(question: Question, wishes: list[Wish], clash: Clash) -> Iterator[Change]:
    for wish in wishes:
        if wish.mode is Mode.NEWEST:
            continue
        for other in (*_next(question, wish, clash), _freed(wish)):
            answer = _try(_with(question, {wish.plugin: other}))
            if answer:
                yield Change(moves=_moves(question, answer, {wish.plugin: wish}))
                break


def _next(question: Question, wish: Wish, clash: Clash) -> tuple[Wish, ...]:
    """Pin the oldest version that all the other demands allow, where they are about this wish."""
    asked = [each.chain[-1].minimum for each in clash.demands if each.chain]
    if wish.plugin != clash.plugin or not asked:
        return ()
    listed = (each.version for each in question.universe.listed(wish.plugin))
    enough = (each for each in listed if all(meets(each, minimum) for minimum in asked))
    return tuple(replace(wish, version=each, mode=Mode.PINNED) for each in list(enough)[:1])


def _dropped(question: Question, wishes: list[Wish]) -> Iterator[Change]:
    for wish in wishes:
        if _try(_with(question, {wish.plugin: None})):
            yield Change(moves=(_drop(wish),))


def _newer_core(question: Question) -> Iterator[Change]:
    """Go up from core to core, each time to what the refusal itself says is needed."""
    core = question.universe.core
    for _ in range(_CORES):
        try:
            answer = settle(_on_core(question, core))
        except DemandsConflict as conflict:
            newer = conflict.clash.newer_core
            if newer is None or not older_than(core, newer.needs):
                return
            core = newer.needs
        except ResolutionError:
            return
        else:
            if core != question.universe.core and not isinstance(answer, Unread):
                move = Move(
                    remedy=Remedy.RAISE_CORE,
                    plugin=None,
                    before=question.universe.core,
                    after=core,
                    place=None,
                )
                now = javas(core)
                differs = now != javas(question.universe.core)
                yield Change(moves=(move,), java=now if differs else ())
            return


def _on_core(question: Question, core: Version) -> Question:
    old = question.universe
    table = detached.of_core(core, old.java) if old.detached.rows else old.detached
    universe = Universe(
        core=core, java=None, catalogue=old.catalogue, read=old.read(), detached=table
    )
    return replace(question, universe=universe)


def _several(question: Question) -> Iterator[Change]:
    """Move as many wishes as it takes; drop them where no version would do."""
    given_up = {each: question.wish_by_id[each] for each in sacrifice(question)}
    freed = _with(question, {each: _freed(wish) for each, wish in given_up.items()})
    answer = _try(freed)
    if answer:
        yield Change(moves=_moves(question, answer, given_up))
    elif given_up and _try(_with(question, dict.fromkeys(given_up))):
        yield Change(moves=tuple(_drop(wish) for wish in given_up.values()))


def _freed(wish: Wish) -> Wish:
    return replace(wish, version=None, mode=Mode.NEWEST)


def _with(question: Question, others: dict[PluginId, Wish | None]) -> Question:
    wishes = (others.get(each.plugin, each) for each in question.wishes)
    return replace(question, wishes=tuple(each for each in wishes if each is not None))


def _try(question: Question) -> Resolution | None:
    try:
        answer = settle(question)
    except ResolutionError:
        return None
    return None if isinstance(answer, Unread) else answer


def _moves(question: Question, answer: Resolution, moved: dict[PluginId, Wish]) -> tuple[Move, ...]:
    found = {each.release.plugin: each.release.version for each in answer.choices}
    return tuple(
        Move(
            remedy=_remedy(wish.version or question.universe.offered(plugin), found[plugin]),
            plugin=plugin,
            before=wish.version or question.universe.offered(plugin),
            after=found[plugin],
            place=wish.place,
        )
        for plugin, wish in moved.items()
    )


def _remedy(before: Version | None, after: Version) -> Remedy:
    return Remedy.LOWER if before and older_than(after, before) else Remedy.RAISE


def _drop(wish: Wish) -> Move:
    return Move(
        remedy=Remedy.DROP,
        plugin=wish.plugin,
        before=wish.version,
        after=None,
        place=wish.place,
    )
