"""However a boot ends, nothing of it is left, and no other is disturbed."""

import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from builder.adapters.boot import DockerBooter
from builder.model.report import Ending
from tests.contracts.boots import (
    BOOT,
    ROOT,
    Tiny,
    children,
    leftovers,
    orphans,
    owners,
    trial,
    wait_until,
)

pytestmark = pytest.mark.enable_socket  # unix sockets are shut to every other test


@pytest.mark.docker
@pytest.mark.usefixtures("nothing_is_left")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_no_way_to_end_a_boot_leaves_its_container_or_volume(
    tiny: Tiny, number: signal.Signals
) -> None:
    image, before = tiny("sleeps"), leftovers()
    command = (sys.executable, "-c", BOOT, image)
    with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE) as process:  # noqa: S603 -- this Python, our own text
        wait_until(lambda: bool(leftovers() - before), within_s=30)
        process.send_signal(number)
        process.communicate(timeout=30)


@pytest.mark.docker
@pytest.mark.usefixtures("nothing_is_left")
@pytest.mark.parametrize("after_s", [0.05, 0.2, 0.4, 0.6])
def test_a_kill_at_any_moment_leaves_nothing(tiny: Tiny, after_s: float) -> None:
    image = tiny("sleeps")
    command = (sys.executable, "-c", BOOT, image)
    with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE) as process:  # noqa: S603 -- this Python, our own text
        try:
            process.wait(timeout=0.3 + after_s)
        except subprocess.TimeoutExpired:
            process.kill()
        process.communicate(timeout=30)
    wait_until(lambda: not orphans(), within_s=30)


@pytest.mark.docker
@pytest.mark.usefixtures("nothing_is_left")
def test_the_next_boot_sweeps_what_a_dead_one_left_and_no_other(tiny: Tiny) -> None:
    image, before = tiny("sleeps"), leftovers()
    command = (sys.executable, "-c", BOOT, image)
    with (
        subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE) as dead,  # noqa: S603 -- this Python, our own text
        subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE) as alive,  # noqa: S603 -- as above
    ):
        try:
            wait_until(lambda: len(owners()) == 2, within_s=30)
            for process in (*children(dead.pid), dead.pid):  # its reaper goes first
                os.kill(process, signal.SIGKILL)
            dead.wait(timeout=30)
            assert len(owners()) == 2
            assert DockerBooter(None).observe(trial(tiny("exits"))).ending is Ending.EXITED
            assert owners() == {alive.pid}
            assert leftovers() - before
        finally:
            alive.send_signal(signal.SIGTERM)
            alive.communicate(timeout=30)
            dead.communicate(timeout=30)


@pytest.mark.docker
@pytest.mark.usefixtures("nothing_is_left")
def test_boots_at_once_do_not_disturb_each_other(tiny: Tiny) -> None:
    """One of them is told to end, one fails, and the others see what they would see alone."""
    once, fails = trial(tiny("obeys")), trial(tiny("exits"))
    wanted = [(once, once), (once, once), (fails,), (once,)]
    with ThreadPoolExecutor(max_workers=len(wanted)) as pool:
        seen = tuple(pool.map(DockerBooter(None).relive, wanted))
    assert [[each.ending for each in lives] for lives in seen] == [
        [Ending.READY] * 2,
        [Ending.READY] * 2,
        [Ending.EXITED],
        [Ending.READY],
    ]
    assert all("boot 2" in lives[1].log for lives in seen[:2])
