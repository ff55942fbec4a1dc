"""What a command imports: an interpreter of its own runs it, and tells what it has loaded."""

import base64
import json
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from builder.lock import to_bytes
from tests.fakes.audited import locked
from tests.fakes.signing import holder, rsa_key, signed

NETWORK = {"http", "requests", "ssl", "urllib3"}
SECRETS = {"cryptography"}
ENGINE = {"docker", "testcontainers"}
FORMULA = {"pydantic", "yaml"}
REST = {"cyclonedx", "filelock", "jinja2", "packageurl", "pysat", "rich"}
HEAVY = NETWORK | SECRETS | ENGINE | FORMULA | REST

_SCRIPT = (
    "import sys\n"
    "from builder.cli.main import main\n"
    "code = main(sys.argv[1:])\n"
    "print(code, *{each.partition('.')[0] for each in sys.modules}, file=sys.stderr)"
)
_ROOT = Path(__file__).parents[3]
_DAY = timedelta(days=1)
_ENTRY = {
    "name": "git",
    "version": "1.0",
    "url": "https://updates.example.org/download/plugins/git/1.0/git.hpi",
    "requiredCore": "2.300",
    "dependencies": [],
    "sha256": base64.b64encode(bytes(32)).decode(),
    "size": 1,
}
_CATALOGUE: dict[str, object] = {
    "id": "default",
    "updateCenterVersion": "1",
    "plugins": {"git": _ENTRY},
    "warnings": [],
}


def _loaded(folder: Path, *arguments: str) -> set[str]:
    """Run a command to its good end and name every top module that is loaded then."""
    done = subprocess.run(  # noqa: S603  # our own code
        (sys.executable, "-c", _SCRIPT, *arguments),
        cwd=folder,
        env={**os.environ, "JBUILD_STORE": str(folder / "store"), "PYTHONPATH": str(_ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    code, *names = done.stderr.splitlines()[-1].split()
    assert (code, "builder" in names) == ("0", True), done.stderr
    return set(names)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two locks, a list of plugins, and a catalogue that has them."""
    (tmp_path / "formula.lock.json").write_bytes(to_bytes(locked("git:1", "mailer:1")))
    (tmp_path / "other.lock.json").write_bytes(to_bytes(locked("git:2", "mailer:1")))
    (tmp_path / "plugins.txt").write_text("git\n")
    (tmp_path / "unsigned.json").write_text(json.dumps(_CATALOGUE))
    return tmp_path


@pytest.mark.parametrize(
    "arguments",
    [
        "--help",
        "--version",
        "why git",
        "tree",
        "tree --json",
        "diff other.lock.json formula.lock.json",
        "diff other.lock.json formula.lock.json --json",
    ],
)
def test_what_needs_a_lock_at_most_imports_nothing_heavy(folder: Path, arguments: str) -> None:
    assert _loaded(folder, *arguments.split()) & (HEAVY | {"orjson"}) == set()


@pytest.mark.parametrize("arguments", ["--help", "--version"])
def test_help_and_version_import_next_to_nothing_of_ours(folder: Path, arguments: str) -> None:
    done = subprocess.run(  # noqa: S603  # our own code
        (sys.executable, "-X", "importtime", "-m", "builder", arguments),
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
    )
    names = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}
    assert {each for each in names if each.partition(".")[0] == "builder"} == {
        "builder",
        "builder.cli",
        "builder.cli.main",
    }


_RESOLVE = ("resolve", "--plugins", "plugins.txt", "--core", "2.346.3", "--catalogue")


@pytest.mark.parametrize("form", [(), ("--json",)])
def test_a_resolve_of_a_list_without_a_terminal_imports_nothing_heavy(
    folder: Path, form: tuple[str, ...]
) -> None:
    assert _loaded(folder, *_RESOLVE, "unsigned.json", *form) & HEAVY == set()


def test_a_signature_is_checked_with_its_library_once(folder: Path) -> None:
    now = datetime.now(UTC)
    root = holder("root", rsa_key(), span=(now - _DAY, now + _DAY))
    (folder / "signed.json").write_bytes(signed(_CATALOGUE, root))
    (folder / "root.pem").write_bytes(root.pem)
    asked = (*_RESOLVE, "signed.json", "--trust", "root.pem")
    assert _loaded(folder, *asked) & HEAVY == SECRETS
    assert _loaded(folder, *asked) & HEAVY == set()
