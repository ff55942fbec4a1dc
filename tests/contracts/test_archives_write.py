"""The port ``Archives``: what ``write`` makes."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from msgspec.structs import replace

from builder.model.build import WarPlan
from builder.model.digest import Digest
from builder.model.stored import StoredFile
from builder.ports import Archives
from tests.contracts.zip_samples import (
    ENTRIES,
    STAMP,
    Shape,
    archive,
    contents,
    peak_below,
    plan_of,
    stored,
)


class TestWrite:
    def test_keeps_every_entry_that_is_not_dropped_and_adds_the_rest_behind(
        self, archives: Archives, shape: Shape, target: Path, plugin: StoredFile
    ) -> None:
        core = stored(target.parent / "core", archive(ENTRIES, shape))
        archives.write(plan_of(core, plugin, b"text"), target)
        kept = [each for each in ENTRIES.items() if each[0] != "META-INF/CORE.SF"]
        assert list(contents(target).items()) == [
            *kept,
            ("WEB-INF/plugins/p0.hpi", plugin.path.read_bytes()),
            ("WEB-INF/plugins/p1.hpi", b"text"),
        ]

    def test_copies_old_entries_with_headers_and_all(
        self, archives: Archives, shape: Shape, target: Path
    ) -> None:
        before = archive(ENTRIES, shape)
        core = stored(target.parent / "core", before)
        archives.write(plan_of(core, b"text"), target)
        after = target.read_bytes()
        dropped = before.index(b"PK\3\4", before.index(b"META-INF/MANIFEST.MF"))
        rest = before.index(b"PK\3\4", dropped + 4)
        assert after.startswith(before[:dropped] + before[rest : before.index(b"PK\1\2")])
        with zipfile.ZipFile(target) as packed:
            old = packed.getinfo("index.jsp")
        assert (old.date_time, old.external_attr >> 16) == (STAMP, 0o100755)

    def test_makes_the_folder_that_the_target_is_to_lie_in(
        self, archives: Archives, core: StoredFile, tmp_path: Path
    ) -> None:
        made = archives.write(plan_of(core), tmp_path / "new" / "deep" / "made.war")
        assert Digest.of(made.path.read_bytes()) == made.digest

    def test_tells_the_digest_and_the_size_of_what_it_wrote(
        self, archives: Archives, core: StoredFile, plugin: StoredFile, target: Path
    ) -> None:
        war = archives.write(plan_of(core, plugin), target)
        assert war.path == target
        assert war.digest == Digest.of(target.read_bytes())
        assert war.size == target.stat().st_size

    def test_stores_new_entries_under_a_time_their_bytes_decide(
        self, archives: Archives, core: StoredFile, target: Path
    ) -> None:
        archives.write(plan_of(core, b"hello", b"hello", b"world"), target)
        with zipfile.ZipFile(target) as packed:
            new = [packed.getinfo(f"WEB-INF/plugins/p{number}.hpi") for number in range(3)]
        assert [each.date_time for each in new] == [
            (2007, 10, 28, 2, 54, 0),
            (2007, 10, 28, 2, 54, 0),
            (2002, 3, 20, 16, 46, 6),
        ]
        assert {each.external_attr >> 16 for each in new} == {0o100644}
        assert {each.compress_type for each in new} == {zipfile.ZIP_STORED}

    def test_takes_the_checksum_from_the_store(
        self, archives: Archives, core: StoredFile, plugin: StoredFile, target: Path
    ) -> None:
        archives.write(plan_of(core, replace(plugin, crc32=0x1234)), target)
        with zipfile.ZipFile(target) as packed:
            assert packed.getinfo("WEB-INF/plugins/p0.hpi").CRC == 0x1234

    def test_leaves_a_core_that_needs_no_change_as_it_is(
        self, archives: Archives, shape: Shape, target: Path
    ) -> None:
        core = stored(target.parent / "core", archive(ENTRIES, shape))
        war = archives.write(WarPlan(core=core, added=(), dropped=()), target)
        assert target.read_bytes() == core.path.read_bytes()
        assert war.digest == core.digest

    def test_leaves_no_comment_behind(self, archives: Archives, shape: Shape, target: Path) -> None:
        core = stored(target.parent / "core", archive(ENTRIES, shape))
        archives.write(plan_of(core, b"text"), target)
        with zipfile.ZipFile(target) as packed:
            assert packed.comment == b""

    def test_can_empty_an_archive(self, archives: Archives, target: Path) -> None:
        core = stored(target.parent / "core", archive({"META-INF/CORE.SF": b"signed"}))
        archives.write(plan_of(core), target)
        assert contents(target) == {}
        again = stored(target.parent / "again", target.read_bytes())
        archives.write(plan_of(again, b"text"), target)
        assert contents(target) == {"WEB-INF/plugins/p0.hpi": b"text"}

    @pytest.mark.slow
    def test_writes_more_entries_than_16_bits_count_and_reads_them_back(
        self, archives: Archives, target: Path
    ) -> None:
        names = [f"{number:05}" for number in range(66_000)]
        core = stored(target.parent / "core", archive(dict.fromkeys(names, b"")))
        archives.write(plan_of(core, b"text"), target)
        assert archives.names(target) == (*names, "WEB-INF/plugins/p0.hpi")
        with zipfile.ZipFile(target) as packed:
            assert packed.namelist() == [*names, "WEB-INF/plugins/p0.hpi"]
        assert archives.read(target, "WEB-INF/plugins/p0.hpi", limit=4) == b"text"

    def test_fits_the_files_of_another_disk(
        self, archives: Archives, core: StoredFile, plugin: StoredFile, target: Path
    ) -> None:
        memory = Path("/dev/shm")  # noqa: S108 - the one other disk that most machines have
        if not memory.is_dir() or memory.stat().st_dev == target.parent.stat().st_dev:
            pytest.skip("there is no second disk")
        elsewhere = memory / f"jbuild-test-{os.getpid()}.war"
        for plan in (plan_of(core, plugin), WarPlan(core=core, added=(), dropped=())):
            try:
                archives.write(plan, elsewhere)
                archives.write(plan, target)
                assert elsewhere.read_bytes() == target.read_bytes()
            finally:
                elsewhere.unlink(missing_ok=True)

    def test_needs_little_memory(self, archives: Archives, core: StoredFile, target: Path) -> None:
        large = target.parent / "large"
        with large.open("wb") as file:
            file.truncate(40_000_000)
        source = StoredFile(digest=Digest("0" * 64), size=40_000_000, crc32=0, path=large)
        with peak_below(6_000_000):
            archives.write(plan_of(core, source), target)

    def test_gives_the_file_its_mode_whatever_the_umask(
        self, archives: Archives, core: StoredFile, target: Path
    ) -> None:
        before = os.umask(0o077)
        try:
            archives.write(plan_of(core), target)
        finally:
            os.umask(before)
        assert target.stat().st_mode & 0o7777 == 0o644

    def test_gives_the_same_bytes_in_any_surroundings(
        self, core: StoredFile, plugin: StoredFile, tmp_path: Path
    ) -> None:
        surroundings = [
            {"TZ": "UTC", "LANG": "C", "UMASK": "022", "CWD": "/"},
            {"TZ": "Asia/Shanghai", "LANG": "zh_CN.GB18030", "UMASK": "077", "CWD": str(tmp_path)},
            {"TZ": "America/New_York", "LANG": "C.UTF-8", "UMASK": "000", "CWD": "/tmp"},  # noqa: S108 - only to stand in
        ]
        made = [
            written_elsewhere(core, plugin, tmp_path / f"{number}.war", around)
            for number, around in enumerate(surroundings)
        ]
        assert made[0] == made[1] == made[2]
        assert made[0] == str(Digest.of((tmp_path / "2.war").read_bytes()))


def written_elsewhere(
    core: StoredFile, plugin: StoredFile, target: Path, around: dict[str, str]
) -> str:
    """Write a WAR in a fresh interpreter and give the digest it tells."""
    script = f"""
import os
os.umask({int(around["UMASK"], 8)})
from pathlib import Path, PosixPath
from builder.adapters.archive import ZipArchives
from builder.model.build import StoredFile, WarEntry, WarPlan
from builder.model.digest import Digest
plan = {plan_of(core, plugin, b"text")!r}
print(ZipArchives().write(plan, Path({str(target)!r})).digest)
"""
    done = subprocess.run(  # noqa: S603 - our own script, in our own interpreter
        [sys.executable, "-c", script],
        env={"TZ": around["TZ"], "LANG": around["LANG"], "PYTHONPATH": os.pathsep.join(sys.path)},
        cwd=around["CWD"],
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout.strip()
