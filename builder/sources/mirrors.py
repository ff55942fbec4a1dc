"""Which mirrors a formula's files come from, and what a URL is below them.

Presets are public, so they have the official site and its archive behind them: mirrors lag and
prune. A mirror named by URL may be private, and nothing public is ever asked in its stead.

Source: formats.md section 5, "Mirrors"; the layouts are those of ``get.jenkins.io``.
"""

import json
import re
from functools import cache
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from builder import data
from builder.errors import SettingsError
from builder.model.controller import war_folder
from builder.model.formula import CatalogueWishes
from builder.model.mirror import Mirror

CHINA = ("tuna", "ustc", "aliyun", "huawei", "tencent", "bit")
_BEHIND = ("official", "archives")
_STEP = r"[^/]+"
_FILE = re.compile(rf"/(?:plugins/{_STEP}/{_STEP}|war(?:-stable)?/{_STEP})/{_STEP}$")


def chosen(wishes: CatalogueWishes) -> tuple[Mirror, ...]:
    """Give the mirrors of a formula, in its order, each once.

    Where it names none, or only presets, files come from where its own indexes are as well: no
    preset has what only a private index tells of.
    """
    own = tuple(each for each in wishes.sources if "://" in each)
    named = any("://" in each for each in wishes.mirrors)
    return resolve_mirrors(wishes.mirrors if named else (*own, *wishes.mirrors))


def relays(wishes: CatalogueWishes) -> tuple[Mirror, ...]:
    """Give the mirrors that may relay the official site's own documents: the presets but it."""
    public = presets_by_name().values()
    return tuple(e for e in chosen(wishes) if e in public and e.name not in _BEHIND)


def resolve_mirrors(names: tuple[str, ...]) -> tuple[Mirror, ...]:
    """Give the mirrors that presets and URLs stand for, each once.

    Args:
        names: a preset; ``china`` for all of China's; or the URL of a root, of its ``updates``
            folder, or of an index in there. A URL that ends in ``#plugins`` is of a folder that
            holds what others have below ``plugins``.
    """
    spread = [each for name in names for each in (CHINA if name == "china" else (name,))]
    presets = [each for each in spread if "://" not in each]
    ordered = dict.fromkeys((*spread, *(_BEHIND if presets else ())))
    return tuple(presets_by_name()[e] if "://" not in e else _addressed(e) for e in ordered)


@cache
def presets_by_name() -> dict[str, Mirror]:
    """Read the presets that ship with jbuild."""
    written = json.loads(data.text("mirrors.json"))
    return {name: Mirror(name=name, **roots) for name, roots in written.items()}


def preferred(names: tuple[str, ...]) -> tuple[Mirror, ...]:
    """Give the mirrors that the user's settings put in the place of public ones.

    Raises:
        SettingsError: a name that is no preset and no URL.
    """
    for each in names:
        if "://" not in each and each not in {"china", *presets_by_name()}:
            known = ", ".join(("china", *presets_by_name()))
            raise SettingsError(
                name="mirrors", value=each, origin="settings", wanted=f"a URL, or one of: {known}"
            )
    return resolve_mirrors(names)


def public() -> frozenset[str]:
    """Name the roots of files that are everybody's."""
    return frozenset(each.files for each in presets_by_name().values())


def _addressed(url: str) -> Mirror:
    """Take a URL for a root; an index and its folder lie below one.

    Raises:
        SettingsError: it is none; formulas were checked when they were read.
    """
    try:
        parts = urlsplit(url)
    except ValueError as fault:
        raise SettingsError(
            name="mirrors", value=url, origin="settings", wanted="a URL such as https://host/path"
        ) from fault
    folder = parts.path if parts.path.endswith("/") else parts.path.rpartition("/")[0] + "/"
    if not parts.path.endswith((".json", ".html", "/")):
        folder = f"{parts.path}/"
    root = folder.removesuffix("updates/")
    host = parts.netloc.rpartition("@")[2]
    base = parts._replace(query="", fragment="")
    files = base._replace(path=root).geturl()
    return Mirror(
        name=host,
        files=files,
        plugins=files if parts.fragment == "plugins" else None,
        updates=base._replace(path=folder if root != folder else f"{root}updates/").geturl(),
    )


def relative(url: str) -> PurePosixPath | None:
    """Give the path of a file below every mirror; None for a URL that is no such file.

    The official site's ``download/war/2.346.3/jenkins.war`` lies under ``war-stable`` on mirrors.
    """
    found = _FILE.search(unquote(urlsplit(url).path))
    if not found or ".." in found[0].split("/"):
        return None
    folder, *rest = found[0].removeprefix("/").split("/")
    if folder == "war":
        folder = war_folder(rest[0])
    return PurePosixPath(folder, *rest)
