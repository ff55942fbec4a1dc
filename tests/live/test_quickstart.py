"""The main job on the real controller: it passes, again without a network, and from its lock."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.fakes.bills import parts_of, schema_fault
from tests.live.conftest import Quickstart, jbuild, remove_image

pytestmark = [
    pytest.mark.docker,
    pytest.mark.network,
    pytest.mark.slow,
    pytest.mark.usefixtures("socket_enabled"),
]


def test_every_check_of_the_quickstart_passes(quickstart: Quickstart) -> None:
    report = quickstart.receipt["report"]
    assert isinstance(report, dict)
    statuses = {each["id"]: each["status"] for each in report["checks"]}
    assert report["passed"] is True
    skipped = {each for each, status in statuses.items() if status == "skipped"}
    is_open = {"access.admin", "access.console"}  # and the formula asks for nothing else
    lacks = ("owner", "identity", "websocket", "remoting")
    no_such_page = {f"agent.{each}" for each in lacks}
    assert skipped - is_open == no_such_page | {"login.works", "plugins.active"}
    assert skipped >= is_open
    assert set(statuses.values()) == {"passed", "skipped"}, statuses
    assert len(statuses) >= 10
    assert report["controller"] == {"family": "hudson", "version": "3.3.2"}


def test_what_a_hook_sets_is_seen_over_http(quickstart: Quickstart) -> None:
    report = quickstart.receipt["report"]
    assert isinstance(report, dict)
    seen = {each["id"]: json.dumps(each) for each in report["checks"]}
    assert "Built, booted and verified by jbuild." in seen["http.api"]


def test_dependencies_came_in_and_say_why(quickstart: Quickstart) -> None:
    done = jbuild("why", "jfreechart-plugin", "--json", folder=quickstart.folder)
    chains = done.document()["chains"]
    assert isinstance(chains, list)
    found = [[each["id"] for each in chain] for chain in chains]
    assert found == [["analysis-core", "jfreechart-plugin"]]
    tree = jbuild("tree", folder=quickstart.folder)
    assert "└── groovy-support-plugin 3.0.3 (asked: 3.0.3)" in tree.stdout


def test_a_second_run_gives_the_same_image_without_a_network(quickstart: Quickstart) -> None:
    version = f"version=test-{os.getpid()}"
    again = jbuild("image", "--frozen", "--offline", "--set", version, folder=quickstart.folder)
    assert again.code == 0, again.stderr
    receipt = again.document()
    assert receipt["image"] == quickstart.receipt["image"]
    assert receipt["war"] == quickstart.receipt["war"]
    assert receipt["lock"] == quickstart.receipt["lock"]


def test_the_image_is_what_its_lock_says(quickstart: Quickstart) -> None:
    done = jbuild("diff", quickstart.reference, "formula.yaml", folder=quickstart.folder)
    assert (done.code, done.stdout, done.stderr) == (0, "nothing differs\n", "")


def test_ref_prints_the_reference_and_nothing_else(quickstart: Quickstart) -> None:
    options = ("--print", "ref", "--no-verify", "--set", f"version=test-{os.getpid()}")
    done = jbuild("image", *options, folder=quickstart.folder)
    assert done.stdout == f"{quickstart.reference}\n"


def test_the_bill_of_materials_of_the_real_lock_is_valid(quickstart: Quickstart) -> None:
    version = f"version=test-{os.getpid()}"
    options = ("sbom", "--frozen", "--offline", "--set", version)
    first, again = (jbuild(*options, folder=quickstart.folder) for _ in range(2))
    assert first.code == 0, first.stderr
    assert first.stdout == again.stdout
    assert schema_fault(first.stdout.encode()) is None
    parts = parts_of(first.stdout.encode())
    git = parts["plugin:git"]
    assert git["purl"] == "pkg:maven/org.eclipse.hudson.plugins/git@3.0.1?type=hpi"
    assert "EPL-1.0" in json.dumps(git["licenses"])
    assert sum(each.startswith("plugin:") for each in parts) == 10
    assert sum(each.startswith("deb:linux/") for each in parts) > 50


def test_a_plan_names_every_effect_and_has_none(quickstart: Quickstart) -> None:
    version = f"version=test-{os.getpid()}"
    planned = jbuild("plan", "--json", "--set", version, folder=quickstart.folder).document()
    assert planned["fetches"] == []
    assert planned["tags"] == [quickstart.reference]
    assert len(planned["plugins"]) == 10  # type: ignore[arg-type]  # JSON


@pytest.mark.parametrize("layout", ["ref", "war"])
def test_the_war_has_the_same_bytes_everywhere(
    quickstart: Quickstart, tmp_path: Path, layout: str
) -> None:
    digests = set()
    for index, (zone, language, mask) in enumerate(
        (("UTC", "C", 0o022), ("Asia/Shanghai", "zh_CN.UTF-8", 0o077))
    ):
        folder = tmp_path / f"{layout} {index}"
        subprocess.run(("cp", "-r", str(quickstart.folder), str(folder)), check=True)  # noqa: S603, S607  # a copy
        formula = folder / "formula.yaml"
        text = formula.read_text().replace("layout: ref", f"layout: {layout}")
        formula.write_text(text)
        before = os.umask(mask)
        try:
            done = jbuild("war", "--twice", "--json", folder=folder, TZ=zone, LC_ALL=language)
        finally:
            os.umask(before)
        assert done.code == 0, done.stderr
        digests.add(done.document()["sha256"])
    assert len(digests) == 1


def test_plugins_inside_the_war_are_loaded_all_the_same(
    quickstart: Quickstart, tmp_path: Path
) -> None:
    folder = tmp_path / "formula"
    shutil.copytree(quickstart.folder, folder)
    formula = folder / "formula.yaml"
    text = formula.read_text().replace("layout: ref", "layout: war")
    formula.write_text(text.replace("jbuild/quickstart", "jbuild/inside"))
    done = jbuild("image", folder=folder)
    remove_image("jbuild/inside:dev")
    assert done.code == 0, done.stderr
    war = done.document()["war"]
    before = quickstart.receipt["war"]
    assert isinstance(war, dict)
    assert isinstance(before, dict)
    assert war["size"] > before["size"] + 20_000_000
