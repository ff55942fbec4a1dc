"""The threads behind ``Downloads``: each carries one order out at a time.

One lock guards the schedule and the files in the making. The thread that called waits, starts
threads while there is work for more of them, and tells how far it is.
"""

import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from builder.adapters import http_ranges
from builder.adapters.http_client import Client
from builder.adapters.http_faults import Fault
from builder.adapters.http_making import Making
from builder.adapters.http_ranges import Answer
from builder.adapters.measure import Measure
from builder.adapters.store import FolderStore
from builder.adapters.store_partial import Copy
from builder.model.build import StoredFile
from builder.model.digest import Digest
from builder.ports import Progress
from builder.schedule import ENDLESS, Order, Outcome, Place, Schedule, Target

if TYPE_CHECKING:
    from urllib3 import BaseHTTPResponse

_THREADS = 64
_AT_ONCE = 256  # files that are claimed; each costs a descriptor
_TICK_S = 0.05
_PARTING_S = 0.2
_ASK_AGAIN_S = 0.2  # for a file that another process is fetching


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One file to be fetched."""

    digest: Digest | None
    size: int | None  # bytes
    urls: tuple[tuple[int, str], ...]  # by place, in order of preference


class Crew:
    """Fetches the files of one call, then is done with."""

    def __init__(
        self,
        store: FolderStore,
        client: Client,
        jobs: tuple[Job, ...],
        places: tuple[Place, ...],
    ) -> None:
        self._client = client
        self._places = places
        self._urls = tuple(dict(each.urls) for each in jobs)
        self._makings = tuple(Making(store, each.digest) for each in jobs)
        targets = tuple(
            Target(
                places=tuple(place for place, _ in each.urls),
                size=each.size,
                checked=each.digest is not None,
            )
            for each in jobs
        )
        self._schedule = Schedule(
            targets, places, connections=client.connections, rest_s=client.rest_s
        )
        sizes = [each.size for each in jobs]
        self._total = None if None in sizes else sum(each or 0 for each in sizes)
        largest_first = sorted(range(len(jobs)), key=lambda each: -(sizes[each] or ENDLESS))
        self._waiting = deque(largest_first)
        self._ask_again_s = 0.0
        self._change = threading.Condition()
        self._answers: dict[Order, BaseHTTPResponse] = {}
        self._threads = 0
        self._over = False
        self._broken: BaseException | None = None

    def run(self, progress: Progress) -> tuple[StoredFile | None, ...]:
        """Fetch; None for a file that no place has.

        Raises:
            NoSpace: the disk is full, or may not be written to.
        """
        try:
            while not self._tick():
                total = None if self._total is None else self._total // 1_000_000
                progress(self._schedule.written // 1_000_000, total, "MB")
        finally:
            self._end()
        return tuple(each.stored for each in self._makings)

    def said(self) -> tuple[tuple[tuple[str, str], ...], ...]:
        """Tell for every file that is lost what each place said of it."""
        return tuple(
            tuple((self._places[place].name, text) for place, text in self._schedule.said(number))
            if self._schedule.outcome(number) is Outcome.LOST
            else ()
            for number in range(len(self._makings))
        )

    def _tick(self) -> bool:
        """Start what can be started, then wait a moment; say whether all is done."""
        with self._change:
            self._admit(time.monotonic())
            while self._threads < _THREADS and not self._broken:
                order, whole = self._next()
                if order is None and whole is None:
                    break
                self._threads += 1
                threading.Thread(target=self._work, args=(order, whole), daemon=True).start()
            if not self._broken and not self._schedule.finished:
                self._change.wait(_TICK_S)
            if self._broken:
                raise self._broken
            return self._schedule.finished

    def _admit(self, now_s: float) -> None:
        """Begin with files that no other process is fetching; take over what one has finished."""
        if now_s < self._ask_again_s:
            return
        self._ask_again_s = now_s + _ASK_AGAIN_S
        begun = len(self._makings) - len(self._waiting)
        done = sum(each.stored is not None for each in self._makings)
        for _ in range(min(len(self._waiting), _AT_ONCE - begun + done)):
            number = self._waiting.popleft()
            if (held := self._makings[number].begin()) is not None:
                self._schedule.admit(number, held)
            elif self._makings[number].stored:
                self._schedule.settle(number, Outcome.GOOD)
            else:
                self._waiting.append(number)

    def _next(self) -> tuple[Order | None, int | None]:
        """Find something to do: an order, or a whole file to look at."""
        if self._over:
            return None, None
        if (whole := self._schedule.whole()) is not None:
            return None, whole
        order = self._schedule.next(time.monotonic())
        for each, answer in self._answers.items():
            if not self._schedule.wanted(each):
                _wake(answer)
        return order, None

    def _work(self, order: Order | None, whole: int | None) -> None:
        try:
            while order is not None or whole is not None:
                if order is not None:
                    self._carry_out(order)
                if whole is not None:
                    self._judge(whole)
                with self._change:
                    order, whole = self._next()
        except BaseException as fault:  # noqa: BLE001  # raised again where the caller waits
            self._broken = fault
        finally:
            with self._change:
                self._threads -= 1
                self._change.notify_all()

    def _judge(self, number: int) -> None:
        size = self._schedule.size(number) or 0
        making = self._makings[number]
        with self._change:
            copy = making.lend(self._schedule.copy(number))
        good = copy is not None and making.judge(copy, size)
        with self._change:
            if copy is not None:
                making.give_back(copy)
            if good:
                self._schedule.settle(number, Outcome.GOOD)
                making.close()
            else:
                self._schedule.refuted(number, "sent other bytes")

    def _carry_out(self, order: Order) -> None:
        making, fault = self._makings[order.target], None
        with self._change:
            copy = making.lend(order.copy)
        try:
            if copy is not None:
                self._receive(order, making, copy)
        except Fault as caught:
            fault = caught
        finally:
            with self._change:
                self._answers.pop(order, None)
                if copy is not None:
                    making.give_back(copy)
                self._tell(order, fault)

    def _tell(self, order: Order, fault: Fault | None) -> None:
        if fault is None or not self._schedule.wanted(order):
            self._schedule.ended(order)
        else:
            self._schedule.failed(
                order,
                fault.said,
                time.monotonic(),
                final=not fault.again,
                wait_s=fault.wait_s,
            )

    def _receive(self, order: Order, making: Making, copy: Copy) -> None:
        url = self._urls[order.target][order.place]
        stop = None if order.stop == ENDLESS else order.stop
        asked = http_ranges.question(order.position, stop, plain=order.plain)
        with self._client.open(url, asked) as (response, _):
            answer = http_ranges.read(response, order.position, plain=order.plain)
            with self._change:
                self._answers[order] = response
                self._schedule.answered(order, time.monotonic())
                if not self._is_of_use(order, answer, making):
                    return
                alone = order.start == 0 and order.stop in {answer.size, ENDLESS}
            measure = Measure() if alone else None
            self._write(
                order, http_ranges.blocks(response, order.position - answer.start), copy, measure
            )
            if measure and measure.size == order.written:
                making.measured(order.copy, measure)

    def _is_of_use(self, order: Order, answer: Answer, making: Making) -> bool:
        """Compare what an answer says of itself with what is known of the file."""
        if not making.same(answer.mark):
            raise Fault(said="changed the file in between", again=False)
        if not order.plain and not answer.ranged and answer.stop != order.stop:
            self._schedule.ranges_refused(order)
            if order.position:
                return False
        if answer.size is None and not order.plain and self._schedule.size(order.target) is None:
            raise Fault(said="does not tell the size of the file", again=False)
        if answer.size is not None:
            whole = answer.stop == answer.size
            said = self._schedule.learned(order, answer.size, whole=whole)
            if said is not None:
                raise Fault(said=said, again=False)
        return True

    def _write(
        self, order: Order, blocks: Iterator[bytes], copy: Copy, measure: Measure | None
    ) -> None:
        for block in blocks:
            with self._change:
                at, granted = order.position, self._schedule.take(order, len(block))
            if granted:
                copy.write(at, memoryview(block)[:granted])
                if measure:
                    measure.add(memoryview(block)[:granted])
            with self._change:
                self._schedule.wrote(order, granted, time.monotonic())
                if not self._schedule.wanted(order):
                    return
        if order.position == order.start and order.stop != ENDLESS:
            raise Fault(said="sent nothing")

    def _end(self) -> None:
        """Stop the threads; one that waits for a server to say its first word ends by itself."""
        with self._change:
            self._over = True
            for answer in self._answers.values():
                _wake(answer)
            self._change.wait_for(lambda: not self._threads, _PARTING_S)
            for each in self._makings:
                each.close()


def _wake(answer: "BaseHTTPResponse") -> None:
    """End the wait of the thread that reads this answer."""
    from urllib3 import HTTPResponse

    with suppress(ValueError, RuntimeError, OSError):
        if isinstance(answer, HTTPResponse):
            answer.shutdown()
