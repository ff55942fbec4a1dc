"""``Engine`` and ``Images`` over the container SDK.

Building is the daemon's own classic build, fed from a stream.
"""

import json
import os
import re
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from typing import IO, TYPE_CHECKING, cast

from builder.adapters import context_tar, daemon, image_tree, oci_base, oci_read, oci_write
from builder.adapters.oci_parts import own_platform
from builder.errors import BuildFailed, EngineUnreachable, PlatformsRefused
from builder.image.reference import Reference
from builder.model.build import ImageContext, ImageRef
from builder.model.stored import StoredFile
from builder.ports import Progress, unheard
from builder.ports.image_files import ImageFiles

if TYPE_CHECKING:
    from docker import DockerClient

_ANSWER_TIMEOUT_S = 30
_SILENCE_TIMEOUT_S = 1800  # a step of a user's own template may say nothing for long
_KEPT_LINES = 20
_STEP = re.compile(r"Step (?P<done>\d+)/(?P<total>\d+) ")


class DockerEngine:
    """The real ``Engine``, and the real ``Images``.

    Args:
        address: such as ``unix:///var/run/docker.sock``; None: ``DOCKER_HOST``, else that.
    """

    def __init__(self, address: str | None = None, *, progress: Progress = unheard) -> None:
        self._progress = progress
        self._address = daemon.address_of(address)
        self._environment = {**os.environ, "DOCKER_HOST": self._address}

    def require(self, platforms: tuple[str, ...]) -> None:
        """Take this machine's platform alone: the classic build knows no other."""
        if set(platforms) - {own_platform()}:
            raise PlatformsRefused(
                platforms=platforms,
                fault=f"the engine builds for {own_platform()} alone",
                way="build with `--engine oci --output FOLDER`",
            )

    def import_base(self, base: StoredFile, reference: str, platform: str | None = None) -> None:
        """Ask for the reference first: its tag names the digest of the tar."""
        name = Reference.parse(reference)
        with self._client(f"import {reference}") as client:
            if _has(client, reference):
                return
            if oci_read.is_image(base.path):
                content = oci_write.docker_archive(
                    oci_base.image_of(base, platform or own_platform()), (reference,)
                )
                loaded = client.api.load_image(content)  # type: ignore[no-untyped-call]  # theirs
                said = "".join(str(each.get("error") or "") for each in loaded)
            else:
                said = client.api.import_image_from_file(
                    str(base.path), repository=name.repository, tag=name.tag
                )
            if not _has(client, reference):
                raise BuildFailed(step=f"import {reference}", said=_errors(str(said)))

    def build(self, context: ImageContext, tags: tuple[str, ...]) -> ImageRef:
        """Send the context, follow the build, tag what came of it."""
        with self._client("build") as client:
            events = client.api.build(
                # Requests streams any iterable of bytes; the stub asks for less than it takes.
                fileobj=cast("IO[bytes]", context_tar.chunks(context)),
                custom_context=True,
                rm=True,
                forcerm=True,
                pull=False,
                decode=True,
                timeout=_SILENCE_TIMEOUT_S,
            )
            # Closing breaks the connection where we are interrupted; the daemon cleans up then.
            with closing(events):
                image_id = _follow(self._told(events))
            for each in map(Reference.parse, tags):
                client.api.tag(image_id, each.repository, each.tag)
            return ImageRef(reference=tags[0], id=image_id)

    @contextmanager
    def opened(self, reference: str) -> Iterator[ImageFiles]:
        """Look into an image, as ``Images`` has it."""
        with (
            self._client(f"look into {reference}") as client,
            image_tree.opened(client, reference, self._environment) as files,
        ):
            yield files

    def _told(self, events: Iterable[Mapping[str, object]]) -> Iterator[Mapping[str, object]]:
        """Tell of every step, and pass the events on."""
        for event in events:
            if found := _STEP.match(str(event.get("stream", ""))):
                self._progress(int(found["done"]), int(found["total"]), "steps")
            yield event

    @contextmanager
    def _client(self, step: str) -> Iterator["DockerClient"]:
        """Connect for one piece of work; no exception of the SDK leaves.

        Raises:
            EngineUnreachable: no engine answers, or it stops answering.
            BuildFailed: it refuses.
        """
        import docker  # slow, as the rest of these: only a build needs them
        from docker.errors import APIError, DockerException, StreamParseError
        from requests.exceptions import RequestException
        from urllib3.exceptions import HTTPError

        daemon.knock(self._address)
        try:
            with closing(
                docker.from_env(timeout=_ANSWER_TIMEOUT_S, environment=self._environment)
            ) as client:
                yield client
        except APIError as fault:
            said = fault.explanation or str(fault)
            raise BuildFailed(step=step, said=tuple(said.splitlines())) from fault
        except (DockerException, StreamParseError, RequestException, HTTPError, OSError) as fault:
            raise EngineUnreachable(address=self._address, said=daemon.cause(fault)) from fault


def _has(client: "DockerClient", reference: str) -> bool:
    from docker.errors import ImageNotFound

    try:
        client.images.get(reference)
    except ImageNotFound:
        return False
    return True


def _follow(events: Iterable[Mapping[str, object]]) -> str:
    """Read the build's events to the end and give the id of the image.

    Raises:
        BuildFailed: with the step that failed.
    """
    image_id, step = "", "start"
    said: deque[str] = deque(maxlen=_KEPT_LINES)
    for event in events:
        lines = str(event.get("stream") or event.get("error") or "").rstrip().splitlines()
        said.extend(lines)
        step = next((line for line in lines if line.startswith("Step ")), step)
        if "error" in event:
            raise BuildFailed(step=step, said=tuple(said))
        aux = event.get("aux")
        if isinstance(aux, Mapping):
            image_id = str(aux.get("ID", image_id))
    if not image_id:
        raise BuildFailed(step=step, said=tuple(said))
    return image_id


def _errors(answer: str) -> tuple[str, ...]:
    """Read the errors out of a stream of JSON lines."""
    lines: list[str] = []
    for line in answer.splitlines():
        try:
            event = json.loads(line)
        except ValueError:
            event = {"error": line}
        lines += str(event.get("error", "")).splitlines()
    return tuple(lines)
