"""What is looked at, and the shape of what is found."""

from collections.abc import Mapping
from functools import cache, cached_property
from itertools import chain

import msgspec
from msgspec import Struct

from builder import data
from builder.model.audit import AuditFinding, Severity, found_at
from builder.model.formula import InputFile
from builder.verify.casc_files import Casc
from builder.verify.casc_tree import Leaf, leaves
from builder.version import Version


class Linted(Struct, frozen=True, kw_only=True, dict=True):
    """Configuration of an image, and the plugins that it is for."""

    casc: Casc = Casc()
    hooks: tuple[InputFile, ...] = ()
    java_options: tuple[str, ...] = ()
    plugins: Mapping[str, Version] | None = None  # None: there is no lock

    @cached_property
    def leaves(self) -> tuple[Leaf, ...]:
        """List every key of every file."""
        return tuple(chain.from_iterable(leaves(file, root) for file, root in self.casc.roots))

    def at(self, *keys: str) -> tuple[Leaf, ...]:
        """Find what stands behind a path of keys."""
        return tuple(each for each in self.leaves if each.path == keys)


def error(name: str, place: str, sentence: str, way_out: str) -> AuditFinding:
    """Make a finding that stops a boot, or keeps agents or people out."""
    return found_at(place, id=name, severity=Severity.ERROR, sentence=sentence, way_out=way_out)


def warning(name: str, place: str, sentence: str, way_out: str) -> AuditFinding:
    """Make a finding that makes something else happen than what is written."""
    return found_at(place, id=name, severity=Severity.WARNING, sentence=sentence, way_out=way_out)


def note(name: str, place: str, sentence: str, way_out: str) -> AuditFinding:
    """Make a finding that somebody may want to know."""
    return found_at(place, id=name, severity=Severity.NOTE, sentence=sentence, way_out=way_out)


@cache
def brought_by(table: str) -> Mapping[str, tuple[str, ...]]:
    """Read a table that ships with jbuild: by name, plugins of which one will do."""
    return msgspec.json.decode(data.text(table), type=dict[str, tuple[str, ...]])
