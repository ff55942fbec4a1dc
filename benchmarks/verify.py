"""Times ``jbuild verify`` against the controller's own time to ready, in turn, on one image.

The controller's own time is that of ``docker run`` until the line of its log that says so. What
verify takes beyond it may be 1 s: starting itself, all checks, and removing container and home.
The command runs out of compiled modules, as pip leaves them; the first round compiles.

Run: python benchmarks/verify.py IMAGE --lock PATH [--rounds N]
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.side_by_side import with_bytecode

BOUND_S = 1.0
READY = (b"Hudson is ready.", b"Jenkins is fully up and running")
_ROOT = Path(__file__).parents[1]


def own(image: str) -> float:
    """Boot it without jbuild, with the same ports and limits; give the seconds to ready."""
    options = ("--detach", "--memory=1g", "--publish=127.0.0.1::8080", "--publish=127.0.0.1::50000")
    begun = time.perf_counter()
    name = _docker("run", *options, image).strip().decode()
    try:
        with subprocess.Popen(  # noqa: S603  # docker's own client
            ("docker", "logs", "--follow", name),  # noqa: S607
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        ) as log:
            assert log.stdout  # it is a pipe
            for line in log.stdout:
                if line.rstrip().endswith(READY):
                    break
            taken = time.perf_counter() - begun
            log.terminate()
        return taken
    finally:
        _docker("rm", "--force", "--volumes", name)


def verified(image: str, lock: Path, compiled: str) -> float:
    """Run the command as a user does."""
    command = (sys.executable, "-m", "builder", "verify", image, "--lock", str(lock), "--quiet")
    begun = time.perf_counter()
    subprocess.run(  # noqa: S603  # our own command line
        command,
        env={**with_bytecode(), "PYTHONPATH": str(_ROOT), "PYTHONPYCACHEPREFIX": compiled},
        stdout=subprocess.DEVNULL,
        check=True,
    )
    return time.perf_counter() - begun


def _docker(*words: str) -> bytes:
    done = subprocess.run(("docker", *words), capture_output=True, check=True)  # noqa: S603, S607  # docker's own client
    return done.stdout


def main() -> int:
    """Print the medians; tell whether the bound holds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("image")
    parser.add_argument("--lock", type=Path, required=True)
    parser.add_argument("--rounds", type=int, default=7)
    given = parser.parse_args()
    print(f"medians; load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")
    with tempfile.TemporaryDirectory() as compiled:
        verified(given.image, given.lock, compiled)
        rounds = [
            (own(given.image), verified(given.image, given.lock, compiled))
            for _ in range(given.rounds)
        ]
    beyond = statistics.median(ours - its for its, ours in rounds)
    print(f"{'the controller itself':24} {statistics.median(its for its, _ in rounds):5.2f} s")
    print(f"{'jbuild verify':24} {statistics.median(ours for _, ours in rounds):5.2f} s")
    missed = "" if beyond <= BOUND_S else ": MISSED"
    print(f"{'beyond it':24} {beyond:5.2f} s  at most {BOUND_S:g} s{missed}")
    return 0 if beyond <= BOUND_S else 1


if __name__ == "__main__":
    sys.exit(main())
