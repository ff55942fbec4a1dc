"""What every ``Bases`` does: the fake, and mmdebstrap with this machine's own Debian archive."""

import tarfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from builder.adapters.debian import EPOCH_S, MmdebstrapBases
from builder.adapters.oci_parts import own_platform
from builder.adapters.store import FolderStore
from builder.errors import BaseUnavailable, NoSpace, OfflineMiss, ToolMissing
from builder.model.base_wishes import DebianBase
from builder.ports import Bases, Store
from tests.fakes.bases import FakeBases
from tests.fakes.interrupts import interrupted_after

MARKS = [pytest.mark.docker, pytest.mark.network, pytest.mark.slow]
REAL = pytest.param("mmdebstrap", marks=MARKS)
SMALL = DebianBase(suite="sid", packages=("tini", "libcap2", "tini"), mirror=None)
JAVA = DebianBase(suite="sid", packages=("openjdk-8-jre-headless", "ca-certificates"), mirror=None)
ARCHIVE = {"sid": {"tini": "0.19", "libcap2": "2.75"}}


@dataclass(frozen=True, slots=True)
class Bench:
    """Bases, and the store they fill."""

    kind: str
    store: Store

    def bases(self, *, offline: bool = False) -> Bases:
        if self.kind == "fake":
            return FakeBases(self.store, ARCHIVE, offline=offline)
        return MmdebstrapBases(self.store, offline=offline)


@pytest.fixture(params=["fake", REAL])
def bench(request: pytest.FixtureRequest, tmp_path: Path) -> Bench:
    return Bench(str(request.param), FolderStore(tmp_path / "store"))


