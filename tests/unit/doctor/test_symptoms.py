"""Every symptom is known by the text that people really see, and by no text of a good boot."""

import json
import re
from pathlib import Path

import pytest

from builder.doctor import symptoms, told_by
from tests.unit.verify.test_boot_causes import needs_recordings, recorded

_PAGE = Path(__file__).parents[3] / "docs" / "doctor.md"
_SAMPLES = json.loads(Path(__file__).with_name("samples.json").read_text())
_RECORDED = [
    ("boot/agent-port-in-use", "listener-taken"),
    ("boot/setup-wizard-on", "wizard"),
    ("boot/init-groovy-throws", "hook"),
    ("boot/init-groovy-syntax-error", "hook"),
    ("boot/plugin-missing-dependency", "plugin"),
    ("boot/plugin-requires-newer-core", "plugin"),
    ("boot/plugin-dependency-too-old", "plugin"),
    ("casc/unknown-root-key", "casc-root"),
    ("casc/unknown-attribute", "casc-attribute"),
    ("casc/unknown-symbol", "casc-symbol"),
    ("casc/merge-conflict", "casc-conflict"),
    ("casc/empty-folder", None),
    ("casc/ok", None),
    ("boot/boot-ok", None),
    ("boot/boot-ok-with-17-plugins-and-casc", "token-server"),  # nobody listened there
    ("casc/two-files-no-conflict", None),
    ("boot/shutdown-sigterm", None),
]


@pytest.mark.parametrize("name", [each.id for each in symptoms()])
def test_each_symptom_is_known_by_its_text_alone(name: str) -> None:
    (found,) = told_by("a.log", ["all is well", _SAMPLES[name], "and so on"])
    assert (found.id, found.subject) == (name, "a.log:2")
    assert found.evidence == (_SAMPLES[name],)
    assert found.way_out


@needs_recordings
@pytest.mark.parametrize(("name", "wanted"), _RECORDED)
def test_recordings_show_their_symptom_and_good_boots_none(name: str, wanted: str | None) -> None:
    ids = {each.id for each in told_by(name, recorded(f"{name}.log"))}
    assert (wanted in ids) if wanted else not ids


def test_a_symptom_is_told_once_with_its_count() -> None:
    (found,) = told_by("a", [_SAMPLES["crumb"]] * 3)
    assert found.sentence.endswith("(3 lines)")


def test_the_page_is_the_table() -> None:
    logs = _PAGE.read_text().partition("## Logs")[2].partition("## Objects")[0]
    told = re.findall(r"^\| `([a-z-]+)` \| (\w+) \| (.*) \| (.*) \|$", logs, re.MULTILINE)
    assert told == [(e.id, e.severity.value, e.cause, e.mend) for e in symptoms()]
