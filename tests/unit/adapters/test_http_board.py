"""How many threads a download has: more while all of them wait, none while one is busy."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from queue import Queue

from urllib3 import HTTPResponse

from builder.adapters.http_board import GROWTH_S, Board, Task
from builder.adapters.http_ranges import Answer
from builder.schedule import Order, Place, Schedule, Target


def _board() -> Board:
    target = Target(places=(0,), size=100, checked=True)
    schedule = Schedule((target,) * 20, (Place(name="a", host="a"),), connections=16)
    for number in range(20):
        schedule.admit(number)
    return Board(schedule)


@contextmanager
def _crew(board: Board) -> Iterator[tuple[Queue[Task], Callable[[int], int]]]:
    """Lend the tasks of threads that wait until the end, and a way to start more of them."""
    tasks, over, others = Queue[Task](), threading.Event(), threading.active_count()

    def work(task: Task) -> None:
        tasks.put(task)
        over.wait(20)

    def grown(look: int) -> int:
        board.start(7, work, 1 + look * GROWTH_S)
        return threading.active_count() - others

    try:
        yield tasks, grown
    finally:
        over.set()
        board.close(5)


def test_while_nobody_answers_the_threads_double_up_to_their_limit() -> None:
    with _crew(_board()) as (_, grown):
        assert [grown(look) for look in (1, 1, 2, 3, 4)] == [2, 2, 4, 7, 7]


def test_while_one_is_busy_with_what_came_no_more_are_started() -> None:
    board = _board()
    with _crew(board) as (tasks, grown):
        assert grown(1) == 2
        busy = tasks.get(timeout=20)
        assert isinstance(busy, Order)
        board.take(busy, 50)
        assert grown(2) == 2
        board.wrote(busy, 50)
        assert grown(3) == 4


def test_who_has_an_answer_and_no_byte_of_it_yet_is_not_busy() -> None:
    board = _board()
    answer = Answer(ranged=False, start=0, stop=100, size=100, mark=(None, None))
    with _crew(board) as (tasks, grown):
        assert grown(1) == 2
        order = tasks.get(timeout=20)
        assert isinstance(order, Order)
        assert board.answered(order, answer, HTTPResponse(b""))
        assert grown(2) == 3
