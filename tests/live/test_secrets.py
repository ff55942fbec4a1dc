"""No secret of a user gets out: each is planted, really used, and then looked for everywhere."""

import base64
import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.fakes.maven_repository import GROUP, forget, repository
from tests.fakes.plugins import plugin
from tests.live.conftest import Quickstart, Run, jbuild, remove_image
from tests.live.test_scale import linked_store
from tests.support import registry
from tests.support.planted import MARK, Closed, Watch, basic, leaks, leaks_below

pytestmark = [
    pytest.mark.docker,
    pytest.mark.network,
    pytest.mark.slow,
    pytest.mark.usefixtures("socket_enabled"),
]

_SETTINGS = """\
<settings><servers><server><id>files</id>
<username>maven</username><password>{}</password></server></servers></settings>
"""
_ADDRESSED = "  - {{artifactId: by-{0}, source: {{url: '{1}/by-{0}.hpi?key={{{{.key}}}}'}}}}\n"
_WITHOUT_FORMULA = {"resolve", "settings"}


def secret(name: str) -> str:
    return f"{MARK}-{name}/+&%"


@dataclass
class Desk:
    """A user with secrets everywhere, in a folder with the quickstart's formula."""

    folder: Path
    store: Path
    registry: str
    private: Path  # what of the user's own holds secrets
    servers: dict[str, Closed]
    variables: dict[str, str] = field(default_factory=dict)
    runs: list[Run] = field(default_factory=list)

    def __call__(self, *arguments: str, code: int = 0, **variables: str) -> Run:
        """Run a command, and keep what it said."""
        values = () if arguments[0] in _WITHOUT_FORMULA else ("--set", f"key={MARK}-set")
        given = {**self.variables, **variables}
        done = jbuild(*arguments, *values, folder=self.folder, **given)
        assert done.code == code, done.stderr
        self.runs.append(done)
        return done

    @property
    def tag(self) -> str:
        return f"{self.registry}/secrets:v{os.getpid()}"


@pytest.fixture(scope="module")
def desk(
    quickstart: Quickstart, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Desk, Watch]]:
    """Plant everything, then do all that jbuild does, errors too."""
    top = tmp_path_factory.mktemp("secrets")
    folder, private = top / "formula", top / "private"
    shutil.copytree(quickstart.folder, folder)
    private.mkdir()
    with ExitStack() as stack:
        address = stack.enter_context(registry.running(top / "registry", closed=True))
        servers = {
            name: stack.enter_context(each.running()) for name, each in _servers(top).items()
        }
        made = Desk(folder, linked_store(top), address, private, servers)
        _plant(made, top)
        watch = stack.enter_context(Watch().running())
        _do_everything(made)
        yield made, watch
        remove_image(made.tag)
        forget()


def _servers(top: Path) -> dict[str, Closed]:
    maven = {f"{GROUP}:by-maven:1.0": plugin("by-maven", "1.0")}
    repository(top / "maven", maven)
    laid = (each for each in (top / "maven").rglob("*") if each.is_file())
    files = {each.relative_to(top / "maven").as_posix(): each.read_bytes() for each in laid}
    return {
        "maven": Closed(files, basic("maven", secret("maven"))),
        "token": Closed({"by-token.hpi": plugin("by-token", "1.0")}, f"Bearer {secret('token')}"),
        "netrc": Closed(
            {"by-netrc.hpi": plugin("by-netrc", "1.0")}, basic("netrc", secret("netrc"))
        ),
    }


def _plant(desk: Desk, top: Path) -> None:
    """Put a secret wherever a user may have one."""
    private, servers = desk.private, desk.servers
    (private / "settings.xml").write_text(_SETTINGS.format(secret("maven").replace("&", "&amp;")))
    maven = private / "mvn"
    maven.write_text(f'#!/bin/sh\nexec mvn -s {private}/settings.xml "$@"\n')
    maven.chmod(0o755)
    netrc = private / "netrc"
    netrc.write_text(f"machine 127.0.0.1 login netrc password {secret('netrc')}\n")
    netrc.chmod(0o600)
    login = base64.b64encode(f"{registry.USER}:{registry.PASSWORD}".encode()).decode()
    (private / "config.json").write_text(json.dumps({"auths": {desk.registry: {"auth": login}}}))
    token = servers["token"].url.removeprefix("http://").upper().replace(".", "_")
    desk.variables |= {
        "COMPANY_PASSWORD": secret("environment"),
        f"JBUILD_TOKEN_{token.replace(':', '_')}": secret("token"),
        "JBUILD_MAVEN": str(maven),
        "JBUILD_STORE": str(desk.store),
        "NETRC": str(netrc),
        "DOCKER_CONFIG": str(private),
        "XDG_STATE_HOME": str(top / "state"),
    }
    formula = desk.folder / "formula.yaml"
    head, rest = formula.read_text().split("plugins:\n", 1)
    formula.write_text(
        f"{head}repositories:\n  - {{id: files, url: '{servers['maven'].url}/'}}\n"
        f"plugins:\n  - {{groupId: {GROUP}, artifactId: by-maven, source: {{version: '1.0'}}}}\n"
        + "".join(_ADDRESSED.format(each, servers[each].url) for each in ("token", "netrc"))
        + rest
    )


