"""Why and tree: the plugin set as chains and as branches."""

from collections.abc import Iterator

from builder.cli.shapes import document
from builder.model.lock import Lock, Pin, PinKind
from builder.model.plugin import Dependency, DependencyKind, PluginId
from builder.why import Chain, Link

Bounds = tuple[tuple[Pin, Dependency], ...]


def chains(found: tuple[Chain, ...], bounds: Bounds) -> str:
    """Show each chain on a line, then the optional demands that set a bound."""
    target = found[0][-1]
    lines = [f"{target.plugin} {target.version}"]
    lines += ["  " + " -> ".join(_link(each) for each in chain) for chain in found]
    lines += [
        f"  {pin.plugin} {pin.version} wants {edge.minimum} or newer where it is present"
        for pin, edge in bounds
    ]
    return "\n".join(lines)


def chains_json(found: tuple[Chain, ...], bounds: Bounds) -> str:
    """Print the chains as a document."""
    return document(
        {
            "plugin": found[0][-1].plugin,
            "version": found[0][-1].version,
            "chains": [
                [
                    {"id": e.plugin, "version": e.version, "asked": e.asked, "kind": e.kind.value}
                    for e in chain
                ]
                for chain in found
            ],
            "bounds": [{"by": pin.plugin, "minimum": edge.minimum} for pin, edge in bounds],
        }
    )


def tree(locked: Lock) -> str:
    """Show each wish with what it needs below it."""
    pins = {each.plugin: each for each in locked.plugins}
    shown: set[PluginId] = set()
    lines = [f"{locked.core.family.value} {locked.core.version}"]
    wishes = [each for each in locked.plugins if each.kind is PinKind.WISH]
    for index, wish in enumerate(wishes):
        last = index == len(wishes) - 1
        lines += _branch(wish, pins, shown, ("", last, None))
    return "\n".join(lines)


def tree_json(locked: Lock) -> str:
    """Print the set as a document: every plugin and the plugins it needs."""
    return document(
        {
            "core": locked.core.version,
            "plugins": {
                each.plugin: {
                    "version": each.version,
                    "kind": each.kind.value,
                    "needs": [edge.plugin for edge in _needs(each)],
                }
                for each in locked.plugins
            },
        }
    )


def _branch(
    pin: Pin,
    pins: dict[PluginId, Pin],
    shown: set[PluginId],
    position: tuple[str, bool, Dependency | None],
) -> Iterator[str]:
    """Show a plugin and, the first time, what it needs."""
    indent, last, edge = position
    asked = f" (asked: {edge.minimum})" if edge else ""
    again = pin.plugin in shown and bool(_needs(pin))
    yield f"{indent}{'└── ' if last else '├── '}{pin.plugin} {pin.version}{asked}" + (
        " ..." if again else ""
    )
    if again:
        return
    shown.add(pin.plugin)
    below = [each for each in _needs(pin) if each.plugin in pins]
    for index, each in enumerate(below):
        deeper = indent + ("    " if last else "│   ")
        yield from _branch(pins[each.plugin], pins, shown, (deeper, index == len(below) - 1, each))


def _needs(pin: Pin) -> tuple[Dependency, ...]:
    return tuple(e for e in pin.dependencies if e.kind is not DependencyKind.OPTIONAL)


def _link(link: Link) -> str:
    asked = f" (asked: {link.asked})" if link.asked and link.asked != link.version else ""
    return f"{link.plugin} {link.version}{asked}"
