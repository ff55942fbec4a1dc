"""The schedule, driven by a made-up world: what it asks of which mirror, and when."""

import pytest

from builder.schedule import Order, Outcome, Place, Schedule, Target

_MB = 1 << 20


def _schedule(*sizes: int | None, mirrors: int = 2, connections: int = 16) -> Schedule:
    places = tuple(Place(name=f"m{n}", host=f"m{n}.example") for n in range(mirrors))
    order = tuple(range(mirrors))
    targets = tuple(Target(places=order, size=each, checked=True) for each in sizes)
    return _admitted(Schedule(targets, places, connections=connections), len(targets))


def _admitted(schedule: Schedule, count: int = 1) -> Schedule:
    for target in range(count):
        schedule.admit(target)
    return schedule


def _all(schedule: Schedule, now_s: float = 0.0) -> list[Order]:
    found = []
    while order := schedule.next(now_s):
        found.append(order)
    return found


def _serve(schedule: Schedule, order: Order, now_s: float, *, count: int | None = None) -> None:
    granted = schedule.take(order, order.left if count is None else count)
    schedule.wrote(order, granted, now_s)
    if count is None:
        schedule.ended(order)


def test_the_largest_file_goes_first_and_is_cut_into_ranges() -> None:
    orders = _all(_schedule(100, 5 * _MB, mirrors=1))
    assert [(each.target, each.start, each.stop) for each in orders] == [
        (1, 0, 2 * _MB),
        (1, 2 * _MB, 5 * _MB),
        (0, 0, 100),
    ]


def test_a_file_in_one_piece_is_asked_for_without_a_range() -> None:
    assert [each.plain for each in _all(_schedule(3 * _MB, 4 * _MB))] == [False, False, True]


def test_no_host_has_more_connections_than_its_limit() -> None:
    orders = _all(_schedule(100 * _MB, mirrors=2, connections=3))
    assert sorted(each.place for each in orders) == [0, 0, 0, 1, 1, 1]


def test_two_mirrors_on_one_host_share_its_limit() -> None:
    places = tuple(Place(name=each, host="one.example") for each in ("a", "b"))
    target = Target(places=(0, 1), size=100 * _MB, checked=True)
    assert len(_all(_admitted(Schedule((target,), places, connections=4)))) == 4


def test_the_first_answer_tells_a_size_that_nobody_knew() -> None:
    schedule = _schedule(None, mirrors=1)
    (first,) = _all(schedule)
    assert (first.start, first.stop, first.plain) == (0, 2 * _MB, False)
    assert schedule.learned(first, 5 * _MB) is None
    assert [(each.start, each.stop) for each in _all(schedule)] == [(2 * _MB, 5 * _MB)]


def test_a_mirror_that_fails_leaves_its_range_to_the_others() -> None:
    schedule = _schedule(_MB)
    order = schedule.next(0.0)
    assert order
    schedule.wrote(order, schedule.take(order, 1000), 0.1)
    schedule.failed(order, "broke off", 0.2, final=True)
    other = schedule.next(0.2)
    assert other
    assert (other.place, other.start, other.stop) == (1 - order.place, 1000, _MB)


def test_a_mirror_rests_for_as_long_as_it_asks() -> None:
    schedule = _schedule(_MB, mirrors=1)
    order = schedule.next(0.0)
    assert order
    schedule.failed(order, "answered 429", 1.0, final=False, wait_s=7.0)
    assert schedule.next(7.9) is None
    assert schedule.wake_s(7.9) == 8.0
    assert schedule.next(8.0)


def test_a_mirror_that_never_answers_is_given_up_for_all_files() -> None:
    schedule, now_s, asked = _schedule(*[100] * 50, mirrors=1), 0.0, 0
    while not schedule.finished:
        if order := schedule.next(now_s):
            asked += 1
            schedule.failed(order, "Connection refused", now_s, final=False)
        else:
            now_s = schedule.wake_s(now_s) or now_s
    assert schedule.outcome(0) is Outcome.LOST
    assert schedule.said(49) == ((0, "Connection refused"),)
    assert asked < 20
    assert now_s < 20


