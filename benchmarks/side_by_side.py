"""Several ways to do things, timed in turn, and how often as long as another each of them takes.

A ratio is the median of the ratios of each round, so that a machine that grows busy or idle
meanwhile shows less.
"""

import os
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One way to do a thing, and how often as long as another it may take."""

    name: str
    run: Callable[[], object]
    base: str | None = None
    bound: float | None = None


def with_bytecode() -> dict[str, str]:
    """Give the environment of a command that keeps what it compiles, as an installed one does."""
    return {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}


def compared(cases: tuple[Case, ...], rounds: int) -> bool:
    """Measure every case in turn, several times over; print medians, tell if all bounds hold."""
    print(f"medians; load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")
    times: dict[str, list[float]] = {each.name: [] for each in cases}
    for _ in range(rounds + 1):  # the first round warms up
        for each in cases:
            times[each.name].append(_timed(each.run))
    met = [_reported(each, {name: taken[1:] for name, taken in times.items()}) for each in cases]
    return all(met)


def _timed(run: Callable[[], object]) -> float:
    started = time.perf_counter()
    run()
    return time.perf_counter() - started


def _reported(case: Case, times: dict[str, list[float]]) -> bool:
    taken = times[case.name]
    line = f"{case.name:34} {statistics.median(taken) * 1000:8.1f} ms"
    if case.base is None:
        print(line)
        return True
    ratio = statistics.median(a / b for a, b in zip(taken, times[case.base], strict=True))
    met = case.bound is None or ratio <= case.bound
    note = "" if case.bound is None else f"  at most {case.bound:g}x{'' if met else ': MISSED'}"
    print(f"{line}  {ratio:6.2f}x {case.base}{note}")
    return met
