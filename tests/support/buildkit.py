"""A BuildKit of the tests' own, reached as a remote one is: over a socket, by buildx."""

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

_PATH = os.pathsep.join((os.environ.get("PATH", ""), "/usr/sbin", str(Path.home() / "go" / "bin")))
_PATIENCE_S = 30


def require_buildx() -> None:
    """Skip where docker has no buildx; the one place that says why."""
    docker = shutil.which("docker")
    if not docker:
        pytest.skip("there is no docker command")
    asked = subprocess.run((docker, "buildx", "version"), capture_output=True, check=False)  # noqa: S603  # found above
    if asked.returncode:
        pytest.skip("docker has no buildx: apt-get install docker-buildx")


def use_own_builders(folder: Path, patch: pytest.MonkeyPatch) -> None:
    """Keep the tests' builders apart from the user's."""
    patch.setenv("BUILDX_CONFIG", str(folder))


@contextmanager
def remote_builder(folder: Path, name: str) -> Iterator[str]:
    """Start a buildkitd and make a builder of it; skip where there is none, and say why."""
    daemon = shutil.which("buildkitd", path=_PATH)
    if not daemon:
        pytest.skip("no buildkitd: go install github.com/moby/buildkit/cmd/buildkitd@v0.15.2")
    if os.geteuid() or not shutil.which("runc", path=_PATH):
        pytest.skip("buildkitd needs root and runc")
    address = f"unix://{folder}/socket"
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(  # noqa: S603  # found above
            (daemon, "--addr", address, "--root", folder / "root", "--containerd-worker=false"),
            env={**os.environ, "PATH": _PATH},
            stdout=log,
            stderr=log,
        )
    try:
        _await_socket(process, folder)
        _buildx("create", "--name", name, "--driver", "remote", address)
        yield name
        _buildx("rm", name)
    finally:
        process.terminate()
        process.wait(_PATIENCE_S)


def _await_socket(process: "subprocess.Popen[bytes]", folder: Path) -> None:
    deadline = time.monotonic() + _PATIENCE_S
    while not (folder / "socket").exists():
        if process.poll() is not None or time.monotonic() > deadline:
            pytest.skip(f"buildkitd does not start: {(folder / 'log').read_text()[-300:]}")
        time.sleep(0.05)


def _buildx(*arguments: str) -> None:
    docker = shutil.which("docker") or "docker"
    subprocess.run((docker, "buildx", *arguments), check=True, capture_output=True)  # noqa: S603  # found above
