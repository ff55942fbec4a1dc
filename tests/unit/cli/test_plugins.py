"""``jbuild plugins`` from its command line to the folder, against a real server on loopback."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from builder.cli.logins import logins
from builder.cli.main import main
from builder.errors import SettingsError
from builder.model.digest import Digest
from builder.settings import Network
from tests.fakes.plugins import archive, manifest
from tests.support.faults import Fault
from tests.support.mirror import Mirror
from tests.support.site import CORE, Site

_SITE = Site(sizes=(1000, 2000, 3000))
_VARIABLES = (
    *("JENKINS_UC", "JENKINS_UC_EXPERIMENTAL", "JENKINS_UC_DOWNLOAD", "JENKINS_UC_DOWNLOAD_URL"),
    *("JENKINS_PLUGIN_INFO", "JENKINS_VERSION", "PLUGIN_DIR", "CACHE_DIR"),
    *("JENKINS_INCREMENTALS_REPO_MIRROR", "JENKINS_UC_CREDENTIALS"),
)


@pytest.fixture
def mirror() -> Iterator[Mirror]:
    served = {**_SITE.files, "jenkins/updates/update-center.json": _SITE.catalogue}
    below = {f"jenkins/{path}": content for path, content in _SITE.files.items()}
    with Mirror(files={**served, **below}).running() as running:
        yield running


@pytest.fixture
def folder(tmp_path: Path, mirror: Mirror, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where plugins go; the variables name the mirror, as a Dockerfile's ENV would."""
    for each in _VARIABLES:
        monkeypatch.delenv(each, raising=False)
    (tmp_path / "root.pem").write_bytes(_SITE.root)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("JBUILD_STORE", str(tmp_path / "store"))
    monkeypatch.setenv("JENKINS_UC", f"{mirror.url}jenkins/updates")
    return tmp_path / "plugins"


def _run(*words: str) -> int:
    return main(["plugins", "-d", "plugins", "--trust", "root.pem", *words])


def _lying(folder: Path) -> dict[str, Digest]:
    return {each.name: Digest.of(each.read_bytes()) for each in sorted(folder.iterdir())}


def _wanted(*numbers: int) -> dict[str, Digest]:
    return {
        f"plugin-{n:03}.jpi": Digest.of(
            _SITE.files[f"plugins/plugin-{n:03}/1.{n}/plugin-{n:03}.hpi"]
        )
        for n in numbers
    }


