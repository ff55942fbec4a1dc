"""``verify.checks``: the shape of checks of a formula's own."""
# ruff: noqa: RUF012  pydantic copies its defaults

import re
from typing import Annotated

from pydantic import Field, model_validator

from builder.formula.shape import Flag, Line, Map, Reads
from builder.formula.texts import Kind
from builder.model.custom import CustomCheck, FileWish, GroovyWish, HttpWish, LogWish

_JSON = r"[^.\[\]]+(?:\[[0-9]{1,6}\])*"
_ONE_KIND = "one of get, log, file, groovy"
_OF_GET = "status, header and json beside get alone"
_OF_LOG = "absent beside log or file alone"
_OF_FILE = "contains beside file or groovy alone, and not beside absent"
_OF_GROOVY = "contains beside groovy: what the script puts out"


def _matching(text: str, pattern: str) -> str | None:
    return text if re.fullmatch(pattern, text) else None


def _expression(text: str) -> str | None:
    try:
        re.compile(text)
    except (re.error, OverflowError):
        return None
    return text or None


def _status(text: str) -> int | None:
    return int(text) if re.fullmatch(r"[1-5][0-9]{2}", text) else None


ID = Kind(
    "an id: lower-case letters, digits and dashes, such as no-warnings",
    lambda text: _matching(text, r"[a-z0-9][a-z0-9-]{0,63}"),
)
FILE = Kind(
    "an absolute path such as /var/jenkins_home/config.xml",
    lambda text: _matching(text, r"/[^\x00-\x1f\x7f]*[^/\x00-\x1f\x7f]"),
)
GET = Kind(
    "a path such as /api/json, with its query",
    lambda text: _matching(text, r"/(?:[^\s/\\#][^\s\\#]*)?"),
)
HEADER = Kind(
    "the name of a header, such as X-Jenkins", lambda text: _matching(text, r"[A-Za-z0-9-]+")
)
JSON = Kind("a path such as jobs[0].name", lambda text: _matching(text, rf"{_JSON}(?:\.{_JSON})*"))
PATTERN = Kind("a regular expression", _expression)
SCRIPT = Kind("a script", lambda text: text if text.strip() and "\0" not in text else None)
STATUS = Kind("a status such as 200", _status)


class CheckMap(Map):
    """One of ``verify.checks``."""

    id: Annotated[str, Reads(ID.read)]
    get: Annotated[str, Reads(GET.read)] | None = None
    status: Annotated[int, Reads(STATUS.read)] | None = None
    header: dict[Annotated[str, Reads(HEADER.read)], Line] = {}
    values: dict[Annotated[str, Reads(JSON.read)], str] = Field(default={}, alias="json")
    log: Annotated[str, Reads(PATTERN.read)] | None = None
    file: Annotated[str, Reads(FILE.read)] | None = None
    groovy: Annotated[str, Reads(SCRIPT.read)] | None = None
    contains: Annotated[str, Reads(PATTERN.read)] | None = None
    absent: Flag | None = None

    @model_validator(mode="after")
    def _one_kind(self) -> "CheckMap":
        if sum(each is not None for each in (self.get, self.log, self.file, self.groovy)) != 1:
            raise ValueError(_ONE_KIND)
        if not self.get and (self.status or self.header or self.values):
            raise ValueError(_OF_GET)
        if self.groovy and self.contains is None:
            raise ValueError(_OF_GROOVY)
        if self.contains is not None and (not (self.file or self.groovy) or self.absent):
            raise ValueError(_OF_FILE)
        if (self.get or self.groovy) and self.absent is not None:
            raise ValueError(_OF_LOG)
        return self

    def wish(self) -> CustomCheck:
        """Give the value."""
        if self.log is not None:
            return LogWish(id=self.id, pattern=self.log, is_absent=bool(self.absent))
        if self.file is not None:
            return FileWish(
                id=self.id, path=self.file, pattern=self.contains, is_absent=bool(self.absent)
            )
        if self.groovy is not None:
            return GroovyWish(id=self.id, script=self.groovy, pattern=self.contains or "")
        return HttpWish(
            id=self.id,
            path=self.get or "/",
            status=self.status or 200,
            headers=tuple(sorted(self.header.items())),
            values=tuple(sorted(self.values.items())),
        )


def each_once(checks: list[CheckMap]) -> list[CheckMap]:
    """Refuse an id that comes twice."""
    ids = [each.id for each in checks]
    twice = next((each for each in ids if ids.count(each) > 1), None)
    if twice:
        wanted = f"each id once; {twice} comes twice"
        raise ValueError(wanted)
    return checks
