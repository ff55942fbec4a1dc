"""Times the assembly of a WAR against ``cp`` of the finished file; exits 1 over a bound.

A ratio is the median of the ratios of each round, so that a machine that grows busy or idle
meanwhile shows less.

Run: python benchmarks/war.py [--lock PATH | --war PATH --plugins DIR] [--rounds N] [--repack]
"""

import argparse
import hashlib
import multiprocessing
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.queues import SimpleQueue
from pathlib import Path

from builder.adapters.archive import ZipArchives
from builder.adapters.store import FolderStore
from builder.cli.machine import settings
from builder.lock import from_bytes
from builder.model.build import Files, WarEntry, WarPlan
from builder.model.digest import Digest
from builder.model.formula import Layout
from builder.model.stored import StoredFile
from builder.war import make

CORE_SIZE, CORE_ENTRIES = 97_000_000, 1500
PLUGINS_SIZE, PLUGINS = 282_000_000, 175
LARGE = 200_000_000  # bytes
MEMORY = 40_000_000  # bytes
BASE = "cp"


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One way to make the file, and how often as long as ``cp`` it may take."""

    name: str
    run: Callable[[Path], object]
    bound: float | None = None


def main() -> int:
    """Measure every case in turn, several times over, and compare the medians."""
    options = _options()
    with tempfile.TemporaryDirectory(dir=options.folder) as name:
        folder = Path(name)
        lock, core, plugins = options.lock, options.war, options.plugins
        plan = _locked(lock) if lock else _plan(folder, core, plugins)
        finished = folder / "finished.war"
        ZipArchives().write(plan, finished)
        print(
            f"{finished.stat().st_size / 1e6:.0f} MB, {len(plan.added)} plugins, medians;", _load()
        )
        times = _measured(_cases(plan, finished), folder / "made.war", options.rounds)
        met = _reported(_cases(plan, finished), times)
        met = _remembered(plan, folder / "made.war") and met
        if options.repack:
            taken = _timed(lambda target: _repacked(plan, target), folder / "made.war")
            _line("unpack and pack again, once", [taken], times[BASE])
    return 0 if met else 1


def _remembered(plan: WarPlan, target: Path) -> bool:
    """Assemble in a process of its own and tell the most memory it ever had, libraries and all."""
    spawned = multiprocessing.get_context("spawn")
    answers = spawned.SimpleQueue()
    process = spawned.Process(target=_peak, args=(plan, target, answers))
    process.start()
    before, after = answers.get()
    process.join()
    met = bool(after <= MEMORY)
    note = f"at most {MEMORY / 1e6:.0f} MB{'' if met else ': MISSED'}"
    print(f"{'memory of assembly, sha256':34} {after / 1e6:8.1f} MB")
    print(f"{'  of that before it began':34} {before / 1e6:8.1f} MB           {note}")
    return met


def _peak(plan: WarPlan, target: Path, answers: "SimpleQueue[tuple[int, int]]") -> None:
    before = _most_memory()
    ZipArchives().write(plan, target)
    answers.put((before, _most_memory()))


def _most_memory() -> int:
    """Ask the kernel; ``getrusage`` would tell of the parent's memory from before ``exec``."""
    lines = Path("/proc/self/status").read_text("ascii").splitlines()
    (peak,) = (line.split()[1] for line in lines if line.startswith("VmHWM:"))
    return int(peak) * 1024


def _load() -> str:
    return f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors"


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lock", type=Path, help="a lock whose files are in the store")
    parser.add_argument("--war", type=Path, help="a core; generated without")
    parser.add_argument("--plugins", type=Path, help="a folder of *.hpi; generated without")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--folder", type=Path, help="where to write; the system's default without")
    parser.add_argument("--repack", action="store_true", help="also time unpacking and packing")
    return parser.parse_args()


def _cases(plan: WarPlan, finished: Path) -> tuple[Case, ...]:
    """List them; the bound with the digest is for a WAR large enough to share two processors."""
    hashed = 2.5 if finished.stat().st_size > LARGE else None
    archives, plain = ZipArchives(), ZipArchives(in_kernel=False)
    return (
        Case(name=BASE, run=lambda target: _cp(finished, target)),
        Case(name="assembly", run=lambda target: archives.assemble(plan, target), bound=1.6),
        Case(
            name="assembly, sha256", run=lambda target: archives.write(plan, target), bound=hashed
        ),
        Case(name="assembly, no copy_file_range", run=lambda t: plain.assemble(plan, t)),
        Case(name="sha256 alone, for comparison", run=lambda target: _hashed(finished, target)),
        Case(name="zipfile, append", run=lambda target: _appended(plan, target)),
    )


