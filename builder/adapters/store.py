"""``Store``: files by digest in one folder, shared by all formulas and by several processes.

Layout: ``files/<2 hex>/<64 hex>`` with ``<64 hex>.json`` (size, CRC-32) beside it,
``names/<64 hex of the name's digest>`` for names that never change their bytes,
``notes/<64 hex of the name's digest>`` for what this machine remembers, and
``documents/<64 hex of the name's digest>`` for cached documents (see ``store_documents``). Files in
the making lie in ``partial`` (see ``store_partial``), all else that is unfinished in ``tmp``.
"""

import errno
import json
import os
import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from builder.adapters import store_partial
from builder.adapters.faults import disk_faults
from builder.adapters.measure import Measure, Measured
from builder.adapters.store_documents import DocumentRecord
from builder.adapters.store_lease import Holder
from builder.adapters.store_partial import Claim
from builder.model.digest import Digest
from builder.model.stored import StoredFile

_CHUNK = 1 << 20  # bytes
_DAY_S = 24 * 60 * 60


class FolderStore:
    """The real ``Store``."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._lease = Holder(root)

    def find(self, digest: Digest, *, used: bool = True) -> StoredFile | None:
        """Look a file up; a file without its facts does not count.

        Args:
            digest: of its bytes.
            used: whoever prunes the store leaves it alone while this process lives.
        """
        path = self._path(digest)
        try:
            facts = json.loads(_facts_path(path).read_bytes())
            size, crc32 = int(facts["size"]), int(facts["crc32"])
            whole = path.stat().st_size == size
            if used:
                self._use(path)
        except (OSError, ValueError, KeyError, TypeError):
            return None
        return StoredFile(digest=digest, size=size, crc32=crc32, path=path) if whole else None

    def check(self, digest: Digest, *, used: bool = True) -> StoredFile | None:
        """Measure the file again, and drop it where it is not what its name says."""
        found = self.find(digest, used=used)
        if found is None:
            return None
        with disk_faults(found.path):
            facts = Measured(digest=digest, size=found.size, crc32=found.crc32)
            if Measure.of(found.path).result() == facts:
                return found
            _facts_path(found.path).unlink(missing_ok=True)
            found.path.unlink(missing_ok=True)
            return None

    def check_each(self, digests: tuple[Digest, ...]) -> tuple[StoredFile | None, ...]:
        """Read as many files at a time as there are processors; digests let other threads go on."""
        from concurrent.futures import ThreadPoolExecutor

        with ThreadPoolExecutor(os.cpu_count()) as pool:
            return tuple(pool.map(self.check, digests))

    def add(self, chunks: Iterable[bytes]) -> StoredFile:
        """Write the bytes to a scratch file, then move it in."""
        with disk_faults(self.root):
            partial = self.temporary()
            try:
                with partial.open("wb") as out:
                    for chunk in chunks:
                        out.write(chunk)
                return self.adopt(partial)
            finally:
                partial.unlink(missing_ok=True)

    def adopt(self, path: Path) -> StoredFile:
        """Move a finished file in; copy it where it lies on another disk."""
        with disk_faults(self.root):
            facts = Measure.of(path).result()
            if (known := self.find(facts.digest)) is not None:
                path.unlink()
                return known
            return self.keep(path, facts)

    def keep(self, path: Path, facts: Measured) -> StoredFile:
        """Move a file in that has been measured on its way here."""
        with disk_faults(self.root):
            self._lease.take()
            stored = StoredFile(
                digest=facts.digest,
                size=facts.size,
                crc32=facts.crc32,
                path=self._path(facts.digest),
            )
            self._keep(path, stored)
            return stored

    def claim(self, digest: Digest) -> Claim | None:
        """Take the right to make a file; None while another process has it."""
        return store_partial.claim(self.root / "partial", digest)

    @contextmanager
    def scratch(self) -> Iterator[Path]:
        """Lend a folder below the store's own ``tmp``."""
        import shutil  # these two are slow, and who only reads needs neither
        import tempfile

        with disk_faults(self.root):
            self._sweep()
            folder = Path(tempfile.mkdtemp(dir=self._folder("tmp")))
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def recall(self, name: str) -> Digest | None:
        """Read the remembered digest of a name."""
        try:
            return Digest.parse(self._name_path(name).read_text("utf-8").strip())
        except (OSError, ValueError):
            return None

    def remember(self, name: str, digest: Digest) -> None:
        """Write the digest of a name."""
        with disk_faults(self.root):
            self._replace(self._name_path(name), f"{digest}\n".encode())

    def forget(self, name: str) -> None:
        """Take the name's file away."""
        with disk_faults(self.root):
            self._name_path(name).unlink(missing_ok=True)

    def read(self, digest: Digest) -> bytes | None:
        """Read a file and measure what was read."""
        found = self.find(digest)
        if found is None:
            return None
        with disk_faults(found.path):
            content = found.path.read_bytes()
        return content if Digest.of(content) == digest else None

    def read_note(self, name: str) -> bytes | None:
        """Read the record of a name; None where there is none."""
        try:
            return self._note_path(name).read_bytes()
        except OSError:
            return None

    def write_note(self, name: str, content: bytes) -> None:
        """Replace the record of a name, whole or not at all."""
        with disk_faults(self.root):
            self._replace(self._note_path(name), content)

    def document(self, url: str) -> DocumentRecord | None:
        """Give the record of a cached document; None where there is none that can be read."""
        try:
            return DocumentRecord.parse(self._document_path(document_name(url)).read_bytes())
        except (OSError, ValueError):
            return None

    def write_document(self, name: Digest, record: DocumentRecord) -> None:
        """Replace the record of a document, whole or not at all."""
        with disk_faults(self.root):
            self._replace(self._document_path(name), record.to_bytes())

    def documents(self, urls: tuple[str, ...]) -> Mapping[str, tuple[bytes, StoredFile]]:
        """Give the records and the bytes of cached documents, by the digest of their names."""
        found = {}
        for url in urls:
            record = self.document(url)
            if record and (content := self.find(record.content)):
                found[document_name(url).hex] = (record.to_bytes(), content)
        return found

    def _use(self, path: Path) -> None:
        """Touch the facts of a file; where it has just been pruned, it is not there."""
        self._lease.take()
        try:
            os.utime(_facts_path(path))
        except PermissionError:
            return  # of somebody else, or on a disk that is only read
        except OSError as fault:
            if fault.errno != errno.EROFS:
                raise

    def _sweep(self) -> None:
        """Remove what processes that were killed have left behind for a day."""
        import shutil

        for each in self._folder("tmp").iterdir():
            with suppress(OSError):  # another process sweeps, too
                if each.stat().st_mtime < time.time() - _DAY_S:
                    shutil.rmtree(each) if each.is_dir() else each.unlink()

    def _keep(self, path: Path, stored: StoredFile) -> None:
        """Put the facts in place, then the file: without both it does not count."""
        facts = json.dumps({"crc32": stored.crc32, "size": stored.size}, sort_keys=True)
        path.chmod(0o644)
        self._replace(_facts_path(stored.path), facts.encode())
        try:
            os.replace(path, stored.path)  # noqa: PTH105  # as in ``_write``
        except OSError as fault:
            if fault.errno != errno.EXDEV:
                raise
            self._copy_in(path, stored.path)
            path.unlink()

    def _copy_in(self, source: Path, target: Path) -> None:
        partial = self.temporary()
        try:
            with source.open("rb") as taken, partial.open("wb") as out:
                while chunk := taken.read(_CHUNK):
                    out.write(chunk)
            partial.chmod(0o644)
            partial.replace(target)
        finally:
            partial.unlink(missing_ok=True)

    def _replace(self, target: Path, content: bytes) -> None:
        """Write beside, then rename; the name beside is this thread's own."""
        beside = f"{target}.{os.getpid()}.{threading.get_ident()}"
        try:
            try:
                _write(beside, content)
            except FileNotFoundError:
                target.parent.mkdir(parents=True, exist_ok=True)
                _write(beside, content)
            os.replace(beside, target)  # noqa: PTH105  # as in ``_write``
        except OSError:
            Path(beside).unlink(missing_ok=True)
            raise

    def temporary(self) -> Path:
        """Make an empty file on the store's own disk, for the caller to take away."""
        import tempfile

        handle, name = tempfile.mkstemp(dir=self._folder("tmp"))
        os.close(handle)
        return Path(name)

    def _folder(self, name: str) -> Path:
        folder = self.root / name
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def _path(self, digest: Digest) -> Path:
        return self.root / "files" / digest.hex[:2] / digest.hex

    def _name_path(self, name: str) -> Path:
        return self.root / "names" / Digest.of(name.encode()).hex

    def _note_path(self, name: str) -> Path:
        return self.root / "notes" / Digest.of(name.encode()).hex

    def _document_path(self, name: Digest) -> Path:
        return self.root / "documents" / name.hex


def document_name(url: str) -> Digest:
    """Name a document's record, so that no query shows in the names of files."""
    return Digest.of(f"document {url}".encode())


def _write(path: str, content: bytes) -> None:
    """Write a small file; hundreds in a row are made, each call of the system counts."""
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o666)
    try:
        left = memoryview(content)
        while left:
            left = left[os.write(file, left) :]
    finally:
        os.close(file)


def _facts_path(path: Path) -> Path:
    return path.with_name(f"{path.name}.json")
