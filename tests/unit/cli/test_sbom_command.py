"""``jbuild sbom`` and ``jbuild image --sbom``: where the document goes, and what is said."""

import json
from pathlib import Path

import pytest

from builder.cli import machine, sboms
from builder.cli.main import main
from builder.model.digest import Digest
from tests.fakes.bills import schema_fault
from tests.fakes.story import FILES, FORMULA
from tests.fakes.world import fake_world


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A formula, and a world that has what it asks for."""
    (tmp_path / "formula.yaml").write_text(FORMULA)
    monkeypatch.chdir(tmp_path)
    world = fake_world(tmp_path / "store", FILES).world
    monkeypatch.setattr(machine, "world", lambda **_: world)
    return tmp_path


def test_the_document_alone_goes_to_stdout(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sbom"]) == 0
    content = capsys.readouterr().out.encode()
    assert schema_fault(content) is None
    assert main(["sbom", "--frozen", "--json"]) == 0
    assert capsys.readouterr().out.encode() == content
    assert content.endswith(b"}\n")


def test_with_a_file_its_digest_goes_to_stdout(
    capsys: pytest.CaptureFixture[str], folder: Path
) -> None:
    assert main(["sbom", "--output", "out/a.cdx.json"]) == 0
    said = capsys.readouterr().out
    digest = Digest.of((folder / "out" / "a.cdx.json").read_bytes())
    assert said == f"out/a.cdx.json {digest}\n"
    assert main(["sbom", "--output", "out/a.cdx.json", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told == {"schema": 1, "sbom": {"path": "out/a.cdx.json", "sha256": digest.hex}}


@pytest.mark.parametrize(
    ("options", "written"),
    [
        ((), set()),
        (("--receipt", "receipt.json"), {"receipt.json", "receipt.cdx.json"}),
        (("--receipt", "receipt.json", "--sbom", "a.json"), {"receipt.json", "a.json"}),
        (("--sbom", "a.json"), {"a.json"}),
    ],
)
def test_an_image_has_its_sbom_beside_the_receipt_or_where_it_is_told(
    folder: Path, options: tuple[str, ...], written: set[str]
) -> None:
    before = {each.name for each in folder.iterdir()} | {"formula.lock.json", "store"}
    assert main(["image", "--no-verify", "-q", *options]) == 0
    assert {each.name for each in folder.iterdir()} - before == written
    for name in written - {"receipt.json"}:
        assert schema_fault((folder / name).read_bytes()) is None


def test_only_the_ending_of_a_receipt_s_name_is_replaced() -> None:
    places = {name: sboms.place(None, Path("out", name)) for name in ("a.b.json", "a.b", ".json")}
    assert places == {
        "a.b.json": Path("out/a.b.cdx.json"),
        "a.b": Path("out/a.b.cdx.json"),
        ".json": Path("out/.cdx.json"),
    }
