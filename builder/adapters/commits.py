"""Commits of other people's repositories, by the user's own git: fetched, checked out, read."""

import base64
import json
from pathlib import Path, PurePosixPath

from builder.adapters.process import Finished, Program, ask, redacted, run
from builder.errors import CommitUnavailable
from builder.model.formula import InputFile
from builder.model.war import Taken

_GIT = Program(command="git", package="git")
_QUIET = {"LC_ALL": "C", "GIT_TERMINAL_PROMPT": "0", "GIT_ALLOW_PROTOCOL": "file:http:https:ssh"}
_EVERYTHING = ("+refs/heads/*:refs/jbuild/heads/*", "+refs/tags/*:refs/jbuild/tags/*")
_FILES = ("100644", "100755")  # modes; others are links and submodules


def fetched(address: str, commit: str, folder: Path, scratch: Path, *, alone: bool = False) -> Path:
    """Bring a commit into a new repository; without what came before it where it is ``alone``.

    A server that gives no commit by its name is asked for all of its branches and tags.

    Raises:
        CommitUnavailable: it does not answer, or has no such commit.
    """
    work = scratch / "work"
    place = address
    if address.startswith(("./", "../")):
        place = str((folder / address).resolve())
    git(scratch, "init", "--quiet", "--template=", str(work))
    fetch = ("fetch", "--quiet", "--no-tags", "--no-recurse-submodules")
    done = git(work, *fetch, *(("--depth=1",) if alone else ()), "--", place, commit)
    if done.code:
        git(work, *fetch, "--", place, *_EVERYTHING)
    if git(work, "cat-file", "-e", f"{commit}^{{commit}}").code:
        said = tuple(redacted(line) for line in done.lines[-3:]) or ("there is no such commit",)
        raise CommitUnavailable(address=redacted(address), commit=commit, said=said)
    return work


def check_out(work: Path, address: str, commit: str) -> None:
    """Write the commit's files, whatever the user's settings make of line ends.

    Raises:
        CommitUnavailable: they cannot be written.
    """
    settings = ("-c", "core.autocrlf=false", "-c", "core.hooksPath=/dev/null")
    done = git(work, *settings, "checkout", "--quiet", "--detach", commit)
    if done.code:
        said = tuple(map(redacted, done.lines[-3:]))
        raise CommitUnavailable(address=redacted(address), commit=commit, said=said)


def files(wanted: Taken, folder: Path, scratch: Path) -> tuple[InputFile, ...]:
    """Read files out of a commit that nothing has checked out: byte for byte, in git's order."""
    work = fetched(wanted.address, wanted.commit, folder, scratch, alone=True)
    below = ("--", str(wanted.path)) if wanted.path else ()
    listed = git(work, "ls-tree", "-r", "-z", "--full-tree", wanted.commit, *below)
    found = []
    for entry in filter(None, "\n".join(listed.lines).split("\0")):
        facts, _, name = entry.partition("\t")
        mode, _, blob = facts.split()
        if mode not in _FILES:
            raise CommitUnavailable(
                address=redacted(wanted.address),
                commit=wanted.commit,
                said=(f"{name} is a link or a submodule: it would lead out of the commit",),
            )
        answer = scratch / "blob"
        ask(_GIT, ("cat-file", "blob", blob), answer, folder=work, environment=_QUIET)
        found.append(InputFile(path=PurePosixPath(name), content=answer.read_bytes()))
    return tuple(found)


def packed(some: tuple[InputFile, ...]) -> bytes:
    """Write files into one."""
    return json.dumps({str(e.path): base64.b64encode(e.content).decode() for e in some}).encode()


def unpacked(content: bytes) -> tuple[InputFile, ...]:
    """Read them back."""
    return tuple(
        InputFile(path=PurePosixPath(name), content=base64.b64decode(text))
        for name, text in json.loads(content).items()
    )


def git(folder: Path, *arguments: str) -> Finished:
    """Run git, which asks nobody for a password."""
    return run(_GIT, arguments, folder=folder, environment=_QUIET)
