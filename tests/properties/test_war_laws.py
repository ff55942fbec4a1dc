"""Laws of WARs, for all cores and all plans."""

import posixpath
import random
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from builder.adapters.archive import ZipArchives
from builder.errors import ArchiveBroken
from builder.model.build import WarEntry, WarPlan
from builder.model.digest import Digest
from builder.war import rules
from tests.contracts.zip_samples import Shape, archive, stored

KERNEL, MEMORY = ZipArchives(), ZipArchives(in_kernel=False)

steps = st.text("abc\u00e9\u6587-. ", min_size=1, max_size=4).filter(lambda s: s not in {".", ".."})
paths = st.lists(steps, min_size=1, max_size=3).map("/".join)
noise = random.Random(1).randbytes(70_000)  # noqa: S311 - not for secrets
contents = st.one_of(
    st.binary(max_size=40), st.integers(0, len(noise)).map(lambda size: noise[:size])
)
entries = st.dictionaries(paths, contents, max_size=6)
shapes = st.builds(
    Shape,
    deflated=st.booleans(),
    streamed=st.booleans(),
    prefix=st.sampled_from([b"", b"#!/bin/sh\n", b"PK\3\4 not really"]),
    told=st.booleans(),
    comment=st.sampled_from([b"", b"comment PK"]),
)


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """A core and what is to become of it."""

    core: bytes
    dropped: tuple[str, ...]
    added: Mapping[str, bytes]


@st.composite
def wants(draw: st.DrawFn) -> Wanted:
    core = {f"c/{name}": content for name, content in draw(entries).items()}
    dropped = draw(st.sets(st.sampled_from(sorted(core)))) if core else set()
    added = {f"p/{name}": content for name, content in draw(entries).items()}
    return Wanted(core=archive(core, draw(shapes)), dropped=tuple(sorted(dropped)), added=added)


