"""Images of agents: read out of CasC, judged, and taken elsewhere."""

import json
import subprocess
from pathlib import Path, PurePosixPath

import pytest

from builder.cli.main import main
from builder.kubesphere.agents import minimum_remoting, pod_images, transfer, variables
from builder.model.formula import InputFile
from builder.verify.agent_images import agent_images
from builder.verify.casc_files import Casc
from builder.version import Version

_TOP = Path(__file__).parents[3]
_TEXT = """
jenkins:
  clouds:
    - kubernetes:
        templates:
          - name: base
            containers:
              - {name: base, image: "${BUILDER_REGISTRY:-docker.io/ks}/builder:${TAG:-v1}"}
              - &jnlp
                name: jnlp
                image: "${JNLP_REGISTRY:-docker.io/jenkins}/inbound-agent:4.10-2"
          - name: go
            containers: [{name: go, image: "hub.example:5000/go:1"}, *jnlp, {image: "${NONE}"}]
"""


def casc(text: str = _TEXT) -> Casc:
    file = InputFile(path=PurePosixPath("casc/a.yaml"), content=text.encode())
    return Casc(files=(file,))


def test_each_image_is_told_once_with_its_templates_and_its_place() -> None:
    found = pod_images(casc())
    assert [(each.image, each.templates, each.place, each.registry) for each in found] == [
        ("docker.io/ks/builder:v1", ("base",), "casc/a.yaml:8", "BUILDER_REGISTRY"),
        (
            "docker.io/jenkins/inbound-agent:4.10-2",
            ("base", "go"),
            "casc/a.yaml:11",
            "JNLP_REGISTRY",
        ),
        ("hub.example:5000/go:1", ("go",), "casc/a.yaml:13", None),
    ]
    assert [str(each.remoting) for each in found if each.remoting] == ["4.10"]


def test_verify_reads_the_remoting_of_images_whose_registry_is_a_variable() -> None:
    (found,) = agent_images(casc())
    assert str(found.remoting) == "4.10"


def test_the_lines_take_each_image_and_a_shell_reads_them() -> None:
    lines = transfer(pod_images(casc()), "hub.example/ks/")
    assert "docker pull docker.io/ks/builder:v1" in lines
    assert "docker tag hub.example:5000/go:1 hub.example/ks/go:1" in lines
    assert "docker push hub.example/ks/inbound-agent:4.10-2" in lines
    subprocess.run(("sh", "-n"), input="\n".join(lines), text=True, check=True)  # noqa: S607  # of every Debian
    assert variables(pod_images(casc()), "hub.example/ks") == (
        "BUILDER_REGISTRY=hub.example/ks",
        "JNLP_REGISTRY=hub.example/ks",
    )


def test_images_that_would_be_called_alike_keep_their_folder() -> None:
    images = pod_images(casc(_TEXT.replace("go:1", "builder:v1")))
    assert "docker tag hub.example:5000/builder:v1 near/builder:v1" in transfer(images, "near")
    alike = pod_images(casc(_TEXT.replace("go:1", "own/builder:v1")))
    lines = transfer(alike, "near")
    assert "docker tag docker.io/ks/builder:v1 near/ks/builder:v1" in lines
    assert "docker tag hub.example:5000/own/builder:v1 near/own/builder:v1" in lines
    assert variables(alike, "near") == ("BUILDER_REGISTRY=near/ks", "JNLP_REGISTRY=near/jenkins")


def test_images_of_a_template_s_own_yaml_are_found() -> None:
    text = (
        "jenkins: {clouds: [{kubernetes: {templates: [{name: a, yaml: "
        "'{spec: {initContainers: [{image: one}], containers: [{image: \"${R:-two}\"}, 3]}}'},"
        " {name: b, yamls: ['spec: [', 'spec: {containers: [{image: one}]}']}]}}]}\n"
    )
    assert [(each.image, each.templates) for each in pod_images(casc(text))] == [
        ("one", ("a", "b")),
        ("two", ("a",)),
    ]


def test_variables_can_be_given(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["agents", str(_TOP / "formula.yaml"), "--env", "BUILDER_SUFFIX=-podman"]) == 0
    assert "builder-go:v3.2.0-podman " in capsys.readouterr().out


@pytest.mark.parametrize(
    ("core", "least"),
    [
        ("2.127", None),
        ("2.150", "3.4"),
        ("2.198", "3.14"),
        ("2.346.3", "3.14"),
        ("2.361.4", "4.2.1"),
        ("2.426.3", "4.13"),
        ("2.504", "3107.v665000b_51092"),
        ("2.555.1", "3176.v207ec082a_8c0"),
        ("2.600", None),
    ],
)
def test_what_a_core_lets_in_is_told_where_it_is_known(core: str, least: str | None) -> None:
    found = minimum_remoting(Version(core))
    assert (str(found) if found else None) == least


@pytest.mark.parametrize("profile", ["", "profiles/3.3/", "profiles/3.4/", "profiles/4.1/"])
def test_every_profile_names_its_agents(
    profile: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("JBUILD_STORE", str(tmp_path / "store"))
    assert main(["agents", str(_TOP / f"{profile}formula.yaml"), "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    images = {each["image"]: each for each in said["images"]}
    agent = images["docker.io/jenkins/inbound-agent:4.10-2"]
    assert said["minimum_remoting"] == "3.14"
    assert agent["remoting"] == "4.10"
    assert len(agent["templates"]) == 5
    assert all(each["registry_variable"] for each in images.values())


def test_the_command_writes_a_script(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("JBUILD_STORE", str(tmp_path / "store"))
    formula = str(_TOP / "formula.yaml")
    assert main(["agents", formula, "--registry", "hub.example/ks"]) == 0
    script = capsys.readouterr().out
    assert script.startswith("set -e\n")
    assert "# then set BUILDER_REGISTRY=hub.example/ks\n" in script
    assert main(["agents", formula]) == 0
    assert "remoting 4.10: at least 3.14" in capsys.readouterr().out
