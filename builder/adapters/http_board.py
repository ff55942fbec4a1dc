"""The schedule of one download, for many threads: every question and every answer under a lock."""

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING

from builder.adapters.http_faults import Fault
from builder.adapters.http_ranges import Answer
from builder.schedule import Order, Outcome, Schedule

if TYPE_CHECKING:
    from urllib3 import BaseHTTPResponse

GROWTH_S = 0.005  # between looks at whether more threads are of use
Task = Order | int | None
"""What a thread does next: carry an order out, look at a whole file by its number, or end."""


class Board:
    """Hands tasks out and hears what came of them."""

    def __init__(self, schedule: Schedule) -> None:
        self._schedule = schedule
        self._lock = threading.Lock()  # a plain one: it is taken for every block that comes
        self._change = threading.Condition(self._lock)
        self._answers: dict[Order, BaseHTTPResponse] = {}
        self._waiting: set[Order] = set()  # for what a server sends next
        self._threads = 0
        self._grown_s = 0.0  # when threads were started
        self._heard = False
        self._over = False
        self._broken: BaseException | None = None

    @property
    def written(self) -> int:
        """Count the bytes on the disk."""
        with self._lock:
            return self._schedule.written

    def admit(self, number: int, held: tuple[tuple[int, int], ...]) -> None:
        """Begin with a file."""
        with self._lock:
            self._schedule.admit(number, held)

    def settle(self, number: int) -> None:
        """Hear that a file is in the store."""
        with self._lock:
            self._schedule.settle(number, Outcome.GOOD)

    def judged(self, number: int, *, good: bool) -> Task:
        """Hear of a look at a whole file; say what to do next."""
        with self._lock:
            if good:
                self._schedule.settle(number, Outcome.GOOD)
            else:
                self._schedule.refuted(number, "sent other bytes")
            return self._next()

    def begun(self, number: int) -> tuple[int, int]:
        """Tell the copy that counts and the size of a whole file."""
        with self._lock:
            return self._schedule.copy(number), self._schedule.size(number) or 0

    def answered(self, order: Order, answer: Answer, response: "BaseHTTPResponse") -> bool:
        """Hear what an answer says of itself; say whether its body is of use.

        Raises:
            Fault: it is not the file.
        """
        with self._lock:
            self._heard = True
            self._answers[order] = response
            self._schedule.answered(order, time.monotonic())
            if not order.plain and not answer.ranged and answer.stop != order.stop:
                self._schedule.ranges_refused(order)
                if order.position:
                    return False
            unknown = self._schedule.size(order.target) is None
            if answer.size is None and not order.plain and unknown:
                raise Fault(said="does not tell the size of the file", again=False)
            if answer.size is not None:
                whole = answer.stop == answer.size
                said = self._schedule.learned(order, answer.size, whole=whole)
                if said is not None:
                    raise Fault(said=said, again=False)
            return True

    def take(self, order: Order, count: int) -> tuple[int, int]:
        """Claim the next bytes for writing: where they go, and how many of them."""
        with self._lock:
            self._waiting.discard(order)
            return order.position, self._schedule.take(order, count)

    def wrote(self, order: Order, count: int) -> bool:
        """Hear that bytes are written; say whether more are wanted."""
        with self._lock:
            self._schedule.wrote(order, count, time.monotonic())
            wanted = self._schedule.wanted(order)
            if wanted:
                self._waiting.add(order)
            return wanted

    def ended(self, order: Order, fault: Fault | None) -> Task:
        """Hear how an order ended; say what to do next."""
        with self._lock:
            self._waiting.discard(order)
            self._answers.pop(order, None)
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
            return self._next()

    def start(self, most: int, work: Callable[[Task], None], now_s: float) -> bool:
        """Start more threads while there is something to do for them, ``most`` in all.

        Twice as many each time until the first answer comes, then one by one; none while one is
        busy with what has come: where that comes faster than it can be dealt with, more threads
        would only stand in each other's way.

        Returns:
            Whether it may be worth to start more in a moment.
        """
        if now_s < self._grown_s + GROWTH_S:
            return True
        self._grown_s = now_s
        for _ in range(1 if self._heard else max(self._threads, 2)):
            with self._lock:
                has_time = self._threads < most and len(self._waiting) == self._threads
                task = self._next() if has_time else None
                if task is None:
                    return False
                self._threads += 1
            threading.Thread(target=self._run, args=(task, work), daemon=True).start()
        return True

    def wait(self, seconds: float) -> bool:
        """Wait a moment; say whether all is done.

        Raises:
            BaseException: what a thread did not foresee.
        """
        with self._change:
            if not self._broken and not self._schedule.finished:
                self._change.wait(seconds)
            if self._broken:
                raise self._broken
            return self._schedule.finished

    def close(self, seconds: float) -> None:
        """Stop the threads; one that waits for a server to say its first word ends by itself."""
        with self._change:
            self._over = True
            for answer in self._answers.values():
                _wake(answer)
            self._change.wait_for(lambda: not self._threads, seconds)

    def _run(self, task: Task, work: Callable[[Task], None]) -> None:
        try:
            work(task)
        except BaseException as fault:  # noqa: BLE001  # raised again where the caller waits
            self._broken = fault
        with self._change:
            self._threads -= 1
            self._change.notify_all()

    def _next(self) -> Task:
        if self._over or self._broken:
            return None
        if (whole := self._schedule.whole()) is not None:
            return whole
        order = self._schedule.next(time.monotonic())
        if order:
            self._waiting.add(order)
        for each, answer in self._answers.items():
            if not self._schedule.wanted(each):
                _wake(answer)
        return order


def _wake(answer: "BaseHTTPResponse") -> None:
    """End the wait of the thread that reads this answer."""
    from urllib3 import HTTPResponse

    with suppress(ValueError, RuntimeError, OSError):
        if isinstance(answer, HTTPResponse):
            answer.shutdown()
