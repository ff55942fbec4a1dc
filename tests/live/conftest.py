"""The quickstart image, built once for all live tests, and images spoilt out of it on purpose."""

import io
import json
import os
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
_QUICKSTART = ROOT / "examples" / "quickstart"


@dataclass(frozen=True, kw_only=True)
class Run:
    """How one ``jbuild`` command ended."""

    code: int
    stdout: str
    stderr: str

    def document(self) -> dict[str, object]:
        """Read the one JSON document on stdout."""
        document = json.loads(self.stdout)
        assert isinstance(document, dict)
        return document

    def failed_checks(self) -> dict[str, dict[str, object]]:
        """Give the failed checks of a report by id."""
        checks = self.document()["checks"]
        assert isinstance(checks, list)
        return {each["id"]: each for each in checks if each["status"] == "failed"}


def jbuild(*arguments: str, folder: Path, **variables: str) -> Run:
    """Run the command line as a user does."""
    done = subprocess.run(  # noqa: S603  # our own command line
        (sys.executable, "-m", "builder", *arguments),
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), **variables},
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )
    return Run(code=done.returncode, stdout=done.stdout, stderr=done.stderr)


@dataclass(frozen=True, kw_only=True)
class Quickstart:
    """A folder with the quickstart's formula, its lock and the receipt of its image."""

    folder: Path
    receipt: dict[str, object]

    @property
    def reference(self) -> str:
        """Name the image."""
        image = self.receipt["image"]
        assert isinstance(image, dict)
        return str(image["reference"])


@pytest.fixture(scope="session")
def quickstart(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Quickstart]:
    """Build the quickstart image through the main job, for real."""
    folder = tmp_path_factory.mktemp("quickstart") / "formula"
    ignored = shutil.ignore_patterns("*.lock.json")
    shutil.copytree(_QUICKSTART, folder, ignore=ignored)
    done = jbuild("image", "--set", f"version=test-{os.getpid()}", folder=folder)
    assert done.code == 0, done.stderr
    built = Quickstart(folder=folder, receipt=done.document())
    yield built
    remove_image(built.reference)


def remove_image(reference: str) -> None:
    """Take an image away; one that is gone already is fine."""
    import docker  # noqa: PLC0415  # only live tests need it
    from docker.errors import ImageNotFound  # noqa: PLC0415

    with closing(docker.from_env()) as client:
        try:
            client.images.remove(reference, force=True)
        except ImageNotFound:
            return


Spoil = Callable[..., str]


@pytest.fixture
def spoil(quickstart: Quickstart, request: pytest.FixtureRequest) -> Iterator[Spoil]:
    """Build an image out of the quickstart's, with a few more Dockerfile lines."""
    import docker  # noqa: PLC0415  # only live tests need it

    made: list[str] = []

    def build(*lines: str, files: Mapping[str, bytes] | None = None) -> str:
        dockerfile = "\n".join(
            (f"FROM {quickstart.reference}", "USER root", *lines, "USER 1000:1000", "")
        )
        tag = f"jbuild/spoilt:{abs(hash(request.node.name)):x}-{len(made)}"
        with closing(docker.from_env()) as client:
            client.images.build(
                fileobj=context({"Dockerfile": dockerfile.encode(), **(files or {})}),
                custom_context=True,
                tag=tag,
                rm=True,
                forcerm=True,
            )
        made.append(tag)
        return tag

    yield build
    for tag in made:
        remove_image(tag)


def context(files: Mapping[str, bytes], mode: int = 0o644) -> io.BytesIO:
    """Pack the context of a build."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as packed:
        for name, content in files.items():
            entry = tarfile.TarInfo(name)
            entry.size, entry.mode = len(content), mode
            packed.addfile(entry, io.BytesIO(content))
    out.seek(0)
    return out