@pytest.fixture(scope="module")
def java(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a base with Java once; give its tar."""
    store = FolderStore(tmp_path_factory.mktemp("java"))
    stored = store.find(MmdebstrapBases(store).make(JAVA).digest)
    assert stored is not None
    return stored.path


def test_a_base_lies_in_the_store_with_all_its_packages_pinned(bench: Bench) -> None:
    pin = bench.bases().make(SMALL)
    stored = bench.store.find(pin.digest)
    assert stored is not None
    assert (stored.size, pin.suite) == (pin.size, "sid")
    assert pin.platform.startswith("linux/")
    assert pin.wished == ("libcap2", "tini")
    names = [each.name for each in pin.packages]
    assert names == sorted(set(names))
    assert {"base-files", "libcap2", "tini"} <= set(names)
    assert all(each.version for each in pin.packages)


def test_the_same_wish_gives_the_same_bytes_again(bench: Bench) -> None:
    turned = DebianBase(suite="sid", packages=tuple(reversed(SMALL.packages)), mirror=None)
    assert bench.bases().make(SMALL) == bench.bases().make(turned)


@pytest.mark.parametrize(
    ("suite", "package"), [("sid", "no-such-package-at-all"), ("no-such-suite", "tini")]
)
def test_what_the_archive_lacks_is_told_in_its_own_words(
    bench: Bench, suite: str, package: str
) -> None:
    wished = DebianBase(suite=suite, packages=("tini", package), mirror=None)
    with pytest.raises(BaseUnavailable) as caught:
        bench.bases().make(wished)
    assert (caught.value.suite, caught.value.packages) == (suite, wished.packages)
    assert any(line.startswith("E: ") for line in caught.value.said)


def test_offline_nothing_is_made(bench: Bench) -> None:
    with pytest.raises(OfflineMiss) as caught:
        bench.bases(offline=True).make(SMALL)
    assert caught.value.wanted == ("Debian sid with libcap2, tini",)


def test_a_platform_that_this_machine_cannot_run_is_refused_at_once(bench: Bench) -> None:
    if Path("/proc/sys/fs/binfmt_misc/qemu-s390x").is_file():
        pytest.skip("this machine runs programs of s390x")
    with pytest.raises(BaseUnavailable) as caught:
        bench.bases().make(SMALL, "linux/s390x")
    assert "linux/s390x" in caught.value.said[0]


def test_a_machine_without_what_tries_foreign_programs_is_told_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """mmdebstrap asks arch-test, and ends amid its steps where that is absent."""
    tool(tmp_path, "exit 1")
    (tmp_path / "dpkg").write_text("#!/bin/sh\necho amd64\n")
    (tmp_path / "dpkg").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    wished = DebianBase(suite="sid", packages=("tini",), mirror="http://127.0.0.1/d")
    with pytest.raises(BaseUnavailable) as caught:
        MmdebstrapBases(FolderStore(tmp_path / "s")).make(wished, "linux/arm64")
    assert "arch-test" in caught.value.said[-1]


def test_this_machine_s_own_platform_may_be_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tool(tmp_path, 'for each; do case $each in --arch*) echo "E: $each";; esac; done; exit 1')
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    wished = DebianBase(suite="sid", packages=("tini",), mirror="http://127.0.0.1/d")
    with pytest.raises(BaseUnavailable) as caught:
        MmdebstrapBases(FolderStore(tmp_path / "s")).make(wished, own_platform())
    assert caught.value.said == ()


def test_a_missing_mmdebstrap_is_named_with_its_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    bases = MmdebstrapBases(FolderStore(tmp_path / "store"), mirror="http://127.0.0.1:1/debian")
    with pytest.raises(ToolMissing) as caught:
        bases.make(SMALL)
    assert (caught.value.tool, caught.value.package) == ("mmdebstrap", "mmdebstrap")


@pytest.mark.parametrize("name", ["--help", "./a.deb", "tini,curl", "?essential", "A"])
def test_a_name_that_is_no_package_s_never_reaches_a_command_line(
    tmp_path: Path, name: str
) -> None:
    wished = DebianBase(suite="sid", packages=(name,), mirror=None)
    with pytest.raises(BaseUnavailable) as caught:
        MmdebstrapBases(FolderStore(tmp_path)).make(wished)
    assert caught.value.said == (f"not a package name: {name}",)


def tool(folder: Path, text: str) -> None:
    path = folder / "mmdebstrap"
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)


def test_passwords_of_a_mirror_are_not_repeated(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The tool says back every argument that follows the two dashes."""
    tool(tmp_path, 'while [ "$1" != -- ]; do shift; done; printf \'E: %s\\n\' "$@"; exit 1')
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    bases = MmdebstrapBases(FolderStore(tmp_path / "s"), mirror="http://me:secret@127.0.0.1/d")
    with pytest.raises(BaseUnavailable) as caught:
        bases.make(DebianBase(suite="--help", packages=(), mirror=None))
    assert caught.value.said[1] == "E: --help"
    assert caught.value.said[-1] == "E: http://***@127.0.0.1/d"


def test_a_full_disk_is_told_as_such_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tool(tmp_path, "echo half >base.tar; echo 'tar: No space left on device'; exit 1")
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    with pytest.raises(NoSpace) as caught:
        MmdebstrapBases(FolderStore(tmp_path / "store"), mirror="http://127.0.0.1/d").make(SMALL)
    assert caught.value.said == "tar: No space left on device"
    assert not list((tmp_path / "store").rglob("base.tar"))


def test_the_formula_s_mirror_wins_over_the_setting_s(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tool(tmp_path, 'for last; do :; done; echo "E: $last"; exit 1')
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    wished = DebianBase(suite="sid", packages=("tini",), mirror="http://127.0.0.1/formula")
    bases = MmdebstrapBases(FolderStore(tmp_path / "s"), mirror="http://127.0.0.1/setting")
    said = []
    for each in (wished, SMALL):
        with pytest.raises(BaseUnavailable) as caught:
            bases.make(each)
        said.append(caught.value.said)
    assert said == [("E: http://127.0.0.1/formula",), ("E: http://127.0.0.1/setting",)]


@pytest.mark.parametrize(
    ("lines", "mirror"),
    [
        (("Other|sid|main|http://a", "Debian|sid|main|http://b"), "http://b"),
        (("Debian|sid-security|main|http://a", "Debian|sid|main|http://b"), "http://b"),
        (("Debian|sid|contrib|http://a", "Debian|sid|main|http://b"), "http://b"),
        (("W: odd", "Debian|sid|main|http://b", "Debian|x|main|http://c"), "http://b"),
    ],
)
def test_the_mirror_of_this_machine_is_the_plain_debian_archive_that_apt_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lines: tuple[str, ...], mirror: str
) -> None:
    apt = tmp_path / "apt-get"
    apt.write_text("#!/bin/sh\n" + "".join(f"echo '{line}'\n" for line in lines))
    apt.chmod(0o755)
    tool(tmp_path, 'for last; do :; done; echo "E: $last"; exit 1')
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    with pytest.raises(BaseUnavailable) as caught:
        MmdebstrapBases(FolderStore(tmp_path / "s")).make(SMALL)
    assert caught.value.said == (f"E: {mirror}",)


def test_a_machine_without_a_debian_archive_is_told_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    apt = tmp_path / "apt-get"
    apt.write_text("#!/bin/sh\necho 'Other|jammy|main|http://a'\n")
    apt.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    with pytest.raises(BaseUnavailable) as caught:
        MmdebstrapBases(FolderStore(tmp_path / "s")).make(SMALL)
    assert "name a mirror" in caught.value.said[0]


@pytest.mark.docker
@pytest.mark.network
@pytest.mark.slow
def test_an_interrupt_leaves_no_process_and_no_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "tmp").mkdir()
    monkeypatch.setenv("TMPDIR", str(tmp_path / "tmp"))
    with pytest.raises(KeyboardInterrupt), interrupted_after(5):
        MmdebstrapBases(FolderStore(tmp_path / "store")).make(JAVA)
    assert list((tmp_path / "tmp").iterdir()) == []
    assert list((tmp_path / "store" / "tmp").iterdir()) == []
    assert str(tmp_path / "store") not in command_lines()


