"""How fast files come: jbuild's ranges from several mirrors against whole files with curl.

175 files of 185 MB in the sizes of real plugins. The mirrors run in processes of their own, as
does each fetch; ratios and medians are taken within one run.
"""

import argparse
import json
import lzma
import multiprocessing
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from builder.model.digest import Digest
from tests.fakes.shared import DATA
from tests.support.faults import Fault
from tests.support.mirror import Mirror

FILES, TOTAL = 175, 185_000_000
RATE, DELAY_S = 5_000_000, 0.05
MEMORY = 80_000_000  # bytes
CURL = "curl --parallel-max 64"
_CHILD = """
import json, sys, time
from pathlib import Path, PurePosixPath
from builder.adapters.http_client import Client
from builder.adapters.http_downloads import HttpDownloads
from builder.adapters.store import FolderStore
from builder.model.digest import Digest
from builder.model.mirror import Mirror, Wanted
from builder.settings import Network
asked = json.load(sys.stdin)
wanted = tuple(
    Wanted(path=PurePosixPath(p), url=None, digest=Digest(d), size=s, label=p)
    for p, d, s in asked["files"]
)
mirrors = tuple(Mirror(name=f"m{n}", files=u, updates=u) for n, u in enumerate(asked["mirrors"]))
downloads = HttpDownloads(FolderStore(Path(sys.argv[1])), Client(Network()), offline=False)
begun = time.perf_counter()
downloads.fetch(wanted, mirrors)
taken = time.perf_counter() - begun
high = next(line for line in Path("/proc/self/status").open() if line.startswith("VmHWM"))
print(taken, int(high.split()[1]) * 1024)
"""


@dataclass(frozen=True, kw_only=True)
class Behaviour:
    """What one mirror is told."""

    rate: int | None = None
    delay_s: float = 0.0
    every: int | None = None  # request that fails


GOOD = Behaviour(rate=RATE, delay_s=DELAY_S)


@dataclass(frozen=True, kw_only=True)
class Case:
    """Mirrors, and who fetches from them."""

    name: str
    mirrors: tuple[Behaviour, ...]
    curl: bool = False


