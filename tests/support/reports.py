"""Readers of written reports that share no code with what writes them."""

import xml.etree.ElementTree as ET  # of our own making
from html.parser import HTMLParser
from pathlib import Path

import xmlschema

_SCHEMA = Path(__file__).with_name("junit.xsd")
_ALONE = {"meta", "br"}


def junit_cases(content: bytes) -> dict[str, str]:
    """Hold a file against the schema; tell how each case ended, by class and name."""
    xmlschema.XMLSchema10(_SCHEMA).validate(content)
    suite = ET.fromstring(content)[0]  # noqa: S314  # of our own making
    cases = list(suite.iter("testcase"))
    ends = {f"{e.get('classname')}.{e.get('name')}": e[0].tag if len(e) else "" for e in cases}
    assert len(ends) == len(cases) == int(suite.get("tests", ""))
    assert sum(each == "failure" for each in ends.values()) == int(suite.get("failures", ""))
    assert sum(each == "skipped" for each in ends.values()) == int(suite.get("skipped", ""))
    return ends


def page_text(content: bytes) -> str:
    """Read a page whose elements are all closed and that fetches nothing; give its text."""
    reader = _Reader()
    reader.feed(content.decode())
    assert reader.open == []
    return "\n".join(reader.said)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.said: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert not {"src", "href", "onclick"} & {name for name, _ in attrs}
        assert tag != "script"
        if tag not in _ALONE:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if data.strip() and self.open[-1] != "style":
            self.said.append(data.strip())
