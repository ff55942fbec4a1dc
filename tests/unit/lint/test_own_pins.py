"""Our own formulas, held to every rule with their own pins: those about plugins run, too."""

from pathlib import Path

import pytest
from msgspec.structs import replace

from builder.cli.options import Request
from builder.lint import Linted, lint, linted
from builder.version import Version

_TOP = Path(__file__).parents[3]
_FORMULAS = ("formula.yaml", *(f"profiles/{each}/formula.yaml" for each in ("3.3", "3.4", "4.1")))


def _pinned(name: str, store: Path, monkeypatch: pytest.MonkeyPatch) -> Linted:
    monkeypatch.setenv("JBUILD_STORE", str(store))
    asked = Request(
        formula=_TOP / name, values={}, frozen=False, offline=True, quiet=2, as_json=False
    )
    formula = asked.read(asked.world())
    pins = {str(each.plugin): each.version or Version("0") for each in formula.plugins}
    return replace(linted(formula, None), plugins=pins)


@pytest.mark.parametrize("name", _FORMULAS)
def test_each_is_clean(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = lint(_pinned(name, tmp_path, monkeypatch))
    assert [each.id for each in found] == ["shared-label"]  # maven is of two, as people know it


def test_a_plugin_that_is_taken_out_is_missed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = _pinned("formula.yaml", tmp_path, monkeypatch)
    pins = dict(seen.plugins or {})
    del pins["kubesphere-token-auth"]
    found = lint(replace(seen, plugins=pins))
    assert [each.id for each in found] == ["casc-key:kubesphere-token-auth", "shared-label"]
