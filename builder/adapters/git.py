"""``Revisions`` over the ``git`` program: files as they once were, nothing checked out."""

import os
import subprocess
from pathlib import Path

from builder.errors import RevisionUnreadable, ToolMissing

_GIT = "git"


class GitRevisions:
    """The real ``Revisions``."""

    def read(self, revision: str, path: str, folder: Path) -> bytes | None:
        """Ask for the commit first: what is missing then is the file alone."""
        if not folder.is_dir():
            return None
        commit = _run(
            folder, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}"
        )
        if commit.returncode:
            said = _said(commit) or "there is no such commit"
            raise RevisionUnreadable(revision=revision, path=folder, said=said)
        name = f"{commit.stdout.decode().strip()}:{path}"
        blob = _run(folder, "cat-file", "blob", name)
        return None if blob.returncode else blob.stdout

    def tag(self, folder: Path) -> str | None:
        """Ask for the nearest tag of this very commit."""
        top = _run(folder, "rev-parse", "--verify", "--quiet", "HEAD")
        if top.returncode:
            said = _said(top) or "there is no commit"
            raise RevisionUnreadable(revision="HEAD", path=folder, said=said)
        found = _run(folder, "describe", "--tags", "--exact-match", "HEAD")
        return None if found.returncode else found.stdout.decode().strip()


def _run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    """Run git; its answer is bytes, apart from what it says."""
    try:
        return subprocess.run(
            (_GIT, *arguments),
            cwd=folder,
            env={**os.environ, "LC_ALL": "C", "GIT_OPTIONAL_LOCKS": "0"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
        )
    except OSError as fault:
        raise ToolMissing(tool=_GIT, package=_GIT) from fault


def _said(done: subprocess.CompletedProcess[bytes]) -> str:
    lines = done.stderr.decode(errors="replace").strip().splitlines()
    return lines[0].removeprefix("fatal: ") if lines else ""
