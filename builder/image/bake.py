"""Many images as one bake file, which ``docker buildx bake`` builds side by side.

Schema: https://docs.docker.com/build/bake/reference/ in its JSON spelling; see docs/bake.md.
"""

import json
import re
from pathlib import Path, PurePosixPath

from msgspec.structs import replace

from builder.model.build import BakeTarget, ContextFile, ImageContext

FILE = "docker-bake.json"
_TIME_S = 946_684_800  # 2000-01-01T00:00:00Z


def names(formulas: tuple[Path, ...]) -> tuple[str, ...]:
    """Name a target after its formula's file, ``formula.yaml`` after its folder; each once."""
    chosen: list[str] = []
    for path in formulas:
        plain = path.absolute().parent.name if path.stem == "formula" else path.stem
        name = re.sub(r"[^A-Za-z0-9_-]+", "-", plain).strip("-") or "image"
        others = sum(each == name or each.startswith(f"{name}--") for each in chosen)
        chosen.append(f"{name}--{others + 1}" if others else name)
    return tuple(chosen)


def listed(context: ImageContext) -> tuple[ContextFile, ...]:
    """Give every file of a context, the Dockerfile among them."""
    return (_text("Dockerfile", context.dockerfile), *context.files)


def files(targets: tuple[BakeTarget, ...]) -> tuple[ContextFile, ...]:
    """Give the bake file, and below each target's name its context."""
    content = {
        "group": {"default": {"targets": [each.name for each in targets]}},
        "target": {
            each.name: {"context": each.name, "dockerfile": "Dockerfile", "tags": list(each.tags)}
            for each in targets
        },
    }
    return (
        _text(FILE, json.dumps(content, indent=2, sort_keys=True) + "\n"),
        *(
            replace(file, name=PurePosixPath(target.name) / file.name)
            for target in targets
            for file in listed(target.context)
        ),
    )


def _text(name: str, content: str) -> ContextFile:
    return ContextFile(
        name=PurePosixPath(name), source=content.encode(), mode=0o644, time_s=_TIME_S
    )
