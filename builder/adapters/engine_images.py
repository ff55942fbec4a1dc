"""Images of a container engine: taken out as an archive, known again, and pushed."""

import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from builder.adapters import daemon
from builder.adapters.skopeo import Refused
from builder.errors import EngineUnreachable, ImageMissing
from builder.image.reference import Reference
from builder.model.digest import Digest
from builder.model.publish import Identity
from builder.ports import Progress

if TYPE_CHECKING:
    from docker import DockerClient

_ANSWER_TIMEOUT_S = 600  # a large image is packed before the first byte comes


def save(docker_host: str | None, reference: str, target: Path) -> None:
    """Write an image as ``docker save`` does.

    Raises:
        ValueError: the engine has no such image, or refuses.
        EngineUnreachable: no engine answers.
    """
    try:
        with _client(docker_host) as client, target.open("wb") as out:
            for chunk in client.images.get(reference).save():
                out.write(chunk)
    except Refused as fault:
        raise ValueError(str(fault)) from fault


def identify(docker_host: str | None, reference: str) -> Identity:
    """Tell by what an image is known: the id of the engine is the digest of its config.

    Raises:
        ImageMissing: the engine has none.
        EngineUnreachable: no engine answers.
    """
    try:
        with _client(docker_host) as client:
            attributes = client.images.get(reference).attrs
    except Refused as fault:
        raise ImageMissing(reference=reference) from fault
    variant = [attributes["Variant"]] if attributes.get("Variant") else []
    platform = "/".join((attributes["Os"], attributes["Architecture"], *variant))
    return Identity(manifest=None, config=Digest.parse(attributes["Id"]), platforms=(platform,))


def push(docker_host: str | None, image: str, reference: str, progress: Progress) -> Digest:
    """Push an image under a name, which it keeps if it had it before.

    Raises:
        Refused: the registry, or the engine, says no.
        EngineUnreachable: no engine answers.
    """
    name = Reference.parse(reference)
    with _client(docker_host) as client:
        had = reference in client.images.get(image).tags
        client.api.tag(image, name.repository, name.tag)
        try:
            return _pushed(client, name, progress)
        finally:
            if not had:
                client.api.remove_image(reference, noprune=True)


def _pushed(client: "DockerClient", name: Reference, progress: Progress) -> Digest:
    done: dict[str, int] = {}
    digest = None
    for event in client.api.push(name.repository, tag=name.tag, stream=True, decode=True):
        if "error" in event:
            raise Refused((str(event["error"]),))
        detail = event.get("progressDetail") or {}
        if "current" in detail:
            done[str(event.get("id"))] = int(detail["current"])
            progress(sum(done.values()), None, "bytes")
        digest = (event.get("aux") or {}).get("Digest") or digest
    if digest is None:
        raise Refused(("the engine did not say what it has pushed",))
    return Digest.parse(digest)


@contextmanager
def _client(docker_host: str | None) -> Iterator["DockerClient"]:
    import docker
    from docker.errors import APIError, DockerException
    from requests.exceptions import RequestException
    from urllib3.exceptions import HTTPError

    address = daemon.address_of(docker_host)
    environment = {**os.environ, "DOCKER_HOST": address}
    daemon.knock(address)
    try:
        with closing(docker.from_env(timeout=_ANSWER_TIMEOUT_S, environment=environment)) as client:
            yield client
    except APIError as fault:
        raise Refused((fault.explanation or str(fault),)) from fault
    except (DockerException, RequestException, HTTPError, ConnectionError) as fault:
        raise EngineUnreachable(address=address, said=daemon.cause(fault)) from fault
