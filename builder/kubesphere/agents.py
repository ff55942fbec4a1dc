"""The images that agents run in, as the pod templates of CasC name them."""

import re

from msgspec import Struct

from builder.verify.agent_images import remoting_of
from builder.verify.casc_files import Casc
from builder.verify.casc_tree import Leaf, items, leaves
from builder.version import Version

_TEMPLATES = ("jenkins", "clouds", "kubernetes", "templates")
_PREFIX = re.compile(r"\$\{([^{}:]+):-[^{}]*\}/")
_MINIMUMS = (  # cores from .. up to, and the oldest remoting that they let in
    (Version("2.171"), Version("2.347"), Version("3.14")),
)


class PodImage(Struct, frozen=True, kw_only=True):
    """One image, with where it is named."""

    image: str  # such as ``docker.io/kubesphere/builder-base:v3.2.2``
    templates: tuple[str, ...]  # their names, in the order of the files
    place: str  # the first, such as ``casc/jenkins.yaml:51``
    registry: str | None  # the variable that holds all before the last part of the name
    remoting: Version | None  # None: the tag does not tell, or it is no agent

    def under(self, registry: str) -> str:
        """Name it below another registry and prefix."""
        return f"{registry.rstrip('/')}/{self.image.rpartition('/')[2]}"


def pod_images(read: Casc) -> tuple[PodImage, ...]:
    """Find every image of a pod template once; variables have their defaults."""
    found: dict[str, PodImage] = {}
    for file, root in read.roots:
        for listed in leaves(file, root):
            if listed.path == _TEMPLATES:
                for template in items(listed):
                    _add(found, template)
    return tuple(found.values())


def minimum_remoting(core: Version) -> Version | None:
    """Tell the oldest remoting that a core lets in; None: it is not known here.

    Source: header ``X-Remoting-Minimum-Version`` of the 2.2xx and 2.3xx lines, and the recording of
    2.346.3. A controller that runs tells its own: ``jbuild verify`` reads it.
    """
    return next((least for since, end, least in _MINIMUMS if since <= core < end), None)


def transfer(images: tuple[PodImage, ...], registry: str) -> tuple[str, ...]:
    """Write the lines that take the images to a registry which has no way out."""
    pulls = tuple(f"docker pull {each.image}" for each in images)
    names = " ".join(each.image for each in images)
    tags = tuple(f"docker tag {each.image} {each.under(registry)}" for each in images)
    pushes = tuple(f"docker push {each.under(registry)}" for each in images)
    return (
        "# where the internet is reached",
        *pulls,
        f"docker save -o agents.tar {names}",
        "# where the registry is reached",
        "docker load -i agents.tar",
        *tags,
        *pushes,
    )


def variables(images: tuple[PodImage, ...], registry: str) -> tuple[str, ...]:
    """Say what to set so that the pod templates name that registry."""
    named = dict.fromkeys(each.registry for each in images if each.registry)
    return tuple(f"{each}={registry.rstrip('/')}" for each in named)


def _add(found: dict[str, PodImage], template: Leaf) -> None:
    name = template.first("name") or "?"
    for each in template.below("containers", "image"):
        if image := each.text:
            known = found.get(image)
            prefix = _PREFIX.match(str(each.node.value))
            found[image] = PodImage(
                image=image,
                templates=(*known.templates, name) if known else (name,),
                place=known.place if known else each.place,
                registry=prefix[1] if prefix else None,
                remoting=remoting_of(image),
            )
