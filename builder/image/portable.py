"""A context that needs no image of this machine.

Its base is made inside, out of its tar; a registry's is named by the digest that is locked. Any
builder takes it: ``docker build``, BuildKit, buildah, kaniko.
"""

import re
from pathlib import PurePosixPath

from msgspec.structs import replace

from builder.errors import BuildFailed, PlatformsRefused
from builder.image.reference import Reference
from builder.model.build import ContextFile, ImageContext
from builder.model.lock import AnyBasePin, ImagePin
from builder.model.stored import StoredFile

BASE = PurePosixPath("base.tar")
_STAGE = "jbuild-base"
_REGISTRY = "registry "  # as ``ImagePin.wished`` begins
_FROM = re.compile(r"^[ \t]*FROM[ \t]", re.IGNORECASE | re.MULTILINE)


def require(bases: tuple[AnyBasePin, ...]) -> AnyBasePin:
    """Give the one base, unless only this machine has it: ``ADD`` would unpack it as plain files.

    Raises:
        BuildFailed: the base is such an image.
        PlatformsRefused: there are several.
    """
    base, *others = bases
    if others:
        raise PlatformsRefused(
            platforms=tuple(each.platform for each in bases),
            fault="a context is for one platform",
            way="build with `jbuild image --engine oci --output FOLDER`, or name one platform",
        )
    if isinstance(base, ImagePin) and not base.wished.startswith(_REGISTRY):
        said = (
            f"the base, {base.wished}, is an image of this machine, and no other builder has it",
            "push it, and name it as {registry: ...}; or",
            "jbuild image builds it, with --engine docker or oci",
        )
        raise BuildFailed(step="the base of the context", said=said)
    return base


def portable(
    context: ImageContext, reference: str, base: StoredFile, pin: AnyBasePin | None = None
) -> ImageContext:
    """Put the base's tar beside the other files, and a stage made of it before all others.

    Where the base is a registry's, the Dockerfile names that image instead, by its digest.

    Args:
        context: an image's files, its Dockerfile built on ``reference``.
        reference: the local image that an engine makes of ``base``.
        base: a whole root file system as a tar, or an image of a registry.
        pin: of the base, where it may be such an image.
    """
    if isinstance(pin, ImagePin):
        named = Reference.parse(pin.wished.removeprefix(_REGISTRY)).repository
        exact = f"{named}@{pin.manifest}"
        return replace(context, dockerfile=_renamed(context.dockerfile, reference, exact))
    tar = ContextFile(name=BASE, source=base.path, mode=0o644, time_s=base.digest.time_s)
    return replace(
        context,
        dockerfile=_staged(context.dockerfile, reference),
        files=tuple(sorted((*context.files, tar), key=lambda each: each.name)),
    )


def _staged(dockerfile: str, reference: str) -> str:
    """Name the stage where the Dockerfile names the image; what stands before FROM stays there."""
    text = _renamed(dockerfile, reference, _STAGE)
    first = _FROM.search(text)
    at = first.start() if first else 0
    return f"{text[:at]}FROM scratch AS {_STAGE}\nADD {BASE} /\n\n{text[at:]}"


def _renamed(dockerfile: str, reference: str, name: str) -> str:
    """Name something else where the Dockerfile names the image."""
    named = re.compile(
        rf"((?:^[ \t]*FROM[ \t]+(?:--platform=\S+[ \t]+)?)|--from=){re.escape(reference)}(?=\s|$)",
        re.IGNORECASE | re.MULTILINE,
    )
    return named.sub(rf"\g<1>{name}", dockerfile)
