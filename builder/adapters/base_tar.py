"""A base's tar after mmdebstrap: what is installed, and the last bytes that tell the time."""

import tarfile
from pathlib import Path

from builder.adapters import keystore
from builder.model.lock import Package

_STATUS = "./var/lib/dpkg/status"
_CACERTS = "/java/cacerts"


def settle(path: Path, time_s: int) -> tuple[Package, ...]:
    """Fix the times inside certificate stores, in place.

    Returns:
        Every installed package, by name.
    """
    packages: tuple[Package, ...] = ()
    patches: list[tuple[int, bytes]] = []
    with tarfile.open(path) as tar:
        for each in tar:
            if each.isreg() and each.name == _STATUS:
                packages = _packages(_read(tar, each).decode("utf-8", "replace"))
            elif each.isreg() and each.name.endswith(_CACERTS):
                patches.append((each.offset_data, keystore.settle(_read(tar, each), time_s)))
    with path.open("r+b") as out:
        for offset, content in patches:
            out.seek(offset)
            out.write(content)
    return packages


def _read(tar: tarfile.TarFile, entry: tarfile.TarInfo) -> bytes:
    content = tar.extractfile(entry)
    return content.read() if content else b""


def _packages(status: str) -> tuple[Package, ...]:
    """Read dpkg's status file; entries stand between blank lines."""
    found = []
    for entry in status.split("\n\n"):
        fields = dict(line.split(": ", 1) for line in entry.splitlines() if ": " in line)
        if fields.get("Status", "").endswith(" installed"):
            found.append(Package(name=fields["Package"], version=fields["Version"]))
    return tuple(sorted(found, key=lambda each: each.name))
