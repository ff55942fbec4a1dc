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

_DECIDES = ("version", "url", "file", "git")  # whichever comes before decides
_COMMAND = "the command that builds it, such as build: {command: [mvn, -B, package]}"
_MISSING = "missing"  # pydantic's own word


def is_decided(seen: ValidationInfo) -> bool:
    """Say whether a key before this one says where the file comes from.

    Source: custom-war-packager, ``SourceInfo.getType``: version, git, dir, whichever is there.
    """
    return any(seen.data.get(each) for each in _DECIDES)


def repository(value: str | None, seen: ValidationInfo) -> str | None:
    """Hold a repository against its form, unless something before it decides."""
    if value is None or is_decided(seen):
        return None
    return texts.GIT.read(value)


def folder(value: str | None, seen: ValidationInfo) -> str | None:
    """Let a folder pass unless something before it decides."""
    return None if is_decided(seen) else value


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


class BuildMap(Map):
    """``build`` of what is built from its sources; a released version needs none of it.

    ``command``, ``output`` and ``timeout`` are jbuild's own.
    """

    command: list[Line] = []
    output: Path | None = None
    timeout: Annotated[int, Reads(texts.SECONDS.read)] = 3600

    build_original_version: Flag = False
    no_cache: Flag = False

    def recipe(
        self, usual: str, *, git: str | None, commit: str | None, folder: str | None
    ) -> Recipe | None:
        """Say how sources are built; None: there are none.

        Args:
            usual: what comes of them where ``output`` is not said.
            git: the repository.
            commit: of that.
            folder: where there is no repository.
        """
        address = git or folder
        if not address:
            return None
        return Recipe(
            address=address,
            commit=commit if git else None,
            command=tuple(self.command),
            output=self.output or PurePosixPath(usual),
            timeout_s=self.timeout,
        )


def command_needed(value: BuildMap | None, seen: ValidationInfo) -> BuildMap | None:
    """Ask for a command where there are sources to be built."""
    source = seen.data.get("source")
    if source and (source.git or source.dir) and not (value and value.command):
        raise PydanticCustomError(_MISSING, "no command", {"error": _COMMAND})
    return value
