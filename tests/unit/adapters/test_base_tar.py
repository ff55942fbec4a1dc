"""The tar of a base, settled: packages read, certificate stores dated anew."""

import hashlib
import io
import struct
import tarfile
from pathlib import Path

import pytest

from builder.adapters import base_tar, keystore
from builder.model.lock import Package

TIME_S = 946_684_800
SALT = "changeit".encode("utf-16-be") + b"Mighty Aphrodite"
STATUS = """\
Package: zlib1g
Status: install ok installed
Version: 1:1.3
Description: words
 Version: not this

Package: gone
Status: deinstall ok config-files
Version: 1

Package: never
Status: purge ok not-installed
Version: 1

Package: adduser
Status: install ok installed
Version: 3.1
"""


def jks(*entries: tuple[str, int], tag: int = 2, salt: bytes = SALT) -> bytes:
    """Write a store of certificates, each with an alias and the milliseconds of its import."""
    body = b"\xfe\xed\xfe\xed" + struct.pack(">II", 2, len(entries))
    for alias, date in entries:
        body += struct.pack(">IH", tag, len(alias)) + alias.encode()
        body += struct.pack(">q", date) + struct.pack(">H", 5) + b"X.509"
        body += struct.pack(">I", 3) + b"DER"
    return body + hashlib.sha1(salt + body, usedforsecurity=False).digest()


def test_two_stores_of_the_same_certificates_become_equal_whatever_their_times_and_order() -> None:
    settled = jks(("a", TIME_S * 1000), ("b", TIME_S * 1000))
    assert keystore.settle(jks(("b", 1), ("a", 2)), TIME_S) == settled
    assert keystore.settle(jks(("a", 3), ("b", 4)), TIME_S) == settled


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no store",
        jks(("a", 1), tag=1),
        jks(("a", 1), salt=b"another password"),
        jks(("a", 1))[:-21],
        jks(("a", 1)) + b"x",
    ],
)
def test_what_is_no_store_of_certificates_stays_as_it_is(content: bytes) -> None:
    assert keystore.settle(content, TIME_S) == content


def write(path: Path, files: dict[str, bytes]) -> None:
    with tarfile.open(path, "w") as out:
        for name, content in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            out.addfile(entry, io.BytesIO(content))


def test_installed_packages_are_read_by_name(tmp_path: Path) -> None:
    write(tmp_path / "a.tar", {"./var/lib/dpkg/status": STATUS.encode()})
    assert base_tar.settle(tmp_path / "a.tar", TIME_S) == (
        Package(name="adduser", version="3.1"),
        Package(name="zlib1g", version="1:1.3"),
    )


def test_a_store_is_dated_in_place_and_all_else_stays(tmp_path: Path) -> None:
    stores = {"./a": b"a" * 600, "./etc/ssl/certs/java/cacerts": jks(("a", 5)), "./b": b"b"}
    path, wanted = tmp_path / "a.tar", tmp_path / "b.tar"
    write(path, stores)
    write(wanted, {**stores, "./etc/ssl/certs/java/cacerts": jks(("a", TIME_S * 1000))})
    base_tar.settle(path, TIME_S)
    assert path.read_bytes() == wanted.read_bytes()
