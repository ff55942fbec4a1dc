"""A context that needs no image of this machine: its base is made inside, out of its tar.

Any builder takes it: ``docker build``, BuildKit, buildah, kaniko.
"""

import re
from pathlib import PurePosixPath

from msgspec.structs import replace

from builder.errors import BuildFailed
from builder.model.build import ContextFile, ImageContext
from builder.model.lock import AnyBasePin, ImagePin
from builder.model.stored import StoredFile

BASE = PurePosixPath("base.tar")
_STAGE = "jbuild-base"
_FROM = re.compile(r"^[ \t]*FROM[ \t]", re.IGNORECASE | re.MULTILINE)


def require(base: AnyBasePin) -> None:
    """Refuse a base whose tar is no root file system, for ``ADD`` would unpack it as one.

    Raises:
        BuildFailed: the base is an image.
    """
    if isinstance(base, ImagePin):
        said = (
            f"the base, {base.wished}, is an image, and a context brings Debian packages only",
            "jbuild image builds it, with --engine docker or oci",
        )
        raise BuildFailed(step="the base of the context", said=said)


def portable(context: ImageContext, reference: str, base: StoredFile) -> ImageContext:
    """Put the base's tar beside the other files, and a stage made of it before all others.

    Args:
        context: an image's files, its Dockerfile built on ``reference``.
        reference: the local image that an engine makes of ``base``.
        base: a whole root file system as a tar.
    """
    tar = ContextFile(name=BASE, source=base.path, mode=0o644, time_s=base.digest.time_s)
    return replace(
        context,
        dockerfile=_staged(context.dockerfile, reference),
        files=tuple(sorted((*context.files, tar), key=lambda each: each.name)),
    )


def _staged(dockerfile: str, reference: str) -> str:
    """Name the stage where the Dockerfile names the image; what stands before FROM stays there."""
    named = re.compile(
        rf"((?:^[ \t]*FROM[ \t]+(?:--platform=\S+[ \t]+)?)|--from=){re.escape(reference)}(?=\s|$)",
        re.IGNORECASE | re.MULTILINE,
    )
    text = named.sub(rf"\g<1>{_STAGE}", dockerfile)
    first = _FROM.search(text)
    at = first.start() if first else 0
    return f"{text[:at]}FROM scratch AS {_STAGE}\nADD {BASE} /\n\n{text[at:]}"