def _measured(cases: tuple[Case, ...], target: Path, rounds: int) -> dict[str, list[float]]:
    times: dict[str, list[float]] = {each.name: [] for each in cases}
    for _ in range(rounds):
        for each in cases:
            times[each.name].append(_timed(each.run, target))
    return times


def _timed(run: Callable[[Path], object], target: Path) -> float:
    started = time.perf_counter()
    run(target)
    taken = time.perf_counter() - started
    target.unlink()
    return taken


def _reported(cases: tuple[Case, ...], times: dict[str, list[float]]) -> bool:
    met = True
    for each in cases:
        ratio = _line(each.name, times[each.name], times[BASE], each.bound)
        met = met and (each.bound is None or ratio <= each.bound)
    return met


def _line(name: str, taken: list[float], base: list[float], bound: float | None = None) -> float:
    ratio = statistics.median(mine / cp for mine, cp in zip(taken, base, strict=False))
    note = "" if bound is None else f"  at most {bound}x{': MISSED' if ratio > bound else ''}"
    print(f"{name:34} {statistics.median(taken) * 1000:8.1f} ms  {ratio:6.2f}x {BASE}{note}")
    return ratio


def _plan(folder: Path, war: Path | None, plugins: Path | None) -> WarPlan:
    core = war or _generated_core(folder / "core.war")
    files = sorted((plugins or _generated_plugins(folder / "plugins")).glob("*.hpi"))
    added = tuple(WarEntry(name=f"WEB-INF/plugins/{p.name}", source=_stored(p)) for p in files)
    return WarPlan(core=_stored(core), added=added, dropped=("META-INF/CORE.SF",))


def _locked(path: Path) -> WarPlan:
    """Plan the WAR of a lock with its plugins inside; its files have to be in the store."""
    locked = from_bytes(path.read_bytes(), path)
    store = FolderStore(settings({}).store)
    digests = [locked.core.digest, *(e.digest for e in locked.plugins), locked.bases[0].digest]
    core, *plugins, base = [file for each in digests if (file := store.find(each))]
    files = Files(core=core, plugins=tuple(plugins), bases=(base,))
    names = ZipArchives().names(core.path)
    return make(layout=Layout.WAR, locked=locked, files=files, core_names=names)


def _stored(path: Path) -> StoredFile:
    content = path.read_bytes()
    return StoredFile(
        digest=Digest.of(content), size=len(content), crc32=zlib.crc32(content), path=path
    )


def _generated_core(path: Path) -> Path:
    size = CORE_SIZE // CORE_ENTRIES
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for number in range(CORE_ENTRIES):
            archive.writestr(f"WEB-INF/classes/{number}.bin", os.urandom(size))
            if number == CORE_ENTRIES // 2:
                archive.writestr("META-INF/CORE.SF", b"signed")
    return path


def _generated_plugins(folder: Path) -> Path:
    folder.mkdir()
    for number in range(PLUGINS):
        (folder / f"plugin-{number:03}.hpi").write_bytes(os.urandom(PLUGINS_SIZE // PLUGINS))
    return folder


def _cp(finished: Path, target: Path) -> None:
    subprocess.run(["cp", finished, target], check=True)  # noqa: S603, S607 - the measure itself


def _hashed(finished: Path, target: Path) -> None:
    with finished.open("rb") as file:
        hashlib.file_digest(file, "sha256")
    target.touch()


def _appended(plan: WarPlan, target: Path) -> None:
    shutil.copyfile(plan.core.path, target)
    with zipfile.ZipFile(target, "a") as archive:
        _add_plugins(archive, plan)


def _repacked(plan: WarPlan, target: Path) -> None:
    with tempfile.TemporaryDirectory(dir=target.parent) as folder:
        with zipfile.ZipFile(plan.core.path) as core:
            names = [each for each in core.namelist() if each not in plan.dropped]
            core.extractall(folder, names)
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
            for name in names:
                archive.write(Path(folder, name), name)
            _add_plugins(archive, plan)


def _add_plugins(archive: zipfile.ZipFile, plan: WarPlan) -> None:
    for each in plan.added:
        assert isinstance(each.source, StoredFile)
        archive.write(each.source.path, each.name, zipfile.ZIP_STORED)


if __name__ == "__main__":
    sys.exit(main())
