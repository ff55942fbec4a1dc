"""What is told of locks that differ, are stale, broken or too new."""

from pathlib import Path, PurePosixPath

import pytest
from msgspec.structs import replace

from builder.errors import LockBroken, LockTooNew
from builder.lock import changes, diff, fingerprint, from_bytes, to_bytes
from builder.model.digest import Digest
from builder.model.formula import Formula, InputFile
from builder.model.inventory import HeldCore, HeldPlugin, Inventory
from builder.model.lock import ChangeKind, InputPin, Lock, LockDiff, Pin
from builder.model.plugin import PluginId
from builder.version import Version
from tests.fakes.samples import FORMULA, LOCK, sample_pin
from tests.fakes.universe import wish

_PATH = Path("formula.lock.json")
_OTHER = Digest.of(b"other")
_FOUND = Inventory(
    core=HeldCore(family=LOCK.core.family, version=LOCK.core.version, digest=LOCK.core.digest),
    plugins=tuple(
        HeldPlugin(plugin=each.plugin, version=each.version, digest=each.digest)
        for each in LOCK.plugins
    ),
)


@pytest.mark.parametrize(
    ("after", "kind", "shown"),
    [
        ((sample_pin("git", "1.10"),), ChangeKind.RAISED, ("1.9", "1.10")),
        ((sample_pin("git", "1.8"),), ChangeKind.LOWERED, ("1.9", "1.8")),
        ((), ChangeKind.REMOVED, ("1.9", None)),
        (
            (sample_pin("git", "1.9"), sample_pin("mailer", "2")),
            ChangeKind.ADDED,
            (None, "2"),
        ),
        (
            (replace(sample_pin("git", "1.9"), digest=Digest.of(b"other")),),
            ChangeKind.NEW_BYTES,
            ("1.9", "1.9"),
        ),
    ],
)
def test_a_change_is_told_in_the_order_of_versions(
    after: tuple[Pin, ...], kind: ChangeKind, shown: tuple[str | None, str | None]
) -> None:
    before = replace(LOCK, plugins=(sample_pin("git", "1.9"),))
    (change,) = diff(before, replace(LOCK, plugins=after)).changes
    assert (change.kind, (change.before, change.after)) == (kind, shown)


def test_an_image_without_a_lock_is_compared_by_what_both_could_tell() -> None:
    locked = replace(LOCK, inputs=(InputPin(path=PurePosixPath("casc/a.yaml"), digest=_OTHER),))
    assert diff(locked, _FOUND) == diff(_FOUND, locked) == LockDiff(changes=())
    raised = replace(_FOUND, plugins=(replace(_FOUND.plugins[0], version=Version("2")),))
    (change,) = diff(locked, raised).changes
    assert (change.subject, change.kind, change.after) == ("git", ChangeKind.RAISED, "2")
    assert diff(_FOUND, raised).changes == diff(locked, raised).changes


def test_bytes_that_are_not_known_are_not_said_to_differ() -> None:
    rebuilt = replace(_FOUND, core=replace(_FOUND.core, digest=None))
    assert diff(LOCK, rebuilt) == diff(rebuilt, _FOUND) == LockDiff(changes=())
    swapped = replace(_FOUND, core=replace(_FOUND.core, digest=_OTHER))
    assert [each.kind for each in diff(LOCK, swapped).changes] == [ChangeKind.NEW_BYTES]


def test_a_first_lock_is_all_additions() -> None:
    assert {each.kind for each in diff(None, LOCK).changes} == {ChangeKind.ADDED}


def test_a_lock_of_a_newer_jbuild_is_refused_with_its_schema() -> None:
    content = to_bytes(LOCK).replace(b'"schema": 1', b'"schema": 2')
    with pytest.raises(LockTooNew) as caught:
        from_bytes(content, _PATH)
    assert caught.value.schema == 2


@pytest.mark.parametrize(
    ("before", "after", "fault"),
    [
        (b'"size": 1000', b'"size": "1000"', "controller.size is not a whole number"),
        (b'"trust": "first-use"', b'"trust": "hope"', "'hope' is not a valid Trust"),
        (b'"plugins": [', b'"plugins": {"a": [', "not JSON"),
        (b'"suite": "sid"', b'"suit": "sid"', "bases[0].suite is not a text"),
        (b'"id": "git"', b'"id": "../git"', "plugins[0].id is not a word"),
        (b'"version": "1.9"', b'"version": "1\\u001b9"', "a text without control characters"),
        (b'"version": "1.9"', b'"version": "\\ud800"', "a text without control characters"),
        (b'"schema": 1', b'"schema": 0', "its schema is below 1"),
        (b'"schema": 1', b'"schema": -3', "schema is not a number from 0"),
        (b'"size": 1000', b'"size": -1', "controller.size is not a number from 0"),
        (b'"size": 1000', b'"size": 1' + b"0" * 400, "controller.size is not a number from 0"),
    ],
)
def test_a_broken_lock_says_what_is_wrong(before: bytes, after: bytes, fault: str) -> None:
    content = to_bytes(LOCK)
    assert before in content
    with pytest.raises(LockBroken) as caught:
        from_bytes(content.replace(before, after, 1), _PATH)
    assert fault in caught.value.fault or fault == "not JSON"


@pytest.mark.parametrize("content", [b"[" * 200_000, to_bytes(LOCK).replace(b'"bases"', b'"b"')])
def test_what_is_no_lock_at_all_is_broken_too(content: bytes) -> None:
    with pytest.raises(LockBroken):
        from_bytes(content, _PATH)


def _locked(formula: Formula) -> Lock:
    return replace(LOCK, fingerprint=fingerprint(formula))


def test_a_lock_fits_the_formula_it_was_made_for() -> None:
    assert changes(FORMULA, _locked(FORMULA)) == ()


def test_order_tags_and_trial_leave_no_trace_in_the_fingerprint() -> None:
    image = replace(FORMULA.image, tags=("other:1",))
    trial = replace(FORMULA.trial, timeout_s=1)
    turned = tuple(reversed(FORMULA.plugins))
    other = replace(FORMULA, image=image, trial=trial, plugins=turned, file="elsewhere.yaml")
    assert fingerprint(other) == fingerprint(FORMULA)


@pytest.mark.parametrize(
    ("formula", "told"),
    [
        (replace(FORMULA, plugins=(*FORMULA.plugins, wish("new:1"))), "plugins: new is new"),
        (replace(FORMULA, plugins=()), "plugins: git is gone"),
        (replace(FORMULA, plugins=(wish("git:2"),)), "plugins: git is now 2"),
        (replace(FORMULA, war=replace(FORMULA.war, version=Version("9"))), "war: 9"),
        (
            replace(FORMULA, image=replace(FORMULA.image, env=(("A", "b"),))),
            "plugins, catalogue, policy, image, bundle or repositories",
        ),
        (
            replace(FORMULA, inputs=(InputFile(path=PurePosixPath("casc/a.yaml"), content=b""),)),
            "file casc/a.yaml",
        ),
    ],
)
def test_a_stale_lock_says_what_changed(formula: Formula, told: str) -> None:
    assert told in changes(formula, _locked(FORMULA))


def test_a_pin_is_found_by_its_id() -> None:
    assert LOCK.find(PluginId("git")) == LOCK.plugins[0]
    assert LOCK.find(PluginId("Git")) is None
