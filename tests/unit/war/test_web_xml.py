"""Context parameters of ``WEB-INF/web.xml``."""

from xml.etree import ElementTree as ET

import pytest

from builder.war.web_xml import properties_of, with_properties

OLD = b"""\
<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE web-app PUBLIC "-//Sun//DTD Web Application 2.3//EN" "http://java.sun.com/dtd/x.dtd">
<!-- <context-param><param-name>a</param-name></context-param> -->
<web-app>
  <display-name>Jenkins &gt; v2</display-name>
  <context-param>
    <param-name> a </param-name><!-- kept? no -->
    <param-value>old</param-value>
  </context-param>
  <context-param><param-name>b</param-name><param-value>2</param-value></context-param>
  <context-param>
    <param-name>a</param-name>
    <param-value>again</param-value>
  </context-param>
  <filter   attr = 'x>y' ><filter-name>a</filter-name></filter>
</web-app>
"""


def set_in(content: bytes, **properties: str) -> list[tuple[str, str]]:
    made = with_properties(content, properties)
    ET.fromstring(made.replace(b"<!DOCTYPE", b"<!--").replace(b'x.dtd">', b'x.dtd" -->'))  # noqa: S314
    return list(properties_of(made))


def test_one_that_is_there_is_replaced_in_its_place_and_stands_there_once() -> None:
    assert set_in(OLD, a="new") == [("a", "new"), ("b", "2")]


def test_new_ones_stand_behind_those_that_are_there_by_name() -> None:
    assert set_in(OLD, z="1", c="2") == [
        ("a", "old"), ("b", "2"), ("a", "again"), ("c", "2"), ("z", "1"),
    ]  # fmt: skip


def test_all_else_stays_byte_for_byte() -> None:
    made = with_properties(OLD, {"b": "3"})
    start, end = (
        OLD.index(b"  <context-param><param-name>b"),
        OLD.index(b"  <context-param>\n    <param-name>a</"),
    )
    new = (
        b"  <context-param>\n    <param-name>b</param-name>\n"
        b"    <param-value>3</param-value>\n  </context-param>\n"
    )
    assert made == OLD[:start] + new + OLD[end:]


def test_values_and_names_are_escaped() -> None:
    assert set_in(OLD, **{"a<b": "x & ]]> <y> \"'", "c": "\u00e9\u6587"})[-2:] == [
        ("a<b", "x & ]]> <y> \"'"), ("c", "\u00e9\u6587"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "content",
    [
        b"<web-app>\n  <display-name>x</display-name>\n  <filter/>\n</web-app>",
        b"<web-app>\n  <filter/>\n</web-app>",
        b"<web-app><filter/></web-app>",
        b"<web-app></web-app>",
        b"<web-app/>",
        b"<web-app a='/>' />\n<!-- </x> -->",
        b"<web-app><distributable/><filter/></web-app>",
        b"<web-app>\n  <distributable />\n  <x>></x></web-app>",
        b"<j:web-app xmlns:j='urn:x'>\r\n\t<j:filter/>\r\n</j:web-app>",
        "<?xml version='1.0' encoding='ISO-8859-1'?><web-app>\u00e9<f/></web-app>".encode(
            "latin-1"
        ),
    ],
)
def test_any_file_may_get_its_first_ones(content: bytes) -> None:
    assert set_in(content, a="1", b="\u6587") == [("a", "1"), ("b", "\u6587")]
    made = with_properties(content, {"a": "1"})
    assert with_properties(made, {"a": "1"}) == made


def test_the_first_one_goes_where_the_oldest_schema_wants_it() -> None:
    content = b"<web-app>\n  <display-name>x</display-name>\n  <filter/>\n</web-app>"
    names = [each.tag for each in ET.fromstring(with_properties(content, {"a": "1"}))]  # noqa: S314
    assert names == ["display-name", "context-param", "filter"]


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"", "it is no XML"),
        (b"<web-app>", "it is no XML"),
        (b"<!DOCTYPE a [<!ENTITY b 'c'>]><a><c>&b;</c></a>", "it defines the entity 'b'"),
        ("<web-app><a/></web-app>".encode("utf-16"), "it is in UTF-16"),
        (b"<?xml version='1.0' encoding='nothing'?><a><b/></a>", "it is no XML|its encoding"),
    ],
)
def test_what_cannot_be_changed_is_refused(content: bytes, fault: str) -> None:
    with pytest.raises(ValueError, match=fault):
        with_properties(content, {"a": "1"})
