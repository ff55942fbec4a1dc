"""Both ks-jenkins formulas against the warnings of August 2026, by a second, plainer reckoning."""

import json
import lzma
import re
from datetime import date
from functools import cache

import pytest

from builder import formula as formulas
from builder.audit import audit, of_base, outdated
from builder.model.audit import Known
from builder.model.formula import Formula, Policy
from builder.model.lock import Lock
from builder.model.plugin import PluginId, Trust
from builder.sources import history, update_center
from builder.sources.merge import merge
from builder.version import Version, older_than
from tests.fakes.audited import locked, pinned
from tests.fakes.shared import DATA

pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason=f"the real data is not at {DATA}")

_VALUES = {"tag": "ks/jenkins:1", "output": "load", "platform": "linux/amd64"}
_CORES = ("2.319.1", "2.346.3")


@cache
def _content(name: str) -> bytes:
    return lzma.decompress((DATA / "catalogues" / f"{name}.json.xz").read_bytes())


@cache
def _known() -> Known:
    site = update_center.decode(_content("tsinghua-2026-08-22"), name="tsinghua")
    past = history.decode(_content("plugin-versions"), name="history")
    return Known(
        catalogue=merge((site, past)),
        warnings=site.warnings,
        deprecations=site.deprecations,
        cores=(*site.cores, *past.cores),
    )


@cache
def _formula(core: str) -> Formula:
    text = (DATA / "formulas" / f"ks-jenkins-{core}.formula.yaml").read_text()
    return formulas.parse(text, file="formula.yaml", values=_VALUES)


def _lock(core: str) -> Lock:
    wishes = _formula(core).plugins
    pins = (pinned(f"{e.plugin}:{e.version}", trust=Trust.FIRST_USE) for e in wishes)
    return locked(*pins, core=core)


@pytest.mark.parametrize("core", _CORES)
def test_exactly_the_warnings_that_concern_the_set_are_told(core: str) -> None:
    text = _content("tsinghua-2026-08-22").decode()
    raw = json.loads(text[text.index("{") : text.rindex("}") + 1])
    versions = {"core": core} | {e.plugin: str(e.version) for e in _lock(core).plugins}
    expected = {
        (each["id"], each["name"])
        for each in raw["warnings"]
        if each["name"] in versions
        and any(re.fullmatch(one["pattern"], versions[each["name"]]) for one in each["versions"])
    }
    found = audit(_lock(core), _known(), Policy(), date(2026, 8, 23))
    ids = {each["id"] for each in raw["warnings"]}
    assert {(e.id, e.subject) for e in found if e.id in ids} == expected
    assert len(expected) > 50


@pytest.mark.parametrize("core", _CORES)
def test_every_cure_is_newer_and_free_of_the_warning(core: str) -> None:
    lock = _lock(core)
    found = audit(lock, _known(), Policy(), date(2026, 8, 23))
    patterns = {each.id: each.patterns for each in _known().warnings}
    cured = [each for each in found if each.id in patterns and each.fixed_by]
    assert len(cured) > 50
    for each in cured:
        pin = next((e for e in lock.plugins if e.plugin == each.subject), None)
        assert each.fixed_by is not None
        assert older_than(pin.version if pin else lock.core.version, each.fixed_by)
        assert not any(re.fullmatch(one, each.fixed_by) for one in patterns[each.id])


@pytest.mark.parametrize(("core", "ids"), [("2.319.1", ["base-core"]), ("2.346.3", [])])
def test_one_of_the_formulas_puts_its_core_on_the_base_of_another(
    core: str, ids: list[str]
) -> None:
    assert [each.id for each in of_base(_formula(core).image, Version(core))] == ids


def test_what_is_newer_never_asks_for_more_than_the_core_gives() -> None:
    core = Version("2.346.3")
    found = [each for each in outdated(_lock(core), _known()) if each.subject != "core"]
    assert len(found) > 100
    for each in found:
        releases = _known().catalogue.releases(PluginId(each.subject))
        needs = {e.version: e.required_core or Version("0") for e in releases}
        assert each.newest is None or not older_than(core, needs[each.newest])
        assert each.beyond is None or older_than(core, needs[each.beyond])
