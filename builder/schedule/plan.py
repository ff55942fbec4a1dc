"""The state machine: hands out orders, hears what came of them. Time comes in as a value.

A range is handed out once. When nothing is left to hand out, a connection that lies idle takes
over what it would finish sooner than the one that has it: all of it from one that stands still.
What a far slower place was given is taken over first of all.
"""

from collections import deque
from collections.abc import Iterable

from builder.schedule import shares
from builder.schedule.orders import ENDLESS, PATIENCE_S, Order
from builder.schedule.places import Place, PlaceState
from builder.schedule.shares import SLICE
from builder.schedule.targets import Outcome, Target, TargetState

_PROGRESS = 16 << 10  # bytes after which a fault is no longer the same fault again


class Schedule:
    """Decides for all files of one run; not safe to share between threads without a lock."""

    def __init__(
        self,
        targets: tuple[Target, ...],
        places: tuple[Place, ...],
        *,
        connections: int,
        rest_s: float = 0.25,
    ) -> None:
        self._targets = [TargetState.of(each) for each in targets]
        self._places = [PlaceState(place=each, rest_s=rest_s) for each in places]
        self._connections = connections
        self._orders: set[Order] = set()
        self._busy: dict[str, int] = {}
        self._whole: deque[int] = deque()  # numbers of files that somebody has to look at
        unknown_first = sorted(
            range(len(targets)), key=lambda each: -(targets[each].size or ENDLESS)
        )
        self._line = unknown_first

    @property
    def finished(self) -> bool:
        """Say whether every file has been found good, or lost."""
        return all(each.outcome in {Outcome.GOOD, Outcome.LOST} for each in self._targets)

    @property
    def written(self) -> int:
        """Count the bytes on the disk."""
        return sum(each.written for each in self._targets)

    def outcome(self, target: int) -> Outcome:
        """Tell what became of a file so far."""
        return self._targets[target].outcome

    def size(self, target: int) -> int | None:
        """Tell the size of a file, where it is known by now."""
        return self._targets[target].size

    def copy(self, target: int) -> int:
        """Tell which copy of a file counts."""
        return self._targets[target].copy

    def said(self, target: int) -> tuple[tuple[int, str], ...]:
        """Give the last word of every place about a file, in order of preference."""
        state = self._targets[target]
        return tuple((each, state.said[each]) for each in state.target.places if each in state.said)

    def admit(self, target: int, held: tuple[tuple[int, int], ...] = ()) -> None:
        """Begin with a file; ``held`` are ranges of an earlier run, ascending and apart."""
        self._targets[target].admit(held)
        self._noted(target)

    def next(self, now_s: float) -> Order | None:
        """Hand out an order; None where nothing can be done at the moment."""
        free = shares.free(self._places, self._busy, self._connections, now_s)
        failing = frozenset(n for n, each in enumerate(self._places) if each.failing)
        for place in free:
            if order := self._relieved(place, failing, now_s):
                return self._hand_out(order)
            if order := self._from_gaps(place, failing, now_s):
                return self._hand_out(order)
        for place in free:
            if order := self._taken_over(place, self._orders, failing, now_s):
                return self._hand_out(order)
        return None

    def wake_s(self, now_s: float) -> float | None:
        """Tell when to ask again, though no order ends before; None where that is no use."""
        times = [each.rest_until_s for each in self._places]
        times += [each.resting_until_s for each in self._targets if each.gaps]
        later = [each for each in times if each > now_s]
        return min(later) if later else None

    def learned(self, order: Order, size: int, *, whole: bool = False) -> str | None:
        """Hear the size that an answer told.

        Returns:
            Why the answer is of no use; None where it is.
        """
        state = self._targets[order.target]
        if not state.counts(order):
            return None
        if state.size in {None, size}:
            state.learned(order, size, whole=whole)
            self._noted(order.target)
            return None
        if state.target.size is None and state.sole is None:  # one of two places is wrong
            state.again(alone=True)
        return f"has {size} bytes, not {state.size or 'what another mirror says'}"

    def ranges_refused(self, order: Order) -> None:
        """Hear that a place sends whole files only."""
        self._places[order.place].ranges = False

    def answered(self, order: Order, now_s: float) -> None:
        """Hear that the first byte of an answer has come."""
        self._places[order.place].answered(now_s - order.begun_s)

    def take(self, order: Order, count: int) -> int:
        """Claim the next bytes for writing; fewer than ``count`` where nobody needs the rest."""
        granted = min(count, order.left) if self._targets[order.target].counts(order) else 0
        order.position += granted
        return granted

    def wanted(self, order: Order) -> bool:
        """Say whether more of the order's bytes are needed."""
        return order.left > 0 and self._targets[order.target].counts(order)

    def wrote(self, order: Order, count: int, now_s: float) -> None:
        """Hear that bytes which the order took are on the disk."""
        order.written += count
        speed = None
        if order.first_s is None:
            order.first_s = now_s
        elif now_s > order.first_s:
            speed = (order.written - order.start - order.last_block) / (now_s - order.first_s)
        order.last_s, order.last_block = now_s, max(count, 1)
        self._places[order.place].served(count, speed)
        self._targets[order.target].wrote(order, count)
        self._noted(order.target)

    def ended(self, order: Order) -> None:
        """Hear that the answer has come to its end, or that nobody needs the rest."""
        state = self._targets[order.target]
        if order.stop == ENDLESS and state.size is None and state.counts(order):
            state.size = order.stop = order.written  # a file whose size nobody told
            state.settle()
            self._noted(order.target)
        self._release(order)

    def failed(
        self, order: Order, said: str, now_s: float, *, final: bool, wait_s: float | None = None
    ) -> None:
        """Hear of a fault; ``final``: this place will not have this file in this run."""
        self._release(order)
        state = self._targets[order.target]
        if not state.counts(order):
            return
        if final:
            state.ban(order.place, said)
            return
        counts = self._places[order.place].failed(order.begun_s, now_s, wait_s)
        state.failed(order.place, said, counts=counts)
        state.rest(order.place, now_s, self._places[order.place].rest_s)
        if self._places[order.place].dead:
            for each in self._targets:
                each.given_up(order.place, said)

    def whole(self) -> int | None:
        """Name a file whose bytes are all there, once, so that somebody looks at them."""
        while self._whole:
            number = self._whole.popleft()
            if self._targets[number].outcome is Outcome.WHOLE:
                self._targets[number].outcome = Outcome.CHECKING
                return number
        return None

    def _noted(self, target: int) -> None:
        """Remember a file that may be whole by now."""
        if self._targets[target].outcome is Outcome.WHOLE:
            self._whole.append(target)

    def settle(self, target: int, outcome: Outcome) -> None:
        """Hear that a file is good, or lost for a reason of our own."""
        state = self._targets[target]
        state.outcome, state.gaps = outcome, []

    def refuted(self, target: int, said: str) -> None:
        """Hear that all bytes came and are not the file: begin again, from one place alone."""
        state = self._targets[target]
        state.outcome = Outcome.OPEN
        suspects = state.contributors - {-1}
        if len(suspects) == 1 and -1 not in state.contributors:
            (liar,) = suspects
            self._places[liar].lied(0.25)
            state.sole = liar  # so that banning it begins a new copy
            state.ban(liar, said)
        else:
            for each in suspects:
                self._places[each].lied(0.7)
                state.said[each] = f"{said}, or one of the others did"
            state.suspects |= suspects
            state.again(alone=True)

    def _release(self, order: Order) -> None:
        self._orders.discard(order)
        host = self._places[order.place].place.host
        self._busy[host] -= 1
        state = self._targets[order.target]
        if order.written - order.start >= min(_PROGRESS, max(order.stop - order.start, 1)):
            state.faults.pop(order.place, None)
        state.give_back(order)

    def _hand_out(self, order: Order) -> Order:
        self._orders.add(order)
        host = self._places[order.place].place.host
        self._busy[host] = self._busy.get(host, 0) + 1
        state = self._targets[order.target]
        if state.alone:
            state.sole = order.place
        return order

    def _from_gaps(self, place: int, failing: frozenset[int], now_s: float) -> Order | None:
        plain = not self._places[place].ranges
        for target in self._line:
            state = self._targets[target]
            if not state.gaps or state.resting_until_s > now_s:
                continue
            front = state.front(failing)
            skips = plain and state.gaps[0][0] and any(self._places[p].ranges for p in front)
            if place in front and not skips:  # else it would send what is there already
                start, stop = state.cut(shares.slice_of(self._places, place), plain=plain)
                return self._order(target, place, (start, stop), now_s)
        return None

    def _relieved(self, place: int, failing: frozenset[int], now_s: float) -> Order | None:
        """Take over what a far slower place was given before anybody knew how slow it is."""
        slow = shares.far_slower(self._places, place)
        if not slow:
            return None
        orders = [
            each for each in self._orders if each.place in slow and each.left >= slow[each.place]
        ]
        return self._taken_over(place, orders, failing, now_s)

    def _taken_over(
        self, place: int, orders: Iterable[Order], failing: frozenset[int], now_s: float
    ) -> Order | None:
        """Take what this place would finish sooner from the order that will end last."""
        mine = self._places[place]
        if not mine.ranges:
            return None
        slow = [
            (each.left_s(now_s), each.start, each)
            for each in orders
            if self._may_be_shared(each, place, now_s)
            and place in self._targets[each.target].front(failing)
        ]
        if not slow:
            return None
        order = max(slow, key=lambda each: each[:2])[2]
        fast = mine.speed or SLICE / PATIENCE_S
        taken = order.surplus(now_s, mine.latency_s or 0.0, fast)
        return self._split(order, place, taken, now_s) if taken else None

    def _may_be_shared(self, order: Order, place: int, now_s: float) -> bool:
        state = self._targets[order.target]
        if order.first_s is None and place == order.place:
            return False  # asked once more, it would not be quicker
        return (
            order.may_be_shared(now_s, self._places[order.place].latency_s or 0.0)
            and order.left > 0
            and state.counts(order)
            and state.size is not None
            and state.target.checked
        )

    def _split(self, order: Order, place: int, taken: int, now_s: float) -> Order:
        self._places[order.place].served(0, order.speed(now_s))
        stop, still = order.stop, taken == order.left
        order.stop -= taken
        made = self._order(order.target, place, (order.stop, stop), now_s)
        made.patience_s = order.patience_s * (2 if still else 1)
        return made

    def _order(self, target: int, place: int, span: tuple[int, int], now_s: float) -> Order:
        state, (start, stop) = self._targets[target], span
        whole = start == 0 and stop in {state.size, ENDLESS}
        return Order(
            target=target,
            place=place,
            copy=state.copy,
            start=start,
            stop=stop,
            plain=whole or not self._places[place].ranges,
            begun_s=now_s,
            position=start,
            written=start,
        )
