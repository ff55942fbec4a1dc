"""The images of agents that CasC files name, as far as their tags tell a version of remoting."""

import re
from collections.abc import Iterator

import yaml
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
    for file, root in read.roots:
        for node in _images(root, set()):
            version = _REMOTING.fullmatch(node.value)
            place = f"{file.path}:{node.start_mark.line + 1}"
            if version and node.value not in found:
                made = AgentImage(image=node.value, remoting=Version(version[1]), place=place)
                found[node.value] = made
    return tuple(found.values())


def _images(node: yaml.Node | None, seen: set[int]) -> Iterator[yaml.ScalarNode]:
    if node is None or id(node) in seen:
        return
    seen.add(id(node))
    if isinstance(node, yaml.SequenceNode):
        for each in node.value:
            yield from _images(each, seen)
    elif isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if str(key.value).lower() == "image" and isinstance(value, yaml.ScalarNode):
                yield value
            yield from _images(value, seen)