def _do_everything(desk: Desk) -> None:
    desk("image", "--tag", desk.tag, "--push", "--receipt", "receipt.json")
    oci = ("--engine", "oci", "--no-verify", "--output", "layout", "--packing", "gzip")
    desk("image", "--tag", desk.tag, *oci)
    desk("publish", "--from", "layout", "--tag", f"{desk.tag}-oci")
    desk("plan", "--context", "context")
    desk("audit")
    desk("settings")
    _fail_everywhere(desk)


def _fail_everywhere(desk: Desk) -> None:
    """Go wrong with a secret in every place that may be told of."""
    wrong = desk.folder / "wrong.yaml"
    text = (desk.folder / "formula.yaml").read_text()
    user = secret("userinfo").replace("/", "%2F").replace("%&", "")
    place = f"https://me:{user}@127.0.0.1:1/?token={MARK}"
    for key in ("sources", "mirrors"):
        wrong.write_text(f"catalogue: {{{key}: ['{{{{.place}}}}']}}\n{text}")
        desk("lock", str(wrong), "--set", f"place={place}", code=3)
    for each in ("-v", "--json"):
        given = ("resolve", "--plugin", "git", "--catalogue", f"{place}a.json")
        desk(*given, *(("--json",) if each == "--json" else ()), code=6)
    desk("lock", JBUILD_MIRRORS=place, code=10)
    desk("lock", JBUILD_DEBIAN_MIRROR=place, code=10)
    wrong.write_text(
        text.replace("by-maven, source: {version: '1.0'}", "none, source: {version: '1.0'}")
    )
    desk("lock", str(wrong), code=6)
    wrong.write_text(text.replace("by-netrc.hpi", "none.hpi"))
    desk("lock", str(wrong), code=6)
    empty = desk.folder.parent / "no-login"
    empty.mkdir()
    desk("publish", "--from", "layout", "--tag", f"{desk.tag}-x", code=9, DOCKER_CONFIG=str(empty))
    wrong.unlink()


def test_every_secret_was_used(desk: tuple[Desk, Watch]) -> None:
    made, _ = desk
    assert {name: bool(each.let_in) for name, each in made.servers.items()} == dict.fromkeys(
        ("maven", "token", "netrc"), True
    )
    blobs = made.folder.parent / "registry/blobs"
    assert len([each for each in blobs.rglob("data") if each.is_file()]) > 10
    assert leaks("", f"{made.variables}".encode())


def test_no_secret_is_said(desk: tuple[Desk, Watch]) -> None:
    made, _ = desk
    said = [(f"run {n}", f"{each.stdout}{each.stderr}") for n, each in enumerate(made.runs)]
    assert [leak for name, text in said for leak in leaks(name, text.encode())] == []
    assert len(said) > 10


def test_no_secret_is_in_the_process_list(desk: tuple[Desk, Watch]) -> None:
    _, watch = desk
    assert watch.leaks == []
    programs = b" ".join(watch.seen)
    assert all(each in programs for each in (b"mvn", b"skopeo"))


def test_no_secret_is_in_a_file_that_was_written(desk: tuple[Desk, Watch]) -> None:
    """Lock, receipt, SBOM, layout, context, store, trace; and all that the registry was sent."""
    made, _ = desk
    top = made.folder.parent
    names = {each.name for each in made.folder.iterdir()}
    assert {"formula.lock.json", "receipt.json", "receipt.cdx.json", "layout", "context"} <= names
    own = tuple(made.private.iterdir())
    assert leaks_below(top, but=own) == []


def test_no_secret_is_in_the_image_of_the_engine(desk: tuple[Desk, Watch], tmp_path: Path) -> None:
    made, _ = desk
    saved = tmp_path / "saved.tar"
    _docker("save", "--output", str(saved), made.tag)
    told = _docker("inspect", made.tag) + _docker("history", "--no-trunc", made.tag)
    assert b"COPY" in told
    assert leaks("inspect", told) + leaks("image", saved.read_bytes()) == []


def _docker(*arguments: str) -> bytes:
    docker = shutil.which("docker") or "docker"
    return subprocess.run((docker, *arguments), check=True, capture_output=True).stdout  # noqa: S603  # found above
