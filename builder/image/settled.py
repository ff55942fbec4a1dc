"""What an image says of itself: how each instruction changes a base's configuration.

Source: OCI image specification 1.1, ``config.md``; the classic builder for what it adds.
"""

import json
from collections.abc import Mapping
from pathlib import PurePosixPath

from builder.image import shell_words
from builder.image.dockerfile import Instruction

Config = Mapping[str, object]
"""The object ``config`` of an image's JSON; what we do not know in it goes through unchanged."""

PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


def of_base(config: Config) -> Config:
    """Begin with what a base says; without PATH it gets the builders' own."""
    env = variables(config)
    found = {} if "PATH" in env else {"Env": [*_spelled(env), f"PATH={PATH}"]}
    return {**config, **found}


def variables(config: Config) -> dict[str, str]:
    """Give the environment by name."""
    listed = config.get("Env")
    spelled = (str(each) for each in listed) if isinstance(listed, list) else ()
    return {name: value for name, _, value in (each.partition("=") for each in spelled)}


def workdir(config: Config) -> PurePosixPath:
    """Give the folder that relative paths begin in."""
    return PurePosixPath("/", str(config.get("WorkingDir") or "/"))


def operands(step: Instruction, config: Config) -> tuple[str, ...]:
    """Give an instruction's operands as they are meant.

    Raises:
        ValueError: they cannot be read.
    """
    words = shell_words.split(step.rest) if step.listed is None else step.listed
    return tuple(shell_words.plain(each, variables(config)) for each in words)


def after(config: Config, step: Instruction, *, own_command: bool = False) -> Config:
    """Carry out what changes the configuration alone.

    Args:
        config: what was said before.
        step: the instruction.
        own_command: the same Dockerfile has said CMD before.

    Raises:
        ValueError: the operands cannot be read.
    """
    changed = {**config, **_change(config, step)}
    if step.word == "ENTRYPOINT" and not own_command:
        changed.pop("Cmd", None)  # a base's own command is no argument for another program
    return changed


def _change(config: Config, step: Instruction) -> Config:  # noqa: PLR0911  # one a word
    match step.word:
        case "ENV":
            read = shell_words.pairs(step.rest, variables(config))
            return {"Env": _spelled(variables(config) | dict(read))}
        case "LABEL":
            read = shell_words.pairs(step.rest, variables(config))
            return {"Labels": {**_names(config, "Labels"), **dict(read)}}
        case "USER":
            return {"User": " ".join(operands(step, config))}
        case "EXPOSE":
            ports: dict[str, object] = {_port(each): {} for each in operands(step, config)}
            return {"ExposedPorts": {**_names(config, "ExposedPorts"), **ports}}
        case "VOLUME":
            volumes: dict[str, object] = {each: {} for each in operands(step, config)}
            return {"Volumes": {**_names(config, "Volumes"), **volumes}}
        case "WORKDIR":
            return {"WorkingDir": str(workdir(config) / " ".join(operands(step, config)))}
        case "ENTRYPOINT" | "CMD":
            name = "Entrypoint" if step.word == "ENTRYPOINT" else "Cmd"
            shell = ["/bin/sh", "-c", step.rest]
            return {name: shell if step.listed is None else list(step.listed)}
    return {}


def document(
    base: Mapping[str, object],
    config: Config,
    diff_ids: tuple[str, ...],
    history: tuple[tuple[str, bool], ...],
) -> bytes:
    """Write an image's JSON; its digest is the image's id.

    Args:
        base: the JSON of the base: platform and history are taken from it.
        config: what the image says of itself.
        diff_ids: of all layers, the base's first.
        history: what was done on top, and whether it made a layer.
    """
    about = {name: value for name, value in base.items() if name not in {"container", "id"}}
    done = [_entry(text, layer=layer) for text, layer in history]
    past = base.get("history")
    return to_bytes(
        {
            **about,
            "config": config,
            "created": CREATED,
            "history": [*(past if isinstance(past, list) else []), *done],
            "rootfs": {"type": "layers", "diff_ids": list(diff_ids)},
        }
    )


CREATED = "2000-01-01T00:00:00Z"
"""When every image was made: the clock is no input."""


def to_bytes(document: object) -> bytes:
    """Write JSON the one way: sorted, without blanks."""
    text = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return text.encode()


def _entry(text: str, *, layer: bool) -> dict[str, object]:
    made: dict[str, object] = {"created": CREATED, "created_by": text}
    return made if layer else {**made, "empty_layer": True}


def _names(config: Config, key: str) -> dict[str, object]:
    found = config.get(key)
    return dict(found) if isinstance(found, Mapping) else {}


def _spelled(env: Mapping[str, str]) -> list[str]:
    return [f"{name}={value}" for name, value in env.items()]


def _port(text: str) -> str:
    return text if "/" in text else f"{text}/tcp"
