"""What KubeSphere's charts and a cluster are given: values, ConfigMaps, Secrets, a CronJob.

Names, keys and mount paths are those of the charts (``profiles``). CasC and hooks are the
formula's.
"""

from collections.abc import Mapping
from html import escape
from pathlib import PurePosixPath

import yaml
from msgspec import Struct

from builder.kubesphere.profiles import PLACEHOLDER, Choices, Profile
from builder.kubesphere.standalone import standalone

_CASC = "/var/jenkins_home/casc_configs"
_USER_FILE = "jenkins_user.yaml"  # that people edit; at a start it is the only one to be read
_REALM = "/usr/share/jenkins/casc/realm.yaml"  # in the image of 4.1
_FORMULA_KEY = "devops.kubesphere.io/jenkins-config-formula"
_CUSTOM_KEY = "devops.kubesphere.io/jenkins-config-customized"
_OPTIONS = (
    "-Djenkins.install.runSetupWizard=false",
    "-Dhudson.security.csrf.DefaultCrumbIssuer.EXCLUDE_SESSION_ID=true",
    "-Dhudson.slaves.NodeProvisioner.initialDelay=20",
    "-Dhudson.slaves.NodeProvisioner.MARGIN=50",
    "-Dhudson.slaves.NodeProvisioner.MARGIN0=0.85",
    "-Dhudson.slaves.NodeProvisioner.recurrencePeriod=5000",
    "-Dhudson.model.LoadStatistics.clock=5000",
    "-Dhudson.model.LoadStatistics.decay=0.2",
    "-Dcom.sun.jndi.ldap.connect.timeout=15000",
    "-Dcom.sun.jndi.ldap.read.timeout=60000",
    "-XX:+UseG1GC",
    "-XX:+UseStringDeduplication",
    "-XX:+ParallelRefProcEnabled",
    "-XX:+DisableExplicitGC",
)
_GIT_NOTICES = "-Dhudson.plugins.git.GitStatus.NOTIFY_COMMIT_ACCESS_CONTROL=disabled"
_SHARE = 70  # percent of the limit for the heap
_MAVEN = """\
<settings xmlns="http://maven.apache.org/SETTINGS/1.0.0">
  <mirrors>
    <mirror><id>near</id><mirrorOf>central</mirrorOf><url>{url}</url></mirror>
  </mirrors>
</settings>
"""


class Configuration(Struct, frozen=True, kw_only=True):
    """What a formula tells its controller."""

    casc: str  # one document
    hooks: tuple[tuple[str, str], ...]  # name such as ``initUsers.groovy``, and text


def render(
    profile: Profile, choices: Choices, configuration: Configuration
) -> Mapping[PurePosixPath, str]:
    """Write every file, by its path below the output; the same each time.

    Args:
        profile: the era.
        choices: of the installation.
        configuration: of the formula.
    """
    built_in = {
        "values.yaml": (_values(profile, choices, configuration),),
        "configmaps.yaml": _config_maps(choices, configuration),
        "secrets.yaml": (_secret(profile, choices),),
        "retention.yaml": (_retention(choices),),
    }
    outside = {f"standalone/{name}": them for name, them in standalone(choices).items()}
    return {PurePosixPath(name): _dumped(them) for name, them in (built_in | outside).items()}


def _values(
    profile: Profile, choices: Choices, configuration: Configuration
) -> Mapping[str, object]:
    """Lay over the chart's values; a list of it is replaced whole, so all entries are there."""
    limit = f"{choices.memory}Gi"
    master: dict[str, object] = {
        "Image": choices.image,
        "ImageTag": choices.tag,
        "resources": {
            "requests": {"cpu": "0.5", "memory": limit},
            "limits": {"cpu": profile.cpu, "memory": limit},
        },
        "HostName": profile.host_name,
        "JavaOpts": " ".join(_java_options(profile, choices)),
        "ContainerEnv": _env(profile, choices),
        "InitScripts": _scripts(configuration),
    }
    agent: dict[str, object] = {
        "Image": f"{choices.agent_registry}/inbound-agent",
        "ImageTag": profile.agent_tag,
        "WorkerNamespace": choices.worker_namespace,
        "Builder": {
            "Registry": choices.builder_registry,
            "ContainerRuntime": "podman" if choices.runtime == "containerd" else "docker",
        },
    }
    jenkins: dict[str, object] = {
        "Master": master,
        "Agent": agent,
        "ksAuth": {"enabled": profile.reviews_tokens},
    }
    if profile.realm_key:
        _put(jenkins, profile.realm_key, choices.realm)
    return {"jenkins": jenkins}


