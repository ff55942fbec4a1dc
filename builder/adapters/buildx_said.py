"""What ``docker buildx`` prints: facts of a builder, steps, and why a build failed. Pure."""

import re

from msgspec import Struct

_KEPT_LINES = 20
_FACT = re.compile(r"(?P<name>[A-Z]\w*):\s+(?P<value>.*)")
_STEP = re.compile(r"#(?P<number>\d+) (?P<name>\[.*)")
_COUNT = re.compile(r"#\d+ \[(?:\S+ )?(?P<done>\d+)/(?P<total>\d+)\] ")
_FAILED = re.compile(r"#(?P<number>\d+) ERROR: (?P<said>.*)")
_NOISE = re.compile(r"-{3,}$|WARNING: No output specified|#\d+ DONE|#\d+ CACHED|\s*$")
_UNREACHABLE = (
    "[internal] waiting for connection",
    "[internal] booting buildkit",
    "Cannot connect to the Docker daemon",
    "no builder ",
)


class Failure(Struct, frozen=True, kw_only=True):
    """Why a build failed."""

    step: str
    said: tuple[str, ...]  # what came last
    unreachable: bool  # it never began


def facts(lines: tuple[str, ...]) -> dict[str, str]:
    """Read what ``inspect`` prints; what it says first of a name, of its first node, counts."""
    found = (_FACT.fullmatch(line.strip()) for line in lines)
    return {each["name"]: each["value"] for each in reversed([each for each in found if each])}


def step(line: str) -> tuple[int, int] | None:
    """Read how far a build is; None where the line says nothing of that."""
    found = _COUNT.match(line)
    return (int(found["done"]), int(found["total"])) if found else None


def failure(lines: tuple[str, ...]) -> Failure:
    """Find the step that failed, and what was said last."""
    names: dict[str, str] = {}
    name = "the build"
    for line in lines:
        if found := _STEP.match(line):
            names.setdefault(found["number"], found["name"])
        elif found := _FAILED.match(line):
            name = names.get(found["number"], name)
    said = tuple(line for line in lines if not _NOISE.match(line))[-_KEPT_LINES:]
    unreachable = any(words in text for words in _UNREACHABLE for text in (name, last(lines)))
    return Failure(step=name, said=said, unreachable=unreachable)


def last(lines: tuple[str, ...]) -> str:
    """Give the last line that says something."""
    found = next((line for line in reversed(lines) if line.strip()), "")
    return found.strip().removeprefix("ERROR: ")
