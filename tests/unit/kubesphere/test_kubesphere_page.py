"""Tables of docs/kubesphere.md come from the product's own data; its commands are commands."""

import os
import re
import shlex
from pathlib import Path

import click
import pytest

from builder.cli.main import jbuild
from builder.kubesphere.profiles import PROFILES, Choices

_DOCS = Path(__file__).parents[3] / "docs"
_PAGE = _DOCS / "kubesphere.md"
_PAGES = ("kubesphere.md", "kubesphere-walkthrough.md", "kubesphere-walkthrough.zh.md")
_COMMAND = re.compile(
    r"^ +(jbuild .*)$|`(jbuild (?:render|agents|lint|doctor) [^`]*)`", re.MULTILINE
)
_PLACE = re.compile(r"(<!-- profiles -->\n).*(<!-- /profiles -->)", re.DOTALL)


def _table() -> str:
    rows = ["| KubeSphere | chart | image | memory | token review |", "|---|---|---|---|---|"]
    rows += [
        f"| {e.name} | {e.chart} | `{e.image}:{e.tag}` | {e.memory}Gi | "
        f"{'yes' if e.reviews_tokens else 'no, an API token'} |"
        for e in PROFILES.values()
    ]
    return "\n".join(rows) + "\n"


def test_the_table_of_profiles_is_theirs() -> None:
    """``make golden`` writes it anew."""
    text = _PAGE.read_text()
    wanted = _PLACE.sub(lambda found: f"{found[1]}{_table()}{found[2]}", text)
    if os.environ.get("JBUILD_GOLDEN"):
        _PAGE.write_text(wanted)
    assert _table() in wanted == _PAGE.read_text()


def test_every_choice_is_named() -> None:
    told = _PAGE.read_text().partition("`--set` takes")[2].partition("is refused")[0]
    assert set(Choices.__struct_fields__) <= set(re.findall(r"`(\w+)`", told))


@pytest.mark.parametrize("page", _PAGES)
def test_its_commands_are_commands(
    page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("before.yaml", "objects.yaml"):
        (tmp_path / name).touch()
    found = _COMMAND.findall((_DOCS / page).read_text())
    commands = [one or other for one, other in found if "DIR" not in other]
    assert len(commands) >= 4
    for each in commands:
        _require_command(shlex.split(each.partition(" >")[0], comments=True)[1:])


def _require_command(words: list[str]) -> None:
    """Parse a command line to its end; a misspelt option raises."""
    group: click.Group = jbuild
    while True:
        name, command, rest = group.resolve_command(click.Context(group), words)
        assert command is not None
        if not isinstance(command, click.Group):
            command.make_context(name, rest)
            return
        group, words = command, rest
