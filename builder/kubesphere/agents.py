"""The images that agents run in, as the pod templates of CasC name them."""

import re
from collections.abc import Iterator, Mapping

import yaml
from msgspec import Struct

from builder.verify.agent_images import remoting_of
from builder.verify.casc_files import Casc
from builder.verify.casc_tree import Leaf, items
from builder.version import Version

_PREFIX = re.compile(r"\$\{([^{}:]+):-[^{}]*\}/")
_MINIMUMS = (  # cores from there on, and the oldest remoting that they let in
    (Version("2.128"), Version("3.4")),
    (Version("2.198"), Version("3.14")),
    (Version("2.357"), Version("4.2.1")),
    (Version("2.378"), Version("4.7")),
    (Version("2.425"), Version("4.13")),
    (Version("2.467"), Version("3107.v665000b_51092")),
    (Version("2.545"), Version("3176.v207ec082a_8c0")),
)
_UNREAD = Version("2.579")


class PodImage(Struct, frozen=True, kw_only=True):
    """One image, with where it is named."""

    image: str  # such as ``docker.io/kubesphere/builder-base:v3.2.2``
    templates: tuple[str, ...]  # their names, in the order of the files
    place: str  # the first, such as ``casc/jenkins.yaml:51``
    registry: str | None  # the variable that holds all before the last part of the name
    remoting: Version | None  # None: the tag does not tell, or it is no agent


def pod_images(read: Casc) -> tuple[PodImage, ...]:
    """Find every image of a pod template once, also those of its own YAML."""
    found: dict[str, PodImage] = {}
    for template in read.templates:
        _add(found, template)
    return tuple(found.values())


def minimum_remoting(core: Version) -> Version | None:
    """Tell the oldest remoting that a core lets in; None: it is not known here.

    Source: ``remoting.minimum.supported.version`` of every core from 2.100 to 2.578, and the header
    in the recording of 2.346.3. A controller that runs tells its own: ``jbuild verify`` reads it.
    """
    if not _MINIMUMS[0][0] <= core < _UNREAD:
        return None
    return next(least for since, least in reversed(_MINIMUMS) if since <= core)


def named_in(images: tuple[PodImage, ...], registry: str) -> Mapping[str, str]:
    """Name each image below another registry and prefix.

    The last part of a name is kept; all but the host, where two images would be called alike.
    """
    keeps = {each.image: each.image.rpartition("/")[2] for each in images}
    if len(set(keeps.values())) < len(keeps):
        keeps = {image: _path(image) for image in keeps}
    return {image: f"{registry.rstrip('/')}/{kept}" for image, kept in keeps.items()}


def transfer(images: tuple[PodImage, ...], registry: str) -> tuple[str, ...]:
    """Write the lines that take the images to a registry which has no way out."""
    moved = named_in(images, registry)
    return (
        "# where the internet is reached",
        *(f"docker pull {image}" for image in moved),
        f"docker save -o agents.tar {' '.join(moved)}",
        "# where the registry is reached",
        "docker load -i agents.tar",
        *(f"docker tag {image} {name}" for image, name in moved.items()),
        *(f"docker push {name}" for name in moved.values()),
    )


def variables(images: tuple[PodImage, ...], registry: str) -> tuple[str, ...]:
    """Say what to set so that the pod templates name that registry."""
    moved = named_in(images, registry)
    held = {each.registry: moved[each.image] for each in images if each.registry}
    return tuple(f"{name}={image.rpartition('/')[0]}" for name, image in held.items())


def _path(image: str) -> str:
    """Leave the host out: a first part with a dot or a port, or ``localhost``."""
    host, slash, rest = image.partition("/")
    return rest if slash and ("." in host or ":" in host or host == "localhost") else image


def _add(found: dict[str, PodImage], template: Leaf) -> None:
    name = template.first("name") or "?"
    for image, written, place in _named(template):
        known = found.get(image)
        prefix = _PREFIX.match(written)
        found[image] = PodImage(
            image=image,
            templates=tuple(dict.fromkeys((*known.templates, name))) if known else (name,),
            place=known.place if known else place,
            registry=prefix[1] if prefix else None,
            remoting=remoting_of(image),
        )


def _named(template: Leaf) -> Iterator[tuple[str, str, str]]:
    """Give each image, as it is written, and its place."""
    for each in template.below("containers", "image"):
        if image := each.text:
            yield image, str(each.node.value), each.place
    for key in ("yaml", "yamls"):
        for listed in template.below(key):
            for each in items(listed):
                if text := each.text:
                    yield from ((image, image, each.place) for image in _of_pod(text))


def _of_pod(text: str) -> Iterator[str]:
    """Find images of containers in the YAML of a pod; what is none has none."""
    try:
        document = yaml.load(text, Loader=yaml.CSafeLoader)
    except yaml.YAMLError:
        return
    spec = document.get("spec") if isinstance(document, dict) else None
    for key in ("initContainers", "containers"):
        there = spec.get(key) if isinstance(spec, dict) else None
        for each in there if isinstance(there, list) else ():
            if isinstance(each, dict) and isinstance(each.get("image"), str):
                yield each["image"]
