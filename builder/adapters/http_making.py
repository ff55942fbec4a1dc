"""One file while it is fetched: the right to make it, its bytes on the disk, its verification."""

import threading
from pathlib import Path

from builder.adapters.store import FolderStore
from builder.adapters.store_partial import Claim, Copy
from builder.model.digest import Digest
from builder.model.stored import StoredFile

Mark = tuple[str | None, str | None]


class Making:
    """One file in the making, for several threads."""

    def __init__(self, store: FolderStore, digest: Digest | None) -> None:
        self._lock = threading.Lock()
        self._store = store
        self._digest = digest
        self._claim: Claim | None = None
        self._scratch: Path | None = None  # of a file whose digest nobody knows
        self._copy: Copy | None = None
        self._number = 0  # of the copy
        self._users: dict[Copy, int] = {}
        self._mark: Mark | None = None  # of the first answer
        self._closed = False
        self.stored: StoredFile | None = None

    def begin(self) -> tuple[tuple[int, int], ...] | None:
        """Take the right to make it, and tell what an earlier run has left.

        Returns:
            None where another process is at it, or has it finished by now: see ``stored``.
        """
        if self._digest is None:
            return ()
        self._claim = self._store.claim(self._digest)
        self.stored = self._store.find(self._digest)
        if self._claim and self.stored:
            self._claim.release()
            self._claim = None
        return self._claim.held() if self._claim else None

    def lend(self, number: int) -> Copy | None:
        """Open the copy of that number, an older one is thrown away; None once it is closed."""
        with self._lock:
            if self._closed:
                return None
            old = self._copy
            copy = self._renew(number) if old is None or number > self._number else old
            self._users[copy] += 1
            return copy

    def give_back(self, copy: Copy) -> None:
        """Close a copy that nobody writes to any more."""
        with self._lock:
            self._users[copy] -= 1
            self._close_idle()

    def same(self, mark: Mark) -> bool:
        """Say whether an answer speaks of the same bytes as the one before, where it matters."""
        if self._digest is not None:
            return True
        with self._lock:
            self._mark = self._mark or mark
            return self._mark == mark

    def judge(self, copy: Copy, size: int) -> bool:
        """Look at the bytes: keep the file where they are right."""
        facts = copy.measured(size)
        if self._digest not in {None, facts.digest}:
            return False
        self.stored = self._store.keep(copy.path, facts)
        return True

    def close(self) -> None:
        """Let go of it; what has come so far stays for the next run."""
        with self._lock:
            self._closed = True
            if self._copy and not self.stored:
                self._copy.note()
            self._retire()
            if self._claim:
                if self.stored:
                    self._claim.forget()
                self._claim.release()
                self._claim = None
            if self._scratch:
                self._scratch.unlink(missing_ok=True)

    def _renew(self, number: int) -> Copy:
        first = self._copy is None and number == 0
        self._number, self._mark = number, None
        self._retire()
        if self._claim:
            copy = self._claim.open() if first else self._claim.afresh()
        else:
            self._scratch = self._scratch or self._store.temporary()
            self._scratch.unlink(missing_ok=True)
            copy = Copy(self._scratch, None)
        self._users[copy], self._copy = 0, copy
        return copy

    def _retire(self) -> None:
        """Have no copy; one that a thread still writes to is closed when that thread is done."""
        if self._copy:
            self._copy.abandon()
        self._copy = None
        self._close_idle()

    def _close_idle(self) -> None:
        for each in [copy for copy, users in self._users.items() if not users]:
            if each is not self._copy:
                each.close()
                del self._users[each]
