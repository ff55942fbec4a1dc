"""The formula of ks-jenkins, built from a mirror in a box, on the controller of the quickstart.

Everything on the way is what builds the true one: the formula itself, below an overlay; a signed
catalogue, mirrors, CasC, hooks. Only the controller is Hudson, and the plugins have no code.
"""

import io
import os
import re
import zipfile
from collections.abc import Iterator

import pytest
from msgspec.structs import replace

from builder import formula as formulas
from builder import lock as locks
from builder.cli import machine
from builder.model.lock import Lock
from tests.fakes.plugins import archive, plugin
from tests.live.conftest import ROOT, Quickstart, Run, jbuild, remove_image
from tests.live.test_scale import linked_store
from tests.support.mirror import Mirror
from tests.support.site import entry, root, signed

pytestmark = [
    pytest.mark.docker,
    pytest.mark.network,
    pytest.mark.slow,
    pytest.mark.usefixtures("socket_enabled"),
]

_CORE = "3.3.2"
_REQUIRED = "3.0"  # of every plugin: an older one would ask for what has left Jenkins' core
_HOOKS_NEED = "groovy-support-plugin"
_OPEN = """\
jenkins: # Hudson reads none of this, so that nothing can be expected to be shut
  authorizationStrategy:
  securityRealm:
"""
_HOOKS = {"initK8sCredentials.groovy", "initSonarqube.groovy", "initUsers.groovy"}
_OVERLAY = """\
extends: {below}
war: {{source: {{version: {core}}}}}
catalogue:
  sources: ['{box}updates/update-center.json']
  mirrors: ['{box}']
  trust: [root.pem]
plugins: ['{hooks}']
image:
  base:
    registry:
    debian: sid
    packages: [openjdk-8-jre-headless, tini, curl, ca-certificates, fontconfig, fonts-dejavu-core]
  java: {{options: ["-Djava.awt.headless=true", "-Xmx512m"]}}
  tags: ['{tag}']
verify: {{memory: 1g, timeout: 180}}
"""


def _wishes() -> dict[str, str]:
    text = (ROOT / "formula.yaml").read_text()
    found = formulas.parse(text, file="formula.yaml", values={})
    return {each.plugin: str(each.version) for each in found.plugins}


def _lock_of(quickstart: Quickstart) -> Lock:
    path = quickstart.folder / "formula.lock.json"
    return locks.from_bytes(path.read_bytes(), path)


def _of_quickstart(quickstart: Quickstart) -> tuple[bytes, str, bytes]:
    """Give its WAR, and the version and the bytes of the plugin that runs hooks."""
    lock = _lock_of(quickstart)
    (runner,) = (each for each in lock.plugins if each.plugin == _HOOKS_NEED)
    store = machine.world(offline=True, quiet=2).store
    war, hooks = store.read(lock.core.digest), store.read(runner.digest)
    assert war
    assert hooks
    return war, runner.version, _of_core(hooks, _REQUIRED)


def _of_core(content: bytes, core: str) -> bytes:
    """Let a plugin say that it was built for a newer core."""
    name = "META-INF/MANIFEST.MF"
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        entries = {each: packed.read(each) for each in packed.namelist() if each[-1] != "/"}
    line = f"Hudson-Version: {core}".encode()
    said = re.sub(rb"(?m)^(Hudson|Jenkins)-Version: [^\r\n]*", line, entries[name])
    assert said != entries[name]
    return archive({name: said, **{e: text for e, text in entries.items() if e != name}})


def _files(quickstart: Quickstart) -> dict[str, bytes]:
    """Make what a mirror serves: each wish of the formula, each needing an earlier one."""
    war, version, hooks = _of_quickstart(quickstart)
    files, entries, names = {}, {}, list(_wishes().items())
    for n, (name, wished) in enumerate(names):
        need = names[(n - 1) // 2] if n else None
        needs = f"{need[0]}:{need[1]}" if need else ""
        path = f"plugins/{name}/{wished}/{name}.hpi"
        files[path] = plugin(name, wished, needs, _REQUIRED)
        asked = [{"name": need[0], "version": need[1], "optional": False}] if need else []
        entries[name] = _entry(path, files[path], name, wished, asked)
    path = f"plugins/{_HOOKS_NEED}/{version}/{_HOOKS_NEED}.hpi"
    files[path] = hooks
    entries[_HOOKS_NEED] = _entry(path, hooks, _HOOKS_NEED, version, [])
    core = f"war-stable/{_CORE}/jenkins.war"
    files[core] = war
    files["updates/update-center.json"] = signed(
        {
            "core": entry(core, war, "core", _CORE),
            "deprecations": {},
            "generationTimestamp": "2026-08-22T00:00:00Z",
            "id": "default",
            "plugins": entries,
            "updateCenterVersion": "1",
            "warnings": [],
        }
    )
    return files


def _entry(
    path: str, content: bytes, name: str, version: str, needs: list[dict[str, object]]
) -> dict[str, object]:
    about = {"gav": f"org.example:{name}:{version}", "requiredCore": _REQUIRED, "title": name}
    return {**entry(path, content, name, version), **about, "dependencies": needs}


@pytest.fixture(scope="module")
def built(quickstart: Quickstart, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    """Build and verify it, as `make ks-jenkins` does."""
    folder = tmp_path_factory.mktemp("ks")
    (folder / "root.pem").write_bytes(root())
    (folder / "casc").mkdir()
    (folder / "casc" / "jenkins.yaml").write_text(_OPEN)
    tag = f"jbuild/ks-jenkins:test-{os.getpid()}"
    with Mirror(files=_files(quickstart)).running() as box:
        text = _OVERLAY.format(
            below=ROOT / "formula.yaml", core=_CORE, box=box.url, hooks=_HOOKS_NEED, tag=tag
        )
        (folder / "formula.yaml").write_text(text)
        old = replace(_lock_of(quickstart), plugins=())  # so that the base stays
        (folder / "formula.lock.json").write_bytes(locks.to_bytes(old))
        store = str(linked_store(folder))
        yield jbuild("image", folder=folder, JBUILD_STORE=store)
    remove_image(tag)


def test_all_its_plugins_are_settled_fetched_built_booted_and_verified(built: Run) -> None:
    assert built.code == 0, built.stderr
    report = built.document()["report"]
    assert isinstance(report, dict)
    assert report["passed"] is True
    ran = {each["id"]: each for each in report["checks"]}
    assert ran["plugins.present"]["status"] == "passed"
    assert ran["hooks.clean"]["status"] == "passed"
    assert all(each in ran["hooks.ran"]["seen"] for each in _HOOKS)
    assert f"{len(_wishes()) + 1} plugins" in built.stderr
