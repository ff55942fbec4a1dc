"""The images of agents that CasC files name, as far as their tags tell a version of remoting."""

import re

from msgspec import Struct

from builder.verify.casc_files import Casc
from builder.version import Version

_REMOTING = re.compile(
    r"(?:.*/)?(?:inbound-agent|jnlp-slave|jnlp-agent-[\w-]+):(\d+[^-@]*)(?:[-@].*)?"
)


class AgentImage(Struct, frozen=True, kw_only=True):
    """One image of Jenkins' own agents."""

    image: str
    remoting: Version
    place: str  # such as ``casc/jenkins.yaml:30``


def agent_images(read: Casc) -> tuple[AgentImage, ...]:
    """Find them, each once, in the order of the files.

    Source: the tags of jenkins/inbound-agent and jenkins/jnlp-slave: the version of remoting, a
    hyphen, a number.
    """
    found: dict[str, AgentImage] = {}
    for each in read.leaves:
        image = each.text if each.path[-1] == "image" else None
        version = remoting_of(image) if image else None
        if image and version and image not in found:
            found[image] = AgentImage(image=image, remoting=version, place=each.place)
    return tuple(found.values())


def remoting_of(image: str) -> Version | None:
    """Read the version of remoting out of a tag; None: it is no image of Jenkins' own agents."""
    version = _REMOTING.fullmatch(image)
    return Version(version[1]) if version else None