CASES = (
    Case(name=f"{CURL}, one mirror, no limit", mirrors=(Behaviour(),), curl=True),
    Case(name="jbuild, one mirror, no limit", mirrors=(Behaviour(),)),
    Case(name=f"{CURL}, one mirror", mirrors=(GOOD,), curl=True),
    Case(name="jbuild, four mirrors", mirrors=(GOOD,) * 4),
    Case(
        name="jbuild, one slow and one failing",
        mirrors=(
            GOOD,
            Behaviour(rate=RATE // 10, delay_s=DELAY_S),
            GOOD,
            Behaviour(rate=RATE, delay_s=DELAY_S, every=5),
        ),
    ),
)


def main() -> int:
    """Measure, print, and fail where a bound is missed."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--folder", type=Path, help="where to write; the system's default without")
    given = options.parse_args()
    files = made_up()
    print(f"load {os.getloadavg()[0]:.1f}; {FILES} files, {sum(map(len, files.values()))} bytes")
    times: dict[str, list[float]] = {each.name: [] for each in CASES}
    memory = 0
    for _ in range(given.rounds):
        for case in CASES:
            with tempfile.TemporaryDirectory(dir=given.folder) as folder:
                taken, used = measured(case, files, Path(folder))
            times[case.name].append(taken)
            memory = max(memory, used)
    return reported(times, memory)


def made_up() -> dict[str, bytes]:
    """Make files of random bytes in the sizes of real plugins."""
    dice = random.Random(1)  # noqa: S311  # the same every time
    sizes = real_sizes() or [int(dice.lognormvariate(12, 1.7)) for _ in range(FILES)]
    scale = TOTAL / sum(sizes)
    return {
        f"plugins/p{n}/1/p{n}.hpi": dice.randbytes(max(int(each * scale), 1))
        for n, each in enumerate(sizes)
    }


def real_sizes() -> list[int]:
    """Take the sizes of the plugins that most controllers have, where the real data lies."""
    path = DATA / "catalogues" / "tsinghua-2026-08-22.json.xz"
    if not path.exists():
        return []
    text = lzma.decompress(path.read_bytes()).decode()
    plugins = json.loads(text[text.index("{") : text.rindex("}") + 1])["plugins"].values()
    popular = sorted(plugins, key=lambda each: -each["popularity"])[:FILES]
    return [each["size"] for each in popular]


def measured(case: Case, files: Mapping[str, bytes], folder: Path) -> tuple[float, int]:
    """Run one case; give seconds and bytes of memory."""
    with ExitStack() as stack:
        urls = [stack.enter_context(serving(files, each)) for each in case.mirrors]
        run = _curl if case.curl else _jbuild
        return run(files, urls, folder)


@contextmanager
def serving(files: Mapping[str, bytes], behaviour: Behaviour) -> Iterator[str]:
    """Run a mirror in a process of its own."""
    context = multiprocessing.get_context("fork")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(files, behaviour, theirs), daemon=True)
    process.start()
    try:
        yield ours.recv()
    finally:
        ours.send("over")
        process.join()


def _serve(files: Mapping[str, bytes], told: Behaviour, pipe: "Pipe") -> None:
    mirror = Mirror(files, rate=told.rate, delay_s=told.delay_s, etags=False, retry_after=None)
    if told.every:
        mirror.fault(Fault.UNAVAILABLE, every=told.every)
    with mirror.running():
        pipe.send(mirror.url)
        pipe.recv()


class Pipe:
    """What a multiprocessing connection offers."""

    send: Callable[[str], None]
    recv: Callable[[], str]


def _jbuild(files: Mapping[str, bytes], urls: list[str], folder: Path) -> tuple[float, int]:
    listed = [(path, Digest.of(content).hex, len(content)) for path, content in files.items()]
    done = subprocess.run(  # noqa: S603  # our own code
        (sys.executable, "-c", _CHILD, str(folder)),
        input=json.dumps({"files": listed, "mirrors": urls}),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    taken, used = done.stdout.split()
    return float(taken), int(used)


def _curl(files: Mapping[str, bytes], urls: list[str], folder: Path) -> tuple[float, int]:
    lines = [f'url = "{urls[0]}{path}"\noutput = "{folder}/{Path(path).name}"\n' for path in files]
    (folder / "config").write_text("".join(lines))
    command = ("curl", "--no-progress-meter", "--parallel", "--parallel-max", "64")
    begun = time.perf_counter()
    subprocess.run((*command, "--config", folder / "config"), check=True)  # noqa: S603
    return time.perf_counter() - begun, 0


def reported(times: Mapping[str, list[float]], memory: int) -> int:
    """Print every figure and every bound; give the exit code."""
    for name, taken in times.items():
        print(f"{name:42} {statistics.median(taken):7.2f} s   {min(taken):.2f} to {max(taken):.2f}")
    free_curl, free, curl, four, spoilt = (times[each.name] for each in CASES)
    met = [
        _bound("no limit: jbuild to curl", _ratio(free, free_curl), most=1.5),
        _bound("four mirrors: curl to jbuild", _ratio(curl, four), least=6.0),
        _bound("a slow and a failing one: to four good", _ratio(spoilt, four), most=1.3),
        _bound("memory, MB", memory / 1e6, most=MEMORY / 1e6),
    ]
    return 0 if all(met) else 1


def _ratio(ours: list[float], base: list[float]) -> float:
    return statistics.median(a / b for a, b in zip(ours, base, strict=True))


def _bound(
    name: str, value: float, *, most: float | None = None, least: float | None = None
) -> bool:
    met = (most is None or value <= most) and (least is None or value >= least)
    wanted = f"at most {most}" if most is not None else f"at least {least}"
    print(f"{name:42} {value:7.2f}     {wanted}{'' if met else ': MISSED'}")
    return met


if __name__ == "__main__":
    sys.exit(main())