def test_plugins_and_what_they_need_are_placed_byte_for_byte(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _run("-p", "plugin-001:1.1", "-q") == 0
    assert _lying(folder) == _wanted(0, 1)
    for each in folder.iterdir():
        assert each.stat().st_mtime == Digest.of(each.read_bytes()).time_s
    assert capsys.readouterr().out == "plugin-000  added  1.0\nplugin-001  added  1.1\n"


def test_a_second_run_does_nothing_and_says_so(
    folder: Path, mirror: Mirror, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _run("-p", "plugin-001", "-q") == 0
    inodes = {each.name: each.stat().st_ino for each in folder.iterdir()}
    capsys.readouterr()
    mirror.log.clear()
    assert _run("-p", "plugin-001") == 0
    said = capsys.readouterr()
    assert said.out == ""
    assert "nothing to do: 2 plugins are in place" in said.err
    assert {each.name: each.stat().st_ino for each in folder.iterdir()} == inodes
    assert [each.path for each in mirror.log if each.path.endswith(".hpi")] == []


def test_p_takes_every_word_up_to_the_next_option(folder: Path) -> None:
    assert _run("-p", "plugin-000", "plugin-001:1.1", "--latest", "-q") == 0
    assert _lying(folder) == _wanted(0, 1)
    assert _run("-p", "plugin-002 plugin-000", "-q") == 0
    assert _lying(folder) == _wanted(0, 1, 2)


def test_a_list_and_the_command_line_are_one_set(folder: Path) -> None:
    (folder.parent / "plugins.txt").write_text("# ours\nplugin-000:latest # first\n")
    assert _run("-f", "plugins.txt", "-p", "plugin-001", "-q") == 0
    assert _lying(folder) == _wanted(0, 1)


def test_a_list_and_the_command_line_must_not_differ(folder: Path) -> None:
    (folder.parent / "plugins.txt").write_text("plugin-000:0.5\n")
    assert _run("-f", "plugins.txt", "-p", "plugin-000", "-q") == 3
    assert not folder.exists()


def test_no_download_decides_and_leaves_everything_alone(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _run("-p", "plugin-001", "--no-download", "-l", "-o", "txt", "-q") == 0
    said = capsys.readouterr()
    assert said.out == "plugin-000:1.0\nplugin-001:1.1\n"
    assert "Installed plugins:\n-none-\n" in said.err
    assert not folder.exists()


def test_a_file_that_cannot_be_had_leaves_the_folder_as_it_was(
    folder: Path, mirror: Mirror
) -> None:
    assert _run("-p", "plugin-000", "-q") == 0
    before = _lying(folder)
    mirror.fault(Fault.NOT_FOUND, "*plugin-002.hpi")
    assert _run("-p", "plugin-002", "-q") == 6
    assert _lying(folder) == before


def test_skipping_what_failed_places_the_rest_that_loads(
    folder: Path, mirror: Mirror, capsys: pytest.CaptureFixture[str]
) -> None:
    mirror.fault(Fault.NOT_FOUND, "*plugin-001.hpi")
    assert _run("-p", "plugin-002", "--skip-failed-plugins", "-q") == 0
    assert _lying(folder) == _wanted(0)
    assert "left out, for want of files: plugin-001, plugin-002" in capsys.readouterr().err


def test_what_is_there_is_kept_unless_it_has_to_move(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder.mkdir()
    attributes = {"Short-Name": "plugin-000", "Plugin-Version": "0.9"}
    own = {"Short-Name": "own", "Plugin-Version": "1", "Plugin-Dependencies": "plugin-000:0.1"}
    old, private = (archive({"META-INF/MANIFEST.MF": manifest(e)}) for e in (attributes, own))
    (folder / "plugin-000.hpi").write_bytes(old)
    (folder / "own.jpi").write_bytes(private)
    assert _run("-p", "plugin-001", "-q") == 0
    assert "plugin-000  raised  0.9 -> 1.0\n" in capsys.readouterr().out
    wanted = {**_wanted(0, 1), "plugin-000.bak": Digest.of(old), "own.jpi": Digest.of(private)}
    assert _lying(folder) == wanted


def test_a_clean_folder_holds_the_set_and_nothing_else(folder: Path) -> None:
    folder.mkdir()
    (folder / "own.jpi").write_bytes(b"not even a plugin")
    (folder / "git").mkdir()
    (folder / "git" / "x").write_bytes(b"")
    assert _run("-p", "plugin-000", "--clean-download-directory", "-q") == 0
    assert _lying(folder) == _wanted(0)


def test_nobody_is_trusted_who_is_not_named(folder: Path) -> None:
    assert main(["plugins", "-d", "plugins", "-p", "plugin-000", "-q"]) == 7
    assert not folder.exists()


def test_a_download_folder_may_be_called_anything(
    folder: Path, mirror: Mirror, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = "plugins/plugin-000/1.0/plugin-000.hpi"
    mirror.files = {
        "jenkins/updates/update-center.json": _SITE.catalogue,
        "store/of/plugin-000/1.0/plugin-000.hpi": _SITE.files[path],
    }
    monkeypatch.setenv("JENKINS_UC_DOWNLOAD_URL", f"{mirror.url}store/of")
    assert _run("-p", "plugin-000", "-q") == 0
    assert _lying(folder) == _wanted(0)


def test_the_update_center_is_asked_for_the_core_of_the_war(
    folder: Path, mirror: Mirror, capsys: pytest.CaptureFixture[str]
) -> None:
    war = folder.parent / "jenkins.war"
    war.write_bytes(_SITE.files[f"war-stable/{CORE}/jenkins.war"])
    assert _run("-p", "plugin-000", "-w", str(war), "--json", "-q") == 0
    assert json.loads(capsys.readouterr().out)["core"]["version"] == CORE
    assert f"jenkins/updates/update-center.json?version={CORE}" in [e.path for e in mirror.log]


def test_a_login_goes_to_its_host_and_is_never_told(
    folder: Path, mirror: Mirror, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _run("-p", "plugin-000", "--credentials", "127.0.0.1:ann:s3cret", "--verbose") == 0
    assert {each.headers.get("authorization") for each in mirror.log} == {"Basic YW5uOnMzY3JldA=="}
    assert _run("-p", "plugin-000", "--credentials", "s3cret", "--verbose") == 10
    said = capsys.readouterr()
    assert "s3cret" not in said.out + said.err
    assert folder.is_dir()


def test_variables_say_what_options_do(
    folder: Path, mirror: Mirror, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("JBUILD_STORE")
    for name, value in {
        "PLUGIN_DIR": str(folder),
        "CACHE_DIR": str(folder.parent / "cache"),
        "JENKINS_VERSION": "2.401",
        "JENKINS_UC_DOWNLOAD": f"{mirror.url}jenkins/",
        "JENKINS_UC_CREDENTIALS": "127.0.0.1:ann:pw",
    }.items():
        monkeypatch.setenv(name, value)
    assert main(["plugins", "--trust", "root.pem", "-p", "plugin-000", "-q"]) == 0
    assert _lying(folder) == _wanted(0)
    assert (folder.parent / "cache" / "store").is_dir()
    assert [each.path for each in mirror.log] == [
        "jenkins/updates/update-center.json?version=2.401",
        "jenkins/plugins/plugin-000/1.0/plugin-000.hpi",
    ]
    assert all("authorization" in each.headers for each in mirror.log)


def test_offline_everything_comes_from_the_store(folder: Path, mirror: Mirror) -> None:
    assert _run("-p", "plugin-001", "--offline", "-q") == 6
    assert _run("-p", "plugin-001", "-q") == 0
    mirror.log.clear()
    again = ("-p", "plugin-001", "--clean-download-directory", "--offline", "-q")
    assert _run(*again) == 0
    assert _lying(folder) == _wanted(0, 1)
    assert mirror.log == []


def test_a_catalogue_without_a_signature_is_taken_only_if_one_says_so(
    folder: Path, mirror: Mirror
) -> None:
    text = _SITE.catalogue.decode()
    document = json.loads(text[text.index("{") : text.rindex("}") + 1])
    del document["signature"]
    name = "jenkins/updates/update-center.json"
    mirror.files = {**mirror.files, name: json.dumps(document).encode()}
    assert _run("-p", "plugin-000", "-q") == 7
    assert _run("-p", "plugin-000", "--allow-unsigned", "-q") == 0
    assert _lying(folder) == _wanted(0)


def test_updates_are_printed_as_a_list_that_can_be_used_again(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder.parent / "plugins.txt").write_text("plugin-001:1.0\nplugin-000:1.0\nplugin-002\n")
    assert _run("-f", "plugins.txt", "--available-updates", "-q") == 0
    assert capsys.readouterr().out == (
        "Available updates:\nplugin-001 (1.0) has an available update: 1.1\n"
    )
    assert _run("-f", "plugins.txt", "--available-updates", "-o", "yaml", "-q") == 0
    yaml = capsys.readouterr().out
    (folder.parent / "next.yaml").write_text(yaml)
    assert _run("-f", "next.yaml", "--available-updates", "-o", "txt", "-q") == 0
    assert capsys.readouterr().out == "plugin-000:1.0\nplugin-001:1.1\nplugin-002:latest\n"


@pytest.mark.usefixtures("folder")
def test_updates_are_a_document_too(capsys: pytest.CaptureFixture[str]) -> None:
    assert _run("-p", "plugin-001:1.0 plugin-000", "--available-updates", "--json", "-q") == 0
    document = json.loads(capsys.readouterr().out)
    assert document == {
        "schema": 1,
        "core": {"version": CORE},
        "updates": [{"id": "plugin-001", "before": "1.0", "version": "1.1"}],
    }


def test_v_is_the_version_as_with_the_other_tool(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["plugins", "-v"]) == 0
    assert capsys.readouterr().out.startswith("jbuild, version ")


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("-p",), 2),
        (("-p", "plugin-000", "-p", "plugin-000:0.5"), 3),
        (("-f", "absent.txt"), 3),
        (("-p", "plugin-000", "-w", "absent.war"), 4),
        (("-p", "plugin-000:9.9"), 6),
        (("-p", "nobody-knows-it"), 4),
        (("-p", "plugin-000", "--latest", "true", "--latest-specified"), 2),
        (("-p", "plugin-000", "--jenkins-update-center", "ftp://h/x"), 10),
        (("-p", "plugin-000", "--jenkins-version", "2.200"), 4),
    ],
)
def test_what_cannot_be_done_has_its_exit_code(
    folder: Path, words: tuple[str, ...], code: int
) -> None:
    assert _run(*words, "-q") == code
    assert not folder.exists()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", []),
        ("h:ann:pw", [("h", "ann", "pw")]),
        ("h:8443:ann:pw", [("h:8443", "ann", "pw")]),
        ("h:ann:p:w", [("h", "ann", "p:w")]),
        ("h:8443:ann:p:w,g:bob:x", [("h:8443", "ann", "p:w"), ("g", "bob", "x")]),
    ],
)
def test_logins_are_read_as_the_other_tool_does(
    text: str, found: list[tuple[str, str, str]]
) -> None:
    assert [(each.host, each.user, each.password) for each in logins(text)] == found
    assert all(f"={each[2]!r}" not in repr(logins(text)) for each in found)


@pytest.mark.parametrize("text", ["h", "h:ann", ":ann:pw", "h::pw"])
def test_what_is_no_login_is_refused(text: str) -> None:
    with pytest.raises(SettingsError):
        logins(text)


def test_a_login_for_a_port_goes_to_no_other() -> None:
    network = Network(logins=logins("h:8443:ann:pw,g:bob:x"))
    assert network.login("h") is None
    found = [network.login(each) for each in ("h:8443", "g", "g:80")]
    assert [each.user for each in found if each] == ["ann", "bob", "bob"]
