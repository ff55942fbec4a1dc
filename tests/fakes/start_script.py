"""The start script, run under dash in temporary folders with a ``java`` that tells its words."""

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from builder import data
from builder.model.digest import Digest

DASH = shutil.which("dash") or "/bin/sh"
TELL = '#!/bin/sh\nprintf "%s\\n" "{name}" "$@"\n'
OLD_S, NEW_S, LISTED_S = 1_000_000_000, 1_100_000_000, 1_546_684_800


@dataclass(frozen=True, slots=True)
class Started:
    """What one start said."""

    code: int
    lines: tuple[str, ...]
    errors: tuple[str, ...]

    @property
    def actions(self) -> tuple[str, ...]:
        return tuple(
            line.removeprefix("jbuild-start: ")
            for line in self.lines
            if line.startswith("jbuild-start: ")
        )


@dataclass(frozen=True, slots=True)
class Image:
    """An image and a home, as folders."""

    root: Path

    @property
    def home(self) -> Path:
        return self.root / "home of jenkins"

    def brings(self, name: str, content: bytes, time_s: int = OLD_S) -> None:
        put(self.root / "ref" / name, content, time_s)

    def lists(self, *names: str) -> None:
        """Write the manifest of archives, as a build does."""
        lines = (
            f"{Digest.of((self.root / 'ref/plugins' / name).read_bytes()).hex}  {name}\n"
            for name in names
        )
        put(self.root / "own/plugins.sha256", "".join(lines).encode(), LISTED_S)

    def marker(self, name: str) -> str:
        return (self.home / f".jbuild/plugins/{name}.sha256").read_text().strip()

    def start(self, *arguments: str, **variables: str) -> Started:
        script = self.root / "start.sh"
        script.write_text(data.text("start.sh"))
        environment = {
            "PATH": f"{self.root / 'bin'}:{os.environ['PATH']}",
            "JENKINS_HOME": str(self.home),
            "JBUILD_REF": str(self.root / "ref"),
            "JBUILD_OWN": str(self.root / "own"),
            "JBUILD_WAR": "/the.war",
            "JBUILD_OFFICIAL": str(self.root / "jenkins.sh"),
            **variables,
        }
        done = subprocess.run(  # noqa: S603 -- the script under test
            (DASH, script, *arguments),
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        return Started(
            done.returncode, tuple(done.stdout.splitlines()), tuple(done.stderr.splitlines())
        )


def put(path: Path, content: bytes, time_s: int = OLD_S) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    os.utime(path, (time_s, time_s))


def program(path: Path, text: str) -> None:
    put(path, text.encode())
    path.chmod(0o755)


def prepared(folder: Path) -> Image:
    """Give an image whose ``java`` tells its words and that has no options yet."""
    program(folder / "bin/java", TELL.format(name="java"))
    put(folder / "own/java.options", b"")
    put(folder / "own/arguments", b"")
    return Image(folder)
