"""Image references: read and printed as the registries' own grammar has them.

Source: distribution/reference, ``reference.go`` (grammar) and ``normalize.go`` (which part is a
host). Nothing is added: ``alpine`` stays ``alpine``.
"""

import re
from typing import Self

from msgspec import Struct

from builder.errors import FormulaInvalid
from builder.model.digest import Digest
from builder.model.formula import Bundle, Formula, Place, Problem

_WORD = r"[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*"
_LABEL = r"(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])"
_HOST = rf"(?:{_LABEL}(?:\.{_LABEL})*|\[[a-fA-F0-9:]+\])(?::[0-9]+)?"
_REPOSITORY = re.compile(rf"(?:{_HOST}/)?{_WORD}(?:/{_WORD})*")
_TAG = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}")
_LONGEST_REPOSITORY = 255
_LONGEST_TAG = 128


class Reference(Struct, frozen=True, kw_only=True):
    """A repository with a tag, a digest, both or neither."""

    repository: str  # such as ``registry.example:5000/kubesphere/ks-jenkins``
    tag: str | None = None
    digest: Digest | None = None

    def __post_init__(self) -> None:
        """Check here, so that no constructor can make an illegal one."""
        fits = len(self.repository) <= _LONGEST_REPOSITORY
        if not fits or not _REPOSITORY.fullmatch(self.repository):
            raise ValueError(self.repository)
        if self.tag is not None and not _TAG.fullmatch(self.tag):
            raise ValueError(self.tag)

    def __str__(self) -> str:
        """Spell it as engines take it."""
        tag = "" if self.tag is None else f":{self.tag}"
        digest = "" if self.digest is None else f"@{self.digest}"
        return f"{self.repository}{tag}{digest}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read ``repository``, ``repository:tag``, ``repository@digest`` or all three.

        Raises:
            ValueError: not a legal reference.
        """
        name, at, digest = text.partition("@")
        if at and not digest.startswith("sha256:"):
            raise ValueError(text)
        repository, colon, tag = name.rpartition(":")
        if not colon or "/" in tag:  # that colon is a port's
            repository, tag = name, ""
        if name.endswith(":"):
            raise ValueError(text)
        return cls(
            repository=repository,
            tag=tag or None,
            digest=Digest.parse(digest) if at else None,
        )


def default_for(bundle: Bundle) -> Reference:
    """Name the image of a formula without tags: ``jbuild/<artifact>:<version>``, made legal."""
    name = re.sub(r"[^a-z0-9]+", "-", bundle.artifact.lower()).strip("-")
    tag = re.sub(r"[^A-Za-z0-9_.-]+", "-", bundle.version).lstrip(".-")
    return Reference(
        repository=f"jbuild/{name or 'controller'}", tag=tag[:_LONGEST_TAG] or "latest"
    )


def tags(formula: Formula) -> tuple[str, ...]:
    """List what the image is to be called; never empty, each with a tag, each once.

    Raises:
        FormulaInvalid: a tag is no reference, or names a digest.
    """
    if not formula.image.tags:
        return (str(default_for(formula.bundle)),)
    named = tuple(_tag(formula, index) for index in range(len(formula.image.tags)))
    problems = tuple(each for each in named if isinstance(each, Problem))
    if problems:
        raise FormulaInvalid(problems=problems)
    return tuple(dict.fromkeys(str(each) for each in named))


def _tag(formula: Formula, index: int) -> Reference | Problem:
    text = formula.image.tags[index]
    try:
        read = Reference.parse(text)
        if read.digest is None:
            return Reference(repository=read.repository, tag=read.tag or "latest")
    except ValueError:
        pass
    return Problem(
        place=Place(formula.file, 1, 1),
        path=f"image.tags[{index}]",
        found=text,
        wanted="an image reference such as registry.example/team/jenkins:1.0",
    )


def host_of(repository: str) -> str | None:
    """Give the registry of a repository, with its port; None: the engine's usual one."""
    first, slash, _ = repository.partition("/")
    named = slash and ("." in first or ":" in first or first == "localhost")
    return first if named else None


def is_loopback(repository: str) -> bool:
    """Say whether the registry is this very machine: those alone speak plain HTTP."""
    host = (host_of(repository) or "").rpartition(":")[0] or host_of(repository) or ""
    return host in {"localhost", "[::1]"} or host.startswith("127.")
