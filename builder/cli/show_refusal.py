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
        newer = clash.newer_core
        if newer is None:
            return f"{demand.version} takes no release of {clash.plugin} that would do"
        return f"is {demand.version}, and {clash.plugin} {newer.version} needs {newer.needs}"
    return ", ".join((_wish(demand), *(_step(each) for each in demand.chain)))


def _wish(demand: Demand) -> str:
    if demand.mode is Mode.PINNED or demand.version is None:
        return f"{demand.plugin} {demand.version or ''}".rstrip()
    if demand.mode is Mode.AT_LEAST:
        return f"{demand.plugin} {demand.version} or newer"
    return f"{demand.plugin} ({demand.mode.value}: {demand.version})"


def _step(step: Step) -> str:
    if step.kind is DependencyKind.OPTIONAL:
        return f"{step.plugin} {step.version} takes no {step.asks} older than {step.minimum}"
    return f"{step.plugin} {step.version} needs {step.asks} {step.minimum} or newer"


def _change(change: Change) -> str:
    moves = "; ".join(_move(each) for each in change.moves)
    java = " or ".join(str(each) for each in change.java)
    return f"{moves} (which runs on Java {java})" if java else moves


def _move(move: Move) -> str:
    at = f" ({move.place})" if move.place else ""
    if move.remedy is Remedy.DROP:
        return f"leave {move.plugin} out{at}"
    if move.remedy is Remedy.RAISE_CORE:
        return f"raise the core from {move.before} to {move.after}{at}"
    return f"{move.remedy.value} {move.plugin} from {move.before} to {move.after}{at}"


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