@contextmanager
def a_plan(wanted: Wanted) -> Iterator[tuple[WarPlan, Path]]:
    """Put everything in a new folder: large contents as files, small ones as bytes."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        added = tuple(
            WarEntry(
                name=name,
                source=content if len(content) < 20 else stored(folder / str(number), content),
            )
            for number, (name, content) in enumerate(wanted.added.items())
        )
        core = stored(folder / "core", wanted.core)
        yield WarPlan(core=core, added=added, dropped=wanted.dropped), folder / "made.war"


@settings(deadline=None)  # a busy disk is no fault
@given(wants())
def test_equal_plans_give_equal_bytes(wanted: Wanted) -> None:
    with a_plan(wanted) as (plan, target):
        first, bytes_of_first = KERNEL.write(plan, target), target.read_bytes()
    with a_plan(wanted) as (plan, target):
        second = MEMORY.write(plan, target)
        assert target.read_bytes() == bytes_of_first
        assert MEMORY.assemble(plan, target) == first.size
        assert target.read_bytes() == bytes_of_first
    assert first.digest == second.digest == Digest.of(bytes_of_first)


@settings(deadline=None)  # a busy disk is no fault
@given(wants())
def test_every_entry_that_was_kept_is_what_it_was(wanted: Wanted) -> None:
    with a_plan(wanted) as (plan, target):
        KERNEL.write(plan, target)
        with zipfile.ZipFile(plan.core.path) as before, zipfile.ZipFile(target) as after:
            kept = [each for each in before.infolist() if each.filename not in wanted.dropped]
            assert after.testzip() is None
            assert [each.filename for each in after.infolist()] == [
                *(each.filename for each in kept),
                *wanted.added,
            ]
            assert [facts(each) for each in after.infolist()[: len(kept)]] == list(map(facts, kept))
            assert [after.read(each.filename) for each in kept] == [before.read(e) for e in kept]
            assert {name: after.read(name) for name in wanted.added} == wanted.added


@settings(deadline=None)  # a busy disk is no fault
@given(wants())
def test_what_was_written_reads_back_the_same_through_the_port(wanted: Wanted) -> None:
    with a_plan(wanted) as (plan, target):
        KERNEL.write(plan, target)
        with zipfile.ZipFile(target) as packed:
            seen = {name: packed.read(name) for name in packed.namelist()}
        assert KERNEL.names(target) == tuple(seen)
        assert {name: KERNEL.read(target, name, limit=70_000) for name in seen} == seen


@settings(deadline=None)  # a busy disk is no fault
@given(wants())
def test_a_second_war_out_of_the_first_changes_nothing(wanted: Wanted) -> None:
    with a_plan(wanted) as (plan, target):
        first = KERNEL.write(plan, target)
        core = stored(target, target.read_bytes())
        extra = WarPlan(core=core, added=(WarEntry(name="x", source=b""),), dropped=())
        KERNEL.write(extra, target)
        again = stored(target, target.read_bytes())
        KERNEL.write(WarPlan(core=again, added=(), dropped=("x",)), target)
        if plan.added or plan.dropped:
            assert Digest.of(target.read_bytes()) == first.digest


@settings(deadline=None)  # a busy disk is no fault
@given(wants(), st.data())
def test_a_core_that_was_cut_off_is_refused(wanted: Wanted, data: st.DataObject) -> None:
    with a_plan(wanted) as (plan, target):
        keep = data.draw(st.integers(0, len(wanted.core) - 1))
        plan.core.path.write_bytes(wanted.core[:keep])
        cut = stored(plan.core.path, wanted.core[:keep])
        with suppress(ArchiveBroken):
            KERNEL.write(WarPlan(core=cut, added=(), dropped=()), target)
        assert not target.exists()


@settings(deadline=None)  # a busy disk is no fault
@given(wants(), st.data())
def test_a_damaged_core_is_refused_in_words_or_gives_a_whole_war(
    wanted: Wanted, data: st.DataObject
) -> None:
    damaged = bytearray(wanted.core)
    for _ in range(data.draw(st.integers(1, 3))):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    with tempfile.TemporaryDirectory() as folder:
        core = stored(Path(folder, "core"), bytes(damaged))
        target = Path(folder, "made.war")
        plan = WarPlan(core=core, added=(WarEntry(name="x", source=b"x"),), dropped=())
        with suppress(ArchiveBroken):
            for name in KERNEL.names(core.path):
                KERNEL.read(core.path, name, limit=100_000)
        with suppress(ArchiveBroken):
            KERNEL.write(plan, target)
            assert KERNEL.read(target, "x", limit=1) == b"x"
        assert sorted(Path(folder).iterdir()) in ([core.path], [core.path, target])


@given(st.text("a./\\:\n\u6587", max_size=8))
def test_a_legal_path_stays_inside_and_spells_itself_one_way(name: str) -> None:
    if rules.path_fault(name) is None:
        normal = posixpath.normpath(posixpath.join("/inside", name))
        assert normal == f"/inside/{name.removesuffix('/')}"


@given(st.lists(paths, unique=True), st.randoms(use_true_random=False))
def test_the_order_of_entries_does_not_depend_on_where_they_came_from(
    names: list[str], shuffler: random.Random
) -> None:
    made = [WarEntry(name=each, source=b"") for each in names]
    shuffled = shuffler.sample(made, len(made))
    assert rules.in_order(shuffled) == rules.in_order(made)


_STEPS = st.sampled_from(["a", "b.jar", "META-INF", "", ".", "..", "...", "C:", "x\ny", "\\", "\t"])


@settings(deadline=None)
@given(st.lists(st.lists(_STEPS, max_size=4).map("/".join), max_size=6, unique=True))
def test_one_glance_at_all_names_refuses_what_a_look_at_each_does(names: list[str]) -> None:
    assert (rules.fault_of(kept=names, added=()) is None) == (not any(map(rules.path_fault, names)))


def facts(info: zipfile.ZipInfo) -> tuple[object, ...]:
    """Tell all that the directory says of an entry but its place."""
    left_out = {"header_offset", "orig_filename"}
    public = (each for each in info.__slots__ if not each.startswith("_"))
    return tuple(getattr(info, each, None) for each in public if each not in left_out)
