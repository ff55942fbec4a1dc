"""How a command that did not end well says so: text for people, one document with ``--json``."""

import json
import traceback
from collections.abc import Sequence

import click

from builder.cli.machine import keep_trace
from builder.cli.words import DEFECT, INTERRUPTED, Words, exit_code, facts_of, kind, words
from builder.errors import JbuildError


def failed(error: Exception, arguments: Sequence[str]) -> int:
    """Say what went wrong: what was foreseen in its own words, anything else as our defect."""
    if isinstance(error, JbuildError):
        return refused(error, arguments)
    return defect(error, arguments)


def refused(error: JbuildError, arguments: Sequence[str]) -> int:
    """Say what was foreseen; give the exit code of its family."""
    code = exit_code(error)
    if "--json" in arguments:
        return _document(code, kind(error), facts_of(error), words(error).hint)
    _text(words(error))
    if {"-v", "--verbose"} & set(arguments):
        click.echo("".join(traceback.format_exception(error)), err=True)
    return code


def interrupted(arguments: Sequence[str]) -> int:
    """Say what an interrupt has left: nothing that hurts."""
    if "--json" in arguments:
        return _document(INTERRUPTED, "Interrupted", {}, None)
    click.echo("interrupted: containers are gone, the store is whole; run it again", err=True)
    return INTERRUPTED


def defect(error: Exception, arguments: Sequence[str]) -> int:
    """Say that it is ours, and keep the trace."""
    trace = keep_trace(error)
    name, hint = type(error).__name__, "please report it with the trace"
    if "--json" in arguments:
        return _document(DEFECT, name, {"said": str(error), "trace": str(trace)}, hint)
    facts = (("trace", str(trace)),) if trace else ()
    _text(Words(title=f"a defect in jbuild: {name}: {error}", facts=facts, hint=hint))
    if not trace:
        click.echo("".join(traceback.format_exception(error)), err=True)
    return DEFECT


def _text(said: Words) -> None:
    lines = [f"error: {said.title}", *(f"  {name}: {value}" for name, value in said.facts)]
    click.echo("\n".join([*lines, f"hint: {said.hint}"] if said.hint else lines), err=True)


def _document(code: int, name: str, facts: dict[str, object], hint: str | None) -> int:
    document = {"code": code, "facts": facts, "hint": hint, "kind": name}
    click.echo(json.dumps({"error": document}, sort_keys=True, indent=2), err=True)
    return code
