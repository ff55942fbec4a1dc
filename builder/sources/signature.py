"""A catalogue's signature against trusted roots: whoever reads on reads the bytes it covers.

The canonical bytes are made first, then checked, and nothing else of the document counts: a key
that stands twice, or text around the JSON, cannot mean one thing here and another there.
"""

import base64
import hashlib
import re
from datetime import datetime
from typing import TYPE_CHECKING, NoReturn

import msgspec

from builder.errors import CatalogueBroken, CatalogueUntrusted, Distrust
from builder.model.digest import Digest
from builder.sources import rewritten
from builder.sources.canonical import canonical, members
from builder.sources.roots import Roots, official
from builder.sources.shapes import UNREADABLE

if TYPE_CHECKING:
    from builder.sources.certificates import Signer, Span

_HEX = re.compile(r"(?:[0-9A-Fa-f]{2})+")


class _Block(msgspec.Struct, frozen=True):
    """The signature block; ``digest`` and ``signature`` of old files cover a truncated text."""

    certificates: tuple[str, ...] = ()
    correct_digest512: str | None = None
    correct_signature512: str | None = None
    correct_digest: str | None = None
    correct_signature: str | None = None


class _Pair(msgspec.Struct, frozen=True, kw_only=True):
    """A digest and a signature over the same text."""

    algorithm: str  # ``sha512`` or ``sha1``
    digest: bytes
    signature: bytes

    def fits(self, text: bytes) -> bool:
        """Tell whether the digest is that of a text."""
        return hashlib.new(self.algorithm, text, usedforsecurity=False).digest() == self.digest


class Signed(msgspec.Struct, frozen=True, kw_only=True):
    """A document whose signature holds."""

    text: bytes  # canonical, without the signature: all that may be read of it
    digest512: str  # of ``text``, 128 hex digits
    signer: Digest  # fingerprint of the root that vouches for it
    valid_from: datetime  # between these the whole way to the root is valid
    valid_until: datetime


def is_signed(document: bytes) -> bool:
    """Tell whether a document carries a signature block, whatever it is worth."""
    try:
        return "signature" in members(document)
    except ValueError:
        return False


def verify(
    document: bytes, roots: Roots, *, name: str, at: datetime, allow_sha1: bool = False
) -> Signed:
    """Check a document's signature.

    Args:
        document: as it came, bare or wrapped.
        roots: who is trusted.
        name: how people name the source.
        at: the time that dates are judged by.
        allow_sha1: take a signature over SHA-1 where there is no other.

    Raises:
        CatalogueBroken: it is no JSON document, or one that cannot be signed.
        CatalogueUntrusted: the signature does not hold.
    """
    return _Check(name=name, roots=roots, at=at, allow_sha1=allow_sha1).run(document)