def command_lines() -> str:
    """Give the arguments of every process; one that ends meanwhile is passed over."""
    said = []
    for each in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):
            said.append(each.read_bytes().decode(errors="replace"))
    return "\n".join(said)


@pytest.mark.docker
@pytest.mark.network
@pytest.mark.slow
def test_two_bases_with_java_are_equal_to_the_byte(java: Path, tmp_path: Path) -> None:
    """Java dates its certificate store and dumps an archive of classes when it is installed."""
    assert str(MmdebstrapBases(FolderStore(tmp_path)).make(JAVA).digest) == f"sha256:{java.name}"


@pytest.mark.docker
@pytest.mark.network
@pytest.mark.slow
def test_a_base_has_the_user_and_nothing_of_this_machine(java: Path) -> None:
    with tarfile.open(java) as tar:
        entries = {each.name: each for each in tar}
        passwd = tar.extractfile("./etc/passwd")
        users = passwd.read().decode() if passwd else ""
    home = entries["./var/jenkins_home"]
    assert (home.uid, home.gid, home.mode) == (1000, 1000, 0o755)
    assert "jenkins:x:1000:1000:jenkins:/var/jenkins_home:/bin/sh\n" in users
    machine = {"./etc/hostname", "./etc/resolv.conf", "./etc/machine-id"}
    assert not machine & entries.keys()
    assert not [name for name in entries if "sources.list" in name]  # the mirror is a setting
    assert not [n for n, each in entries.items() if n.startswith("./var/log/") and each.isreg()]
    assert not [n for n in entries if n.startswith("./var/lib/apt/lists/") and n.endswith("ages")]
    assert max(each.mtime for each in entries.values()) == EPOCH_S
