"""``jbuild publish`` as a command, with a registry on loopback."""

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from builder.cli.main import main
from tests.support import images, registry

PLATFORMS = {"linux/amd64": {"a": b"amd"}, "linux/arm64": {"a": b"arm"}}
FORMULA = """\
bundle: {{groupId: org.example, artifactId: sample, version: '{{{{.version}}}}'}}
war: {{groupId: org.example, artifactId: controller, source: {{version: 3.3.2}}}}
image:
  base: {{debian: sid}}
  tags: {tags}
"""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with registry.running(tmp_path_factory.mktemp("served") / "registry") as found:
        yield found


@pytest.fixture
def path(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, address: str) -> Path:
    monkeypatch.setenv("JBUILD_STORE", str(tmp_path / "store"))
    tags = f"['{address}/a/jenkins:{{{{.version}}}}', '{address}/b/jenkins:{{{{.version}}}}']"
    (tmp_path / "formula.yaml").write_text(FORMULA.format(tags=tags))
    images.layout(tmp_path / "image", PLATFORMS)
    return tmp_path / "formula.yaml"


def published(path: Path, version: str, *options: str) -> int:
    source = str(path.parent / "image")
    return main(
        ["publish", str(path), "--from", source, "--set", f"version={version}", "-q", *options]
    )


def test_an_image_goes_to_every_registry_and_the_receipt_tells(
    capsys: pytest.CaptureFixture[str], path: Path, address: str
) -> None:
    receipt = path.parent / "receipt.json"
    receipt.write_text('{"image": {"id": "sha256:1", "digest": null}, "schema": 1}')
    assert published(path, "1.0", "--receipt", str(receipt)) == 0
    digest = registry.tags(address, "a/jenkins")["1.0"]
    references = [f"{address}/{each}/jenkins:1.0" for each in ("a", "b")]
    assert capsys.readouterr().out == "".join(f"{each}@{digest}\n" for each in references)
    told = json.loads(receipt.read_text())
    assert told["image"]["id"] == "sha256:1"
    assert told["image"]["digest"] == digest
    assert [each["reference"] for each in told["image"]["published"]] == references
    assert published(path, "1.0", "--json") == 0
    assert [e["was_there"] for e in json.loads(capsys.readouterr().out)["published"]] == [True] * 2


def test_a_version_with_another_image_is_left_alone_with_exit_code_9(
    capsys: pytest.CaptureFixture[str], path: Path, address: str
) -> None:
    assert published(path, "2.0") == 0
    before = registry.tags(address, "a/jenkins")
    images.layout(path.parent / "other", {"linux/amd64": {"b": b"c"}})
    (path.parent / "image").rename(path.parent / "was")
    (path.parent / "other").rename(path.parent / "image")
    assert published(path, "2.0") == 9
    assert f"{address}/a/jenkins:2.0 is {before['2.0']}" in capsys.readouterr().err
    assert registry.tags(address, "a/jenkins") == before
    assert published(path, "2.0", "--move-tags") == 0
    assert registry.tags(address, "a/jenkins")["2.0"] != before["2.0"]


def test_the_git_tag_of_the_commit_is_one_more(
    capsys: pytest.CaptureFixture[str], path: Path, address: str
) -> None:
    assert published(path, "3.0", "--git-tag") == 5  # there is no repository
    git(path.parent, "init", "-q")
    git(path.parent, "add", "formula.yaml")
    git(path.parent, "commit", "-qm", "one")
    assert published(path, "3.0", "--git-tag") == 2
    assert "has no tag" in capsys.readouterr().err
    git(path.parent, "tag", "v3")
    assert published(path, "3.0", "--git-tag", "--platform-tags") == 0
    found = registry.tags(address, "b/jenkins")
    assert {"3.0", "v3", "3.0-amd64", "v3-arm64"} <= found.keys()
    assert found["3.0"] == found["v3"] != found["v3-arm64"]


def git(folder: Path, *arguments: str) -> None:
    who = {
        f"GIT_{each}_{what}": "a@b"
        for each in ("AUTHOR", "COMMITTER")
        for what in ("NAME", "EMAIL")
    }
    subprocess.run(("git", *arguments), cwd=folder, env={**os.environ, **who}, check=True)  # noqa: S603, S607


def test_a_formula_without_tags_goes_nowhere(
    capsys: pytest.CaptureFixture[str], path: Path
) -> None:
    path.write_text(FORMULA.format(tags="[]"))
    assert published(path, "1.0") == 9
    assert "--tag" in capsys.readouterr().err


def test_a_registry_that_nobody_answers_is_named_with_exit_code_9(
    capsys: pytest.CaptureFixture[str], path: Path
) -> None:
    assert published(path, "1.0", "--tag", "127.0.0.1:1/a:1") == 9
    said = capsys.readouterr().err
    assert "127.0.0.1:1/a:1 could not be published" in said
    assert "connection refused" in said
