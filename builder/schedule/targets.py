"""What is known of one file that is being fetched: its gaps, who may serve it, what they said."""

from dataclasses import dataclass, field
from enum import Enum

from msgspec import Struct

from builder.schedule.orders import ENDLESS, Order

FRONT = 4  # places that serve a file side by side; the others stand behind
_TRIES = 4  # faults of one place in a row before it is given up for a file
_LAST_TRIES = 6  # of the only place that is left


class Outcome(Enum):
    """What became of a file."""

    OPEN = "open"
    WHOLE = "whole"  # every byte is written, and nobody has looked at them yet
    CHECKING = "checking"
    GOOD = "good"
    LOST = "lost"  # no place has it


class Target(Struct, frozen=True, kw_only=True):
    """One file to be fetched."""

    places: tuple[int, ...]  # in order of preference
    size: int | None  # bytes
    checked: bool  # its digest is known; if not, one place alone has to serve it all


@dataclass(slots=True, kw_only=True)
class TargetState:
    """How far a file has come."""

    target: Target
    size: int | None
    gaps: list[tuple[int, int]]  # ascending, to be handed out
    written: int  # bytes of this copy
    contributors: set[int]  # places of this copy; -1 is an earlier run
    copy: int = 0
    outcome: Outcome = Outcome.OPEN
    alone: bool = False
    sole: int | None = None  # the place that serves this copy, where one has to do it alone
    banned: set[int] = field(default_factory=set)
    suspects: set[int] = field(default_factory=set)  # helped to write a copy that was wrong
    faults: dict[int, int] = field(default_factory=dict)
    said: dict[int, str] = field(default_factory=dict)
    resting_until_s: float = 0.0

    @classmethod
    def of(cls, target: Target) -> "TargetState":
        """Begin; nothing is handed out before the file is admitted."""
        return cls(
            target=target,
            size=target.size or None,  # an index that says 0 does not know
            gaps=[],
            written=0,
            contributors=set(),
            outcome=Outcome.OPEN if target.places else Outcome.LOST,
            alone=not target.checked,
        )

    def admit(self, held: tuple[tuple[int, int], ...]) -> None:
        """Begin to hand out what an earlier run has not left."""
        if not self.target.checked or self.size is None:
            held = ()
        self.gaps = _gaps(held, self.size)
        self.written = sum(stop - start for start, stop in held)
        self.contributors = {-1} if held else set()
        self.settle()

    @property
    def usable(self) -> tuple[int, ...]:
        """Name the places that may still have it, in order of preference."""
        return tuple(each for each in self.target.places if each not in self.banned)

    def front(self, failing: frozenset[int]) -> tuple[int, ...]:
        """Name the places to ask now: the first few that do well, else whoever is left."""
        if self.sole is not None:
            return (self.sole,)
        usable = self.usable
        if self.alone:
            usable = tuple(each for each in usable if each not in self.suspects) or usable
        well = tuple(each for each in usable if each not in failing)
        return (well or usable)[:FRONT]

    def cut(self, most: int, *, plain: bool) -> tuple[int, int]:
        """Take the next range out of the gaps; a whole gap where it has to be one piece."""
        start, stop = self.gaps.pop(0)
        if plain or not self.target.checked or stop - start <= most + most // 2:
            return start, stop
        if self.size is not None:  # else nobody knows yet whether there is more
            self.gaps.insert(0, (start + most, stop))
        return start, start + most

    def counts(self, order: Order) -> bool:
        """Say whether what an order brings is still of use."""
        return order.copy == self.copy and self.outcome is Outcome.OPEN

    def give_back(self, order: Order) -> None:
        """Let others have what an order has not written."""
        stop = ENDLESS if self.size is None else order.stop
        if self.counts(order) and order.written < stop:
            self.gaps = _joined([*self.gaps, (order.written, stop)])

    def learned(self, order: Order, size: int, *, whole: bool) -> None:
        """Take the size that an answer told; ``whole``: the answer holds the file to its end."""
        if self.size is None:
            self.size = size
            order.stop = size if whole else min(order.stop, size)
            self.gaps = _gaps(((0, order.stop),), size)
        elif whole and self.gaps and (order.stop, size) == self.gaps[0]:
            order.stop = size
            self.gaps = []
        self.contributors.add(order.place)
        self.settle()

    def again(self, *, alone: bool) -> None:
        """Throw this copy away and begin the next."""
        self.copy += 1
        self.size = self.target.size or None
        self.gaps = _gaps((), self.size)
        self.written = 0
        self.contributors = set()
        self.alone = self.alone or alone
        self.sole = None

    def ban(self, place: int, said: str) -> None:
        """Ask this place no more for this file; begin again where it was serving it alone."""
        self.said[place] = said
        self.banned.add(place)
        if not self.usable:
            self.outcome = Outcome.LOST
            self.gaps = []
        elif self.sole == place:
            self.again(alone=self.alone)

    def failed(self, place: int, said: str, *, counts: bool) -> None:
        """Take note of a fault, and ban the place where it was one too many."""
        self.said[place] = said
        self.faults[place] = self.faults.get(place, 0) + counts
        others = len(self.usable) > 1
        if self.faults[place] >= (_TRIES if others else _LAST_TRIES):
            self.ban(place, said)

    def rest(self, place: int, now_s: float, rest_s: float) -> None:
        """Give the last place that may have it some time after a fault."""
        if len(self.usable) == 1:
            rest_s *= 2 ** (self.faults.get(place, 1) - 1)
            self.resting_until_s = max(self.resting_until_s, now_s + rest_s)

    def given_up(self, place: int, said: str) -> None:
        """Ban a place that is dead."""
        if self.outcome is Outcome.OPEN and place in self.usable:
            self.ban(place, said)

    def wrote(self, order: Order, count: int) -> None:
        """Take note of bytes that are on the disk."""
        if self.counts(order):
            self.written += count
            self.contributors.add(order.place)
            self.settle()

    def settle(self) -> None:
        """See whether every byte is there."""
        if self.outcome is Outcome.OPEN and self.size is not None and self.written >= self.size:
            self.outcome = Outcome.WHOLE


def _gaps(held: tuple[tuple[int, int], ...], size: int | None) -> list[tuple[int, int]]:
    """List what lies between the ranges that are held."""
    found, at = [], 0
    end = ENDLESS if size is None else size
    for start, stop in (*held, (end, end)):
        if at < start:
            found.append((at, start))
        at = stop
    return found


def _joined(gaps: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Sort gaps, and make one of those that touch."""
    found: list[tuple[int, int]] = []
    for start, stop in sorted(gaps):
        if found and found[-1][1] == start:
            found[-1] = (found[-1][0], stop)
        else:
            found.append((start, stop))
    return found
