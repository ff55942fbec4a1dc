"""A folder's plugins as jenkins-plugin-cli prints them, and as a document.

Source: plugin-installation-manager-tool, ``StdOutPluginOutputConverter`` and its neighbours.
"""

import json
from collections.abc import Iterable, Iterator

from msgspec.structs import replace

from builder.cli import show_audit
from builder.cli.shapes import columns, document
from builder.model.audit import AuditFinding
from builder.model.catalogue import SecurityWarning
from builder.model.folder import Fate, Ground, Lying
from builder.model.formula import Mode, Place, Wish
from builder.model.plugin import PluginId, Trust


def changes(settled: tuple[Fate, ...]) -> str:
    """List what becomes different in the folder; empty where nothing does."""
    return columns(
        (
            each.plugin,
            each.change.value,
            " -> ".join((*_before(each), each.choice.release.version)),
        )
        for each in settled
        if each.change
    )


def listing(ground: Ground, settled: tuple[Fate, ...]) -> str:
    """Tell what is there, what was chosen and what has to be placed."""
    carried = ground.carried
    inside = (*carried.plugins, *carried.detached) if carried else ()
    return "\n\n".join(
        (
            _titled("Installed plugins:", _lying(ground.installed)),
            _titled("Bundled plugins:", _lying(inside)),
            _titled("All requested plugins:", _chosen(settled)),
            _titled(
                "Plugins that will be downloaded:", _chosen(each for each in settled if each.change)
            ),
        )
    )


def resulting(settled: tuple[Fate, ...], wishes: tuple[Wish, ...], form: str) -> str:
    """Print the whole set in one of the forms ``stdout``, ``txt`` and ``yaml``."""
    if form == "stdout":
        return _titled("Resulting plugin list:", _chosen(settled))
    by_id = {each.plugin: each for each in wishes}
    return entries(tuple(_entry(each, by_id) for each in settled), form)


def available(before: tuple[Wish, ...], after: tuple[Wish, ...], form: str) -> str:
    """Print the requested plugins raised: as a list for people, or as a whole new plugin list."""
    if form != "stdout":
        return entries(after, form)
    lines = [
        f"{old.plugin} ({old.version}) has an available update: {new.version}"
        for old, new in _raised(before, after)
    ]
    return "\n".join(("Available updates:", *lines)) if lines else "No available updates"


def available_json(before: tuple[Wish, ...], after: tuple[Wish, ...], core: str) -> str:
    """Print the requested plugins that can be raised as a document."""
    raised = [
        {"id": new.plugin, "before": old.version, "version": new.version}
        for old, new in _raised(before, after)
    ]
    return document({"core": {"version": core}, "updates": raised})


def _raised(before: tuple[Wish, ...], after: tuple[Wish, ...]) -> list[tuple[Wish, Wish]]:
    pairs = zip(before, after, strict=True)
    return [(old, new) for old, new in pairs if old.version != new.version]


def entries(wishes: tuple[Wish, ...], form: str) -> str:
    """Write a plugin list, ``txt`` or ``yaml``, that can be read again."""
    if form == "txt":
        return "\n".join(_line(each) for each in wishes)
    ordered = sorted(wishes, key=lambda each: each.plugin)
    return "\n".join(("plugins:" if ordered else "plugins: []", *map(_item, ordered)))


def all_warnings(warnings: tuple[SecurityWarning, ...]) -> str:
    """List every published weakness of every plugin."""
    lines = (f"{each.plugin} - {each.message}" for each in warnings if each.plugin)
    return "\n".join(sorted(map(show_audit.plain, lines)))


def remarks(ground: Ground, settled: tuple[Fate, ...]) -> Iterator[str]:
    """Say where a controller undoes at its start what is placed, and what nobody vouches for."""
    carried = ground.carried.plugins if ground.carried else ()
    inside = {each.release.plugin: each for each in carried}
    for each in settled:
        if each.plugin in inside and not each.in_war:
            here, own = each.choice.release.version, inside[each.plugin].release.version
            yield f"{each.plugin} {here} is chosen, and the WAR puts its own {own} back at a start"
    believed = [e.choice.release for e in settled if e.change and not _is_vouched(e)]
    if believed:
        names = ", ".join(f"{each.plugin} {each.version}" for each in believed)
        yield f"no signed catalogue tells the digest of {names}"


def _is_vouched(fate: Fate) -> bool:
    release = fate.choice.release
    return release.digest is not None and release.trust is Trust.SIGNED


def plugins_json(
    settled: tuple[Fate, ...], gone: frozenset[PluginId], found: tuple[AuditFinding, ...], core: str
) -> str:
    """Print what became of every plugin as a document."""
    return document(
        {
            "core": {"version": core},
            "plugins": [_facts(each, gone) for each in settled],
            "findings": show_audit.findings_facts(found),
        }
    )


def _facts(fate: Fate, gone: frozenset[PluginId]) -> dict[str, object]:
    release = fate.choice.release
    change = fate.change.value if fate.change else None
    return {
        "id": release.plugin,
        "version": release.version,
        "kind": fate.choice.kind.value,
        "before": fate.before.release.version if fate.before else None,
        "change": "left out" if release.plugin in gone else change,
        "in_war": fate.in_war,
        "sha256": release.digest.hex if release.digest else None,
        "trust": release.trust.value,
    }


def _before(fate: Fate) -> tuple[str, ...]:
    return (fate.before.release.version,) if fate.before else ()


def _titled(title: str, names: Iterable[str]) -> str:
    return "\n".join((title, *(tuple(names) or ("-none-",))))


def _lying(some: Iterable[Lying]) -> tuple[str, ...]:
    return tuple(sorted(f"{each.release.plugin} {each.release.version}" for each in some))


def _chosen(some: Iterable[Fate]) -> tuple[str, ...]:
    return tuple(f"{each.plugin} {each.choice.release.version}" for each in some)


def _entry(fate: Fate, wishes: dict[PluginId, Wish]) -> Wish:
    """Name a plugin of the set by its version, where it does not come from a place of its own."""
    version, wish = fate.choice.release.version, wishes.get(fate.plugin)
    if wish:
        return replace(wish, version=version, mode=Mode.PINNED)
    return Wish(plugin=fate.plugin, version=version, group=None, place=Place("", 1, 1))


def _line(wish: Wish) -> str:
    """Write one entry of plugins.txt."""
    if wish.group:
        return f"{wish.plugin}:incrementals;{wish.group};{wish.version}"
    return f"{wish.plugin}:{_which(wish)}" + (f":{wish.url}" if wish.url else "")


def _which(wish: Wish) -> str:
    if wish.version is None:
        return "experimental" if wish.mode is Mode.EXPERIMENTAL else "latest"
    return f">={wish.version}" if wish.mode is Mode.AT_LEAST else wish.version


def _item(wish: Wish) -> str:
    """Write one entry of plugins.yaml; its texts stay texts: 2.10 is not 2.1."""
    told = {"version": _which(wish)}
    if wish.url and not wish.group:
        told["url"] = wish.url
    group = [f"  groupId: {json.dumps(wish.group)}"] if wish.group else []
    source = [f"    {name}: {json.dumps(text)}" for name, text in told.items()]
    return "\n".join((f"- artifactId: {json.dumps(wish.plugin)}", *group, "  source:", *source))
