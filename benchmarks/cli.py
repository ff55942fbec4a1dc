"""Times whole commands against ``python -c pass``; exits 1 over a bound.

A ratio is the median of the ratios of each round, so that a machine that grows busy or idle
meanwhile shows less. Every command runs out of compiled modules, as pip leaves them; they are kept
in a folder of this run's own, so that a checkout which was never compiled, or a setting that
forbids it, does not show. ``--as-is`` takes this machine as it is.

Run: python benchmarks/cli.py [--plugins TXT --catalogue PATH --trust PEM] [--rounds N] [--as-is]
"""

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from benchmarks.side_by_side import with_bytecode
from builder.lock import to_bytes
from builder.model.controller import Family
from builder.model.digest import Digest
from builder.model.lock import BasePin, CorePin, Lock, Pin, PinKind, Reason
from builder.model.plugin import Dependency, DependencyKind, PluginId, Trust
from builder.sources.wrapping import unpacked
from builder.version import Version

_DATA = Path(__file__).parents[2] / "shared" / "data"
_PLUGINS = 175
_BASE = "python -c pass"


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One command line, and how often as long as an empty Python it may take."""

    name: str
    arguments: tuple[str, ...]
    bound: float | None = None
    cold: bool = False  # with an empty store each time


def main() -> int:
    """Measure every case in turn, several times over, and compare the medians."""
    options = _options()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "formula.lock.json").write_bytes(to_bytes(_lock()))
        cases = _cases(options, folder)
        environment = _environment(folder, as_is=options.as_is)
        print(f"medians; load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")
        times: dict[str, list[float]] = {each.name: [] for each in cases}
        for _ in range(options.rounds + 1):  # the first round compiles, and verifies
            for each in cases:
                times[each.name].append(_timed(each, folder, environment))
    met = [_reported(each, {name: taken[1:] for name, taken in times.items()}) for each in cases]
    return 0 if all(met) else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    catalogues, lists = _DATA / "catalogues", _DATA / "formulas"
    parser.add_argument("--plugins", type=Path, default=lists / "ks-jenkins-2026.plugins.txt")
    parser.add_argument(
        "--catalogue", type=Path, default=catalogues / "tsinghua-2026-08-22.json.xz"
    )
    parser.add_argument("--trust", type=Path, default=catalogues / "lework-root-ca.crt")
    parser.add_argument("--rounds", type=int, default=11)
    parser.add_argument("--as-is", action="store_true", help="compile nothing for this run")
    return parser.parse_args()


def _cases(options: argparse.Namespace, folder: Path) -> tuple[Case, ...]:
    jbuild = ("-m", "builder")
    formula = str(folder / "formula.yaml")
    lock = str(folder / "formula.lock.json")
    always = (
        Case(name=_BASE, arguments=("-c", "pass")),
        Case(name="import click, for comparison", arguments=("-c", "import click")),
        Case(name="jbuild --version", arguments=(*jbuild, "--version"), bound=6),
        Case(name="jbuild --help", arguments=(*jbuild, "--help"), bound=6),
        Case(name="jbuild why", arguments=(*jbuild, "why", "plugin-001", "-f", formula)),
        Case(name="jbuild tree", arguments=(*jbuild, "tree", formula)),
        Case(name="jbuild diff", arguments=(*jbuild, "diff", lock, lock)),
    )
    if not all(each.is_file() for each in (options.plugins, options.catalogue, options.trust)):
        print(f"no resolve is measured: {options.plugins} or {options.catalogue} is not there")
        return always
    (folder / "update-center.json").write_bytes(unpacked(options.catalogue.read_bytes()))
    resolve = (
        *(*jbuild, "resolve", "--plugins", str(options.plugins)),
        *("--catalogue", str(folder / "update-center.json"), "--trust", str(options.trust)),
    )
    return (
        *always,
        Case(name="jbuild resolve, verified before", arguments=resolve, bound=12),
        Case(name="jbuild resolve, empty store", arguments=resolve, bound=20, cold=True),
    )


def _environment(folder: Path, *, as_is: bool) -> Mapping[str, str]:
    own = {"PYTHONPATH": str(Path(__file__).parents[1])}
    if as_is:
        return {**os.environ, **own}
    return {**with_bytecode(), **own, "PYTHONPYCACHEPREFIX": str(folder / "compiled")}


def _timed(case: Case, folder: Path, environment: Mapping[str, str]) -> float:
    store = folder / ("cold" if case.cold else "store")
    if case.cold:
        shutil.rmtree(store, ignore_errors=True)
    started = time.perf_counter()
    subprocess.run(  # noqa: S603 - the measure itself
        (sys.executable, *case.arguments),
        env={**environment, "JBUILD_STORE": str(store)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=True,
    )
    return time.perf_counter() - started


def _reported(case: Case, times: dict[str, list[float]]) -> bool:
    taken = times[case.name]
    ratio = statistics.median(a / b for a, b in zip(taken, times[_BASE], strict=True))
    met = case.bound is None or ratio <= case.bound
    note = "" if case.bound is None else f"  at most {case.bound:.0f}x{'' if met else ': MISSED'}"
    print(f"{case.name:34} {statistics.median(taken) * 1000:8.1f} ms  {ratio:6.2f}x{note}")
    return met


def _lock() -> Lock:
    """Make a lock of the usual size, in which every plugin but the last needs the next one."""
    return Lock(
        fingerprint=Digest.of(b"formula"),
        core=CorePin(
            family=Family.JENKINS,
            version=Version("2.346.3"),
            origin=PurePosixPath("war-stable/2.346.3/jenkins.war"),
            digest=Digest.of(b"core"),
            size=1,
            trust=Trust.SIGNED,
        ),
        plugins=tuple(_pin(number) for number in range(_PLUGINS)),
        bases=(
            BasePin(
                platform="linux/amd64",
                suite="sid",
                wished=(),
                packages=(),
                digest=Digest.of(b"base"),
                size=1,
            ),
        ),
        inputs=(),
    )


def _pin(number: int) -> Pin:
    name, version = f"plugin-{number:03}", Version(f"1.{number}")
    needs = Dependency(
        plugin=PluginId(f"plugin-{number + 1:03}"),
        minimum=Version(f"1.{number}"),
        kind=DependencyKind.REQUIRED,
    )
    wished = Reason(demander=None, minimum=version, kind=DependencyKind.REQUIRED)
    return Pin(
        plugin=PluginId(name),
        version=version,
        kind=PinKind.WISH,
        origin=PurePosixPath(f"plugins/{name}/{version}/{name}.hpi"),
        digest=Digest.of(name.encode()),
        size=1,
        trust=Trust.SIGNED,
        required_core=None,
        dependencies=(needs,) if number + 1 < _PLUGINS else (),
        why=(wished,),
    )


if __name__ == "__main__":
    sys.exit(main())