class _Check(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    roots: Roots
    at: datetime
    allow_sha1: bool

    def run(self, document: bytes) -> Signed:
        """Go from what is cheap and tells most to what is dear."""
        try:
            parts = members(document)
            block = parts.pop("signature", None)
            plain = canonical(parts)
        except ValueError as fault:
            raise CatalogueBroken(source=self.name, fault=str(fault)) from fault
        if block is None:
            said = "it carries no signature; only a file that --catalogue names may lack one"
            self._refuse(Distrust.UNSIGNED, said)
        pairs, signer = self._block(block)
        text = plain if pairs[0].fits(plain) else canonical(parts, in_file_order=True)
        if text is not plain and not pairs[0].fits(text):
            self._altered(plain, pairs[0], signer)
        for each in pairs:
            fits = each is pairs[0] or each.fits(text)
            if not (fits and signer.signed(each.digest, each.signature, each.algorithm)):
                said = f"its {each.algorithm} signature is not {signer.name}'s over this text"
                self._refuse(Distrust.ALTERED, said)
        return self._vouched(text, signer)

    def _block(self, raw: msgspec.Raw) -> tuple[tuple[_Pair, ...], "Signer"]:
        """Read the signature block; the strongest pair comes first."""
        from builder.sources import certificates  # noqa: PLC0415  # a heavy library behind it

        try:
            block = msgspec.json.decode(raw, type=_Block)
            strong = _pair("sha512", block.correct_digest512, block.correct_signature512)
            weak = _pair("sha1", block.correct_digest, block.correct_signature)
            signer = certificates.read(block.certificates)
        except certificates.UnfitKey as fault:
            self._refuse(Distrust.UNKNOWN_SIGNER, str(fault))
        except UNREADABLE as fault:
            self._refuse(Distrust.ALTERED, f"its signature cannot be read: {fault}")
        pairs = tuple(each for each in (strong, weak) if each)
        if not pairs:
            self._refuse(Distrust.ALTERED, "its signature has no digest of the text that counts")
        if not strong and not self.allow_sha1:
            said = "it is signed with SHA-1 alone, which can be forged; --allow-sha1 takes it"
            self._refuse(Distrust.UNSIGNED, said)
        return pairs, signer

    def _altered(self, text: bytes, pair: _Pair, signer: "Signer") -> NoReturn:
        """Say how a text may have come to differ from the one that was signed."""
        from builder.sources import certificates  # noqa: PLC0415  # a heavy library behind it

        if certificates.chain(signer, official()):
            said = rewritten.found(text, pair.fits)
            if said:
                self._refuse(Distrust.REWRITTEN, said)
        got = hashlib.new(pair.algorithm, text, usedforsecurity=False).hexdigest()
        wanted = pair.digest.hex()
        said = f"its {pair.algorithm} digest is {got[:32]}..., and {wanted[:32]}... was signed"
        self._refuse(Distrust.ALTERED, said)

    def _vouched(self, text: bytes, signer: "Signer") -> Signed:
        """Judge the way from the signer to a root, and its dates."""
        from builder.sources import certificates  # noqa: PLC0415  # a heavy library behind it

        way = certificates.chain(signer, self.roots.trusted)
        if way is None:
            said = (
                f"it is signed by {signer.name}, and no trusted root vouches for that; "
                "catalogue.trust and --trust name further roots"
            )
            self._refuse(Distrust.UNKNOWN_SIGNER, said)
        for each in way.spans:
            if not each.valid_from <= self.at <= each.valid_until:
                self._refuse(Distrust.EXPIRED, _dated(each, self.at))
        return Signed(
            text=text,
            digest512=hashlib.sha512(text).hexdigest(),
            signer=way.root.fingerprint,
            valid_from=max(each.valid_from for each in way.spans),
            valid_until=min(each.valid_until for each in way.spans),
        )

    def _refuse(self, distrust: Distrust, fault: str) -> NoReturn:
        raise CatalogueUntrusted(source=self.name, distrust=distrust, fault=fault)


def _pair(algorithm: str, digest: str | None, signature: str | None) -> _Pair | None:
    """Read a digest and the signature that goes with it; None where there is neither.

    Raises:
        ValueError: one of them without the other, or neither hex nor base64.
    """
    if digest is None and signature is None:
        return None
    if digest is None or signature is None:
        said = f"of its {algorithm} digest and signature one is missing"
        raise ValueError(said)
    size = hashlib.new(algorithm, usedforsecurity=False).digest_size
    return _Pair(algorithm=algorithm, digest=_raw(digest, size), signature=_raw(signature))


def _raw(text: str, size: int | None = None) -> bytes:
    """Read hex or base64: hundreds of random characters of base64 are never all hex digits."""
    if _HEX.fullmatch(text) and size in {None, len(text) // 2}:
        return bytes.fromhex(text)
    return base64.b64decode(text, validate=True)


def _dated(span: "Span", at: datetime) -> str:
    when = "is not valid before" if at < span.valid_from else "was valid until"
    day = span.valid_from if at < span.valid_from else span.valid_until
    return f"the certificate {span.name} {when} {day:%Y-%m-%d}, and it is {at:%Y-%m-%d}"
