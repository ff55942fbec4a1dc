"""Several processes on one store, and processes that are killed."""

import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from builder.adapters.http_client import Client
from builder.adapters.http_downloads import HttpDownloads
from builder.adapters.store import FolderStore
from builder.adapters.store_partial import claim
from builder.model.digest import Digest
from builder.settings import Network
from tests.support.mirror import Mirror
from tests.support.site import Site

_SITE = Site((6_000_000, 3_000_000, 400_000, *[20_000] * 10))
_TOTAL = sum(map(len, _SITE.files.values()))
_SCRIPT = """
import sys
from pathlib import Path
from builder.adapters.http_client import Client
from builder.adapters.http_downloads import HttpDownloads
from builder.adapters.store import FolderStore
from builder.model.mirror import Mirror
from builder.settings import Network
from tests.unit.adapters.test_http_processes import _SITE
store, url = FolderStore(Path(sys.argv[1])), sys.argv[2]
downloads = HttpDownloads(store, Client(Network(connections=4)), offline=False)
print("ready", flush=True)
sys.stdin.readline()
downloads.fetch(_SITE.wanted, (Mirror(name="m", files=url, updates=url),))
"""


@pytest.fixture
def mirror() -> Iterator[Mirror]:
    with Mirror(_SITE.files).running() as running:
        yield running


def _started(store: Path, mirror: Mirror) -> "subprocess.Popen[str]":
    root = Path(__file__).parents[3]
    return subprocess.Popen(  # noqa: S603  # our own code
        (sys.executable, "-c", _SCRIPT, str(store), mirror.url),
        cwd=root,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def _go(process: "subprocess.Popen[str]") -> None:
    assert process.stdout
    assert process.stdin
    assert process.stdout.readline() == "ready\n"
    process.stdin.write("go\n")
    process.stdin.flush()


def _ended(process: "subprocess.Popen[str]") -> int:
    process.communicate(timeout=60)
    return process.returncode


def _all_right(store: FolderStore) -> bool:
    return all(each.digest and store.check(each.digest) for each in _SITE.wanted)


@pytest.mark.slow
def test_two_processes_on_one_store_fetch_each_file_once(mirror: Mirror, tmp_path: Path) -> None:
    mirror.delay_s = 0.2  # so that the second comes while the first is at it
    processes = [_started(tmp_path, mirror) for _ in range(2)]
    for each in processes:
        _go(each)
    assert [_ended(each) for each in processes] == [0, 0]
    assert _all_right(FolderStore(tmp_path))
    asked = {each.path: mirror.served(each.path) for each in mirror.log}
    assert asked == {path: len(content) for path, content in _SITE.files.items()}


@pytest.mark.slow
def test_a_process_that_waits_takes_over_from_one_that_is_killed(
    mirror: Mirror, tmp_path: Path
) -> None:
    mirror.rate = 500_000
    first, second = (_started(tmp_path, mirror) for _ in range(2))
    _go(first)
    _until(lambda: mirror.connections > 0)
    _go(second)
    first.send_signal(signal.SIGKILL)
    _ended(first)
    mirror.rate = None
    assert _ended(second) == 0
    assert _all_right(FolderStore(tmp_path))


@pytest.mark.slow
def test_a_hundred_kills_later_the_next_run_ends_right_and_fetches_only_the_rest(
    mirror: Mirror, tmp_path: Path
) -> None:
    dice, mirror.rate = random.Random(5), 150_000  # noqa: S311  # moments
    held = 0
    for _ in range(100):
        process = _started(tmp_path, mirror)
        _go(process)
        time.sleep(dice.random() * 0.25)  # the moment is what this is about
        process.send_signal(signal.SIGKILL)
        _ended(process)
        now = _held(tmp_path)
        assert now >= held, "a finished range was lost"
        held = now
    assert 0 < held < _TOTAL, "the kills came too early, or too late"
    mirror.rate = None
    mirror.log.clear()
    alone = Client(Network(connections=1))  # nothing is asked for twice to be quicker
    HttpDownloads(FolderStore(tmp_path), alone, offline=False).fetch(_SITE.wanted, (mirror.model,))
    assert _all_right(FolderStore(tmp_path))
    assert sum(each.size for each in mirror.log) == _TOTAL - held


def _held(folder: Path) -> int:
    """Count the bytes that the next run need not fetch."""
    store, total = FolderStore(folder), 0
    for each in _SITE.wanted:
        assert each.digest
        if found := store.find(each.digest):
            total += found.size
            continue
        right = claim(folder / "partial", each.digest)
        assert right, "a process that was killed still holds a lock"
        total += sum(stop - start for start, stop in right.held())
        right.release()
    return total


def _until(seen: object) -> None:
    assert callable(seen)
    deadline = time.monotonic() + 20
    while not seen():
        assert time.monotonic() < deadline
        time.sleep(0.005)


def test_a_journal_counts_only_what_the_file_can_hold(tmp_path: Path) -> None:
    digest = Digest.of(b"any")
    right = claim(tmp_path, digest)
    assert right
    copy = right.open()
    copy.write(10, b"x" * 20)
    copy.write(0, b"y" * 10)
    copy.write(50, b"z" * 10)
    copy.note()
    copy.close()
    with (tmp_path / f"{digest.hex}.ranges").open("ab") as torn:
        torn.write(b"40 45\n50 5000\nrubbish\n5 5\n61")
    assert right.held() == ((0, 30), (40, 45), (50, 60))
    assert claim(tmp_path, digest) is None
    right.release()
    again = claim(tmp_path, digest)
    assert again
    again.afresh().close()
    assert (again.held(), claim(tmp_path, digest)) == ((), None)
    again.release()
    assert list(tmp_path.iterdir()) == []
