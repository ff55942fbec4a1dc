"""Laws of the schedule, whatever mirrors do and in whatever order answers come."""

import random
from collections import Counter
from dataclasses import dataclass, field

from hypothesis import given, settings
from hypothesis import strategies as st

from builder.schedule import Order, Outcome, Place, Schedule, Target

_MB = 1 << 20
_LIMIT = 3
_GOOD = 0  # the mirror that never does wrong
_FAULTS = ("drop", "absent", "refused", "stall", "lie", "wrong size", "no ranges", "shut")


@dataclass
class _World:
    """Plays the mirrors; keeps who wrote what of every copy."""

    schedule: Schedule
    sizes: tuple[int, ...]
    faults: tuple[tuple[str, ...], ...]  # by mirror
    dice: random.Random
    now_s: float = 0.0
    running: list[Order] = field(default_factory=list)
    written: dict[tuple[int, int], list[tuple[int, int, bool]]] = field(default_factory=dict)

    def run(self) -> int:
        """Play until all is settled; give the number of steps."""
        steps = 0
        while not self.schedule.finished:
            steps += 1
            assert steps < 20_000, "it never ends"
            while order := self.schedule.next(self.now_s):
                self.running.append(order)
                self._check_limits()
            if self.running:
                self.now_s += self.dice.choice((0.0, 0.01, 0.3))
                self._step(self.dice.choice(self.running))
            elif not self.schedule.finished:
                wake_s = self.schedule.wake_s(self.now_s)
                assert wake_s is not None, "nothing runs, and nothing ever will"
                self.now_s = wake_s
            self._judge()
        return steps

    def _check_limits(self) -> None:
        busy = Counter(each.place for each in self.running)
        assert max(busy.values()) <= _LIMIT

    def _step(self, order: Order) -> None:
        fault = self.dice.choice((*self.faults[order.place], "", "", ""))
        if not self.schedule.wanted(order):
            self._end(order)
        elif fault == "stall":
            self.now_s += 0.5
        elif fault in {"drop", "refused", "absent", "shut"}:
            self.running.remove(order)
            wait_s = 1.0 if fault == "shut" else None
            final = fault == "absent"
            self.schedule.failed(order, fault, self.now_s, final=final, wait_s=wait_s)
        elif fault == "no ranges" and not order.plain:
            self.schedule.ranges_refused(order)
            self._end(order)
        else:
            self._answer(order, fault)

    def _answer(self, order: Order, fault: str) -> None:
        size = self.sizes[order.target] + (fault == "wrong size")
        if (said := self.schedule.learned(order, size, whole=order.plain)) is not None:
            self.running.remove(order)
            self.schedule.failed(order, said, self.now_s, final=True)
            return
        at, copy = order.position, (order.target, order.copy)
        granted = self.schedule.take(order, self.dice.choice((1, 100_000, 3 * _MB)))
        if granted:
            self.written.setdefault(copy, []).append((at, at + granted, fault == "lie"))
        self.schedule.wrote(order, granted, self.now_s)
        if not order.left:
            self._end(order)

    def _end(self, order: Order) -> None:
        self.running.remove(order)
        self.schedule.ended(order)

    def _judge(self) -> None:
        for target, size in enumerate(self.sizes):
            if self.schedule.outcome(target) is Outcome.WHOLE:
                spans = sorted(self.written.get((target, self.schedule.copy(target)), []))
                right = self.schedule.size(target) == size and not any(lie for *_, lie in spans)
                _covers_once([(start, stop) for start, stop, _ in spans], target, self)
                if right:
                    self.schedule.settle(target, Outcome.GOOD)
                else:
                    self.schedule.refuted(target, "sent other bytes")


def _covers_once(spans: list[tuple[int, int]], target: int, world: _World) -> None:
    at = 0
    for start, stop in spans:
        assert start == at, "a byte is missing, or was written twice"
        at = stop
    assert at == world.schedule.size(target)


_MIRRORS = st.lists(
    st.lists(st.sampled_from(_FAULTS), max_size=4).map(tuple), min_size=0, max_size=4
)
_FILES = st.lists(
    st.tuples(st.integers(0, 12 * _MB), st.booleans(), st.booleans()), min_size=1, max_size=8
)


def _world(
    files: list[tuple[int, bool, bool]], faults: tuple[tuple[str, ...], ...], seed: int
) -> _World:
    places = tuple(Place(name=f"m{n}", host=f"h{n}") for n in range(len(faults)))
    dice = random.Random(seed)  # noqa: S311  # a game
    order = tuple(dice.sample(range(len(places)), len(places)))
    targets = tuple(
        Target(places=order, size=size if known else None, checked=checked)
        for size, known, checked in files
    )
    schedule = Schedule(targets, places, connections=_LIMIT)
    for target in range(len(targets)):
        schedule.admit(target)
    return _World(schedule, tuple(size for size, *_ in files), faults, dice)


@settings(max_examples=300)
@given(files=_FILES, faults=_MIRRORS, seed=st.integers())
def test_one_good_mirror_is_enough_whatever_the_others_do(
    files: list[tuple[int, bool, bool]], faults: list[tuple[str, ...]], seed: int
) -> None:
    world = _world(files, ((), *faults), seed)
    world.run()
    assert {world.schedule.outcome(n) for n in range(len(files))} == {Outcome.GOOD}


@settings(max_examples=200)
@given(files=_FILES, faults=_MIRRORS.filter(len), seed=st.integers())
def test_it_ends_even_where_no_mirror_is_good(
    files: list[tuple[int, bool, bool]], faults: list[tuple[str, ...]], seed: int
) -> None:
    world = _world(files, tuple(faults), seed)
    world.run()
    assert world.schedule.next(world.now_s + 1e6) is None
