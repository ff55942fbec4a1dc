"""JSON objects read with their types checked; the fault names the key."""

import re
from collections.abc import Mapping

_UNSPEAKABLE = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")
_MOST = 1 << 63
_WORD = re.compile(r"[^\s/\\.-][^\s/\\]*")


class Record:
    """One JSON object; every look-up says what it wants and raises ``ValueError`` otherwise."""

    __slots__ = ("_values", "_where")

    def __init__(self, value: object, where: str) -> None:
        if not isinstance(value, Mapping):
            raise ValueError(_refusal(where, "an object"))  # noqa: TRY004  # a fault of the file
        self._values: Mapping[str, object] = value
        self._where = where

    def text(self, key: str) -> str:
        """Give a text."""
        value = self._values.get(key)
        if not isinstance(value, str):
            raise self._fault(key, "a text")
        if _UNSPEAKABLE.search(value):
            raise self._fault(key, "a text without control characters")
        return value

    def word(self, key: str) -> str:
        """Give a text that may be a part of a file's name: no blank, no slash, no dot in front."""
        value = self.text(key)
        if not _WORD.fullmatch(value):
            raise self._fault(key, "a word")
        return value

    def maybe_text(self, key: str) -> str | None:
        """Give a text, or None where the key is absent or null."""
        return None if self._values.get(key) is None else self.text(key)

    def number(self, key: str) -> int:
        """Give a whole number from 0 that fits into 64 bits."""
        value = self._values.get(key)
        if not isinstance(value, int) or isinstance(value, bool):
            raise self._fault(key, "a whole number")
        if not 0 <= value < _MOST:
            raise self._fault(key, "a number from 0 that fits into 64 bits")
        return value

    def maybe_number(self, key: str) -> int | None:
        """Give a whole number, or None where the key is absent or null."""
        return None if self._values.get(key) is None else self.number(key)

    def record(self, key: str) -> "Record":
        """Give an object."""
        return Record(self._values.get(key), f"{self._where}.{key}")

    def records(self, key: str) -> "tuple[Record, ...]":
        """Give a list of objects."""
        return tuple(Record(each, f"{self._where}.{key}[{i}]") for i, each in self._list(key))

    def maybe_records(self, key: str) -> "tuple[Record, ...]":
        """Give a list of objects; empty where the key is absent."""
        return self.records(key) if key in self._values else ()

    def texts(self, key: str) -> tuple[str, ...]:
        """Give a list of texts."""
        values = tuple(each for _, each in self._list(key) if isinstance(each, str))
        if len(values) != len(self._list(key)):
            raise self._fault(key, "a list of texts")
        return values

    def text_by_name(self, key: str) -> Mapping[str, str]:
        """Give an object whose values are texts."""
        return self.record(key).all_texts()

    def all_texts(self) -> Mapping[str, str]:
        """Give the whole object, whose values are texts."""
        return {name: self.text(name) for name in self._values}

    def _list(self, key: str) -> list[tuple[int, object]]:
        value = self._values.get(key)
        if not isinstance(value, list):
            raise self._fault(key, "a list")
        return list(enumerate(value))

    def _fault(self, key: str, wanted: str) -> ValueError:
        return ValueError(_refusal(f"{self._where}.{key}", wanted))


def _refusal(where: str, wanted: str) -> str:
    return f"{where.removeprefix('.') or 'the file'} is not {wanted}"
