"""Does a lock still fit its formula? By a fingerprint of the formula's meaning.

Spelling, order, tags, mirrors, the trial and what a team accepts leave no trace in it: they change
neither a version nor a byte of the image. Newer releases do not make a lock stale, only changed
inputs do.
"""

import json

from builder.model.base_wishes import DebianBase, ImageBase
from builder.model.controller import is_jenkins, war_path
from builder.model.digest import Digest
from builder.model.formula import Formula, Mode, Wish
from builder.model.lock import AnyBasePin, ImagePin, InputPin, Lock, PinKind
from builder.model.plugin import Addressed, Beside, Coordinates, Origin
from builder.model.recipe import Recipe, as_locked
from builder.model.war import WarWishes
from builder.version import Version, older_than


def fingerprint(formula: Formula) -> Digest:
    """Compute the digest of all that a build of ``formula`` depends on."""
    meaning: dict[str, object] = {
        "bundle": _bundle(formula),
        "war": [formula.war.group, formula.war.artifact, formula.war.version],
        "plugins": sorted(map(_wish, formula.plugins)),
        "catalogue": _catalogue(formula),
        "repositories": sorted(each.url for each in formula.repositories),
        "image": _image(formula),
        "files": [[str(each.path), each.digest.hex] for each in formula.inputs],
    }
    if formula.parts != WarWishes():
        meaning["parts"] = _parts(formula.parts)
    return Digest.of(json.dumps(meaning, sort_keys=True, separators=(",", ":")).encode())


def changes(formula: Formula, locked: Lock) -> tuple[str, ...]:
    """Name what no longer fits, in the words of the formula; empty when the lock is fresh.

    The fingerprint alone is not believed: a merge may have kept it and lost a plugin.
    """
    found = (*_war(formula, locked), *_plugins(formula, locked), *_base(formula, locked))
    found += (*_libraries(formula, locked), *_inputs(formula, locked))
    if not found and fingerprint(formula) != locked.fingerprint:
        return ("plugins, catalogue, policy, image, bundle or repositories",)
    return found


def base_fits(wished: DebianBase | ImageBase | None, locked: AnyBasePin) -> bool:
    """Say whether a locked base is the one that is wished for; the mirror makes no difference."""
    if wished is None:
        return False
    if isinstance(locked, ImagePin):
        return not isinstance(wished, DebianBase) and locked.wished == wished.named
    return isinstance(wished, DebianBase) and (locked.suite, locked.wished) == (
        wished.suite,
        wished.wished,
    )


def inputs_of(formula: Formula) -> tuple[InputPin, ...]:
    """Pin the files beside the formula."""
    return tuple(InputPin(path=each.path, digest=each.digest) for each in formula.inputs)


def _bundle(formula: Formula) -> list[str]:
    b = formula.bundle
    return [b.group, b.artifact, b.version, b.title or "", b.vendor or "", b.description or ""]


def _wish(wish: Wish) -> list[str]:
    """Spell a wish out; its place is no part of it, and a URL leaves with the digest only."""
    match wish.origin:
        case Coordinates():
            origin = f"maven {wish.origin}"
        case Beside():
            origin = f"beside {wish.origin.path}"
        case Addressed():
            origin = f"url {wish.url}"
        case Recipe():
            origin = f"built {wish.origin.digest}"
        case None:
            origin = ""
    return [wish.plugin, wish.mode.value, wish.version or "", wish.group or "", origin]


def _catalogue(formula: Formula) -> list[object]:
    """Take in what decides which releases are chosen; mirrors only say where files come from."""
    asked, policy = formula.catalogue, formula.policy
    chosen = [policy.dependencies.value, policy.implied.value]
    return [list(asked.sources), list(asked.trust), *chosen]


def _image(formula: Formula) -> dict[str, object]:
    image = formula.image
    # A key that came later counts only where it is used: older locks stay fresh.
    later = {
        "retired": sorted({each.plugin for each in image.retired}),
        "platforms": list(image.platforms),
        "certificates": [str(each.path) for each in image.certificates],
    }
    return {
        "base": _wished_base(image.base),
        "layout": image.layout.value,
        "env": [list(each) for each in image.env],
        "java": list(image.java_options),
        "files": [[str(each.source), str(each.target)] for each in image.files],
        **{name: value for name, value in later.items() if value},
    }


