"""Laws of the lock's codec."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.errors import LockBroken, LockError
from builder.lock import diff, from_bytes, to_bytes
from builder.model.lock import Lock
from tests.strategies import locks

_PATH = Path("formula.lock.json")


@given(locks())
def test_reading_what_was_written_gives_the_lock_back(locked: Lock) -> None:
    assert from_bytes(to_bytes(locked), _PATH) == locked


@given(locks())
def test_keys_are_sorted_and_the_file_ends_in_a_line_feed(locked: Lock) -> None:
    text = to_bytes(locked).decode()
    again = json.dumps(json.loads(text), sort_keys=True, indent=2, ensure_ascii=False)
    assert text == f"{again}\n"


@given(locks())
def test_a_lock_does_not_differ_from_itself(locked: Lock) -> None:
    assert diff(locked, locked).changes == ()


@given(locks(), st.data())
def test_a_damaged_lock_is_refused_or_still_a_lock(locked: Lock, data: st.DataObject) -> None:
    content = bytearray(to_bytes(locked))
    index = data.draw(st.integers(min_value=0, max_value=len(content) - 1))
    content[index] = data.draw(st.integers(min_value=0, max_value=255))
    try:
        read = from_bytes(bytes(content), _PATH)
    except LockError:
        return
    assert from_bytes(to_bytes(read), _PATH) == read


@given(st.binary(max_size=60))
def test_anything_else_is_refused_with_its_path(content: bytes) -> None:
    with pytest.raises(LockBroken) as caught:
        from_bytes(content, _PATH)
    assert caught.value.path == _PATH
