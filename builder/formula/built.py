"""What a formula says of a file that is built from its sources."""
# ruff: noqa: RUF012  pydantic copies its defaults

import shlex
from pathlib import PurePosixPath
from typing import Annotated

from pydantic import ValidationInfo
from pydantic_core import PydanticCustomError

from builder.formula import texts
from builder.formula.shape import Flag, Line, Map, Path, Reads
from builder.formula.spelling import spell_text
from builder.model.recipe import Recipe

_DECIDES = ("version", "url", "file")  # before a repository does
_COMMAND = "the command that builds it, such as build: {command: [mvn, -B, package]}"
_MISSING = "missing"  # pydantic's own word


class BuildMap(Map):
    """``build`` of what is built from its sources; a released version needs none of it.

    ``command``, ``output`` and ``timeout`` are jbuild's own.
    """

    command: list[Line] = []
    output: Path | None = None
    timeout: Annotated[int, Reads(texts.SECONDS.read)] = 3600

    build_original_version: Flag = False
    no_cache: Flag = False

    def recipe(self, address: str, commit: str, path: PurePosixPath) -> Recipe:
        """Say how a commit is built; ``path`` is what comes of it where ``output`` is not said."""
        return Recipe(
            address=address,
            commit=commit,
            command=tuple(self.command),
            output=self.output or path,
            timeout_s=self.timeout,
        )


def repository(value: str | None, seen: ValidationInfo) -> str | None:
    """Hold a repository against its form, unless something before it decides."""
    if value is None or any(seen.data.get(each) for each in _DECIDES):
        return None
    return texts.GIT.read(value)


def full_commit(value: str | None, seen: ValidationInfo) -> str | None:
    """Ask for a commit where a repository decides."""
    address = seen.data.get("git")
    if not address or (value and texts.COMMIT.take(value)):
        return value
    ref = value or seen.data.get("branch") or "HEAD"
    ask = spell_text(shlex.join(("git", "ls-remote", address, str(ref))))
    wanted = f"{texts.COMMIT.wanted}; `{ask}` tells which one today"
    if value is None:
        raise PydanticCustomError(_MISSING, "a branch moves", {"error": wanted})
    raise ValueError(wanted)


def command_needed(value: BuildMap | None, seen: ValidationInfo) -> BuildMap | None:
    """Ask for a command where there are sources to be built."""
    source = seen.data.get("source")
    if source and source.git and not (value and value.command):
        raise PydanticCustomError(_MISSING, "no command", {"error": _COMMAND})
    return value
