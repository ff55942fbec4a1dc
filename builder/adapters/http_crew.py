"""The threads behind ``Downloads``: each carries one order out at a time.

The thread that called claims files, starts threads while there is work for more of them, and
tells how far it is.
"""

import sys
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

from msgspec import Struct

from builder.adapters import http_ranges
from builder.adapters.http_board import GROWTH_S, Board, Task
from builder.adapters.http_client import Client
from builder.adapters.http_faults import Fault
from builder.adapters.http_making import Making
from builder.adapters.store import FolderStore
from builder.adapters.store_partial import Copy
from builder.model.digest import Digest
from builder.model.stored import StoredFile
from builder.ports import Progress
from builder.schedule import ENDLESS, Order, Outcome, Place, Schedule, Target

_THREADS = 64
_AT_ONCE = 256  # files that are claimed; each costs a descriptor
_TICK_S = 0.05
_PARTING_S = 0.2
_TURN_S = 0.0005
_ASK_AGAIN_S = 0.2  # for a file that another process is fetching


class Job(Struct, frozen=True, kw_only=True):
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
        self._schedule = Schedule(
            tuple(_target(each) for each in jobs),
            places,
            connections=client.connections,
            rest_s=client.rest_s,
        )
        self._board = Board(self._schedule)
        sizes = [each.size for each in jobs]
        self._total = None if None in sizes else sum(each or 0 for each in sizes)
        largest_first = sorted(range(len(jobs)), key=lambda each: -(sizes[each] or ENDLESS))
        self._waiting = deque(largest_first)
        self._ask_again_s = 0.0

    def run(self, progress: Progress) -> tuple[StoredFile | None, ...]:
        """Fetch; None for a file that no place has.

        Raises:
            NoSpace: the disk is full, or may not be written to.
        """
        self._client.load()
        try:
            with _lively_threads():
                self._watch(progress)
        finally:
            self._board.close(_PARTING_S)
            for each in self._makings:
                each.close()
        return tuple(each.stored for each in self._makings)

    def _watch(self, progress: Progress) -> None:
        finished = False
        while not finished:
            self._admit(time.monotonic())
            more = self._board.start(_THREADS, self._work, time.monotonic())
            finished = self._board.wait(GROWTH_S if more else _TICK_S)
            total = None if self._total is None else self._total // 1_000_000
            progress(self._board.written // 1_000_000, total, "MB")

    def said(self) -> tuple[tuple[tuple[str, str], ...], ...]:
        """Tell for every file that is lost what each place said of it."""
        return tuple(
            tuple((self._places[place].name, text) for place, text in self._schedule.said(number))
            if self._schedule.outcome(number) is Outcome.LOST
            else ()
            for number in range(len(self._makings))
        )

    def _admit(self, now_s: float) -> None:
        """Begin with files that no other process is fetching; take over what one has finished."""
        if now_s < self._ask_again_s:
            return
        self._ask_again_s = now_s + _ASK_AGAIN_S
        begun = len(self._makings) - len(self._waiting)
        done = sum(each.stored is not None for each in self._makings)
        for count in range(min(len(self._waiting), _AT_ONCE - begun + done)):
            number = self._waiting.popleft()
            if (held := self._makings[number].begin()) is not None:
                self._board.admit(number, held)
            elif self._makings[number].stored:
                self._board.settle(number)
            else:
                self._waiting.append(number)
            if not count % 8:  # the first connections need not wait for the last claim
                self._board.start(_THREADS, self._work, time.monotonic())

    def _work(self, task: Task) -> None:
        while task is not None:
            task = self._judge(task) if isinstance(task, int) else self._carry_out(task)

    def _judge(self, number: int) -> Task:
        copy_number, size = self._board.begun(number)
        making = self._makings[number]
        copy = making.lend(copy_number)
        good = copy is not None and making.judge(copy, size)
        if copy is not None:
            making.give_back(copy)
        if good:
            making.close()
        return self._board.judged(number, good=good)

    def _carry_out(self, order: Order) -> Task:
        making, fault = self._makings[order.target], None
        copy = making.lend(order.copy)
        try:
            if copy is not None:
                self._receive(order, making, copy)
        except Fault as caught:
            fault = caught
        finally:
            if copy is not None:
                making.give_back(copy)
        return self._board.ended(order, fault)

    def _receive(self, order: Order, making: Making, copy: Copy) -> None:
        url = self._urls[order.target][order.place]
        stop = None if order.stop == ENDLESS else order.stop
        asked = http_ranges.question(order.position, stop, plain=order.plain)
        with self._client.open(url, asked) as (response, _):
            answer = http_ranges.read(response, order.position, plain=order.plain)
            if not making.same(answer.mark):
                raise Fault(said="changed the file in between", again=False)
            if not self._board.answered(order, answer, response):
                return
            blocks = http_ranges.blocks(response, order.position - answer.start)
            self._write(order, blocks, copy)

    def _write(self, order: Order, blocks: Iterator[bytes], copy: Copy) -> None:
        for block in blocks:
            at, granted = self._board.take(order, len(block))
            if granted:
                copy.write(at, memoryview(block)[:granted])
            if not self._board.wrote(order, granted):
                return
        if order.position == order.start and order.stop != ENDLESS:
            raise Fault(said="sent nothing")


@contextmanager
def _lively_threads() -> Iterator[None]:
    """Let threads take turns more often: they wait for each other more than they work.

    On a busy machine this takes a third off the time of many small files.
    """
    usual_s = sys.getswitchinterval()
    sys.setswitchinterval(min(usual_s, _TURN_S))
    try:
        yield
    finally:
        sys.setswitchinterval(usual_s)


def _target(job: Job) -> Target:
    return Target(
        places=tuple(place for place, _ in job.urls),
        size=job.size,
        checked=job.digest is not None,
    )
