"""Tries log-ins on a controller that asks a token server of ours."""

import secrets
from collections.abc import Callable

from builder.adapters.boot_probes import Probes
from builder.adapters.token_server import TokenServer
from builder.model.reviews import Credential, LoggedIn, LogIn
from builder.settings import Login
from builder.verify.checks import WHO

_ASK_S = 65.0  # the plugin waits 60 s for its server
_STRANGER = "jbuild-stranger"
Client = Callable[[Login | None], Probes]
"""Makes a client that never met the controller: what a session knows is not asked again."""


def try_log_ins(
    client: Client, server: TokenServer, log_ins: tuple[LogIn, ...], account: Login
) -> tuple[LoggedIn, ...]:
    """Try one after the other; each token is new, so that no cache knows it."""
    return tuple(_tried(client, server, each, account) for each in log_ins)


def _tried(client: Client, server: TokenServer, wished: LogIn, account: Login) -> LoggedIn:
    user = account.user if wished.is_known else _STRANGER
    is_token = wished.credential is Credential.TOKEN
    credential = secrets.token_urlsafe() if is_token else account.password
    server.expect(wished.verdict, user, credential)
    nobody = wished.credential is Credential.NOTHING
    with client(None if nobody else Login(host="", user=user, password=credential)) as probes:
        answer = probes.ask(WHO, _ASK_S)
    return LoggedIn(tried=wished, user=user, answer=answer, reviews=server.received())
