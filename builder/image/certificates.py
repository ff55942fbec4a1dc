"""The company's certificates: read out of the formula's PEM files, and written for OpenSSL.

OpenSSL looks a certificate up in ``/etc/ssl/certs`` by a name that is made of its subject, so each
lies there under that name; a link to another name is not needed.
"""

import hashlib
import re
from collections import Counter
from typing import TYPE_CHECKING

from msgspec import Struct

from builder.errors import FormulaInvalid
from builder.image.der import sequence, set_of, utf8
from builder.model.formula import Formula, Problem

if TYPE_CHECKING:
    from cryptography.x509 import Certificate, Name

_WANTED = "certificates in PEM: -----BEGIN CERTIFICATE----- and what follows"
_NO_KEY = "certificates alone: a key in an image is no secret"
_BLOCK = re.compile(
    rb"-----BEGIN CERTIFICATE-----\s[A-Za-z0-9+/=\s]*?-----END CERTIFICATE-----(?:\r?\n|$)"
)
_KEY = re.compile(rb"-----BEGIN [A-Z ]*PRIVATE KEY-----")


class Trusted(Struct, frozen=True, kw_only=True):
    """One certificate that the image trusts."""

    name: str  # such as ``9d66eef0.0``, under which OpenSSL looks for it
    pem: bytes


def require(formula: Formula) -> None:
    """Refuse files that hold anything else.

    Raises:
        FormulaInvalid: with one problem for each such file.
    """
    content = {each.path: each.content for each in formula.inputs}
    problems = tuple(
        Problem(
            place=each.place, path=f"image.certificates[{index}]", found=str(each.path), wanted=said
        )
        for index, each in enumerate(formula.image.certificates)
        if (said := _fault(content.get(each.path, b"")))
    )
    if problems:
        raise FormulaInvalid(problems=problems)


def trusted(formula: Formula) -> tuple[Trusted, ...]:
    """Give every certificate once, in the formula's order; ``require`` has let the files pass."""
    content = {each.path: each.content for each in formula.inputs}
    found = (one for each in formula.image.certificates for one in _read(content[each.path]))
    taken: Counter[str] = Counter()
    listed = []
    for pem, certificate in dict(found).items():
        hashed = subject_hash(certificate.subject)
        listed.append(Trusted(name=f"{hashed}.{taken[hashed]}", pem=pem))
        taken[hashed] += 1
    return tuple(listed)


def subject_hash(subject: "Name") -> str:
    """Give the name that OpenSSL looks a subject up by.

    Source: OpenSSL, ``X509_NAME_hash_ex`` and ``x509_name_canon`` in ``crypto/x509``.
    """
    canonical = b"".join(
        set_of(*(sequence(each.oid.dotted_string, utf8(_folded(str(each.value)))) for each in rdn))
        for rdn in subject.rdns
    )
    digest = hashlib.sha1(canonical, usedforsecurity=False).digest()
    return f"{int.from_bytes(digest[:4], 'little'):08x}"


def _folded(value: str) -> str:
    """Fold blanks and the case of ASCII, as names are compared."""
    lower = "".join(each.lower() if each.isascii() else each for each in value)
    return " ".join(re.split(r"[ \t\n\v\f\r]+", lower.strip(" \t\n\v\f\r")))


def _fault(content: bytes) -> str:
    """Say what is wanted instead of a file; empty where the file is fine."""
    if _KEY.search(content):
        return _NO_KEY
    try:
        return "" if _read(content) else _WANTED
    except ValueError:
        return _WANTED


def _read(content: bytes) -> tuple[tuple[bytes, "Certificate"], ...]:
    """Read every certificate of a file, each with its text as PEM has it.

    Raises:
        ValueError: one that cannot be read.
    """
    from cryptography.hazmat.primitives.serialization import Encoding  # noqa: PLC0415  # slow
    from cryptography.x509 import load_pem_x509_certificate  # noqa: PLC0415  # slow

    blocks = _BLOCK.findall(content)
    if len(blocks) != content.count(b"-----BEGIN "):
        raise ValueError(len(blocks))
    read = map(load_pem_x509_certificate, blocks)
    return tuple((each.public_bytes(Encoding.PEM), each) for each in read)
