"""Times the engines on a context of 282 MB: cold, one plugin raised, nothing changed.

Every engine builds and pushes the same plugins, in turn, within one run: so figures are for
comparing them. What a push sends is what the registry's folder has grown by. Goals are marked
where they are missed; only an idle machine can meet them, so a miss is no failure.

Run: PYTHONPATH=. python benchmarks/image.py [--rounds N] [--folder DIR] [--lock PATH]
"""

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.side_by_side import with_bytecode
from builder.adapters import published_layout
from builder.adapters.buildx import BuildxEngine
from builder.adapters.engine import DockerEngine
from builder.adapters.oci import OciEngine
from builder.adapters.oci_layers import Packing
from builder.adapters.registry import SkopeoRegistry
from builder.adapters.store import FolderStore
from builder.errors import EngineError
from builder.model.publish import Built, Place, Target
from builder.ports import Engine
from builder.settings import Buildx
from tests.fakes.many_plugins import Set
from tests.support import registry

TOTAL = 282_000_000  # bytes of plugins
GOALS = {  # seconds
    ("oci, tar", "cold"): 0.6,
    ("oci, zstd", "cold"): 0.9,
    ("oci, gzip", "cold"): 6.5,
    ("oci, tar", "bump built"): 0.2,
    ("oci, tar", "bump pushed"): 0.3,
    ("oci, zstd", "bump built"): 0.2,
    ("oci, zstd", "bump pushed"): 0.3,
    ("oci", "no-op command"): 0.5,
    ("docker", "no-op command"): 0.5,
}
_PACKINGS = {"tar": Packing.NONE, "zstd": Packing.ZSTD, "gzip": Packing.GZIP}
_Figures = dict[tuple[str, str], list[float]]


class Bench:
    """One engine with a store, a layout and a base of its own."""

    def __init__(self, name: str, folder: Path, address: str) -> None:
        self.name, self._layout = name, folder / "layout"
        folder.mkdir()
        store = FolderStore(folder / "store")
        self._registry = SkopeoRegistry(store)
        self._unique = uuid.uuid4().hex[:12]
        self._base = f"jbbench-{self._unique}:base"
        self._tag = f"{address}/{self._unique}:"
        kind, _, packing = name.partition(", ")
        self._is_oci = kind == "oci"
        self._engine = _engine(kind, store, self._layout, packing)

    def prepare(self, plugins: Set) -> None:
        """Bring a base that no cache has seen."""
        path = plugins.base.path
        own = plugins.stored(path.read_bytes() + bytes(1024) * (1 + int(self._unique[:2], 16)))
        self._engine.import_base(own, self._base)

    def build(self, plugins: Set, version: str) -> None:
        """Build under a tag."""
        self._engine.build(plugins.context(self._base), (self._tag + version,))

    def push(self, version: str) -> None:
        """Push it."""
        built = Built(place=Place.ENGINE, name=self._tag + version)
        built = published_layout.found(self._layout) if self._is_oci else built
        self._registry.push(built, Target(reference=self._tag + version))

    def clean(self, versions: tuple[str, ...]) -> None:
        """Take what was made out of the engine."""
        if not self._is_oci:
            names = [self._base, *(self._tag + each for each in versions)]
            subprocess.run(["docker", "rmi", "-f", *names], check=False, capture_output=True)  # noqa: S603, S607  # our own


def _engine(kind: str, store: FolderStore, layout: Path, packing: str) -> Engine:
    if kind == "docker":
        return DockerEngine()
    if kind == "buildx":
        return BuildxEngine(store, Buildx())
    return OciEngine(store, output=layout, packing=_PACKINGS[packing])


