"""A base for builders that know no images of this machine."""

import tarfile
from pathlib import Path

import pytest

from builder.adapters import base_layout
from builder.errors import BuildFailed
from builder.model.digest import Digest
from builder.model.stored import StoredFile


def test_an_image_is_not_taken_for_a_root_file_system(tmp_path: Path) -> None:
    path = tmp_path / "base.tar"
    with tarfile.open(path, "w") as tar:
        tar.addfile(tarfile.TarInfo("oci-layout"))
    content = path.read_bytes()
    base = StoredFile(path=path, digest=Digest.of(content), size=len(content), crc32=0)
    with pytest.raises(BuildFailed, match="it is an image"):
        base_layout.write(tmp_path / "layout", base, "amd64")
    assert not (tmp_path / "layout").exists()
