"""On which terms two locks hold what they both pin: why it is there, who vouches for it."""

from collections.abc import Iterator

from builder.model.lock import Aspect, CorePin, Lock, Pin, Shift
from builder.model.plugin import Addressed, Beside, Built, Coordinates, Origin, Trust

_TRUST = (Trust.FIRST_USE, Trust.UNSIGNED, Trust.SIDECAR, Trust.SIGNED)
_FORMULA = "the formula"


def shifts(before: Lock, after: Lock) -> Iterator[Shift]:
    """Compare the terms of the core, then of each plugin that both pin, by id."""
    yield from _terms("core", before.core, after.core)
    old = {each.plugin: each for each in before.plugins}
    for pin in after.plugins:
        was = old.get(pin.plugin)
        if was is not None:
            yield from _kind(was, pin)
            yield from _why(was, pin)
            yield from _terms(pin.plugin, was, pin)


def _kind(was: Pin, now: Pin) -> Iterator[Shift]:
    if was.kind is not now.kind:
        yield Shift(
            subject=now.plugin, aspect=Aspect.KIND, before=was.kind.value, after=now.kind.value
        )


def _why(was: Pin, now: Pin) -> Iterator[Shift]:
    asked = {each.demander or _FORMULA for each in was.why}
    asks = {each.demander or _FORMULA for each in now.why}
    if asked != asks:
        yield Shift(
            subject=now.plugin,
            aspect=Aspect.WHY,
            before=", ".join(sorted(asked - asks)) or None,
            after=", ".join(sorted(asks - asked)) or None,
        )


def _terms(subject: str, was: CorePin | Pin, now: CorePin | Pin) -> Iterator[Shift]:
    if was.trust is not now.trust:
        yield Shift(
            subject=subject,
            aspect=Aspect.TRUST,
            before=was.trust.value,
            after=now.trust.value,
            lowered=_TRUST.index(now.trust) < _TRUST.index(was.trust),
        )
    before, after = _home(was.origin), _home(now.origin)
    if before != after:
        yield Shift(subject=subject, aspect=Aspect.ORIGIN, before=before, after=after)


def _home(origin: Origin) -> str:
    """Say who publishes a file: what stays the same when only its version moves."""
    if isinstance(origin, Coordinates):
        return f"Maven {origin.group}:{origin.artifact}"
    if isinstance(origin, Beside):
        return "a file beside the formula"
    if isinstance(origin, Built):
        return "a command of the formula"
    return "a URL of the formula" if isinstance(origin, Addressed) else "the update site"