def _java_options(profile: Profile, choices: Choices) -> tuple[str, ...]:
    """Size the heap in one way, by the limit."""
    sizes = (
        f"-XX:InitialRAMPercentage={_SHARE}",
        f"-XX:MaxRAMPercentage={_SHARE}",
        f"-XX:MaxRAM={choices.memory}g",
    )
    return (*_OPTIONS, *(() if profile.reviews_tokens else (_GIT_NOTICES,)), *sizes)


def _env(profile: Profile, choices: Choices) -> object:
    read = f"{_CASC}/{_USER_FILE}"
    named = {
        "CASC_JENKINS_CONFIG": read if profile.reviews_tokens else f"{read},{_REALM}",
        "BUILDER_REGISTRY": choices.builder_registry,
        "JNLP_REGISTRY": choices.agent_registry,
        "WORKER_NAMESPACE": choices.worker_namespace,
        "JENKINS_AGENT_URL": f"http://devops-jenkins.{choices.namespace}:80",
        "JENKINS_TUNNEL": f"devops-jenkins-agent.{choices.namespace}:50000",
    }
    if choices.runtime == "containerd":
        named |= {"BUILDER_SUFFIX": "-podman", "BUILDER_PRIVILEGED": "true"}
    if profile.env_is_map:
        return named
    return [{"name": name, "value": value} for name, value in named.items()]


def _scripts(configuration: Configuration) -> Mapping[str, str | None]:
    """Name hooks as the chart does; what CasC does instead is taken away (null)."""
    own = {name.removeprefix("init").removesuffix(".groovy"): t for name, t in configuration.hooks}
    return {"Mailer": None, "RBAC": None, **own}


def _config_maps(
    choices: Choices, configuration: Configuration
) -> tuple[Mapping[str, object], ...]:
    custom = {_FORMULA_KEY: "custom", _CUSTOM_KEY: "true"}
    casc = {"jenkins.yaml": configuration.casc, _USER_FILE: configuration.casc}
    maven = {"MavenSetting": _MAVEN.format(url=escape(choices.maven_mirror))}
    return (
        _config_map("jenkins-casc-config", choices.namespace, casc, custom),
        _config_map("devops-jenkins", choices.namespace, dict(configuration.hooks)),
        _config_map(
            "jenkins-agent-config", choices.namespace, {"agent.pod_resource_limit": "default"}
        ),
        _config_map("ks-devops-agent", choices.worker_namespace, maven),
    )


def _config_map(
    name: str, namespace: str, data: Mapping[str, str], annotations: Mapping[str, str] | None = None
) -> Mapping[str, object]:
    metadata: dict[str, object] = {"name": name, "namespace": namespace}
    if annotations:
        metadata["annotations"] = dict(annotations)
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata, "data": dict(data)}


def _secret(profile: Profile, choices: Choices) -> Mapping[str, object]:
    data = {"jenkins-admin-user": "admin", "jenkins-admin-password": PLACEHOLDER}
    if not profile.reviews_tokens:
        data["jenkins-admin-token"] = PLACEHOLDER  # 11 and 32 of 0 to f
    metadata = {"name": "devops-jenkins", "namespace": choices.namespace}
    kind = {"apiVersion": "v1", "kind": "Secret", "type": "Opaque"}
    return {**kind, "metadata": metadata, "stringData": data}


def _retention(choices: Choices) -> Mapping[str, object]:
    container = {"name": "gc", "image": choices.tools_image, "command": ["ks", "pip", "gc"]}
    pod = {
        "serviceAccountName": "devops",
        "restartPolicy": "Never",
        "containers": [container],
    }
    return {
        "apiVersion": "batch/v1",
        "kind": "CronJob",
        "metadata": {"name": "devops", "namespace": choices.namespace},
        "spec": {
            "schedule": "0/30 * * * *",
            "concurrencyPolicy": "Forbid",
            "startingDeadlineSeconds": 4000,
            "successfulJobsHistoryLimit": 3,
            "failedJobsHistoryLimit": 1,
            "jobTemplate": {"spec": {"activeDeadlineSeconds": 3600, "template": {"spec": pod}}},
        },
    }


def _put(tree: dict[str, object], path: tuple[str, ...], value: str) -> None:
    *above, last = path
    for key in above:
        below: dict[str, object] = {}
        tree[key] = below
        tree = below
    tree[last] = value


class _Dumper(yaml.SafeDumper):
    """Writes texts of several lines as they are, and lists below their key."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002, FBT001, FBT002  # theirs
        super().increase_indent(flow, indentless=False)


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = "|" if "\n" in text else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _text)


def _dumped(objects: tuple[Mapping[str, object], ...]) -> str:
    return yaml.dump_all(objects, Dumper=_Dumper, sort_keys=False, width=10_000, allow_unicode=True)
