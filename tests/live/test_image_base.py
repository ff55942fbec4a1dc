"""The quickstart on a base that is an image, and brings a ``jenkins.sh`` of its own."""

import os
import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.live.conftest import Quickstart, Run, context, jbuild, remove_image
from tests.support.containers import booted, log_of, said, volume

pytestmark = [
    pytest.mark.docker,
    pytest.mark.network,
    pytest.mark.slow,
    pytest.mark.usefixtures("socket_enabled"),
]

# In short what the official image's does: files that the home lacks are placed, options passed on.
_SCRIPT = b"""\
#!/bin/bash -e
echo "official start, JAVA_OPTS=$JAVA_OPTS"
cd /usr/share/jenkins/ref
find . -type f | while read -r each; do
    [ -e "$JENKINS_HOME/$each" ] && continue
    mkdir -p "$JENKINS_HOME/$(dirname "$each")"
    cp -p "$each" "$JENKINS_HOME/$each"
done
options=()
while IFS= read -r -d '' each; do options+=("$each"); done < <(xargs printf '%s\\0' <<<"$JAVA_OPTS")
exec java "${options[@]}" -jar /usr/share/jenkins/jenkins.war $JENKINS_OPTS "$@"
"""
_LINES = """\
LABEL com.example.team=platform
ENV JENKINS_HOME=/var/jenkins_home HUDSON_HOME=/var/jenkins_home
COPY jenkins.sh /usr/local/bin/jenkins.sh
"""


@pytest.fixture(scope="module")
def base(quickstart: Quickstart) -> Iterator[str]:
    """Make an image as a company's: Java and tini of Debian, a label, a start script."""
    import docker  # noqa: PLC0415  # only live tests need it

    tag = f"company/jenkins:{os.getpid()}"
    with closing(docker.from_env()) as client:
        bottom = client.images.get(quickstart.reference).attrs["RootFS"]["Layers"][:1]
        (debian, *_) = (
            each.id
            for each in client.images.list("jbuild/base")
            if each.attrs["RootFS"]["Layers"] == bottom
        )
        dockerfile = f"FROM {debian}\n{_LINES}"
        files = {"Dockerfile": dockerfile.encode(), "jenkins.sh": _SCRIPT}
        client.images.build(
            fileobj=context(files, mode=0o755), custom_context=True, tag=tag, rm=True, forcerm=True
        )
    yield tag
    remove_image(tag)


@pytest.fixture(scope="module")
def built(
    base: str, quickstart: Quickstart, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Run]:
    folder = tmp_path_factory.mktemp("based") / "formula"
    shutil.copytree(quickstart.folder, folder, ignore=shutil.ignore_patterns("*.lock.json"))
    _rebase(folder / "formula.yaml", base)
    done = jbuild("image", "--set", f"version=based-{os.getpid()}", folder=folder)
    yield done
    if done.code == 0:
        remove_image(_reference(done))


def _rebase(path: Path, tag: str) -> None:
    head, _, tail = path.read_text().partition("  base:\n")
    path.write_text(f"{head}  base: {{docker: {tag}}}\n{tail[tail.index('  layout:') :]}")


def _reference(done: Run) -> str:
    image = done.document()["image"]
    assert isinstance(image, dict)
    return str(image["reference"])


def test_it_is_built_booted_and_verified(built: Run) -> None:
    assert built.code == 0, built.stderr
    report = built.document()["report"]
    assert isinstance(report, dict)
    statuses = {each["id"]: each["status"] for each in report["checks"]}
    assert "failed" not in statuses.values()
    assert statuses["plugins.present"] == statuses["agent.handshake"] == "passed"


def test_the_base_s_own_script_places_the_files_and_gets_our_options(built: Run) -> None:
    assert built.code == 0, built.stderr
    with volume() as home, booted(_reference(built), home) as container:
        assert "'-Djava.awt.headless=true' '-Xmx512m'" in log_of(container)
        assert "greenballs.hpi" in said(container, "ls", "/var/jenkins_home/plugins")
