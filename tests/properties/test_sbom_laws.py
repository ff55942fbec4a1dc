"""Laws of bills of materials: valid, whole, and deaf to the order of a lock."""

from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from builder.model.digest import Digest
from builder.model.lock import BasePin, Lock
from builder.model.stated import Stated, StatedLicence
from tests.fakes.bills import bill, needs_of, parts_of, schema_fault
from tests.strategies import locks, words

_licences = st.builds(
    StatedLicence,
    name=words | st.text(alphabet=st.characters(codec="utf-8"), min_size=1, max_size=20),
    url=st.sampled_from(["", "https://opensource.org/licenses/MIT", "http://h/a?b=%20#c"]),
)
_stated = st.builds(
    Stated,
    group=st.none() | words,
    licences=st.lists(_licences, max_size=3, unique=True).map(lambda found: tuple(sorted(found))),
)


@st.composite
def _told(draw: st.DrawFn) -> tuple[Lock, dict[Digest, Stated]]:
    locked = draw(locks())
    digests = (locked.core.digest, *(each.digest for each in locked.plugins))
    return locked, {each: draw(_stated) for each in digests if draw(st.booleans())}


@given(_told())
@settings(max_examples=25)
def test_every_document_is_valid(told: tuple[Lock, dict[Digest, Stated]]) -> None:
    assert schema_fault(bill(*told)) is None


@given(_told(), st.randoms(use_true_random=False))
@settings(max_examples=40)
def test_the_order_of_a_lock_leaves_no_trace(
    told: tuple[Lock, dict[Digest, Stated]], random: Random
) -> None:
    locked, stated = told

    def shuffled(several: tuple) -> tuple:  # type: ignore[type-arg]  # of anything
        return tuple(random.sample(several, len(several)))

    other = replace(
        locked,
        plugins=tuple(
            replace(each, dependencies=shuffled(each.dependencies), why=shuffled(each.why))
            for each in shuffled(locked.plugins)
        ),
        bases=tuple(
            replace(each, packages=shuffled(each.packages)) if isinstance(each, BasePin) else each
            for each in shuffled(locked.bases)
        ),
    )
    turned = dict(shuffled(tuple(stated.items())))
    assert bill(other, turned) == bill(locked, stated)


@given(locks())
@settings(max_examples=40)
def test_all_parts_are_reached_from_the_image_but_plugins_in_a_ring(locked: Lock) -> None:
    content = bill(locked)
    needs = needs_of(content)
    assert set(needs) == {"image", *parts_of(content)}
    reached: set[str] = set()
    queue = ["image"]
    while queue:
        if (part := queue.pop()) not in reached:
            reached.add(part)
            queue.extend(needs[part])
    brought = {
        target for source, several in needs.items() if source != "image" for target in several
    }
    assert set(needs) - reached <= brought
    assert all(each.startswith("plugin:") for each in set(needs) - reached)
