"""Java's certificate store with fixed times, so that two bases of the same packages are equal.

``update-ca-certificates`` writes the moment of each import into ``cacerts``, and nothing reads it.

Source: ``sun.security.provider.JavaKeyStore`` of OpenJDK, format JKS, version 2.
"""

import hashlib
import struct

_MAGIC = b"\xfe\xed\xfe\xed\x00\x00\x00\x02"
_CERTIFICATE = 2  # tag of an entry; the other kind is a private key
_DIGEST_SIZE = 20  # SHA-1
_SALT = "changeit".encode("utf-16-be") + b"Mighty Aphrodite"  # Debian's password for it


def settle(content: bytes, time_s: int) -> bytes:
    """Give the same store, of the same size, with every certificate imported at ``time_s``.

    Returns:
        ``content`` itself where it is no JKS store of certificates alone, or has a password
        of its own.
    """
    body, digest = content[:-_DIGEST_SIZE], content[-_DIGEST_SIZE:]
    if not content.startswith(_MAGIC) or _digest(body) != digest:
        return content
    try:
        entries = _entries(body, struct.pack(">q", time_s * 1000))
    except (struct.error, ValueError):
        return content
    settled = body[: len(_MAGIC) + 4] + b"".join(sorted(entries))
    return settled + _digest(settled) if len(settled) == len(body) else content


def _entries(body: bytes, date: bytes) -> list[bytes]:
    """Cut the entries apart and set the date of each.

    Raises:
        ValueError: an entry that is no certificate.
    """
    (count,) = struct.unpack_from(">I", body, len(_MAGIC))
    entries, start = [], len(_MAGIC) + 4
    for _ in range(count):
        tag, alias = struct.unpack_from(">IH", body, start)
        if tag != _CERTIFICATE:
            raise ValueError(tag)
        dated = start + 6 + alias
        (kind,) = struct.unpack_from(">H", body, dated + 8)
        (size,) = struct.unpack_from(">I", body, dated + 10 + kind)
        end = dated + 14 + kind + size
        entries.append(body[start:dated] + date + body[dated + 8 : end])
        start = end
    return entries


def _digest(body: bytes) -> bytes:
    return hashlib.sha1(_SALT + body, usedforsecurity=False).digest()
