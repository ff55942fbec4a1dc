"""How the work is shared out between places: whom to ask first, and how much at a time."""

from collections.abc import Mapping, Sequence

from builder.schedule.places import PlaceState

SLICE = 2 << 20  # bytes; a good connection needs well under a second for them
_LEAST_SLICE = 64 << 10
_FAR = 4  # times slower


def free(
    places: Sequence[PlaceState], busy: Mapping[str, int], connections: int, now_s: float
) -> list[int]:
    """List the places that may be asked now, those with the largest share to give first."""
    known = [cost for each in places if (cost := each.cost_s()) is not None]
    best = min(known, default=1.0)

    def share(number: int) -> float:
        state = places[number]
        weight = state.trust * best / (state.cost_s() or best)
        return -weight / (busy.get(state.place.host, 0) + 1)

    found = [
        number
        for number, each in enumerate(places)
        if each.rest_until_s <= now_s and busy.get(each.place.host, 0) < connections
    ]
    return sorted(found, key=share)


def slice_of(places: Sequence[PlaceState], place: int) -> int:
    """Tell how many bytes a place gets at a time: one that is slow would end last with more.

    From half the speed of the best one downwards its slices take less and less time, too.
    """
    best = max((each.speed for each in places if each.speed), default=None)
    mine = places[place].speed
    share = 1.0 if mine is None or best is None else min(2 * mine / best, 1.0)
    return max(int(SLICE * share**2), _LEAST_SLICE)


def far_slower(places: Sequence[PlaceState], place: int) -> dict[int, float]:
    """Name the places that are far slower than this one, and from where on they hold too much.

    Returns:
        By place, the bytes for which it needs as long as this one for several slices.
    """
    mine = places[place].speed
    if mine is None:
        return {}
    return {
        number: _FAR * SLICE * each.speed / mine
        for number, each in enumerate(places)
        if each.speed is not None and each.speed * _FAR < mine
    }
