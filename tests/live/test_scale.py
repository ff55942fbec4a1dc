"""A controller with 150 plugins, all of them generated: valid manifests, dependencies, no code."""

import shutil
from pathlib import Path

import pytest

from tests.contracts.test_artifacts import repository
from tests.fakes.plugins import plugin
from tests.live.conftest import Quickstart, jbuild, remove_image

pytestmark = [
    pytest.mark.docker,
    pytest.mark.network,
    pytest.mark.slow,
    pytest.mark.usefixtures("socket_enabled"),
]

_COUNT = 150

_WISH = "  - {{groupId: org.example, artifactId: stub-{:03}, source: {{version: '1.{}'}}}}"


def _needs(number: int) -> str:
    """Let each plugin need two later ones, and a third where it is present."""
    later = [each for each in (number + 1, number + 10, number + 37) if each < _COUNT]
    kinds = ("", "", ";resolution:=optional")
    return ",".join(f"stub-{n:03}:1.{n}{kind}" for n, kind in zip(later, kinds, strict=False))


def test_150_plugins_are_settled_built_booted_and_verified(
    quickstart: Quickstart, tmp_path: Path
) -> None:
    files = {
        f"org.example:stub-{n:03}:1.{n}": plugin(f"stub-{n:03}", f"1.{n}", _needs(n))
        for n in range(_COUNT)
    }
    place = repository(tmp_path / "repository", files)
    folder = tmp_path / "formula"
    shutil.copytree(quickstart.folder, folder)  # with its lock, so that the base stays
    text = (folder / "formula.yaml").read_text()
    head, rest = text.split("plugins:\n", 1)
    wishes = "\n".join(_WISH.format(n, n) for n in range(_COUNT))
    groups = f"repositories:\n  - {{id: files, url: '{place.url}'}}\n"
    image = rest[rest.index("image:") :].replace("jbuild/quickstart", "jbuild/scale")
    (folder / "formula.yaml").write_text(f"{head}{groups}plugins:\n{wishes}\n\n{image}")

    done = jbuild("image", folder=folder)
    assert done.code == 0, done.stderr
    report = done.document()["report"]
    assert isinstance(report, dict)
    assert report["passed"] is True
    plan = jbuild("plan", "--json", folder=folder).document()
    assert len(plan["plugins"]) == _COUNT  # type: ignore[arg-type]  # JSON
    remove_image("jbuild/scale:dev")
