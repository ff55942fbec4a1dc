"""Which mirrors downloads would use, of those that were looked at, and why: pure."""

from datetime import timedelta

from builder.model.mirror import Health, Standing
from builder.schedule import FRONT

_LATE = timedelta(days=3)


def standings(healths: tuple[Health, ...]) -> tuple[Standing, ...]:
    """Judge every mirror, in the order that was asked for.

    Downloads go to the first few that do well, side by side; the others stand behind them, for
    files that those do not have.
    """
    newest = max((each.generated for each in healths if each.generated), default=None)
    found, rank = [], 0
    for each in healths:
        if each.said is not None:
            found.append(Standing(health=each, rank=None, why=f"not used: {each.said}"))
            continue
        rank += 1
        why = "used" if rank <= FRONT else f"stands behind the first {FRONT}"
        if each.generated and newest and newest - each.generated > _LATE:
            days = (newest - each.generated).days
            why += f"; its index is {days} days older than the newest here"
        found.append(Standing(health=each, rank=rank, why=why))
    return tuple(found)
