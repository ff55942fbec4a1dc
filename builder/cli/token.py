"""``jbuild token``: the static token of KubeSphere, made or judged."""

import sys
import time
from pathlib import Path

import click

from builder.cli.options import VERBOSE
from builder.errors import TokenRefused
from builder.kubesphere.token import objections, static_token

_FROM_STDIN = "-"


@click.command()
@click.option(
    "--secret-file",
    required=True,
    metavar="FILE|-",
    help="Holds authentication.jwtSecret; a newline at its end does not count. -: standard input.",
)
@click.option(
    "--check",
    "checked",
    metavar="TOKEN|-",
    help="Say why this token would be refused. -: standard input, unseen by other users.",
)
@VERBOSE
def token(*, secret_file: str, checked: str | None) -> None:
    r"""Make the static token of KubeSphere, or judge one.

    The same secret gives the same token. Exit code 1: the token that is checked is refused.

    \b
    Examples:
      jbuild token --secret-file jwt-secret
      kubectl -n kubesphere-system get secret kubesphere-secret \
        -o jsonpath={.data.secret} | base64 -d | jbuild token --secret-file -
      jbuild token --secret-file jwt-secret --check -
    """
    if secret_file == checked == _FROM_STDIN:
        said = "standard input can hold the secret or the token, not both"
        raise click.UsageError(said)
    secret = _text(secret_file, "--secret-file")
    if checked is None:
        click.echo(static_token(secret))
        return
    judged = _text(checked, "--check") if checked == _FROM_STDIN else checked
    if reasons := objections(judged, secret, time.time()):
        raise TokenRefused(said=reasons)
    click.echo("the token is accepted")


def _text(name: str, option: str) -> str:
    try:
        content = sys.stdin.buffer.read() if name == _FROM_STDIN else Path(name).read_bytes()
        text = content.decode().rstrip("\r\n")
        said = _objection(text)
    except OSError as fault:
        said = fault.strerror
    except UnicodeDecodeError:
        said = "no text in UTF-8"
    if said:
        wrong = f"{name}: {said}"
        raise click.BadParameter(wrong, param_hint=option)
    return text


def _objection(text: str) -> str | None:
    if not text:
        return "it is empty"
    return "it has several lines: it holds one word alone" if "\n" in text else None
