"""Signs catalogues with keys made on the spot, as the generator of an update site does."""

import base64
import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

FROM, UNTIL = datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)
AT = datetime(2026, 6, 1, tzinfo=UTC)

_VERSION, _EXTENSIONS = 0xA0, 0xA3  # tags inside a certificate
_SEQUENCE, _BITS = 0x30, 0x03


@cache
def rsa_key(number: int = 0, bits: int = 2048) -> rsa.RSAPrivateKey:
    """Make a key, once for each number."""
    assert number >= 0
    return rsa.generate_private_key(public_exponent=65537, key_size=bits)


@dataclass(frozen=True, kw_only=True)
class Holder:
    """A certificate and the key that belongs to it."""

    key: rsa.RSAPrivateKey
    certificate: x509.Certificate

    @property
    def der(self) -> bytes:
        """The certificate's bytes."""
        return self.certificate.public_bytes(Encoding.DER)

    @property
    def pem(self) -> bytes:
        """The certificate as people keep it in files."""
        return self.certificate.public_bytes(Encoding.PEM)


def holder(
    name: str,
    key: rsa.RSAPrivateKey,
    issuer: Holder | None = None,
    *,
    span: tuple[datetime, datetime] = (FROM, UNTIL),
    ca: bool | None = None,
) -> Holder:
    """Make a certificate; without an issuer it signs itself. ``ca`` None leaves extensions out."""
    builder = (
        x509.CertificateBuilder()
        .subject_name(_named(name))
        .issuer_name(issuer.certificate.subject if issuer else _named(name))
        .public_key(key.public_key())
        .serial_number(0xDEADBEFB)
        .not_valid_before(span[0])
        .not_valid_after(span[1])
    )
    if ca is not None:
        constraints = x509.BasicConstraints(ca=ca, path_length=None)
        builder = builder.add_extension(constraints, critical=True)
    signed = builder.sign(issuer.key if issuer else key, hashes.SHA256())
    return Holder(key=key, certificate=signed)


def first_version(holder: Holder, issuer: Holder) -> Holder:
    """Give the same certificate as X.509 version 1, which has neither version nor extensions."""
    parts = _parts(_parts(holder.certificate.tbs_certificate_bytes)[0][1])
    kept = (_encoded(tag, body) for tag, body in parts if tag not in {_VERSION, _EXTENSIONS})
    signed = _encoded(_SEQUENCE, b"".join(kept))
    signature = issuer.key.sign(signed, padding.PKCS1v15(), hashes.SHA256())
    _, algorithm, _ = _parts(_parts(holder.der)[0][1])
    whole = signed + _encoded(*algorithm) + _encoded(_BITS, b"\0" + signature)
    certificate = x509.load_der_x509_certificate(_encoded(_SEQUENCE, whole))
    assert certificate.version is x509.Version.v1
    return Holder(key=holder.key, certificate=certificate)


def elliptic(name: str) -> bytes:
    """Make a self-signed certificate, DER, whose key is not RSA."""
    key = ec.generate_private_key(ec.SECP256R1())
    builder = x509.CertificateBuilder().subject_name(_named(name)).issuer_name(_named(name))
    builder = builder.public_key(key.public_key()).serial_number(1)
    builder = builder.not_valid_before(FROM).not_valid_after(UNTIL)
    return builder.sign(key, hashes.SHA256()).public_bytes(Encoding.DER)


def canonical(document: object) -> bytes:
    """Write a document the way that is signed; for texts without control characters."""
    text = json.dumps(document, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return text.encode()


def block(text: bytes, signer: Holder, *others: Holder) -> dict[str, object]:
    """Sign a text; the block is what real ones are, the older fields included."""
    strong = signer.key.sign(text, padding.PKCS1v15(), hashes.SHA512())
    weak = signer.key.sign(text, padding.PKCS1v15(), hashes.SHA1())  # noqa: S303  # as generators do
    certificates = [base64.b64encode(each.der).decode() for each in (signer, *others)]
    return {
        "certificates": certificates,
        "correct_digest": base64.b64encode(hashlib.sha1(text).digest()).decode(),  # noqa: S324  # as generators do
        "correct_digest512": hashlib.sha512(text).hexdigest(),
        "correct_signature": base64.b64encode(weak).decode(),
        "correct_signature512": strong.hex(),
        "digest": "of a truncated text",
        "signature": "of a truncated text",
    }


def signed(
    document: dict[str, object], signer: Holder, *others: Holder, **changes: object
) -> bytes:
    """Give a signed document as a file; ``changes`` go into its signature block, None drops."""
    written = {**block(canonical(document), signer, *others), **changes}
    kept = {name: value for name, value in written.items() if value is not None}
    return json.dumps({**document, "signature": kept}).encode()


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _parts(content: bytes) -> list[tuple[int, bytes]]:
    """Split DER into tags and bodies, one level deep."""
    found = []
    while content:
        size, start = content[1], 2
        if size & 0x80:
            start += size & 0x7F
            size = int.from_bytes(content[2:start], "big")
        found.append((content[0], content[start : start + size]))
        content = content[start + size :]
    return found


def _encoded(tag: int, body: bytes) -> bytes:
    size = len(body)
    if size < 0x80:  # DER's short form
        return bytes((tag, size)) + body
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(length))) + length + body
