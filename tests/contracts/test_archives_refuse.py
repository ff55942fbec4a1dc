"""The port ``Archives``: what ``write`` refuses, and what it leaves behind then."""

import resource
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from builder.errors import ArchiveBroken, NoSpace
from builder.model.build import WarEntry, WarPlan
from builder.model.stored import StoredFile
from builder.ports import Archives
from tests.contracts.zip_samples import BROKEN, Shape, archive, plan_of, stored, twins


class TestWriteRefuses:
    @pytest.mark.parametrize("content", BROKEN.values(), ids=BROKEN.keys())
    def test_a_core_that_is_no_whole_archive(
        self, archives: Archives, content: bytes, target: Path, tmp_path: Path
    ) -> None:
        core = stored(tmp_path / "core.war", content)
        refused(archives, plan_of(core, b"text"), target)
        refused(archives, WarPlan(core=core, added=(), dropped=()), target)

    def test_a_core_whose_entries_overlap(
        self, archives: Archives, target: Path, tmp_path: Path
    ) -> None:
        content = archive({"aa": b"a" * 100, "bb": b"b" * 100}, Shape(deflated=False))
        second = content.index(b"PK\3\4", 4)
        shared = content.replace(struct.pack("<I", second), bytes(4)).replace(b"bb", b"aa")
        core = stored(tmp_path / "shared.war", shared.replace(b"aa", b"cc", 1))
        refused(archives, plan_of(core, b"text"), target)
        longer = content.replace(struct.pack("<II", 100, 100), struct.pack("<II", 140, 140))
        core = stored(tmp_path / "longer.war", longer)
        fault = refused(archives, plan_of(core, b"text"), target)
        assert fault == "the entry 'aa' reaches into the next one"

    def test_a_core_in_which_two_names_mean_the_same_bytes(
        self, archives: Archives, target: Path, tmp_path: Path
    ) -> None:
        content = archive({"\u00e9": b"text"})
        start = content.index(b"PK\1\2")
        record = content[start : content.index(b"PK\5\6")]
        other = record[:8] + bytes(2) + record[10:]  # the same name without the mark of UTF-8
        end = content[-22:-14] + struct.pack("<HHII", 2, 2, 2 * len(record), start) + bytes(2)
        core = stored(tmp_path / "core.war", content[:start] + record + other + end)
        assert len(archives.names(core.path)) == 2
        assert refused(archives, plan_of(core), target) == "two entries share their bytes"

    def test_a_core_with_two_entries_of_one_name(
        self, archives: Archives, target: Path, tmp_path: Path
    ) -> None:
        core = stored(tmp_path / "core.war", twins())
        assert refused(archives, plan_of(core), target) == "two entries are called 'a'"

    @pytest.mark.parametrize("name", ["../x", "/x", "a\\b", "a\nb", "", "INDEX.jsp", "index.jsp"])
    def test_a_name_that_may_not_be(
        self, archives: Archives, core: StoredFile, name: str, target: Path
    ) -> None:
        plan = WarPlan(core=core, added=(WarEntry(name=name, source=b""),), dropped=())
        refused(archives, plan, target)

    @pytest.mark.parametrize("content", [b"", b"short", b"x" * 100_000, None])
    def test_a_source_that_is_not_what_the_store_said(
        self, archives: Archives, core: StoredFile, plugin: StoredFile, content: bytes | None
    ) -> None:
        if content is None:
            plugin.path.unlink()
        else:
            plugin.path.write_bytes(content)
        target = core.path.parent / "out.war"
        with pytest.raises(ArchiveBroken) as refusal:
            archives.write(plan_of(core, plugin), target)
        assert refusal.value.path == plugin.path
        assert not target.exists()

    def test_a_full_disk_and_leaves_nothing_there(
        self, archives: Archives, core: StoredFile, plugin: StoredFile, target: Path
    ) -> None:
        target.write_bytes(b"the one before")
        for plan in (plan_of(core, plugin), WarPlan(core=core, added=(), dropped=())):
            with file_sizes_up_to(500), pytest.raises(NoSpace) as refusal:
                archives.write(plan, target)
            assert refusal.value.path == target
            assert refusal.value.said == "File too large"
            assert list(target.parent.iterdir()) == [target]
            assert target.read_bytes() == b"the one before"

    def test_a_folder_that_cannot_be_made(
        self, archives: Archives, core: StoredFile, tmp_path: Path
    ) -> None:
        (tmp_path / "none").write_bytes(b"a file")
        with pytest.raises(NoSpace):
            archives.write(plan_of(core), tmp_path / "none" / "made.war")

    def test_a_target_that_is_a_folder(
        self, archives: Archives, core: StoredFile, target: Path
    ) -> None:
        target.mkdir()
        with pytest.raises(NoSpace):
            archives.write(plan_of(core), target)
        assert list(target.parent.iterdir()) == [target]


def refused(archives: Archives, plan: WarPlan, target: Path) -> str:
    """See the plan refused with nothing left behind; give the fault."""
    with pytest.raises(ArchiveBroken) as refusal:
        archives.write(plan, target)
    assert refusal.value.path == plan.core.path
    assert list(target.parent.iterdir()) == []
    return refusal.value.fault


@contextmanager
def file_sizes_up_to(limit: int) -> Iterator[None]:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
