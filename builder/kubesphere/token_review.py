"""The contract of a token server: what it is sent, and what it answers, well and broken.

Source: devops-apiserver's ``/oauth/authenticate``, and recordings of kubesphere-token-auth 1.7.
"""

import json
from collections.abc import Iterator, Mapping

from builder.model.reviews import Review, Verdict

PATH = "/oauth/authenticate"
_VERSION, _KIND = "authentication.k8s.io/v1beta1", "TokenReview"
_SHOWN = 200  # characters of a request line
_STATUS = {Verdict.FAILS: 500, Verdict.DENIES: 401, Verdict.CREATED: 201}
_RAW = {Verdict.NO_JSON: b"<html>hello</html>", Verdict.EMPTY: b""}


def read(
    method: str, path: str, headers: Mapping[str, str], body: bytes, credential: str
) -> Review:
    """Read what came; the credential is compared and never kept.

    Args:
        method: of the request.
        path: with its query.
        headers: names in lower case.
        body: all of it.
        credential: which the review should hold.
    """
    faults = tuple(_faults(method, path, headers, body, credential))
    return Review(line=f"{method} {path}"[:_SHOWN], faults=faults)


def answered(verdict: Verdict, user: str) -> tuple[int, bytes]:
    """Give status and body; nothing more than the plugin's own classes know, for they throw."""
    if verdict in _RAW:
        return 200, _RAW[verdict]
    if verdict in _STATUS and verdict is not Verdict.CREATED:
        return _STATUS[verdict], b""
    document: dict[str, object] = {"apiVersion": _VERSION, "kind": _KIND}
    status: dict[str, object] = {"authenticated": verdict is not Verdict.REFUSED}
    if verdict not in {Verdict.NO_USER, Verdict.REFUSED}:
        name = f"{user}-other" if verdict is Verdict.SOMEBODY_ELSE else user
        status["user"] = {"username": name, "uid": name}
    if verdict is not Verdict.NO_STATUS:
        document["status"] = status
    return _STATUS.get(verdict, 200), json.dumps(document).encode()


def _faults(
    method: str, path: str, headers: Mapping[str, str], body: bytes, credential: str
) -> Iterator[str]:
    if method != "POST" or path != PATH:
        yield f"POST {PATH} was wanted"
    if "authorization" in headers:
        yield "it has a header Authorization, which the server takes for a log-in of its own"
    kind = headers.get("content-type", "none").partition(";")[0].strip().lower()
    if kind != "application/json":
        yield f"Content-Type: application/json was wanted, {kind[:_SHOWN]} came"
    yield from _body_faults(body, credential)


def _body_faults(body: bytes, credential: str) -> Iterator[str]:
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        yield "the body is no JSON"
        return
    if not isinstance(said, dict):
        yield "the body is no JSON object"
        return
    for key, wanted in (("apiVersion", _VERSION), ("kind", _KIND)):
        if said.get(key) != wanted:
            yield f"{key} {wanted} was wanted, {str(said.get(key))[:_SHOWN]} came"
    spec = said.get("spec")
    token = spec.get("token") if isinstance(spec, dict) else None
    if token != credential:
        yield "spec.token is not what the user sent" if token else "there is no spec.token"
