"""A controller with 150 plugins, all of them generated: valid manifests, dependencies, no code."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes.maven_repository import GROUP, forget, repository
from tests.fakes.plugins import plugin
from tests.live.conftest import Quickstart, jbuild, remove_image

pytestmark = [
    pytest.mark.docker,
    pytest.mark.network,
    pytest.mark.slow,
    pytest.mark.usefixtures("socket_enabled"),
]

_COUNT = 150

_WISH = "  - {{groupId: {}, artifactId: stub-{:03}, source: {{version: '1.{}'}}}}"


def _needs(number: int) -> str:
    """Let each plugin need one earlier one, and another where it is present: a tree.

    Hudson looks for cycles along every path: many more edges would take it for ever.
    """
    if number == 0:  # the root of all
        return ""
    return f"stub-{(number - 1) // 2:03}:1.0,stub-000:1.0;resolution:=optional"


@pytest.fixture(autouse=True)
def _clean() -> Iterator[None]:
    """Leave neither the image nor what Maven kept."""
    yield
    forget()
    remove_image("jbuild/scale:dev")


def test_150_plugins_are_settled_built_booted_and_verified(
    quickstart: Quickstart, tmp_path: Path
) -> None:
    files = {
        f"{GROUP}:stub-{n:03}:1.{n}": plugin(f"stub-{n:03}", f"1.{n}", _needs(n))
        for n in range(_COUNT)
    }
    place = repository(tmp_path / "repository", files)
    folder = tmp_path / "formula"
    shutil.copytree(quickstart.folder, folder)  # with its lock, so that the base stays
    text = (folder / "formula.yaml").read_text()
    head, rest = text.split("plugins:\n", 1)
    wishes = "\n".join(_WISH.format(GROUP, n, n) for n in range(_COUNT))
    groups = f"repositories:\n  - {{id: files, url: '{place.url}'}}\n"
    image = rest[rest.index("image:") :].replace("jbuild/quickstart", "jbuild/scale")
    (folder / "formula.yaml").write_text(f"{head}{groups}plugins:\n{wishes}\n\n{image}")

    store = {"JBUILD_STORE": str(linked_store(tmp_path))}
    done = jbuild("image", folder=folder, **store)
    assert done.code == 0, done.stderr
    report = done.document()["report"]
    assert isinstance(report, dict)
    assert report["passed"] is True
    plan = jbuild("plan", "--json", folder=folder, **store).document()
    assert len(plan["plugins"]) == _COUNT  # type: ignore[arg-type]  # JSON


def linked_store(tmp_path: Path) -> Path:
    """Give the store's files to a store of our own: the plugins of this test stay out of it."""
    found = jbuild("settings", "--json", folder=tmp_path).document()["settings"]
    assert isinstance(found, dict)
    linked = tmp_path / "store"
    shutil.copytree(found["store"]["value"], linked, copy_function=_link)
    return linked


def _link(source: str, target: str) -> None:
    """Link where both lie on one disk, copy elsewhere."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)
