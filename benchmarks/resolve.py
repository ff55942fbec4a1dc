"""Times the resolution of real plugin sets against reading their catalogue; exits 1 over a bound.

Run: PYTHONPATH=. python benchmarks/resolve.py [--catalogue PATH] [--plugins PATH] [--rounds N]
"""

import argparse
import gc
import json
import resource
import subprocess
import sys
from pathlib import Path
from random import Random

from benchmarks.side_by_side import Case, compared
from builder.errors import ResolutionError
from builder.formula.plugin_list import plugin_list
from builder.model.formula import Mode, Place, Wish
from builder.model.lock import Resolution
from builder.model.plugin import PluginId
from builder.resolve import Question, Universe, settle
from builder.resolve.detached import of_core
from builder.sources import update_center
from builder.sources.wrapping import unpacked

_DATA = Path(__file__).parents[2] / "shared" / "data"
_JAVA = 21
_SIZES = (20, 200, 2000)
_MEMORY = 120_000_000  # bytes
_READING = "json.loads"


def main() -> int:
    """Measure every case in turn, several times over, and compare the medians."""
    options = _options()
    if not (options.catalogue.is_file() and options.plugins.is_file()):
        print(f"nothing measured: {options.catalogue} or {options.plugins} is not there")
        return 0
    content = unpacked(options.catalogue.read_bytes())
    listed = plugin_list(options.plugins.read_text(), file=str(options.plugins))
    if options.once:
        _resolved(content, listed)
        return 0
    cases = _cases(content, listed)
    gc.freeze()  # what is kept for later is no part of what is measured
    met = compared(cases, options.rounds)
    return 0 if _memory() and met else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    catalogue = _DATA / "catalogues" / "tsinghua-2026-08-22.json.xz"
    plugins = _DATA / "formulas" / "ks-jenkins-2026.plugins.txt"
    parser.add_argument("--catalogue", type=Path, default=catalogue)
    parser.add_argument("--plugins", type=Path, default=plugins, help="a list of plugins")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--once", action="store_true", help="resolve the list and measure nothing")
    return parser.parse_args()


def _cases(content: bytes, listed: tuple[Wish, ...]) -> tuple[Case, ...]:
    """List them; the bounds are 30 ms and 2 s where the JSON takes 20 ms, and linear in the set."""
    text = content[content.index(b"{") : content.rindex(b"}") + 1].decode()
    universe = _universe(content)
    usable = _usable(universe)
    drawn = {size: Random(size).sample(usable, size) for size in _SIZES}  # noqa: S311  # no secret
    smallest = f"{_SIZES[0]} plugins at once"
    return (
        Case(name=_READING, run=lambda: json.loads(text)),
        Case(
            name=f"decode, and {len(listed)} plugins",
            run=lambda: _resolved(content, listed),
            base=_READING,
            bound=1.5,
        ),
        Case(
            name="decode, and every single one",
            run=lambda: _usable(_universe(content)),
            base=_READING,
            bound=100,
        ),
        Case(name=smallest, run=lambda: _answer(universe, drawn[_SIZES[0]]), base=_READING),
        *(_larger(universe, drawn[size], smallest) for size in _SIZES[1:]),
    )


def _larger(universe: Universe, drawn: list[PluginId], base: str) -> Case:
    return Case(
        name=f"{len(drawn)} plugins at once",
        run=lambda: _answer(universe, drawn),
        base=base,
        bound=1.5 * len(drawn) / _SIZES[0],
    )


def _universe(content: bytes) -> Universe:
    catalogue = update_center.decode(content, name="file")
    core = catalogue.cores[0].version
    return Universe(core=core, java=_JAVA, catalogue=catalogue, detached=of_core(core, _JAVA))


def _resolved(content: bytes, listed: tuple[Wish, ...]) -> None:
    answer = settle(Question(universe=_universe(content), wishes=listed))
    assert isinstance(answer, Resolution)


def _usable(universe: Universe) -> list[PluginId]:
    """Ask for every plugin alone, and give those that have an answer."""
    found = []
    for each in sorted(universe.catalogue.ids()):
        try:
            _answer(universe, [each])
        except ResolutionError:
            continue
        found.append(each)
    return found


def _answer(universe: Universe, plugins: list[PluginId]) -> None:
    place = Place("benchmark", 1, 1)
    wishes = (
        Wish(plugin=each, version=None, group=None, place=place, mode=Mode.NEWEST)
        for each in plugins
    )
    assert isinstance(settle(Question(universe=universe, wishes=tuple(wishes))), Resolution)


def _memory() -> bool:
    """Resolve the list in a process of its own, and look how large that grew."""
    command = (sys.executable, *sys.argv, "--once")
    subprocess.run(command, check=True)  # noqa: S603 - ourselves
    used = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024
    met = used <= _MEMORY
    note = f"at most {_MEMORY / 1e6:.0f} MB{'' if met else ': MISSED'}"
    print(f"{'memory, the whole process':34} {used / 1e6:8.1f} MB  {note}")
    return met


if __name__ == "__main__":
    sys.exit(main())
