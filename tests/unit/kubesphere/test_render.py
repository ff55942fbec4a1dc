"""What is rendered for each profile: golden, valid, and true to what the charts expect."""

import json
import os
from pathlib import Path, PurePosixPath

import kubernetes_validate
import pytest
import yaml

from builder.cli.main import main
from builder.kubesphere.compare import differences
from builder.kubesphere.profiles import PROFILES, chosen
from builder.kubesphere.render import Configuration, render

_TOP = Path(__file__).parents[3]
_GOLDEN = _TOP / "tests" / "golden" / "kubesphere"
_KUBERNETES = "1.27"
_CONFIGURATION = Configuration(
    casc="jenkins:\n  mode: EXCLUSIVE\n", hooks=(("initUsers.groovy", "println 1\n"),)
)


def rendered(profile: str, **given: str) -> dict[str, str]:
    era = PROFILES[profile]
    files = render(era, chosen(era, given), _CONFIGURATION)
    return {str(name): text for name, text in files.items()}


def objects(text: str) -> list[dict[str, object]]:
    return list(yaml.safe_load_all(text))


@pytest.mark.parametrize("profile", PROFILES)
def test_each_profile_is_as_reviewed(profile: str) -> None:
    """``make golden`` writes them anew, to be read."""
    for name, text in rendered(profile).items():
        path = _GOLDEN / profile / name
        if os.environ.get("JBUILD_GOLDEN"):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        assert text == path.read_text(), path


@pytest.mark.parametrize("profile", PROFILES)
def test_every_object_is_valid(profile: str) -> None:
    checked = [
        each for text in rendered(profile).values() for each in objects(text) if "kind" in each
    ]
    for each in checked:
        kubernetes_validate.validate(each, _KUBERNETES, strict=True)
    assert len(checked) == 10


def test_an_object_that_is_wrong_is_not_valid() -> None:
    (job,) = objects(rendered("3.5")["retention.yaml"])
    spec = job["spec"]
    assert isinstance(spec, dict)
    spec["startingDeadlineSeconds"] = "soon"
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(job, _KUBERNETES, strict=True)


