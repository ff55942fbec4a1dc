"""What archives state of themselves, and what hostile ones do not get."""

import io
import zipfile
from pathlib import Path

import pytest

from builder.adapters.archive import ZipArchives
from builder.model.stated import Stated, StatedLicence
from builder.sources import stated
from tests.fakes.plugins import archive, manifest

_POM = "META-INF/maven/org.example/git/pom.xml"
_MIT = StatedLicence(name="MIT License", url="https://opensource.org/licenses/MIT")
_LICENSES = (
    "<licenses><license><name> MIT\n License</name>"
    "<url>https://opensource.org/licenses/MIT</url></license></licenses>"
)
_LISTING = (
    "<l:dependencies xmlns:l='licenses' artifactId='git'>"
    "<l:dependency artifactId='jsch'><l:license name='BSD' url='http://b.example'/></l:dependency>"
    "<l:dependency artifactId='git'>"
    "<l:license name='MIT License' url='https://opensource.org/licenses/MIT'/></l:dependency>"
    "</l:dependencies>"
)
_ENTITIES = (
    '<!DOCTYPE p [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;">]>'
)


def _read(tmp_path: Path, content: bytes) -> Stated:
    path = tmp_path / "git.hpi"
    path.write_bytes(content)
    return stated.of_archive(ZipArchives(), path, "git")


def _said(tmp_path: Path, name: str, text: str | bytes) -> Stated:
    content = text if isinstance(text, bytes) else text.encode()
    return _read(tmp_path, archive({name: content}))


def test_a_pom_states_group_and_licences(tmp_path: Path) -> None:
    text = f'<project xmlns="http://maven.apache.org/POM/4.0.0">{_LICENSES}</project>'
    assert _said(tmp_path, _POM, text) == Stated(group="org.example", licences=(_MIT,))


def test_a_listing_counts_by_the_archive_s_own_entry_alone(tmp_path: Path) -> None:
    assert _said(tmp_path, "WEB-INF/licenses.xml", _LISTING) == Stated(licences=(_MIT,))


@pytest.mark.parametrize("number", ["", "-1"])
def test_a_manifest_states_group_and_licences(tmp_path: Path, number: str) -> None:
    content = manifest(
        {
            "Group-Id": "org.example",
            f"Plugin-License-Name{number}": _MIT.name,
            f"Plugin-License-Url{number}": _MIT.url,
            "Plugin-License-Name-2": "My License",
        }
    )
    found = _said(tmp_path, "META-INF/MANIFEST.MF", content)
    mine = StatedLicence(name="My License")
    assert found == Stated(group="org.example", licences=(_MIT, mine))


def test_the_group_of_a_library_inside_is_not_the_plugin_s(tmp_path: Path) -> None:
    other = _POM.replace("/git/", "/jsch/")
    assert _said(tmp_path, other, f"<project>{_LICENSES}</project>") == Stated()


def test_of_two_groups_neither_is_believed(tmp_path: Path) -> None:
    content = archive({_POM: b"<project/>", _POM.replace("org.example", "org.other"): b""})
    assert _read(tmp_path, content).group is None


def test_licences_below_anything_but_the_project_do_not_count(tmp_path: Path) -> None:
    text = f"<project><dependencies>{_LICENSES}</dependencies></project>"
    assert _said(tmp_path, _POM, text).licences == ()


@pytest.mark.parametrize(
    ("name", "url"),
    [
        ("${license.name}", ""),
        ("x" * 201, ""),
        ("", "javascript:alert(1)"),
        ("", "https://host/a b"),
        ("", ""),
    ],
)
def test_what_says_nothing_is_left_out(tmp_path: Path, name: str, url: str) -> None:
    licence = f"<license><name>{name}</name><url>{url}</url></license>"
    text = f"<project><licenses>{licence}</licenses></project>"
    assert _said(tmp_path, _POM, text) == Stated(group="org.example")


@pytest.mark.parametrize(
    "text",
    [
        f"{_ENTITIES}<project>{_LICENSES.replace('MIT', '&c;')}</project>",
        f"{_ENTITIES}<project>{_LICENSES}</project>",
        f'<!DOCTYPE p SYSTEM "file:///etc/passwd"><project>{_LICENSES}</project>',
        f"<project>{_LICENSES}",
        f'<?xml version="1.0" encoding="klingon"?><project>{_LICENSES}</project>',
        f'<?xml version="1.0" encoding="utf-7"?><project>{_LICENSES}</project>',
        b"\x00\xff\xfe<project/>",
        "<a>" * 250_000,
        "<a>" * 140_000 + "</a>" * 140_000,
    ],
)
def test_broken_and_hostile_xml_states_nothing(tmp_path: Path, text: str | bytes) -> None:
    assert _said(tmp_path, _POM, text) == Stated(group="org.example")


def test_a_bomb_is_not_unpacked(tmp_path: Path) -> None:
    bomb = f"<project>{_LICENSES}</project>".encode() + b" " * (1 << 20)
    assert _said(tmp_path, _POM, bomb) == Stated(group="org.example")


def test_an_entry_that_is_there_twice_states_nothing(tmp_path: Path) -> None:
    out = io.BytesIO()
    text = f"<project>{_LICENSES}</project>"
    with zipfile.ZipFile(out, "w") as written:
        written.writestr(_POM, text)
        with pytest.warns(UserWarning, match="Duplicate"):
            written.writestr(_POM, text)
    assert _read(tmp_path, out.getvalue()) == Stated(group="org.example")


@pytest.mark.parametrize("content", [b"", b"<html>not found</html>", archive({_POM: b""})[:90]])
def test_what_is_no_archive_states_nothing(tmp_path: Path, content: bytes) -> None:
    assert _read(tmp_path, content) == Stated()
