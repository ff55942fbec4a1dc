"""Moves between locks, and what is newer than one: as columns, as Markdown, as a document."""

from collections import Counter
from collections.abc import Iterable, Iterator

from builder.cli.shapes import columns, document
from builder.model.audit import Move, Outdated, Severity
from builder.model.inventory import Contents, Inventory
from builder.model.lock import Aspect, Shift

Moves = tuple[Move, ...]
Newer = tuple[Outdated, ...]

_EQUAL = "nothing differs"
_HEAD = "| {} | Before | After | What to know |\n|---|---|---|---|"


def outdated(found: Newer) -> str:
    """Show each pin with what it could be; empty where everything is up to date."""
    return columns((each.subject, each.version, _newest(each), _known(each)) for each in found)


def outdated_json(found: Newer) -> str:
    """Print what is newer as a document."""
    entries = [
        {
            "subject": each.subject,
            "version": each.version,
            "newest": each.newest,
            "beyond": each.beyond,
            "needs_core": each.needs_core,
            "fixes": list(each.fixes),
            "crosses": each.crosses,
        }
        for each in found
    ]
    return document({"outdated": entries})


def short_of_a_lock(name: str, found: Contents) -> tuple[str, ...]:
    """Say where less is known of what a person named than a lock tells; empty for a lock."""
    if not isinstance(found, Inventory):
        return ()
    said = f"{name} holds no lock: core and plugins are compared, by version and bytes"
    return (said, *(f"{name}: left out {each}" for each in found.unread))


def moves(found: Moves) -> str:
    """Show each move on a line, the gravest first."""
    if not found:
        return _EQUAL
    marked = any(_mark(each) for each in found)
    rows = ((_mark(e), e.subject, _how(e), _arrow(e), "; ".join(_notes(e))) for e in found)
    return "\n".join((columns(row[not marked :] for row in rows), _summary(found)))


def moves_json(found: Moves, *, judged: bool) -> str:
    """Print moves as a document; ``judged`` tells whether catalogues had a say in it."""
    entries = [
        {
            "subject": each.subject,
            "kind": each.kind.value if each.kind else None,
            "before": each.before,
            "after": each.after,
            "severity": each.severity.value,
            "shifts": [_shift_facts(one) for one in each.shifts],
            "fixes": list(each.fixes),
            "brings": list(each.brings),
            "crosses": each.crosses,
        }
        for each in found
    ]
    return document({"moves": entries, "judged": judged})


def moves_markdown(found: Moves) -> str:
    """Write moves for a pull request: what wants care first, mere reasons folded away."""
    care = [each for each in found if _wants_care(each)]
    rest = [each for each in found if not _wants_care(each) and each.kind]
    terms = [each for each in found if not _wants_care(each) and not each.kind]
    parts = [f"### Lock: {_summary(found) if found else _EQUAL}"]
    if care:
        parts.append(_table("Security and care", care))
    if rest:
        parts.append(_table("Everything else", rest))
    if terms:
        stay = "1 file stays" if len(terms) == 1 else f"{len(terms)} files stay"
        about = f"<summary>{stay}, on other terms</summary>"
        parts.append(f"<details>{about}\n\n{_table('Same file', terms)}\n\n</details>")
    return "\n\n".join(parts)


def _wants_care(move: Move) -> bool:
    return move.severity is not Severity.NOTE or bool(move.fixes)


def _table(title: str, some: Iterable[Move]) -> str:
    rows = (
        f"| {_cell(e.subject)} | {_code(e.before)} | {_code(e.after)} "
        f"| {_cell('; '.join((_how(e), *_notes(e))))} |"
        for e in some
    )
    return "\n".join((_HEAD.format(title), *rows))


def _code(text: str | None) -> str:
    return "" if text is None else f"`{_cell(text).replace('`', '')}`"


def _cell(text: str) -> str:
    """Keep a text inside its cell, and what looks like HTML a text."""
    for sign, instead in (("&", "&amp;"), ("<", "&lt;"), ("|", "\\|")):
        text = text.replace(sign, instead)
    return text


def _mark(move: Move) -> str:
    return "" if move.severity is Severity.NOTE else move.severity.value


def _how(move: Move) -> str:
    return move.kind.value if move.kind else "other terms"


def _arrow(move: Move) -> str:
    return " -> ".join(filter(None, (move.before, move.after)))


def _notes(move: Move) -> Iterator[str]:
    if move.brings:
        yield f"brings {', '.join(move.brings)}"
    if move.fixes:
        yield f"fixes {', '.join(move.fixes)}"
    if move.crosses:
        yield f"may not read configuration older than {move.crosses}"
    for each in move.shifts:
        yield from _shift(each)


def _shift(shift: Shift) -> Iterator[str]:
    if shift.aspect is not Aspect.WHY:
        less = ", less than before" if shift.lowered else ""
        yield f"{shift.aspect.value} {shift.before} -> {shift.after}{less}"
        return
    if shift.after:
        yield f"now asked for by {shift.after}"
    if shift.before:
        yield f"no longer by {shift.before}"


def _shift_facts(shift: Shift) -> dict[str, object]:
    return {
        "aspect": shift.aspect.value,
        "before": shift.before,
        "after": shift.after,
        "lowered": shift.lowered,
    }


def _newest(each: Outdated) -> str:
    return f"-> {each.newest}" if each.newest else "-"


def _known(each: Outdated) -> str:
    said = []
    if each.fixes:
        said.append(f"fixes {', '.join(each.fixes)}")
    if each.crosses:
        said.append(f"may not read configuration older than {each.crosses}")
    if each.beyond:
        core = f" with core {each.needs_core}" if each.needs_core else " with a newer Java"
        said.append(f"{each.beyond}{core}")
    return "; ".join(said)


def _summary(found: Moves) -> str:
    """Count the kinds of moves, then the warnings that went and came."""
    kinds = Counter(_how(each) for each in found)
    fixed = {name for each in found for name in each.fixes}
    brought = {name for each in found for name in each.brings}
    said = [f"{count} {kind}" for kind, count in kinds.items()]
    said += [f"{len(names)} {what}" for names, what in _warnings(fixed, brought) if names]
    return ", ".join(said)


def _warnings(fixed: set[str], brought: set[str]) -> tuple[tuple[set[str], str], ...]:
    return (fixed, "warnings fixed"), (brought, "warnings brought in")
