"""Objects of a cluster: each fault is found, and a good controller is left alone."""

import io
import json
from pathlib import Path

import pytest
import yaml

from builder.cli.main import main
from builder.doctor import casc_in, examine, pipelines_in

_GOOD = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: devops-jenkins}
spec:
  template:
    spec:
      securityContext: {runAsUser: 1000, fsGroup: 1000}
      containers:
        - name: jenkins
          image: kubesphere/ks-jenkins:v3.5.0-2.346.3
          resources: {limits: {memory: 4Gi}}
          env:
            - {name: JAVA_TOOL_OPTIONS, value: "-XX:MaxRAMPercentage=70 -XX:MaxRAM=4g"}
            - {name: CASC_JENKINS_CONFIG, value: /var/jenkins_home/casc_configs/}
          livenessProbe: {initialDelaySeconds: 90, periodSeconds: 10, failureThreshold: 30}
"""


def _ids(text: str) -> list[str]:
    objects = tuple(yaml.safe_load_all(text))
    return [each.id for each in examine("a.yaml", objects)]


def test_a_good_one_is_left_alone() -> None:
    assert _ids(_GOOD) == []


@pytest.mark.parametrize(
    ("old", "new", "wanted"),
    [
        ("memory: 4Gi", "memory: 2Gi", ["memory-limit", "heap"]),
        ("-XX:MaxRAM=4g", "-Xmx1600m", ["heap"]),
        ("-XX:MaxRAMPercentage=70 -XX:MaxRAM=4g", "-Xmx3900m", ["heap"]),
        ("-XX:MaxRAM=4g", "-XX:MaxRAM=5g", ["heap"]),
        ("failureThreshold: 30", "failureThreshold: 12", ["liveness"]),
        ("runAsUser: 1000", "runAsUser: 0", ["root"]),
        ("name: CASC_JENKINS_CONFIG", "name: com.sun.jndi.ldap.connect.timeout", ["dead-variable"]),
        ("casc_configs/", ".casc/", ["casc-hidden"]),
        (
            "env:\n",
            "env:\n            - {name: SONAR_SERVER_URL, value: a}\n",
            ["sonar-off"],
        ),
        (
            "env:\n",
            "env:\n            - {name: EMAIL_FROM_PASS, value: P@ssw0rd}\n",
            ["mail-default"],
        ),
    ],
)
def test_each_fault_is_found(old: str, new: str, wanted: list[str]) -> None:
    assert old in _GOOD
    assert _ids(_GOOD.replace(old, new)) == wanted


def test_a_killed_container_of_a_dump_is_told() -> None:
    ended = {"lastState": {"terminated": {"reason": "OOMKilled"}}, "name": "jenkins"}
    pod = {"kind": "Pod", "metadata": {"name": "a"}, "status": {"containerStatuses": [ended]}}
    (found,) = examine("dump", ({"kind": "List", "items": [pod]},))
    assert (found.id, found.subject) == ("memory", "dump: Pod a")


def test_objects_of_any_shape_are_no_crash() -> None:
    odd = (
        {"kind": "Pod", "spec": {"containers": "x"}, "status": [], "metadata": 3},
        {"items": [1]},
    )
    assert examine("a", odd) == ()


def test_casc_of_a_config_map_is_linted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    casc = "jenkins:\n  clouds: [{kubernetes: {webSocket: true, jenkinsTunnel: 'a:1'}}]\n"
    config = {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": "jenkins-casc-config"},
        "data": {"jenkins.yaml": casc},
    }
    assert casc_in((config,))[0].path.name == "jenkins.yaml"
    path = tmp_path / "objects.yaml"
    path.write_text(yaml.safe_dump(config))
    assert main(["doctor", str(path), "--json"]) == 1
    (finding,) = json.loads(capsys.readouterr().out)["findings"]
    assert (finding["id"], finding["subject"]) == (
        "websocket",
        "jenkins-casc-config/jenkins.yaml:2",
    )


def test_a_log_of_standard_input_and_a_folder(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("x\nerrors when auth with ks\n"))
    assert main(["doctor", "-"]) == 1
    assert "standard input:2: the token server is not reached" in capsys.readouterr().out
    (tmp_path / "a.yaml").write_text("jenkins: {numExecutors: none}\n")
    (tmp_path / "b.groovy").write_text("println 1\n")
    assert main(["doctor", str(tmp_path)]) == 0
    assert "casc-file" in capsys.readouterr().out


def test_a_file_that_is_not_there_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor", "nowhere.log"]) != 0
    assert "nowhere.log" in capsys.readouterr().err


def test_a_formula_is_held_to_the_rules_of_lint(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JBUILD_STORE", str(tmp_path / "store"))
    (tmp_path / "formula.yaml").write_text(
        "bundle: {groupId: a, artifactId: b}\n"
        "war: {groupId: a, artifactId: jenkins-war, source: {version: 2.319.1}}\n"
        "image: {java: {options: [-Dio.jenkins.plugins.casc.ConfigurationAsCode.initialDelay=1]}}\n"
    )
    assert main(["doctor", str(tmp_path / "formula.yaml"), "--json"]) == 0
    ids = [each["id"] for each in json.loads(capsys.readouterr().out)["findings"]]
    assert ids == ["dead", "no-lock"]


def test_a_path_that_cannot_be_read_hides_nothing_of_the_others(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    log = tmp_path / "a.log"
    log.write_text("errors when auth with ks\n")
    assert main(["doctor", str(log), "nowhere.log", "--json"]) == 1
    found = json.loads(capsys.readouterr().out)["findings"]
    assert [(each["id"], each["subject"]) for each in found] == [
        ("token-server", f"{log}:1"),
        ("unread", "nowhere.log"),
    ]
    assert main(["doctor", "nowhere.log", "elsewhere.log"]) == 3


@pytest.mark.parametrize(
    ("settings", "wanted"),
    [
        ("<settings><mirrors><mirror><id>a</id></mirror></mirrors></settings>", []),
        ("<settings xmlns='http://maven.apache.org/x'><mirrors/></settings>", ["maven-mirror"]),
        ("<settings><mirrors></settings>", ["maven-settings"]),
        ("<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", ["maven-settings"]),
    ],
)
def test_maven_s_settings_are_read(settings: str, wanted: list[str]) -> None:
    config = {
        "kind": "ConfigMap",
        "metadata": {"name": "ks-devops-agent"},
        "data": {"MavenSetting": settings},
    }
    assert [each.id for each in examine("a", (config,))] == wanted


def test_api_services_of_the_cluster_itself_are_missed() -> None:
    def listed(*names: str) -> list[str]:
        items = [{"kind": "APIService", "metadata": {"name": each}} for each in names]
        return [each.id for each in examine("a", ({"kind": "List", "items": items},))]

    assert listed("v1.", "v1.apps", "v1.batch", "v1.metrics.k8s.io") == []
    assert listed("v1.metrics.k8s.io") == ["api-services"]
    assert listed() == []


def test_labels_of_the_platform_s_pipelines_are_held_against_casc(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = "pipeline { agent { node { label 'gone' } } }"
    pipeline = {
        "apiVersion": "devops.kubesphere.io/v1alpha3",
        "kind": "Pipeline",
        "metadata": {"name": "shop"},
        "spec": {"type": "pipeline", "pipeline": {"name": "shop", "jenkinsfile": text}},
    }
    assert len(pipelines_in((pipeline,))) == 1
    (tmp_path / "objects.yaml").write_text(yaml.safe_dump(pipeline))
    casc = tmp_path / "casc.yaml"
    casc.write_text("jenkins: {clouds: [{kubernetes: {templates: [{name: a, label: a}]}}]}\n")
    jenkinsfile = tmp_path / "Jenkinsfile"
    jenkinsfile.write_text("node('lost') {}\n")
    paths = [str(tmp_path / "objects.yaml"), str(casc), str(jenkinsfile)]
    assert main(["doctor", *paths, "--json"]) == 1
    found = json.loads(capsys.readouterr().out)["findings"]
    missing = [each["subject"] for each in found if each["id"] == "label-missing"]
    assert missing == [f"{jenkinsfile}:1", "Pipeline shop:1"]


def test_a_folder_is_read_whatever_one_formula_in_it_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JBUILD_STORE", str(tmp_path / "store"))
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "formula.yaml").write_text("war: [\n")
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "hidden.yaml").write_text("jenkins: {numExecutors: hidden}\n")
    (tmp_path / "casc.yaml").write_text("jenkins: {numExecutors: none}\n")
    paths = [str(tmp_path), str(tmp_path / "casc.yaml")]
    assert main(["doctor", *paths, "--json"]) == 1
    found = json.loads(capsys.readouterr().out)["findings"]
    assert [each["id"] for each in found] == ["unread", "casc-file"]
    assert main(["doctor", str(tmp_path / "a" / "formula.yaml")]) == 3