def test_a_slow_mirror_gets_a_small_share() -> None:
    schedule, now_s, served = _schedule(400 * _MB, connections=8), 0.0, [0, 0]
    running = _all(schedule)
    while schedule.outcome(0) is not Outcome.WHOLE:
        now_s += 0.1
        for each in list(running):
            count = schedule.take(each, (_MB, _MB // 20)[each.place])
            schedule.wrote(each, count, now_s)
            served[each.place] += count
            if not each.left:
                schedule.ended(each)
                running.remove(each)
        running += _all(schedule, now_s)
    assert served[1] < sum(served) / 10


def test_what_stands_still_is_taken_over_whole() -> None:
    schedule = _schedule(_MB)
    order = schedule.next(0.0)
    assert order
    assert schedule.next(0.05) is None
    other = schedule.next(20.0)
    assert other
    assert (other.start, other.stop, order.left) == (0, _MB, 0)
    assert schedule.take(order, 100) == 0


def test_of_a_slow_range_only_the_rest_is_taken_over() -> None:
    schedule = _schedule(2 * _MB)
    order = schedule.next(0.0)
    assert order
    for tick in range(1, 11):
        _serve(schedule, order, tick / 10, count=10_000)
    other = schedule.next(1.0)
    assert other
    assert (other.start, other.stop) == (order.stop, 2 * _MB)
    assert 100_000 <= order.stop < _MB


def test_a_mirror_that_lied_alone_is_not_asked_again_for_that_file() -> None:
    schedule = _schedule(100)
    order = schedule.next(0.0)
    assert order
    _serve(schedule, order, 0.1)
    schedule.refuted(0, "sent other bytes")
    again = schedule.next(0.2)
    assert again
    assert again.place != order.place
    assert (again.copy, schedule.said(0)) == (1, ((order.place, "sent other bytes"),))


def test_a_file_that_several_served_wrongly_comes_again_from_one_that_did_not() -> None:
    schedule = _schedule(9 * _MB, mirrors=3, connections=2)
    first = _all(schedule)
    for each in first:
        if each.place == 2:
            schedule.failed(each, "answered 503", 0.1, final=False)
        else:
            _serve(schedule, each, 0.1)
    while order := next((e for e in _all(schedule, 0.1) if e.place != 2), None):
        _serve(schedule, order, 0.1)
    assert schedule.outcome(0) is Outcome.WHOLE
    schedule.refuted(0, "sent other bytes")
    assert {each.place for each in _all(schedule, 0.2)} == {2}


def test_every_place_that_lies_is_asked_once_alone_and_then_the_file_is_lost() -> None:
    schedule, now_s, copies = _schedule(9 * _MB, mirrors=3), 0.0, 0
    while not schedule.finished:
        now_s += 1
        for each in _all(schedule, now_s):
            _serve(schedule, each, now_s)
        if schedule.outcome(0) is Outcome.WHOLE:
            copies += 1
            schedule.refuted(0, "sent other bytes")
    assert (schedule.outcome(0), copies) == (Outcome.LOST, 4)
    assert [place for place, _ in schedule.said(0)] == [0, 1, 2]


@pytest.mark.parametrize("size", [None, 9 * _MB])
def test_a_file_without_a_digest_comes_from_one_mirror_alone(size: int | None) -> None:
    target = Target(places=(0, 1), size=size, checked=False)
    places = (Place(name="a", host="a"), Place(name="b", host="b"))
    schedule = _admitted(Schedule((target,), places, connections=16))
    (order,) = _all(schedule)
    schedule.learned(order, 9 * _MB, whole=True)
    _serve(schedule, order, 0.5, count=_MB)
    assert schedule.next(30.0) is None
    schedule.failed(order, "broke off", 30.0, final=False)
    resumed = schedule.next(40.0)
    assert resumed
    assert (resumed.place, resumed.start, resumed.stop) == (order.place, _MB, 9 * _MB)
    schedule.failed(resumed, "answered 404", 41.0, final=True)
    other = schedule.next(50.0)
    assert other
    assert (other.place, other.start, other.copy) == (1 - order.place, 0, 1)


def test_a_place_without_ranges_sends_whole_files() -> None:
    schedule = _schedule(8 * _MB, mirrors=1)
    first, *others = _all(schedule)
    for each in others:
        schedule.ranges_refused(each)
        schedule.ended(each)
    schedule.learned(first, 8 * _MB, whole=True)
    assert first.stop == 8 * _MB
    assert schedule.next(0.1) is None


def test_a_file_that_is_not_admitted_yet_waits() -> None:
    target = Target(places=(0,), size=100, checked=True)
    schedule = Schedule((target,), (Place(name="a", host="a"),), connections=9)
    assert (schedule.next(0.0), schedule.finished) == (None, False)
    schedule.admit(0)
    assert schedule.next(0.0)


def test_what_an_earlier_run_has_is_not_asked_for() -> None:
    target = Target(places=(0,), size=4 * _MB, checked=True)
    schedule = Schedule((target,), (Place(name="a", host="a"),), connections=9)
    schedule.admit(0, ((0, _MB), (2 * _MB, 3 * _MB)))
    assert [(e.start, e.stop) for e in _all(schedule)] == [(_MB, 2 * _MB), (3 * _MB, 4 * _MB)]


def test_a_whole_file_is_given_out_for_a_look_once() -> None:
    schedule = _schedule(100)
    (order,) = _all(schedule)
    assert schedule.whole() is None
    _serve(schedule, order, 0.1)
    assert (schedule.whole(), schedule.whole()) == (0, None)


def test_a_file_that_no_place_has_is_lost_at_once() -> None:
    schedule = Schedule((Target(places=(), size=1, checked=True),), (), connections=1)
    assert (schedule.outcome(0), schedule.finished) == (Outcome.LOST, True)


def test_a_small_file_of_the_front_mirrors_never_bothers_those_behind() -> None:
    schedule = _schedule(*[100] * 200, mirrors=6)
    assert {each.place for each in _all(schedule)} == {0, 1, 2, 3}


def test_faults_that_were_under_way_together_are_one_fault() -> None:
    schedule = _schedule(*[100] * 9, mirrors=1, connections=4)
    for each in _all(schedule):
        schedule.failed(each, "answered 503", 0.1, final=False)
    again = _all(schedule, 0.1)
    assert len(again) == 4
    for each in again:
        schedule.failed(each, "answered 503", 0.2, final=False)
    assert schedule.next(0.44) is None
    assert schedule.next(0.46)


def _with_a_slow_one(*sizes: int) -> tuple[Schedule, dict[int, Order]]:
    """Let one mirror be known to be ten times slower than the other."""
    schedule = _schedule(*sizes, connections=1)
    orders = {each.place: each for each in _all(schedule)}
    for tick in range(1, 6):
        for place, each in orders.items():
            _serve(schedule, each, tick / 10, count=(200_000, 20_000)[place])
    return schedule, orders


def test_a_slow_mirror_keeps_no_large_range_while_there_is_other_work() -> None:
    schedule, orders = _with_a_slow_one(*[2 * _MB] * 9)
    _serve(schedule, orders[0], 0.6)
    relief = schedule.next(0.6)
    assert relief
    assert (relief.place, relief.target, relief.stop) == (0, orders[1].target, 2 * _MB)
    assert orders[1].left < 300_000


def test_a_slow_mirror_gets_little_at_a_time() -> None:
    schedule, orders = _with_a_slow_one(*[2 * _MB] * 9)
    schedule.failed(orders[1], "broke off", 0.6, final=False)
    small = schedule.next(0.6)
    assert small
    assert (small.place, small.stop - small.start < 200_000) == (1, True)
