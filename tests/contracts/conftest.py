"""What the contracts of ports share."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from builder.adapters.archive import ZipArchives
from builder.model.stored import StoredFile
from builder.ports import Archives
from tests.contracts import tiny_images
from tests.contracts.boots import Tiny, leftovers, wait_until
from tests.contracts.zip_samples import SHAPES, WHOLE, Shape, archive, stored


@pytest.fixture(params=[True, False], ids=["in the kernel", "through memory"])
def archives(request: pytest.FixtureRequest) -> Archives:
    return ZipArchives(in_kernel=bool(request.param))


@pytest.fixture(params=list(SHAPES.values()), ids=list(SHAPES))
def shape(request: pytest.FixtureRequest) -> Shape:
    assert isinstance(request.param, Shape)
    return request.param


@pytest.fixture
def core(tmp_path: Path) -> StoredFile:
    return stored(tmp_path / "core.war", WHOLE)


@pytest.fixture
def plugin(tmp_path: Path) -> StoredFile:
    return stored(tmp_path / "stored-plugin", archive({"META-INF/MANIFEST.MF": b"x" * 3000}))


@pytest.fixture
def target(tmp_path: Path) -> Path:
    (tmp_path / "out").mkdir()
    return tmp_path / "out" / "made.war"


@pytest.fixture(scope="session")
def tiny() -> Iterator[Tiny]:
    """Make tiny images by the behaviour of their controller, each once."""
    if not tiny_images.CAN_BE_MADE:
        pytest.skip("this machine has no perl-base to make a tiny image of")
    made: dict[str, str] = {}
    with contextlib.ExitStack() as stack:

        def make(mode: str) -> str:
            if mode not in made:
                made[mode] = stack.enter_context(tiny_images.image(mode))
            return made[mode]

        yield make


@pytest.fixture
def nothing_is_left() -> Iterator[None]:
    before = leftovers()
    yield
    wait_until(lambda: leftovers() <= before, within_s=30)
