"""A controller outside the cluster: an account for it there, and the cloud that it is told of.

Source: the least that plugin kubernetes needs in its namespace; since Kubernetes 1.24 the token of
a service account is made only where a Secret asks for it.
"""

from collections.abc import Mapping

from builder.kubesphere.profiles import PLACEHOLDER, Choices

_NAME = "jenkins-agents"
_TOKEN = "k8s-token"  # noqa: S105  # ids of credentials
_KUBECONFIG = "kubeconfig"
_RULES = (
    ("pods", ("create", "get", "list", "watch", "delete", "patch")),
    ("pods/exec", ("create", "get")),
    ("pods/log", ("get", "list", "watch")),
    ("events", ("list", "watch")),
    ("secrets", ("get",)),
)
Objects = tuple[Mapping[str, object], ...]


def standalone(choices: Choices) -> Mapping[str, Objects]:
    """Give the files by name: rights in the cluster, and CasC for the controller."""
    files: dict[str, Objects] = {"rbac.yaml": _rights(choices), "casc.yaml": (_casc(choices),)}
    if choices.credential == "kubeconfig":
        files["kubeconfig.yaml"] = (_kubeconfig(choices),)
    return files


def _rights(choices: Choices) -> Objects:
    metadata = {"name": _NAME, "namespace": choices.worker_namespace}
    rules = [{"apiGroups": [""], "resources": [name], "verbs": list(to)} for name, to in _RULES]
    roles = "rbac.authorization.k8s.io"
    subject = {"kind": "ServiceAccount", "name": _NAME, "namespace": choices.worker_namespace}
    return (
        {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": metadata},
        {"apiVersion": f"{roles}/v1", "kind": "Role", "metadata": metadata, "rules": rules},
        {
            "apiVersion": f"{roles}/v1",
            "kind": "RoleBinding",
            "metadata": metadata,
            "roleRef": {"apiGroup": roles, "kind": "Role", "name": _NAME},
            "subjects": [subject],
        },
        {
            "apiVersion": "v1",
            "kind": "Secret",
            "type": "kubernetes.io/service-account-token",
            "metadata": {**metadata, "annotations": {"kubernetes.io/service-account.name": _NAME}},
        },
    )


def _kubeconfig(choices: Choices) -> Mapping[str, object]:
    """Write the file that the credential holds; certificate and token are of the Secret."""
    cluster = {"server": choices.api_server, "certificate-authority-data": PLACEHOLDER}
    context = {"cluster": _NAME, "user": _NAME, "namespace": choices.worker_namespace}
    return {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": _NAME, "cluster": cluster}],
        "users": [{"name": _NAME, "user": {"token": PLACEHOLDER}}],
        "contexts": [{"name": _NAME, "context": context}],
        "current-context": _NAME,
    }


def _casc(choices: Choices) -> Mapping[str, object]:
    is_file = choices.credential == "kubeconfig"
    cloud: dict[str, object] = {
        "name": "kubernetes",
        "serverUrl": choices.api_server,
        "serverCertificate": "${K8S_CA:-}",
        "namespace": choices.worker_namespace,
        "credentialsId": _KUBECONFIG if is_file else _TOKEN,
        "jenkinsUrl": choices.jenkins_url,
    }
    cloud |= {"jenkinsTunnel": choices.tunnel} if choices.tunnel else {"webSocket": True}
    token = {"scope": "GLOBAL", "id": _TOKEN, "secret": "${K8S_TOKEN}"}
    file = {"scope": "GLOBAL", "id": _KUBECONFIG, "fileName": "config"}
    file |= {"secretBytes": "${KUBECONFIG_BASE64}"}
    credentials = [{"credentials": [{"file": file} if is_file else {"string": token}]}]
    return {
        "credentials": {"system": {"domainCredentials": credentials}},
        "jenkins": {"clouds": [{"kubernetes": cloud}]},
    }
