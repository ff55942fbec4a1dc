"""Checks of a formula's own, beside the stock ones."""

from typing import TypeAlias

from msgspec import Struct


class HttpWish(Struct, frozen=True, kw_only=True):
    """What one path must answer to who has not logged in."""

    id: str
    path: str
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()  # by name
    values: tuple[tuple[str, str], ...] = ()  # of JSON, by paths such as ``jobs[0].name``


class LogWish(Struct, frozen=True, kw_only=True):
    """What some line of the log must hold, or none may."""

    id: str
    pattern: str  # a regular expression
    is_absent: bool = False


class FileWish(Struct, frozen=True, kw_only=True):
    """What a plain file of the container must hold, or that there is none."""

    id: str
    path: str  # absolute
    pattern: str | None = None  # a regular expression; None: that it is there will do
    is_absent: bool = False


class GroovyWish(Struct, frozen=True, kw_only=True):
    """What a script must put out that the script console executes."""

    id: str
    script: str
    pattern: str  # a regular expression


CustomCheck: TypeAlias = HttpWish | LogWish | FileWish | GroovyWish