def main() -> int:
    """Measure every engine in turn, several times over; print medians."""
    options = _options()
    times: _Figures = defaultdict(list)
    with tempfile.TemporaryDirectory(dir=options.folder) as name:
        folder = Path(name)
        with registry.running(folder / "registry") as address:
            for number in range(options.rounds):
                for engine in _engines(folder):
                    place = folder / f"{number}-{engine}"
                    _measured(Bench(engine, place, address), folder, times)
                    shutil.rmtree(place)
        for engine in ("docker", "oci"):
            if options.lock.is_file():
                _commands(engine, options, folder, times)
    print(f"medians of {options.rounds}; load {os.getloadavg()[0]:.1f} on {os.cpu_count()}")
    for key, taken in times.items():
        _report(key, statistics.median(taken))
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    quickstart = Path(__file__).parents[1] / "examples/quickstart/formula.lock.json"
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--folder", type=Path, help="where to write; the system's default without")
    parser.add_argument("--lock", type=Path, default=quickstart, help="whose image is made again")
    return parser.parse_args()


def _engines(folder: Path) -> Iterator[str]:
    """List the engines that are here, and say which are not."""
    try:
        DockerEngine().import_base(Set(_made(folder / "none"), total=1).base, "jbbench:here")
        subprocess.run(["docker", "rmi", "jbbench:here"], check=False, capture_output=True)  # noqa: S607  # our own
        yield "docker"
        BuildxEngine(FolderStore(folder / "none"), Buildx()).builder()
        yield "buildx"
    except EngineError as absent:
        print(f"not measured: {absent}")
    yield from (f"oci, {each}" for each in _PACKINGS)


def _made(folder: Path) -> Path:
    folder.mkdir(exist_ok=True)
    return folder


def _measured(bench: Bench, folder: Path, times: _Figures) -> None:
    files = _made(folder / "files")
    plugins = Set(files, total=TOTAL)
    bench.prepare(plugins)
    with _timed(times, bench.name, "cold"):
        bench.build(plugins, "v0")
    bench.push("v0")
    chosen = sorted(plugins.sizes, key=lambda each: plugins.sizes[each])[-20]
    plugins.bump(chosen)
    with _timed(times, bench.name, "bump built"):
        bench.build(plugins, "v1")
    before = _size(folder / "registry")
    with _timed(times, bench.name, "bump pushed"):
        bench.push("v1")
    sent = (_size(folder / "registry") - before) / plugins.sizes[chosen]
    times[bench.name, "bump sent, plugins"].append(sent)
    with _timed(times, bench.name, "no-op built"):
        bench.build(plugins, "v1")
    bench.clean(("v0", "v1"))
    shutil.rmtree(files)


def _commands(engine: str, options: argparse.Namespace, folder: Path, times: _Figures) -> None:
    """Time the whole command where there is nothing to do."""
    formula = options.lock.with_name(options.lock.name.replace(".lock.json", ".yaml"))
    tag = f"jbbench/{engine}:{os.getpid()}"
    output = ("--output", str(folder / "made")) if engine == "oci" else ()
    command = (
        *(sys.executable, "-m", "builder", "image", str(formula), "--no-verify", "--frozen"),
        *("--engine", engine, "--tag", tag, *output),
    )
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "env": with_bytecode()}
    run: Callable[[], object] = lambda: subprocess.run(command, check=True, **quiet)  # type: ignore[call-overload]  # noqa: E731, S603  # the measure itself
    run()
    for _ in range(options.rounds):
        with _timed(times, engine, "no-op command"):
            run()
    if engine != "oci":
        subprocess.run(["docker", "rmi", tag], check=False, capture_output=True)  # noqa: S603, S607  # our own


@contextmanager
def _timed(times: _Figures, name: str, what: str) -> Iterator[None]:
    started = time.perf_counter()
    yield
    times[name, what].append(time.perf_counter() - started)


def _size(folder: Path) -> int:
    return sum(each.stat().st_size for each in folder.rglob("data") if each.is_file())


def _report(key: tuple[str, str], median: float) -> None:
    name, what = key
    unit = "x" if "sent" in what else "s"
    goal = GOALS.get(key)
    missed = goal is not None and median > goal
    note = "" if goal is None else f"  at most {goal} s{': MISSED' if missed else ''}"
    print(f"{name:12} {what:20} {median:8.3f} {unit}{note}")


if __name__ == "__main__":
    sys.exit(main())
