"""The static token by which KubeSphere's parts know each other: a JWT, signed with a shared secret.

Bytes for bytes what the platform's installer makes, so that two of one secret are the same token:
its header names ``alg`` first, its claims stand in this order, and there is no time in it. Source:
``ks-installer``, role ``ks-core/init-token``; ``kubesphere-token-auth`` and ``devops-apiserver``
judge it.
"""

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Iterator, Mapping

_HEADER = {"alg": "HS256", "typ": "JWT"}
_CLAIMS = {"email": "admin@kubesphere.io", "username": "admin", "token_type": "static_token"}
_HASHES = {"HS256": hashlib.sha256, "HS384": hashlib.sha384, "HS512": hashlib.sha512}
_PARTS = 3


def static_token(secret: str) -> str:
    """Make the token.

    Args:
        secret: ``authentication.jwtSecret``; its characters are the key.
    """
    signed = f"{_encoded(_compact(_HEADER))}.{_encoded(_compact(_CLAIMS))}"
    return f"{signed}.{_signature(signed, secret, 'HS256')}"


def objections(token: str, secret: str, now_s: float) -> tuple[str, ...]:
    """Say all that keeps a token from being accepted; nothing where it will be.

    Neither the token nor the secret is in what is said.

    Args:
        token: as it is sent, in the place of a password.
        secret: the one of the server that judges it.
        now_s: seconds since 1970.
    """
    parts = token.split(".")
    if len(parts) != _PARTS:
        return (f"it has {len(parts)} parts between dots, and a JWT has three",)
    if "=" in token:
        return ("it is padded with '=', which a JWT is not",)
    header, claims = _object(parts[0]), _object(parts[1])
    if header is None or claims is None:
        broken = "header" if header is None else "payload"
        return (f"its {broken} is no JSON object in base64url",)
    return (*_of_the_signature(parts, header, secret), *_of_the_claims(claims, now_s))


def _of_the_signature(parts: list[str], header: Mapping[str, object], secret: str) -> Iterator[str]:
    algorithm = str(header.get("alg"))
    if algorithm not in _HASHES:
        yield f"it is signed with {algorithm!r}: a shared secret signs with {', '.join(_HASHES)}"
        return
    wanted = _signature(f"{parts[0]}.{parts[1]}", secret, algorithm)
    if not hmac.compare_digest(wanted.encode(), parts[2].encode()):
        yield "it is signed with another secret, or was changed after that"


def _of_the_claims(claims: Mapping[str, object], now_s: float) -> Iterator[str]:
    if not isinstance(claims.get("username"), str) or not claims["username"]:
        yield "it names no user: the claim `username` is missing"
    exp, nbf = claims.get("exp"), claims.get("nbf")
    if isinstance(exp, int | float) and exp <= now_s:
        yield "it has expired"
    if isinstance(nbf, int | float) and nbf > now_s:
        yield "its time has not come: look at both clocks"
    for name, moment in (("exp", exp), ("nbf", nbf)):
        if not isinstance(moment, int | float | None):
            yield f"its claim `{name}` is no time"


def _object(part: str) -> Mapping[str, object] | None:
    try:
        found = json.loads(base64.b64decode(part + "=" * (-len(part) % 4), b"-_", validate=True))
    except (binascii.Error, ValueError):
        return None
    return found if isinstance(found, dict) else None


def _signature(signed: str, secret: str, algorithm: str) -> str:
    return _encoded(hmac.new(secret.encode(), signed.encode(), _HASHES[algorithm]).digest())


def _compact(value: Mapping[str, str]) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()


def _encoded(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()
