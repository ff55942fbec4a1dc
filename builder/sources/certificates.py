"""The certificates of a signature block, and the way from the signer's to a trusted root.

No path validator is used: Jenkins' own signer is an X.509 version 1 certificate, which they
refuse, and both of Jenkins' roots have one subject, so that a name does not tell them apart.
"""

import base64
import warnings
from collections.abc import Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey, RSAPublicNumbers
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from msgspec import Struct

from builder.errors import Unreadable
from builder.model.digest import Digest
from builder.sources.roots import Root, RootFile

_MOST = 6  # certificates in a block: every order of them may have to be tried
_SMALLEST, _LARGEST = 2048, 8192  # bits of a key
_SOUND = (hashes.SHA256, hashes.SHA384, hashes.SHA512)  # what a certificate may be signed with
_FAULTS = (ValueError, TypeError, OverflowError, UnsupportedAlgorithm, x509.InvalidVersion)
_HASHES: dict[str, hashes.HashAlgorithm] = {"sha512": hashes.SHA512(), "sha1": hashes.SHA1()}  # noqa: S303  # only by flag


class UnfitKey(ValueError):
    """A key that nobody should rely on, in words."""


class Span(Struct, frozen=True, kw_only=True):
    """One certificate of the way, and when it is valid."""

    name: str
    valid_from: datetime
    valid_until: datetime


class Signer(Struct, frozen=True, kw_only=True):
    """Who signed: the key of the first certificate, and the others that may vouch for it."""

    name: str
    key: RSAPublicKey
    certificates: tuple[x509.Certificate, ...]  # the signer's own first

    def signed(self, digest: bytes, signature: bytes, algorithm: str) -> bool:
        """Tell whether a signature is this signer's over a ``sha512`` or ``sha1`` digest."""
        try:
            self.key.verify(signature, digest, PKCS1v15(), Prehashed(_HASHES[algorithm]))
        except (InvalidSignature, *_FAULTS):
            return False
        return True


class Chain(Struct, frozen=True, kw_only=True):
    """The way from the signer to a trusted root."""

    root: Root
    spans: tuple[Span, ...]  # the signer's first, the root's last


def read(texts: Sequence[str]) -> Signer:
    """Read the certificates of a signature block.

    Args:
        texts: each base64 of DER or of PEM, the signer's first.

    Raises:
        ValueError: one cannot be read; says so in words.
        UnfitKey: the signer's key is none to rely on.
    """
    if not 0 < len(texts) <= _MOST:
        said = f"it has {len(texts)} certificates, and 1 to {_MOST} are read"
        raise ValueError(said)
    found = tuple(_certificate(each) for each in texts)
    return Signer(name=_name(found[0]), key=_key(found[0]), certificates=found)


def chain(signer: Signer, trusted: Sequence[Root]) -> Chain | None:
    """Find a way from the signer to a trusted root, whatever its dates; None where none leads."""
    return _climb(signer.certificates[:1], signer.certificates[1:], trusted)


def roots(file: RootFile) -> tuple[Root, ...]:
    """Read the roots that a file holds.

    Raises:
        Unreadable: it holds none.
    """
    try:
        with _undisturbed():
            pem = b"-----BEGIN" in file.content
            found = (
                x509.load_pem_x509_certificates(file.content)
                if pem
                else [x509.load_der_x509_certificate(file.content)]
            )
        return tuple(_root(each, file.name) for each in found)
    except _FAULTS as fault:
        said = f"it holds no certificate to trust: {fault}"
        raise Unreadable(path=Path(file.name), fault=said) from fault


def _climb(
    way: tuple[x509.Certificate, ...],
    others: tuple[x509.Certificate, ...],
    trusted: Sequence[Root],
) -> Chain | None:
    for root in trusted:
        if _vouches(root, way[-1]):
            last = Span(name=root.name, valid_from=root.valid_from, valid_until=root.valid_until)
            return Chain(root=root, spans=(*(_span(each) for each in way), last))
    for each in others:
        if each not in way and _may_issue(each, len(way) - 1) and _is_issuer(each, way[-1]):
            found = _climb((*way, each), others, trusted)
            if found:
                return found
    return None


