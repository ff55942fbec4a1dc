"""A WAR that has been changed still starts as ``java -jar``; archives made by a real JDK."""

import zipfile
from pathlib import Path

import pytest
from msgspec.structs import replace

from builder.adapters.archive import ZipArchives
from builder.model.build import Files, WarPlan
from builder.model.formula import Bundle
from builder.model.war import WarWishes
from builder.war import Core, changes, make
from tests.contracts.zip_samples import stored
from tests.fakes.samples import FORMULA, LOCK
from tests.support.java import executable_war, java, require_jdk

WEB_XML = b"<web-app>\n</web-app>\n"
PREFIX = b'#!/bin/sh\nexec java -jar "$0" "$@"\n'
WISHED = replace(
    FORMULA,
    bundle=Bundle(group="g", artifact="a", version="1.0", title="Ours"),
    parts=WarWishes(properties=(("a", "b"),)),
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    require_jdk()
    return tmp_path


def planned(war: Path) -> WarPlan:
    archives = ZipArchives()
    files = Files(
        core=stored(war, war.read_bytes()), plugins=(), bases=(stored(war, war.read_bytes()),)
    )
    core = Core(
        names=archives.names(war),
        manifest=archives.read(war, "META-INF/MANIFEST.MF", limit=10_000),
        web_xml=archives.read(war, "WEB-INF/web.xml", limit=10_000),
    )
    changed = changes(formula=WISHED, locked=LOCK, files=files, core=core)
    return make(
        layout=WISHED.image.layout,
        locked=LOCK,
        files=files,
        core_names=core.names,
        changed=changed,
    )


@pytest.mark.slow
@pytest.mark.parametrize("signed", [False, True], ids=["plain", "signed"])
@pytest.mark.parametrize("prefix", [b"", PREFIX], ids=["bare", "with a header"])
def test_it_starts_and_says_whose_it_is(folder: Path, prefix: bytes, *, signed: bool) -> None:
    war = executable_war(folder, WEB_XML, signed=signed)
    assert java("java", "-jar", "core.war", folder=folder) == f"Upstream {len(WEB_XML)}\n"
    war.write_bytes(prefix + war.read_bytes())
    made = ZipArchives().write(planned(war), folder / "made.war").path
    size = len(zipfile.ZipFile(made).read("WEB-INF/web.xml"))
    assert size > len(WEB_XML)
    assert java("java", "-jar", "made.war", folder=folder) == f"Ours {size}\n"
    if prefix:
        assert java("sh", "made.war", folder=folder) == f"Ours {size}\n"
    assert "jar is unsigned" in java("jarsigner", "-verify", "made.war", folder=folder)
    with zipfile.ZipFile(made) as opened:
        assert opened.testzip() is None
        assert b"-Digest" not in opened.read("META-INF/MANIFEST.MF")
        assert [each for each in opened.namelist() if each.startswith("META-INF/JENKINS")] == []


@pytest.mark.slow
def test_a_signature_that_was_kept_would_keep_it_from_starting(folder: Path) -> None:
    war = executable_war(folder, WEB_XML, signed=True)
    plan = planned(war)
    kept = tuple(each for each in plan.dropped if "JENKINS" not in each)
    assert kept != plan.dropped
    ZipArchives().write(replace(plan, dropped=kept), folder / "made.war")
    assert "SecurityException" in java("java", "-jar", "made.war", folder=folder, check=False)
