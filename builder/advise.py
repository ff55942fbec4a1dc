"""What would have to change for a plugin set: each change is tried before it is told."""

import re
from collections.abc import Iterator
from contextlib import closing
from itertools import islice

from msgspec.structs import replace

from builder.errors import ResolutionError
from builder.model.formula import Mode, Wish
from builder.model.java import javas
from builder.model.lock import Resolution
from builder.model.plugin import PluginId
from builder.model.refusal import Change, Clash, Move, Remedy
from builder.resolve import Leeway, Question, Unread, detached, settle
from builder.resolve.universe import Universe
from builder.version import Version, older_than

_CORES = 4  # so many are tried: what a newer core has lost may ask for one newer still
_LONG_TERM = re.compile(r"\d+\.\d+\.\d+")


def changes(question: Question, clash: Clash) -> tuple[Change, ...]:
    """Find the nearest changes to the formula that give a plugin set.

    One line changed comes first: a wish moved to the version next to it that would do, the core
    raised to the lowest, a wish dropped. Where no wish alone would do, as few as it takes are moved
    or dropped at once.

    Args:
        question: that has no answer.
        clash: the demands that its refusal shows; one of them has to change.
    """
    shown = tuple(question.wish_by_id[each.plugin] for each in clash.demands if each.plugin)
    with closing(Leeway(question)) as leeway:
        moved = tuple(_moved(question, leeway, shown))
        dropped = tuple(_dropped(question, leeway, shown))
        several = () if moved or dropped else tuple(_several(question, leeway))
        return (*moved, *_newer_core(question, leeway), *dropped, *several)


def _moved(question: Question, leeway: Leeway, wishes: tuple[Wish, ...]) -> Iterator[Change]:
    for wish in wishes:
        version = leeway.nearest(wish.plugin)
        if version and _try(_with(question, {wish.plugin: version})):
            yield Change(moves=(_move(question, wish, version),))


def _dropped(question: Question, leeway: Leeway, wishes: tuple[Wish, ...]) -> Iterator[Change]:
    for wish in wishes:
        if leeway.stands_without(wish.plugin) and _try(_with(question, {wish.plugin: None})):
            yield Change(moves=(_move(question, wish, None),))


def _several(question: Question, leeway: Leeway) -> Iterator[Change]:
    moved = dict(leeway.sacrifice())
    if moved and _try(_with(question, moved)):
        wishes = question.wish_by_id
        moves = (_move(question, wishes[each], version) for each, version in moved.items())
        yield Change(moves=tuple(moves))


def _newer_core(question: Question, leeway: Leeway) -> Iterator[Change]:
    """Raise the core as little as will do; from a long-term line, to the next of these as well."""
    cores = leeway.cores()
    lowest = _first(question, cores)
    if lowest is None:
        return
    yield _raised(question, lowest)
    if _is_long_term(question.universe.core) and not _is_long_term(lowest):
        next_line = _first(question, (each for each in cores if _is_long_term(each)))
        if next_line:
            yield _raised(question, next_line)


def _first(question: Question, cores: Iterator[Version]) -> Version | None:
    tried = islice(cores, _CORES)
    return next((each for each in tried if _try(_on_core(question, each))), None)


def _is_long_term(core: Version) -> bool:
    return _LONG_TERM.fullmatch(core) is not None


def _raised(question: Question, core: Version) -> Change:
    ours, now = question.universe.core, javas(core)
    move = Move(remedy=Remedy.RAISE_CORE, plugin=None, before=ours, after=core, place=None)
    return Change(moves=(move,), java=now if now != javas(ours) else ())


def _on_core(question: Question, core: Version) -> Question:
    old = question.universe
    table = detached.of_core(core, old.java) if old.detached.rows else old.detached
    universe = Universe(
        core=core, java=None, catalogue=old.catalogue, read=old.read(), detached=table
    )
    return replace(question, universe=universe)


def _with(question: Question, others: dict[PluginId, Version | None]) -> Question:
    """Ask again with some wishes pinned to other versions, or left out."""
    wishes = (
        _pinned(wish, others[wish.plugin]) if wish.plugin in others else wish
        for wish in question.wishes
    )
    return replace(question, wishes=tuple(each for each in wishes if each))


def _pinned(wish: Wish, version: Version | None) -> Wish | None:
    return replace(wish, version=version, mode=Mode.PINNED) if version else None


def _try(question: Question) -> Resolution | None:
    try:
        answer = settle(question)
    except ResolutionError:
        return None
    return None if isinstance(answer, Unread) else answer


def _move(question: Question, wish: Wish, after: Version | None) -> Move:
    before = wish.version or question.universe.offered(wish.plugin)
    remedy = Remedy.DROP
    if after:
        remedy = Remedy.LOWER if before and older_than(after, before) else Remedy.RAISE
    return Move(
        remedy=remedy,
        plugin=wish.plugin,
        before=before if after else wish.version,
        after=after,
        place=wish.place,
    )
