"""Why there is no plugin set, and what would help: lines for people, facts for machines."""

from builder.errors import DemandsConflict
from builder.model.formula import Mode
from builder.model.plugin import DependencyKind
from builder.model.refusal import Change, Clash, Demand, Move, Remedy, Step

Fact = tuple[str, str]


def refusal_lines(error: DemandsConflict) -> list[Fact]:
    """List the demands that clash, each with its chain, then the changes that would help."""
    clash = error.clash
    lines = [(_where(each), _demand(each, clash)) for each in clash.demands]
    if clash.cycle:
        lines.append(("cycle", " -> ".join((*clash.cycle, clash.cycle[0]))))
    return lines + [("would do", _change(each)) for each in error.changes]


def refusal_facts(error: DemandsConflict) -> dict[str, object]:
    """Give the same for ``--json``."""
    clash = error.clash
    return {
        "plugin": clash.plugin,
        "demands": [_demand_out(each) for each in clash.demands],
        "newer_core": clash.newer_core
        and {"version": clash.newer_core.version, "requires": clash.newer_core.needs},
        "cycle": list(clash.cycle),
        "changes": [_change_out(each) for each in error.changes],
    }


def _where(demand: Demand) -> str:
    return str(demand.place) if demand.place else "core" if demand.plugin is None else "wish"


def _demand(demand: Demand, clash: Clash) -> str:
    if demand.plugin is None:
        return _core(demand, clash)
    if not demand.chain:
        return _wish(demand)
    first, *others = demand.chain
    mode = "" if demand.mode is Mode.PINNED else f" ({demand.mode.value})"
    return "; ".join((_step(first, mode), *(_step(each) for each in others)))


def _core(demand: Demand, clash: Clash) -> str:
    newer = clash.newer_core
    if newer is None:
        return f"{demand.version} takes no release of {clash.plugin} that would do"
    would_do = f"{clash.plugin} {newer.version}, which would do,"
    return f"is {demand.version}, and {would_do} needs {newer.needs}"


def _wish(demand: Demand) -> str:
    """Word what the formula says of the very plugin that the demands are about."""
    if demand.mode is Mode.PINNED and demand.version:
        return f"asks for {demand.plugin} {demand.version} and no other"
    if demand.mode is Mode.AT_LEAST and demand.version:
        return f"asks for {demand.plugin} {demand.version} or newer"
    found = f", which is {demand.version}" if demand.version else ""
    return f"asks for {demand.plugin} ({demand.mode.value}){found}"


def _step(step: Step, mode: str = "") -> str:
    who = f"{step.plugin} {step.version}{mode}"
    if step.kind is DependencyKind.OPTIONAL:
        return f"{who} takes no {step.asks} older than {step.minimum}"
    if step.kind is DependencyKind.IMPLIED:
        return (
            f"{who} was built for a core that still had what is now {step.asks}, "
            f"and needs {step.minimum} or newer of it"
        )
    return f"{who} needs {step.asks} {step.minimum} or newer"


def _change(change: Change) -> str:
    moves = "; ".join(_move(each) for each in change.moves)
    if change.java:
        return f"{moves}, which runs on Java {_any_of(change.java)}"
    return f"all of these: {moves}" if len(change.moves) > 1 else moves


def _any_of(javas: tuple[int, ...]) -> str:
    *others, last = (str(each) for each in javas)
    return f"{', '.join(others)} or {last}" if others else last


def _move(move: Move) -> str:
    at = f" ({move.place})" if move.place else ""
    if move.remedy is Remedy.DROP:
        return f"leave {move.plugin} out{at}"
    what = "the core" if move.remedy is Remedy.RAISE_CORE else move.plugin
    verb = "lower" if move.remedy is Remedy.LOWER else "raise"
    before = f" from {move.before}" if move.before else ""
    return f"{verb} {what}{before} to {move.after}{at}"


def _demand_out(demand: Demand) -> dict[str, object]:
    return {
        "plugin": demand.plugin,
        "version": demand.version,
        "mode": demand.mode.value,
        "at": str(demand.place) if demand.place else None,
        "chain": [
            {
                "plugin": each.plugin,
                "version": each.version,
                "kind": each.kind.value,
                "asks": each.asks,
                "minimum": each.minimum,
            }
            for each in demand.chain
        ],
    }


def _change_out(change: Change) -> dict[str, object]:
    return {
        "moves": [
            {
                "remedy": each.remedy.value,
                "plugin": each.plugin,
                "before": each.before,
                "after": each.after,
                "at": str(each.place) if each.place else None,
            }
            for each in change.moves
        ],
        "java": list(change.java),
    }
