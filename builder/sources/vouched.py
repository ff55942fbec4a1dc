"""Checks a document's signature once: the store remembers what held, and the bytes it covers."""

import hashlib
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Self

from msgspec import Struct
from msgspec.structs import replace

from builder.errors import CatalogueBroken
from builder.model.digest import Digest
from builder.ports import Store
from builder.sources.canonical import canonical, members
from builder.sources.roots import Roots
from builder.sources.wrapping import unpacked

_NEW = timedelta(days=30)


class Paper(Struct, frozen=True, kw_only=True):
    """A document as it came, perhaps packed; read only where it has to be."""

    name: str  # of its source, for people
    digest: Digest
    content: Callable[[], bytes]
    at: datetime  # the time that dates are judged by
    seen: datetime  # when it is known to have been what its source gives
    may_be_unsigned: bool  # a person named the very file
    carried: datetime | None = None  # when a bundle brought it, whose word ``seen`` then is

    def judged_when_it_came(self, made: datetime | None) -> Self:
        """Judge dates by when a bundle brought it, unless it was new when it was seen.

        Nobody vouches for when that was; but a catalogue that was made shortly before may be
        believed to have been current then.
        """
        if self.carried is None or self.at != self.seen:
            return self
        new = made is not None and timedelta() <= self.seen - made <= _NEW
        return self if new and self.seen <= self.carried else replace(self, at=self.carried)


class Vouched(Struct, frozen=True, kw_only=True):
    """The canonical bytes of a document, and who vouches for them."""

    text: bytes
    digest512: str  # of ``text``, 128 hex digits
    signer: Digest | None  # fingerprint of the root; None: it carries no signature


class _Record(Struct, frozen=True, kw_only=True):
    """What is remembered of a document that held."""

    text: Digest
    digest512: str
    signer: Digest
    valid_from: datetime
    valid_until: datetime

    def to_bytes(self) -> bytes:
        """Write it down."""
        facts = {
            "digest512": self.digest512,
            "from": self.valid_from.isoformat(),
            "signer": self.signer.hex,
            "text": self.text.hex,
            "until": self.valid_until.isoformat(),
        }
        return json.dumps(facts, sort_keys=True).encode()


def vouch(store: Store, roots: Roots, paper: Paper, *, allow_sha1: bool) -> Vouched:
    """Give the bytes that a signature covers.

    A second time the same file is neither unpacked nor checked anew, but for its dates. Whoever
    can write into the store could have it believe anything, as they could change jbuild itself.

    Raises:
        CatalogueBroken: it is no document that could be signed.
        CatalogueUntrusted: its signature does not hold.
        Unreadable: a file that should hold a trusted root does not.
    """
    name = f"catalogue {paper.digest} by {roots.digest}{' or SHA-1' if allow_sha1 else ''}"
    known = _recalled(store.read_note(name))
    if known and known.valid_from <= paper.at <= known.valid_until:
        text = store.read(known.text)
        if text is not None:
            return Vouched(text=text, digest512=known.digest512, signer=known.signer)
    try:
        content = unpacked(paper.content())
    except ValueError as fault:
        raise CatalogueBroken(source=paper.name, fault=str(fault)) from fault
    from builder.sources import signature  # noqa: PLC0415  # once for every file, and no more

    if paper.may_be_unsigned and not signature.is_signed(content):
        return _unsigned(content, paper.name)
    found = signature.verify(content, roots, name=paper.name, at=paper.at, allow_sha1=allow_sha1)
    record = _Record(
        text=store.add([found.text]).digest,
        digest512=found.digest512,
        signer=found.signer,
        valid_from=found.valid_from,
        valid_until=found.valid_until,
    )
    store.write_note(name, record.to_bytes())
    return Vouched(text=found.text, digest512=found.digest512, signer=found.signer)


def _unsigned(content: bytes, name: str) -> Vouched:
    try:
        text = canonical(members(content))
    except ValueError as fault:
        raise CatalogueBroken(source=name, fault=str(fault)) from fault
    return Vouched(text=text, digest512=hashlib.sha512(text).hexdigest(), signer=None)


def _recalled(note: bytes | None) -> _Record | None:
    try:
        facts = json.loads(note or b"")
        return _Record(
            text=Digest(facts["text"]),
            digest512=facts["digest512"],
            signer=Digest(facts["signer"]),
            valid_from=datetime.fromisoformat(facts["from"]),
            valid_until=datetime.fromisoformat(facts["until"]),
        )
    except (ValueError, KeyError, TypeError):
        return None
