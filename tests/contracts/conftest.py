"""What the contracts of ports share."""

from pathlib import Path

import pytest

from builder.adapters.archive import ZipArchives
from builder.model.stored import StoredFile
from builder.ports import Archives
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
