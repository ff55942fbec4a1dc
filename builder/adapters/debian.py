"""``Bases`` through mmdebstrap: the same packages give the same tar, to the byte."""

import re
import shutil
from pathlib import Path

from builder.adapters import base_tar
from builder.adapters.faults import disk_faults
from builder.adapters.process import Finished, Program, redacted, run
from builder.errors import BaseUnavailable, NoSpace, OfflineMiss
from builder.model.base_wishes import DebianBase
from builder.model.lock import BasePin
from builder.ports import Progress, Store, unheard

_MMDEBSTRAP = Program(command="mmdebstrap", package="mmdebstrap")
_APT = Program(command="apt-get", package="apt")
_DPKG = Program(command="dpkg", package="dpkg")

# Every file that is newer gets this time, 2000-01-01T00:00:00Z. Another value: another digest.
EPOCH_S = 946_684_800

# The user that the official image has, and nothing of this machine or of this run: not the mirror
# either, which is this machine's business and would change the digest. A class data
# archive that no package owns was dumped by the JVM here, and differs each time.
_HOOK = r"""
set -eu
printf 'jenkins:x:1000:\n' >>"$1/etc/group"
printf 'jenkins:x:1000:1000:jenkins:/var/jenkins_home:/bin/sh\n' >>"$1/etc/passwd"
mkdir -p "$1/var/jenkins_home"
chown 1000:1000 "$1/var/jenkins_home"
chmod 0755 "$1/var/jenkins_home"
rm -rf "$1/etc/apt/sources.list" "$1/etc/apt/sources.list.d"
rm -f "$1/etc/hostname" "$1/etc/resolv.conf" "$1/etc/machine-id" "$1/var/lib/dbus/machine-id"
rm -rf "$1/var/cache/ldconfig/aux-cache" "$1/var/cache/debconf"/*-old
find "$1/var/log" -type f -delete
find "$1/usr/lib" -name classes.jsa -type f | while IFS= read -r file; do
    chroot "$1" dpkg-query -S "${file#"$1"}" >/dev/null 2>&1 || rm -f "$file"
done
"""
_OPTIONS = (
    "--format=tar",
    "--variant=essential",
    # The lock holds the tar, so an archive that stands still is as good as one that moves.
    '--aptopt=Acquire::Check-Valid-Until "false"',
    '--aptopt=APT::Sandbox::User "root"',
    f"--customize-hook={_HOOK}",
)
_PACKAGE = re.compile(r"[a-z0-9][a-z0-9+.-]+")
_PLATFORMS = {"armhf": "arm/v7", "i386": "386", "ppc64el": "ppc64le"}  # others: as Debian says
_BINFMT = Path("/proc/sys/fs/binfmt_misc")
_MACHINES = {"linux/amd64": "x86_64", "linux/arm64": "aarch64", "linux/arm/v7": "arm"}
_KEPT_LINES = 20


