"""Objects of Kubernetes: rendered manifests, or what ``kubectl get -o yaml`` prints."""

from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from xml.etree.ElementTree import ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from builder.doctor.pods import of_pod
from builder.doctor.tree import Objects, flat, mapping, name_of
from builder.model.audit import AuditFinding, error, warning
from builder.model.formula import InputFile

_SETTINGS = "MavenSetting"  # key of the agents' ConfigMap
_OWN = {"v1.", "v1.apps", "v1.batch"}  # API services that a cluster brings itself


def examine(name: str, objects: Objects) -> tuple[AuditFinding, ...]:
    """Find what is known to go wrong.

    Args:
        name: of the file.
        objects: documents; of a list its items.
    """
    found: list[AuditFinding] = []
    for each in flat(objects):
        where = f"{name}: {each.get('kind')} {name_of(each)}"
        found += of_pod(where, each)
        found += _maven(where, each)
    return (*found, *_services(name, objects))


def casc_in(objects: Objects) -> tuple[InputFile, ...]:
    """Give the CasC files that ConfigMaps hold."""
    return tuple(
        InputFile(path=PurePosixPath(name_of(each)) / key, content=str(text).encode())
        for each in flat(objects)
        if each.get("kind") == "ConfigMap"
        for key, text in sorted(mapping(each.get("data")).items())
        if key.endswith((".yaml", ".yml")) and "jenkins:" in str(text)
    )


def pipelines_in(objects: Objects) -> tuple[InputFile, ...]:
    """Give the Jenkinsfiles that the platform's pipelines hold."""
    found = []
    for each in flat(objects):
        pipeline = mapping(mapping(each.get("spec")).get("pipeline"))
        if each.get("kind") == "Pipeline" and isinstance(text := pipeline.get("jenkinsfile"), str):
            path = PurePosixPath(f"Pipeline {name_of(each)}")
            found.append(InputFile(path=path, content=text.encode()))
    return tuple(found)


def _maven(where: str, thing: Mapping[str, object]) -> Iterator[AuditFinding]:
    text = mapping(thing.get("data")).get(_SETTINGS)
    if thing.get("kind") != "ConfigMap" or text is None:
        return
    try:
        root = fromstring(str(text))
    except (ParseError, DefusedXmlException) as fault:
        yield error(
            "maven-settings",
            where,
            f"{_SETTINGS} is no XML ({fault}): maven does not start",
            "write settings as maven reads them: jbuild render kubesphere",
        )
        return
    if not any(each.tag.rpartition("}")[2] == "mirror" for each in root.iter()):
        yield warning(
            "maven-mirror",
            where,
            f"{_SETTINGS} names no mirror: every artifact comes from abroad",
            "add a mirror of central: jbuild render kubesphere writes one",
        )


def _services(name: str, objects: Objects) -> Iterator[AuditFinding]:
    """Miss what every cluster has, where API services are listed at all."""
    listed = {name_of(each) for each in flat(objects) if each.get("kind") == "APIService"}
    if listed and (missing := sorted(_OWN - listed)):
        yield error(
            "api-services",
            name,
            f"the cluster's own API services {', '.join(missing)} are gone: nothing works",
            "let kube-apiserver start again: move its static pod's manifest away, and back",
        )
