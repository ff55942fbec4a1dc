"""What is looked at, and the shape of what is found."""

from collections.abc import Mapping
from functools import cached_property
from itertools import chain

from msgspec import Struct

from builder.model.audit import AuditFinding, Severity
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
    return _finding(Severity.ERROR, name, place, sentence, way_out)


def warning(name: str, place: str, sentence: str, way_out: str) -> AuditFinding:
    """Make a finding that makes something else happen than what is written."""
    return _finding(Severity.WARNING, name, place, sentence, way_out)


def note(name: str, place: str, sentence: str, way_out: str) -> AuditFinding:
    """Make a finding that somebody may want to know."""
    return _finding(Severity.NOTE, name, place, sentence, way_out)


def _finding(
    severity: Severity, name: str, place: str, sentence: str, way_out: str
) -> AuditFinding:
    said = f"{place}: {sentence}"
    return AuditFinding(id=name, severity=severity, subject=place, sentence=said, way_out=way_out)
