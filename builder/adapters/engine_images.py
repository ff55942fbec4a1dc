"""Images out of a container engine, as the archive it saves."""

import os
from contextlib import closing
from pathlib import Path

from builder.adapters import daemon
from builder.errors import EngineUnreachable

_ANSWER_TIMEOUT_S = 600  # a large image is packed before the first byte comes


def save(docker_host: str | None, reference: str, target: Path) -> None:
    """Write an image as ``docker save`` does.

    Raises:
        ValueError: the engine has no such image, or refuses.
        EngineUnreachable: no engine answers.
    """
    import docker
    from docker.errors import APIError, DockerException
    from requests.exceptions import RequestException
    from urllib3.exceptions import HTTPError

    address = daemon.address_of(docker_host)
    environment = {**os.environ, "DOCKER_HOST": address}
    daemon.knock(address)
    try:
        with (
            closing(docker.from_env(timeout=_ANSWER_TIMEOUT_S, environment=environment)) as client,
            target.open("wb") as out,
        ):
            for chunk in client.images.get(reference).save():
                out.write(chunk)
    except APIError as fault:
        raise ValueError(fault.explanation or str(fault)) from fault
    except (DockerException, RequestException, HTTPError, ConnectionError) as fault:
        raise EngineUnreachable(address=address, said=daemon.cause(fault)) from fault
