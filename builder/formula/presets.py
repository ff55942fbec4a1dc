"""What the lists of ``catalogue`` may name: known words, URLs, and files beside the formula."""

from collections.abc import Collection

from builder.formula.near import did_you_mean
from builder.formula.texts import SITE_URL, SOURCE

SOURCES = frozenset({"official", "stable", "experimental"})
MIRRORS = frozenset({"official", "china", "tuna", "ustc", "aliyun", "huawei", "tencent", "bit"})
TRUSTED = frozenset({"jenkins"})


def source(text: str) -> str:
    """Read where an index comes from: a preset, a URL or a file."""
    return _preset(text, SOURCES) or (SITE_URL.read(text) if is_url(text) else _file(text))


def mirror(text: str) -> str:
    """Read where files come from: a preset or a URL."""
    return _preset(text, MIRRORS) or SITE_URL.read(text)


def trusted(text: str) -> str:
    """Read whom to trust: a preset, or a file with a certificate."""
    return _preset(text, TRUSTED) or _file(text)


def is_url(text: str) -> bool:
    """Tell a URL from a preset and from a path."""
    return "://" in text


def _preset(text: str, known: Collection[str]) -> str | None:
    """Take a known word; only what has a dot or a slash in it can be anything else."""
    if text in known:
        return text
    if "." in text or "/" in text:
        return None
    wanted = f"one of {', '.join(sorted(known))}"
    raise ValueError(wanted + did_you_mean(text, known, "the word"))


def _file(text: str) -> str:
    path = str(SOURCE.read(text))
    return path if "." in path or "/" in path else f"./{path}"  # or it would be a preset