class MmdebstrapBases:
    """The real ``Bases``.

    Args:
        store: where the tars go.
        mirror: a Debian archive, for formulas that name none; None: the one this machine uses.
        offline: make nothing.
        progress: hears which step mmdebstrap is at.
    """

    def __init__(
        self,
        store: Store,
        *,
        mirror: str | None = None,
        offline: bool = False,
        progress: Progress = unheard,
    ) -> None:
        self._store = store
        self._mirror = mirror
        self._offline = offline
        self._progress = progress
        self._steps = 0

    def make(self, wished: DebianBase, platform: str | None = None) -> BasePin:
        """Make the tar in a scratch folder, then hand it to the store."""
        packages = tuple(sorted(set(wished.packages)))
        if self._offline:
            named = ", ".join(packages)
            raise OfflineMiss(wanted=(f"Debian {wished.suite} with {named}",))
        if strange := [each for each in packages if not _PACKAGE.fullmatch(each)]:
            raise _unavailable(wished, tuple(f"not a package name: {each}" for each in strange))
        with self._store.scratch() as folder, disk_faults(folder):
            foreign = platform if platform and platform != _platform(folder) else None
            if foreign:
                _require_emulator(wished, foreign)
            return self._make(wished, packages, foreign, folder)

    def _make(
        self, wished: DebianBase, packages: tuple[str, ...], foreign: str | None, folder: Path
    ) -> BasePin:
        path = folder / "base.tar"
        mirror = wished.mirror or self._mirror or _own_mirror(wished, folder)
        which = (f"--architectures={_architecture(foreign)}",) if foreign else ()
        include = (f"--include={','.join(packages)}",) if packages else ()
        done = run(
            _MMDEBSTRAP,
            (*_OPTIONS, *which, *include, "--", wished.suite, str(path), mirror),
            folder=folder,
            environment={"SOURCE_DATE_EPOCH": str(EPOCH_S), "LC_ALL": "C.UTF-8", "TZ": "UTC"},
            hear=self._tell,
        )
        if done.code != 0:
            raise _failure(wished, folder, done)
        installed = base_tar.settle(path, EPOCH_S)
        stored = self._store.adopt(path)
        return BasePin(
            platform=foreign or _platform(folder),
            suite=wished.suite,
            wished=packages,
            packages=installed,
            digest=stored.digest,
            size=stored.size,
        )

    def _tell(self, line: str) -> None:
        """Hear mmdebstrap; its steps begin with ``I:``, and it does not say how many there are."""
        if line.startswith("I: "):
            self._steps += 1
            self._progress(self._steps, None, "steps")


def _own_mirror(wished: DebianBase, folder: Path) -> str:
    """Ask apt for the Debian archive of this machine; not its security archive, nor another's.

    Raises:
        BaseUnavailable: apt has none, or has never asked it.
    """
    shape = "$(ORIGIN)|$(CODENAME)|$(COMPONENT)|$(SITE)"
    asked = run(_APT, ("indextargets", "--format", shape, "Created-By: Packages"), folder=folder)
    for line in asked.lines:
        origin, codename, component, site = (*line.split("|"), "", "", "")[:4]
        if (origin, component) == ("Debian", "main") and "-" not in codename:
            return site
    raise _unavailable(
        wished,
        ("apt names no Debian archive on this machine: run apt-get update, or name a mirror",),
    )


def _platform(folder: Path) -> str:
    (architecture, *_) = run(_DPKG, ("--print-architecture",), folder=folder).lines
    return f"linux/{_PLATFORMS.get(architecture, architecture)}"


def _architecture(platform: str) -> str:
    """Name a platform as Debian does."""
    machine = platform.partition("/")[2]
    return next((ours for ours, named in _PLATFORMS.items() if named == machine), machine)


def _require_emulator(wished: DebianBase, platform: str) -> None:
    """Refuse at once what would end amid the packages: their scripts run while a base is made.

    Raises:
        BaseUnavailable: the kernel has nothing that runs programs of that platform.
    """
    machine = _MACHINES.get(platform, platform.rpartition("/")[2])
    handlers = (_BINFMT / f"qemu-{machine}", _BINFMT / machine)
    if not any(each.is_file() for each in handlers) or not shutil.which("arch-test"):
        said = (
            f"packages of {platform} run scripts meanwhile, and this machine cannot run them",
            "apt-get install qemu-user-static binfmt-support arch-test, or make it on such a one",
        )
        raise _unavailable(wished, said)


def _failure(wished: DebianBase, folder: Path, done: Finished) -> NoSpace | BaseUnavailable:
    if full := done.full_disk():
        return NoSpace(path=folder, said=full)
    return _unavailable(wished, done.lines[-_KEPT_LINES:])


def _unavailable(wished: DebianBase, said: tuple[str, ...]) -> BaseUnavailable:
    return BaseUnavailable(
        suite=wished.suite,
        packages=wished.packages,
        said=tuple(map(redacted, said)),
    )