def _wished_base(base: DebianBase | ImageBase | None) -> list[str]:
    if base is None:
        return []
    if isinstance(base, DebianBase):
        return [base.suite, *base.wished]
    return base.named.split(" ", 1)


def _parts(parts: WarWishes) -> dict[str, object]:
    """Spell out what becomes of the archive; ids and the order of a list change no byte."""
    core = parts.core
    return {
        "core": f"built {core.digest}" if isinstance(core, Recipe) else str(core or ""),
        "properties": [list(each) for each in parts.properties],
        "resources": sorted([e.hook or "", str(e.source)] for e in (*parts.hooks, *parts.casc)),
        "patches": sorted([e.artifact, _library(e.origin)] for e in parts.patches),
        "excludes": sorted(each.artifact for each in parts.excludes),
    }


def _library(origin: Coordinates | Beside | Recipe | None) -> str:
    if isinstance(origin, Recipe):
        return f"built {origin.digest}"
    return f"beside {origin.path}" if isinstance(origin, Beside) else f"maven {origin}"


def _war(formula: Formula, locked: Lock) -> tuple[str, ...]:
    wanted: Origin = war_path(formula.war.version) if is_jenkins(formula.war) else formula.war
    core = formula.parts.core
    if isinstance(core, Recipe):
        return () if core.origin == locked.core.origin else ("war: it is now built otherwise",)
    if core:
        wanted = Beside(core)
    return () if wanted == locked.core.origin else (f"war: {formula.war.version}",)


def _plugins(formula: Formula, locked: Lock) -> tuple[str, ...]:
    wished = {each.plugin: each for each in formula.plugins}
    locked_wishes = {e.plugin: e for e in locked.plugins if e.kind is PinKind.WISH}
    added = (f"plugins: {each} is new" for each in sorted(wished.keys() - locked_wishes.keys()))
    gone = (f"plugins: {each} is gone" for each in sorted(locked_wishes.keys() - wished.keys()))
    other = (
        f"plugins: {each} is now {wished[each].version}"
        for each in sorted(wished.keys() & locked_wishes.keys())
        if not _suits(wished[each], locked_wishes[each].version)
    )
    rebuilt = (
        f"plugins: {each} is now built otherwise"
        for each in sorted(wished.keys() & locked_wishes.keys())
        if _is_built_otherwise(wished[each].origin, locked_wishes[each].origin)
    )
    return (*added, *gone, *other, *rebuilt)


def _is_built_otherwise(wished: object, locked: Origin) -> bool:
    return isinstance(wished, Recipe) and wished.origin != locked


def _suits(wish: Wish, locked: Version) -> bool:
    """Say whether a locked version is one that the wish allows."""
    if wish.version is None or isinstance(wish.origin, Addressed | Beside):
        return True  # the file says its version; that it is the same file is the fingerprint's care
    if wish.mode is Mode.AT_LEAST:
        return not older_than(locked, wish.version)
    return wish.version == locked


def _base(formula: Formula, locked: Lock) -> tuple[str, ...]:
    image = formula.image
    if not all(base_fits(image.base, each) for each in locked.bases):
        return ("image.base",)
    if image.platforms and image.platforms != tuple(each.platform for each in locked.bases):
        return ("image.platforms",)
    return () if image.platforms or len(locked.bases) == 1 else ("image.platforms",)


def _libraries(formula: Formula, locked: Lock) -> tuple[str, ...]:
    wished = {each.artifact: as_locked(each.origin) for each in formula.parts.patches}
    there = {each.artifact: each.origin for each in locked.libraries}
    return tuple(
        f"libPatches: {artifact}"
        for artifact in sorted(wished.keys() | there.keys())
        if wished.get(artifact) != there.get(artifact)
    )


def _inputs(formula: Formula, locked: Lock) -> tuple[str, ...]:
    now = {each.path: each.digest for each in inputs_of(formula)}
    then = {each.path: each.digest for each in locked.inputs}
    return tuple(
        f"file {path}"
        for path in sorted(now.keys() | then.keys())
        if now.get(path) != then.get(path)
    )
