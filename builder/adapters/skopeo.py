"""skopeo: what speaks to registries for us.

Who may read and write there is said by Docker's own config and its helpers, which skopeo reads;
no password is ever an argument. A registry on this machine speaks plain HTTP, and no other does.
"""

import json
import os
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from msgspec import Struct

from builder.adapters.process import Program, ask, redacted, run
from builder.image.reference import host_of, is_loopback
from builder.ports import Progress, unheard

_Each = TypeVar("_Each")
_SKOPEO = Program(command="skopeo", package="skopeo")
_KEPT_LINES = 8
_PAUSES_S = (1.0, 3.0)  # before the second and the third try
# What another try does not change.
_FINAL = re.compile(
    r"unauthorized|denied|forbidden|authentication required|manifest unknown|name unknown"
    r"|not found|no such|unsupported|invalid reference|x509|server gave HTTP response to HTTPS",
    re.IGNORECASE,
)
_STEPS = ("Getting ", "Copying ", "Writing ", "Storing ", "Trying ")
_LOG = re.compile(r'time="[^"]*" level=\w+ msg="(?P<said>.*)"')


class Refused(Exception):  # of this room; adapters turn it into their own
    """skopeo has given up; ``said`` is its last words."""

    def __init__(self, said: tuple[str, ...]) -> None:
        super().__init__("\n".join(said))
        self.said = said

    @property
    def is_absent(self) -> bool:
        """Say whether the registry answered that it has no such image."""
        text = str(self).lower()
        return "manifest unknown" in text or "name unknown" in text


class Skopeo(Struct, frozen=True, kw_only=True):
    """A way to run it; ``pause`` is handed seconds between tries."""

    progress: Progress = unheard
    pause: Callable[[float], None] = time.sleep

    def raw(self, reference: str, folder: Path) -> bytes:
        """Give the manifest or index of a registry's reference, byte for byte."""
        answer = folder / "answer"
        flags = tls("--tls-verify", reference)
        self.run(("inspect", "--raw", *flags, f"docker://{reference}"), folder, answer=answer)
        return answer.read_bytes()

    def run(self, arguments: tuple[str, ...], folder: Path, *, answer: Path | None = None) -> None:
        """Run it, again where another try may help.

        Raises:
            Refused: it failed for good.
            ToolMissing: there is no skopeo.
        """
        environment = _environment(arguments, folder)

        def attempt() -> None:
            if answer:
                done = ask(_SKOPEO, arguments, answer, folder=folder, environment=environment)
            else:
                done = run(_SKOPEO, arguments, folder=folder, environment=environment)
            if done.code != 0:
                faults = [each for each in done.lines if not each.startswith(_STEPS)]
                raise Refused(tuple(_said(line) for line in faults[-_KEPT_LINES:]))

        self.again(attempt)

    def again(self, attempt: Callable[[], _Each]) -> _Each:
        """Try, and try again where that may help.

        Raises:
            Refused: the last word.
        """
        for pause_s in _PAUSES_S:
            try:
                return attempt()
            except Refused as fault:
                if any(map(_FINAL.search, fault.said)):
                    raise
            self.pause(pause_s)
        return attempt()


def tls(flag: str, reference: str) -> tuple[str, ...]:
    """Say that a registry on this machine is plain HTTP; ``flag`` is skopeo's for that end."""
    return (f"{flag}=false",) if is_loopback(reference.partition("@")[0]) else ()


def _said(line: str) -> str:
    found = _LOG.fullmatch(line)
    return redacted(found["said"].replace('\\"', '"') if found else line)


def _environment(arguments: tuple[str, ...], folder: Path) -> dict[str, str]:
    """Name Docker's config where it is not in its usual place, or keeps all in one helper.

    skopeo knows ``credHelpers`` and not ``credsStore``: for those a config is written that names
    the helper for the registry in question, and holds no secret.
    """
    named = os.environ.get("DOCKER_CONFIG")
    if os.environ.get("REGISTRY_AUTH_FILE"):
        return {}
    config = Path(named or Path.home() / ".docker") / "config.json"
    try:
        document = json.loads(config.read_bytes())
    except (OSError, ValueError):
        return {}
    store = document.get("credsStore") if isinstance(document, dict) else None
    if not store:
        return {"REGISTRY_AUTH_FILE": str(config)} if named else {}
    ends = (each.removeprefix("docker://") for each in arguments if each.startswith("docker://"))
    hosts = {host_of(each) or "docker.io" for each in ends}
    helpers = dict(document.get("credHelpers") or {})
    written = folder / "auth.json"
    written.write_text(json.dumps({"credHelpers": {**dict.fromkeys(hosts, store), **helpers}}))
    return {"REGISTRY_AUTH_FILE": str(written)}