def test_memory_and_heap_go_together() -> None:
    (values,) = objects(rendered("3.5", memory="8Gi")["values.yaml"])
    master = values["jenkins"]["Master"]  # type: ignore[index]  # a map
    assert master["resources"]["limits"]["memory"] == "8Gi"
    assert "-XX:MaxRAM=8g" in master["JavaOpts"]
    assert "-Xmx" not in master["JavaOpts"]


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"memory": "2Gi"}, "4Gi or more"),
        ({"memory": "much"}, "4Gi or more"),
        ({"memroy": "8Gi"}, "no such key"),
        ({"runtime": "rkt"}, "none of docker, containerd"),
    ],
)
def test_what_would_not_do_is_refused(given: dict[str, str], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        chosen(PROFILES["3.5"], given)


def test_a_controller_outside_comes_by_websocket_or_by_a_tunnel() -> None:
    def cloud(**given: str) -> dict[str, object]:
        (document,) = objects(rendered("3.5", **given)["standalone/casc.yaml"])
        return document["jenkins"]["clouds"][0]["kubernetes"]  # type: ignore[index,no-any-return]  # a map

    assert cloud()["webSocket"] is True
    assert "jenkinsTunnel" not in cloud()
    assert cloud(tunnel="a.example:50000")["jenkinsTunnel"] == "a.example:50000"
    assert "webSocket" not in cloud(tunnel="a.example:50000")


@pytest.fixture
def at_the_top(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(_TOP)
    monkeypatch.setenv("JBUILD_STORE", str(tmp_path / "store"))
    return tmp_path


@pytest.mark.parametrize("profile", PROFILES)
def test_the_command_writes_the_formula_s_own_configuration(profile: str, at_the_top: Path) -> None:
    out = at_the_top / "out"
    arguments = ["render", "kubesphere", "--profile", profile, "--output", str(out)]
    assert main(arguments) == 0
    maps = {e["metadata"]["name"]: e for e in objects((out / "configmaps.yaml").read_text())}  # type: ignore[index]  # a map
    casc = maps["jenkins-casc-config"]["data"]["jenkins_user.yaml"]  # type: ignore[index]  # a map
    assert yaml.safe_load(casc)["jenkins"]["slaveAgentPort"] == 50000
    hooks = maps["devops-jenkins"]["data"]
    assert {"initK8sCredentials.groovy", "initUsers.groovy"} <= set(hooks)  # type: ignore[call-overload]  # a map
    assert main(["render", "kubesphere", "--profile", profile, "--compare", str(out)]) == 0


def test_differences_that_matter_are_told_and_others_are_not(
    at_the_top: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = at_the_top / "out"
    assert main(["render", "kubesphere", "--profile", "3.5", "--output", str(out)]) == 0
    secrets = out / "secrets.yaml"
    secrets.write_text(secrets.read_text().replace("REPLACE-ME", "filled in"))
    (job,) = objects((out / "retention.yaml").read_text())
    job["status"] = {"active": []}
    job["spec"]["schedule"] = "0 * * * *"  # type: ignore[index]  # a map
    (out / "retention.yaml").write_text(json.dumps({"kind": "List", "items": [job]}))
    (out / "standalone/casc.yaml").unlink()
    capsys.readouterr()
    assert main(["render", "kubesphere", "--profile", "3.5", "--compare", str(out)]) == 1
    assert capsys.readouterr().out.splitlines() == [
        "CronJob devops.spec.schedule: 0 * * * *, rendered 0/30 * * * *",
        "CasC: missing",
    ]


def test_a_folder_of_somebody_s_is_left_alone(at_the_top: Path) -> None:
    (at_the_top / "own").mkdir()
    (at_the_top / "own/file").write_text("mine")
    out = str(at_the_top / "own")
    assert main(["render", "kubesphere", "--profile", "3.5", "--output", out]) == 8
    assert sorted(each.name for each in (at_the_top / "own").iterdir()) == ["file"]


def test_paths_are_below_the_output() -> None:
    assert all(not PurePosixPath(each).is_absolute() for each in rendered("3.5"))


@pytest.mark.parametrize(
    ("profile", "choice"),
    [("3.5", "memory=8Gi"), ("3.3", "runtime=docker"), ("4.1", "realm=oic"), ("4.1", "tunnel=a:1")],
)
def test_the_command_takes_choices(profile: str, choice: str, at_the_top: Path) -> None:
    out = str(at_the_top / "out")
    arguments = ["render", "kubesphere", "--profile", profile, "--output", out, "--set", choice]
    assert main(arguments) == 0


def test_the_command_refuses_what_is_no_choice(at_the_top: Path) -> None:
    out = at_the_top / "out"
    arguments = [
        "render",
        "kubesphere",
        "--profile",
        "3.5",
        "--output",
        str(out),
        "--set",
        "memroy=8Gi",
    ]
    assert main(arguments) == 2
    assert not out.exists()


def test_a_dump_of_a_cluster_holds_secrets_in_base64(
    at_the_top: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = at_the_top / "out"
    assert main(["render", "kubesphere", "--profile", "3.5", "--output", str(out)]) == 0
    (secret,) = objects((out / "secrets.yaml").read_text())
    named = secret.pop("stringData")
    secret["data"] = dict.fromkeys(named, "eA==")  # type: ignore[call-overload]  # a map
    (out / "secrets.yaml").write_text(yaml.safe_dump(secret))
    compare = ["render", "kubesphere", "--profile", "3.5", "--compare", str(out)]
    assert main(compare) == 0
    secret["data"] = {"jenkins-admin-user": "eA=="}
    (out / "secrets.yaml").write_text(yaml.safe_dump(secret))
    capsys.readouterr()
    assert main(compare) == 1
    assert "data.jenkins-admin-password: missing" in capsys.readouterr().out


def test_what_is_no_yaml_is_told(at_the_top: Path) -> None:
    (at_the_top / "broken.yaml").write_text("a: [")
    broken = str(at_the_top / "broken.yaml")
    assert main(["render", "kubesphere", "--profile", "3.5", "--compare", broken]) == 2


def test_a_controller_outside_may_have_a_kubeconfig() -> None:
    files = rendered("3.5", credential="kubeconfig")
    (config,) = objects(files["standalone/kubeconfig.yaml"])
    assert config["current-context"] == "jenkins-agents"
    casc = files["standalone/casc.yaml"]
    assert "credentialsId: kubeconfig" in casc
    assert "secretBytes: ${KUBECONFIG_BASE64}" in casc
    assert "standalone/kubeconfig.yaml" not in rendered("3.5")
    with pytest.raises(ValueError, match="credential: password is none of token, kubeconfig"):
        rendered("3.5", credential="password")


@pytest.mark.parametrize(
    ("wanted", "there", "is_same"),
    [
        ("1", "1000m", True),
        ("4Gi", "4096Mi", True),
        ("0.5", "500m", True),
        ("4Gi", "4G", False),
        ("1", "1Gi", False),
        ("a", "1", False),
    ],
)
def test_quantities_are_compared_as_numbers(wanted: str, there: str, *, is_same: bool) -> None:
    def limit(value: str) -> tuple[dict[str, object], ...]:
        return ({"kind": "Pod", "metadata": {"name": "a"}, "limits": {"cpu": value}},)

    assert (differences(limit(wanted), limit(there)) == ()) == is_same
