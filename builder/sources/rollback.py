"""Holds catalogues against the newest ones already seen: a validly signed old one hides fixes."""

import json
from collections.abc import Iterable
from datetime import datetime, timedelta

from msgspec import Struct

from builder.errors import CatalogueUntrusted, Distrust
from builder.model.audit import AuditFinding, Severity
from builder.model.catalogue import Identity
from builder.ports import Store
from builder.sources.shapes import moment

_LATE = timedelta(days=3)


class Sighting(Struct, frozen=True, kw_only=True):
    """A catalogue that came, with what it is to be compared with."""

    identity: Identity
    series: str  # catalogues of one series are made in one run of their generator
    at: datetime  # when it was current, as far as is known
    carried: bool = False  # a bundle brought it, and says itself when it was current

    @property
    def key(self) -> str:
        """Name the memory it is held against; the address it came from takes no part."""
        return f"catalogue seen {self.series} {self.identity.site} {self.identity.signer}"


class _Memory(Struct, frozen=True, kw_only=True):
    """The newest catalogue of a series."""

    made: datetime
    at: datetime  # when it came


def judge(store: Store, sightings: Iterable[Sighting], *, allow: bool) -> tuple[AuditFinding, ...]:
    """Refuse catalogues older than one already seen, and remember the newest.

    One that came before the newest did was current then: offline, the cache serves such ones. What
    a bundle brought is held against the newest in any case. Of several that a run reads of one
    series the newest counts: what an older one hides, that one shows.

    Raises:
        CatalogueUntrusted: older, or without a time once one with a time was seen.
    """
    by_key: dict[str, list[Sighting]] = {}
    for each in sightings:
        if each.identity.signer is not None:  # a person answers for what is unsigned
            by_key.setdefault(each.key, []).append(each)
    return tuple(
        finding
        for key, group in by_key.items()
        for finding in _judged(store, key, max(group, key=_made), allow=allow)
    )


def _judged(store: Store, key: str, newest: Sighting, *, allow: bool) -> Iterable[AuditFinding]:
    made, name, known = newest.identity.timestamp, newest.identity.name, _recalled(store, key)
    counts = newest.carried or (known is not None and newest.at >= known.at)
    if known and counts and (made is None or made < known.made):
        said = f"{_when(made)}, and one of {known.made:%Y-%m-%d %H:%M} has been seen"
        if not allow:
            fault = f"{said}; --allow-rollback takes it"
            raise CatalogueUntrusted(source=name, distrust=Distrust.OLDER, fault=fault)
        yield _finding("rollback", name, f"{name} was taken although {said}")
    elif made and (known is None or made > known.made):
        if known is None and newest.at - made > _LATE:
            days = (newest.at - made).days
            yield _finding("old", name, f"{name} is {days} days old, and no newer one is known")
        facts = {"made": made.isoformat(), "seen": newest.at.isoformat()}
        store.write_note(key, json.dumps(facts, sort_keys=True).encode())


def _recalled(store: Store, key: str) -> _Memory | None:
    try:
        facts = json.loads(store.read_note(key) or b"")
        made, at = moment(facts["made"]), moment(facts["seen"])
    except (ValueError, KeyError, TypeError):
        return None
    return _Memory(made=made, at=at) if made and at else None


def _when(made: datetime | None) -> str:
    return f"it was made at {made:%Y-%m-%d %H:%M}" if made else "it does not say when it was made"


def _made(sighting: Sighting) -> tuple[bool, str]:
    made = sighting.identity.timestamp
    return (made is not None, made.isoformat() if made else "")


def _finding(word: str, name: str, sentence: str) -> AuditFinding:
    return AuditFinding(
        id=f"{word}:{name}",
        severity=Severity.WARNING,
        subject="catalogue",
        sentence=sentence,
        way_out="name a source under catalogue.sources that is kept up to date",
    )