def _vouches(root: Root, certificate: x509.Certificate) -> bool:
    """Tell whether a certificate is the root itself, or signed by it."""
    if _fingerprint(certificate) == root.fingerprint:
        return True
    return _signed(certificate, RSAPublicNumbers(root.exponent, root.modulus).public_key())


def _is_issuer(issuer: x509.Certificate, certificate: x509.Certificate) -> bool:
    try:
        return issuer.subject == certificate.issuer and _signed(certificate, _key(issuer))
    except _FAULTS:
        return False


def _may_issue(certificate: x509.Certificate, below: int) -> bool:
    """Tell whether a certificate between may issue others, with so many more below it."""
    try:
        extensions = certificate.extensions
        basic = extensions.get_extension_for_class(x509.BasicConstraints).value
        usage = [each.value for each in extensions if isinstance(each.value, x509.KeyUsage)]
    except (*_FAULTS, x509.ExtensionNotFound, x509.DuplicateExtension):
        return False
    reaches = basic.path_length is None or basic.path_length >= below
    return basic.ca and reaches and all(each.key_cert_sign for each in usage)


def _signed(certificate: x509.Certificate, key: RSAPublicKey) -> bool:
    try:
        algorithm = certificate.signature_hash_algorithm
        padding = certificate.signature_algorithm_parameters
        if not isinstance(algorithm, _SOUND) or not isinstance(padding, PKCS1v15):
            return False
        key.verify(certificate.signature, certificate.tbs_certificate_bytes, padding, algorithm)
    except (InvalidSignature, *_FAULTS):
        return False
    return True


def _certificate(text: str) -> x509.Certificate:
    try:
        raw = base64.b64decode("".join(text.split()), validate=True)
        with _undisturbed():
            pem = raw.lstrip().startswith(b"-----BEGIN")
            load = x509.load_pem_x509_certificate if pem else x509.load_der_x509_certificate
            found = load(raw)
            _name(found)
            _span(found)
    except _FAULTS as fault:
        said = f"a certificate of its signature cannot be read: {fault}"
        raise ValueError(said) from fault
    return found


def _key(certificate: x509.Certificate) -> RSAPublicKey:
    """Give the key, RSA of a sound size.

    Raises:
        UnfitKey: it is of another kind, or too small or too large; says so in words.
    """
    try:
        key = certificate.public_key()
    except _FAULTS as fault:
        said = f"the key of {_name(certificate)} cannot be read: {fault}"
        raise UnfitKey(said) from fault
    if not isinstance(key, RSAPublicKey):
        said = f"the key of {_name(certificate)} is not RSA"
        raise UnfitKey(said)
    if not _SMALLEST <= key.key_size <= _LARGEST:
        said = (
            f"the key of {_name(certificate)} has {key.key_size} bits, "
            f"and {_SMALLEST} to {_LARGEST} are taken"
        )
        raise UnfitKey(said)
    return key


def _root(certificate: x509.Certificate, name: str) -> Root:
    numbers = _key(certificate).public_numbers()
    return Root(
        name=name,
        modulus=numbers.n,
        exponent=numbers.e,
        valid_from=certificate.not_valid_before_utc,
        valid_until=certificate.not_valid_after_utc,
        fingerprint=_fingerprint(certificate),
    )


def _span(certificate: x509.Certificate) -> Span:
    return Span(
        name=_name(certificate),
        valid_from=certificate.not_valid_before_utc,
        valid_until=certificate.not_valid_after_utc,
    )


def _name(certificate: x509.Certificate) -> str:
    """Name a certificate for people; a subject may hold anything, so none of it is shown raw."""
    subject = ascii(certificate.subject.rfc4514_string())[1:-1]
    return f"{subject[:200]} ({_fingerprint(certificate)})"


def _fingerprint(certificate: x509.Certificate) -> Digest:
    return Digest(certificate.fingerprint(hashes.SHA256()).hex())


def _undisturbed() -> AbstractContextManager[None]:
    """Keep remarks on old encodings away from the terminal; what matters is checked here."""
    return warnings.catch_warnings(action="ignore")
