"""What a release of KubeSphere expects of its Jenkins, as its charts say.

Source: the charts ks-devops 0.1.x to 0.3.x, and that of the DevOps extension 1.1.x for 4.1.
"""

from collections.abc import Mapping
from types import MappingProxyType

from msgspec import Struct

from builder.model.controller import LEAST_LIMIT


class Profile(Struct, frozen=True, kw_only=True):
    """One era; eras are never mixed."""

    name: str  # of the platform's release, such as ``3.5``
    formula: str  # path below the repository's top
    chart: str  # release of the chart
    image: str  # where the image of the formula is published
    tag: str
    memory: int = 4  # GiB, of the controller's limit
    cpu: str = "1"  # of the controller's limit
    host_name: str = "jenkins.devops.kubesphere.local"  # of the controller's pages
    agent_tag: str = "4.10-2"  # of inbound-agent
    realm_key: tuple[str, ...] = ()  # of the chart's values; none: the image decides
    reviews_tokens: bool = True  # else the platform has an API token
    env_is_map: bool = False  # ``Master.ContainerEnv``; else it is a list


PLACEHOLDER = "REPLACE-ME"  # what people have to write there
_JENKINS = "docker.io/kubesphere/ks-jenkins"
PROFILES: Mapping[str, Profile] = MappingProxyType(
    {
        each.name: each
        for each in (
            Profile(
                name="3.3",
                formula="profiles/3.3/formula.yaml",
                chart="0.1.19",
                image=_JENKINS,
                tag="v3.3.0-2.319.1",
                realm_key=("securityRealm",),
            ),
            Profile(
                name="3.4",
                formula="profiles/3.4/formula.yaml",
                chart="0.2.2",
                image=_JENKINS,
                tag="v3.4.0-2.319.3-1",
                realm_key=("securityRealm",),
            ),
            Profile(
                name="3.5",
                formula="formula.yaml",
                chart="0.3.2",
                image=_JENKINS,
                tag="v3.5.0-2.346.3",
                realm_key=("casc", "securityRealm"),
            ),
            Profile(
                name="4.1",
                formula="profiles/4.1/formula.yaml",
                chart="1.1.3",
                image="docker.io/kubesphere/devops-jenkins",
                tag="v4.1.2-2.346.3",
                memory=6,
                cpu="2",
                host_name="devops-jenkins.kubesphere-devops-system.svc",
                reviews_tokens=False,
                env_is_map=True,
            ),
        )
    }
)
_LEAST = LEAST_LIMIT // 1024**3


class Choices(Struct, frozen=True, kw_only=True):
    """What an installation decides for itself; all texts but the memory."""

    image: str
    tag: str
    memory: int  # GiB
    namespace: str = "kubesphere-devops-system"
    worker_namespace: str = "kubesphere-devops-worker"
    builder_registry: str = "docker.io/kubesphere"
    agent_registry: str = "docker.io/jenkins"
    runtime: str = "containerd"  # or ``docker``
    realm: str = "ldap"  # or ``local``
    maven_mirror: str = "https://maven.aliyun.com/repository/public"
    tools_image: str = "docker.io/kubesphere/devops-tools:latest"
    api_server: str = "https://kubernetes.example:6443"  # as a controller outside reaches it
    jenkins_url: str = "https://jenkins.example"  # as pods reach a controller outside
    tunnel: str = ""  # ``host:50000``; empty: by WebSocket
    credential: str = "token"  # of a controller outside; or ``kubeconfig``


def chosen(profile: Profile, given: Mapping[str, str]) -> Choices:
    """Take what is given, and the profile's own for the rest.

    Raises:
        ValueError: no such key, or a value that is none.
    """
    known = Choices.__struct_fields__
    for key in given:
        if key not in known:
            said = f"{key}: no such key; known are {', '.join(known)}"
            raise ValueError(said)
    one_of = {
        "runtime": ("docker", "containerd"),
        "realm": _realms(profile),
        "credential": ("token", "kubeconfig"),
    }
    for key, values in one_of.items():
        if given.get(key, values[0]) not in values:
            said = f"{key}: {given[key]} is none of {', '.join(values)}"
            raise ValueError(said)
    texts = {key: value for key, value in given.items() if key != "memory"}
    memory = _gibibytes(given["memory"]) if "memory" in given else profile.memory
    return Choices(
        **{"image": profile.image, "tag": profile.tag, "memory": memory, **texts}  # type: ignore[arg-type]  # checked above
    )


def _realms(profile: Profile) -> tuple[str, ...]:
    return ("ldap", "local") if profile.reviews_tokens else ("local", "ldap", "oic")


def _gibibytes(text: str) -> int:
    digits = text.lower().removesuffix("i").removesuffix("g")
    if not digits.isdecimal() or int(digits) < _LEAST:
        said = f"memory: {text}: {_LEAST}Gi or more was wanted, in whole GiB"
        raise ValueError(said)
    return int(digits)
