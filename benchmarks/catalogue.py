"""Times the reading and checking of a catalogue against the standard library; exits 1 over a bound.

A ratio is the median of the ratios of each round, so that a machine that grows busy or idle
meanwhile shows less.

Run: python benchmarks/catalogue.py [--catalogue PATH --trust PEM] [--history PATH] [--rounds N]
"""

import argparse
import json
import lzma
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from builder.adapters.store import FolderStore
from builder.model.digest import Digest
from builder.model.plugin import PluginId
from builder.sources import history, update_center
from builder.sources.canonical import canonical, members
from builder.sources.roots import RootFile, Roots
from builder.sources.signature import verify
from builder.sources.vouched import Paper, vouch
from builder.sources.wrapping import unpacked

_DATA = Path(__file__).parents[2] / "shared" / "data" / "catalogues"
_AT = datetime(2026, 11, 23, tzinfo=UTC)
_WISHES = 152


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One way to do a thing, and how often as long as another it may take."""

    name: str
    run: Callable[[], object]
    base: str | None = None
    bound: float | None = None


def main() -> int:
    """Measure every case in turn, several times over, and compare the medians."""
    options = _options()
    if not (options.catalogue.is_file() and options.history.is_file()):
        print(f"nothing measured: {options.catalogue} or {options.history} is not there")
        return 0
    with tempfile.TemporaryDirectory() as folder:
        cases = _cases(options, FolderStore(Path(folder)))
        print(f"medians; load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")
        times: dict[str, list[float]] = {each.name: [] for each in cases}
        for _ in range(options.rounds + 1):  # the first round warms up
            for each in cases:
                times[each.name].append(_timed(each.run))
    met = [_reported(each, {name: taken[1:] for name, taken in times.items()}) for each in cases]
    return 0 if all(met) else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--catalogue", type=Path, default=_DATA / "tsinghua-2026-08-22.json.xz")
    parser.add_argument("--history", type=Path, default=_DATA / "plugin-versions.json.xz")
    parser.add_argument("--trust", type=Path, default=_DATA / "lework-root-ca.crt")
    parser.add_argument("--rounds", type=int, default=7)
    return parser.parse_args()


def _cases(options: argparse.Namespace, store: FolderStore) -> tuple[Case, ...]:
    packed = options.catalogue.read_bytes()
    content, old = unpacked(packed), lzma.decompress(options.history.read_bytes())
    text = content[content.index(b"{") : content.rindex(b"}") + 1].decode()
    parts = members(content)
    roots = Roots(files=(RootFile(name="trusted", content=options.trust.read_bytes()),))
    paper = Paper(
        name="file",
        digest=Digest.of(packed),
        content=lambda: content,
        at=_AT,
        seen=_AT,
        may_be_unsigned=False,
    )
    return (
        Case(name="json.loads", run=lambda: json.loads(text)),
        Case(name="json.loads and sorted dumps", run=lambda: _dumped(text)),
        Case(
            name=f"decode, {_WISHES} plugins",
            run=lambda: _plugins(content, _WISHES),
            base="json.loads",
            bound=0.5,
        ),
        Case(name="decode, all plugins", run=lambda: _plugins(content, None), base="json.loads"),
        Case(
            name="canonical bytes",
            run=lambda: canonical(parts),
            base="json.loads and sorted dumps",
            bound=0.8,
        ),
        Case(
            name="verify",
            run=lambda: verify(content, roots, name="file", at=_AT),
            base="json.loads",
            bound=2.5,
        ),
        Case(
            name="verify a second time",
            run=lambda: vouch(store, roots, paper, allow_sha1=False),
            base="verify",
            bound=0.35,
        ),
        Case(name="json.loads, history", run=lambda: json.loads(old)),
        Case(
            name=f"decode, history, {_WISHES} plugins",
            run=lambda: _history(old),
            base="json.loads, history",
            bound=0.5,
        ),
    )


def _dumped(text: str) -> str:
    return json.dumps(json.loads(text), sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def _plugins(content: bytes, count: int | None) -> None:
    found = update_center.decode(content, name="file")
    for each in sorted(found.ids())[:count]:
        assert found.releases(each)


def _history(content: bytes) -> None:
    found = history.decode(content, name="file")
    for each in sorted(found.ids())[:_WISHES]:
        assert found.releases(PluginId(each))


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
    note = "" if case.bound is None else f"  at most {case.bound}x{'' if met else ': MISSED'}"
    print(f"{line}  {ratio:6.2f}x {case.base}{note}")
    return met


if __name__ == "__main__":
    sys.exit(main())
