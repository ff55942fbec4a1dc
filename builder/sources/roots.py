"""Whom a catalogue may be signed by: Jenkins' own two roots, and those that a person names."""

import json
from datetime import datetime
from functools import cached_property

from msgspec import Struct

from builder import data
from builder.model.digest import Digest


class Root(Struct, frozen=True, kw_only=True):
    """A trusted root by its public numbers, which is all that checking a signature needs."""

    name: str
    modulus: int
    exponent: int
    valid_from: datetime
    valid_until: datetime
    fingerprint: Digest  # of the certificate
    official: bool = False  # one of Jenkins' own


class RootFile(Struct, frozen=True, kw_only=True):
    """A file with certificates, PEM or DER, that a person trusts."""

    name: str  # its path
    content: bytes


class Roots(Struct, frozen=True, kw_only=True, dict=True):
    """All that are trusted; files are read when a signature has to be checked."""

    jenkins: bool = True
    files: tuple[RootFile, ...] = ()

    @property
    def digest(self) -> Digest:
        """Tell this choice from any other; the order of the files makes no difference."""
        own = (each.fingerprint.hex for each in official()) if self.jenkins else ()
        named = (Digest.of(each.content).hex for each in self.files)
        return Digest.of("\n".join((*sorted(own), "and", *sorted(named))).encode())

    @cached_property
    def trusted(self) -> tuple[Root, ...]:
        """Every root, Jenkins' own first.

        Raises:
            Unreadable: a file holds no certificate that can be a root.
        """
        from builder.sources import certificates  # noqa: PLC0415  # a heavy library behind it

        named = (root for each in self.files for root in certificates.roots(each))
        return (*(official() if self.jenkins else ()), *named)


def official() -> tuple[Root, ...]:
    """Give Jenkins' own roots."""
    return tuple(
        Root(
            name=each["name"],
            modulus=int(each["modulus"], 16),
            exponent=each["exponent"],
            valid_from=datetime.fromisoformat(each["from"]),
            valid_until=datetime.fromisoformat(each["until"]),
            fingerprint=Digest(each["fingerprint"]),
            official=True,
        )
        for each in json.loads(data.text("roots.json"))["roots"]
    )
