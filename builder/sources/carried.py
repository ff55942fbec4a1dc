"""Which documents go with a formula when it is carried to a machine without a network."""

from collections.abc import Iterator

from builder.model.formula import Formula
from builder.sources import mirrors, sites
from builder.sources.sites import Remote


def documents(formula: Formula) -> tuple[str, ...]:
    """Give every URL that the formula's catalogues may have been read from, each once."""
    updates = tuple(each.updates for each in mirrors.chosen(formula.catalogue))
    found: list[str] = []
    for source in formula.catalogue.sources:
        where = sites.site(source, formula.war.version, chosen=False, updates=updates)
        if isinstance(where, Remote):
            found.extend(_urls(where))
    return tuple(dict.fromkeys(found))


def _urls(where: Remote) -> Iterator[str]:
    yield from (where.url, *where.relays)
    if where.otherwise:
        yield where.otherwise
    if where.history:
        yield from _urls(where.history)
