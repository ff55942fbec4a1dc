"""What is looked at, and the shape of what is found."""

from collections.abc import Mapping
from functools import cache

import msgspec
from msgspec import Struct

from builder import data
from builder.model.audit import AuditFinding, error, warning
from builder.model.formula import InputFile
from builder.verify.casc_files import Casc
from builder.verify.casc_tree import Leaf
from builder.version import Version

_ENGINE = "configuration-as-code"


class Linted(Struct, frozen=True, kw_only=True):
    """Configuration of an image, and the plugins that it is for."""

    casc: Casc = Casc()
    hooks: tuple[InputFile, ...] = ()
    pipelines: tuple[InputFile, ...] = ()  # Jenkinsfiles of those who use the controller
    java_options: tuple[str, ...] = ()
    plugins: Mapping[str, Version] | None = None  # None: there is no lock

    def at(self, *keys: str) -> tuple[Leaf, ...]:
        """Find what stands behind a path of keys."""
        return tuple(each for each in self.casc.leaves if each.path == keys)

    def only_warns(self, of: str) -> bool:
        """Say whether CasC is told to go on: ``deprecated`` or ``unknown``."""
        return any((each.text or "").lower() == "warn" for each in self.at(_ENGINE, of))


def stopping(
    name: str, place: str, sentence: str, way_out: str, *, unless: bool = False
) -> AuditFinding:
    """Make a finding on a key that stops the boot, unless CasC is told to go on."""
    if unless:
        return warning(name, place, f"{sentence}; {_ENGINE} is told to go on", way_out)
    return error(name, place, f"{sentence}: the controller does not start", way_out)


def place_in(file: InputFile, text: str, index: int) -> str:
    """Name the line of a text's character."""
    return f"{file.path}:{text.count(chr(10), 0, index) + 1}"


def labels_of(template: Leaf) -> list[str]:
    """Give the labels of a pod template; blanks are between them."""
    return (template.first("label") or "").split()


@cache
def brought_by(table: str) -> Mapping[str, tuple[str, ...]]:
    """Read a table that ships with jbuild: by name, plugins of which one will do."""
    return msgspec.json.decode(data.text(table), type=dict[str, tuple[str, ...]])
