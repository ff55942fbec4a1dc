"""What is taken from the catalogue inside a WAR."""

import pytest

from builder.model.plugin import Listing, PluginId
from builder.sources.bundled import catalogue
from builder.version import Version


def test_places_are_read_by_id_whatever_wraps_the_document() -> None:
    content = b"""updateCenter.post(
    {"plugins": {"b": {"groupId": "org.b", "version": "2"}, "a": {"version": ""}}}
    );"""
    assert catalogue(content).listings == (
        Listing(plugin=PluginId("a"), group=None, offered=None),
        Listing(plugin=PluginId("b"), group="org.b", offered=Version("2")),
    )


@pytest.mark.parametrize(
    "content",
    [None, b"", b"{", b"}{", b"[]", b'{"plugins": []}', b'{"plugins": {"a": 1}}', b"{}", b"\xff{}"],
)
def test_a_catalogue_that_nobody_can_read_is_empty(content: bytes | None) -> None:
    assert catalogue(content).listings == ()
