"""Lists of jenkins-plugin-cli: formats.md sections 1 and 2, row by row."""

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.errors import FormulaInvalid
from builder.formula import plugin_list
from builder.formula.plugin_list import PluginList, is_same, read_list
from builder.model.formula import Mode, Wish
from builder.model.plugin import Addressed, Coordinates
from builder.version import Version
from tests.fakes.shared import DATA

URL = "https://h/git.hpi"
WHICH = "a version such as 1.20, or >=1.20, latest, experimental or incrementals;group;version"
AN_URL = "a URL such as https://host/path or file:///path; user and password belong into netrc"
AN_ID = "a plugin id: letters, digits, dots, dashes and underscores"


def told(text: str, file: str = "plugins.txt") -> list[str]:
    """Spell the problems of a list as ``line:column path | found | wanted``."""
    with pytest.raises(FormulaInvalid) as caught:
        plugin_list(text, file=file)
    return [
        f"{str(each.place).removeprefix(f'{file}:')} {each.path} | {each.found} | {each.wanted}"
        for each in caught.value.problems
    ]


def spelled(wish: Wish) -> str:
    origin = wish.url if isinstance(wish.origin, Addressed) else wish.origin
    place = str(wish.place).partition(":")[2]
    return f"{place} {wish.plugin} {wish.mode.value} {wish.version} {origin}"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("git", "1:1 git newest None None"),
        ("git:", "1:1 git newest None None"),
        ("git:latest", "1:1 git latest None None"),
        ("git:5.10.1", "1:1 git pinned 5.10.1 None"),
        (f"git::{URL}", f"1:1 git pinned None {URL}"),
        (f"git:5.10.1:{URL}", f"1:1 git pinned 5.10.1 {URL}"),
        (f"git:latest:{URL}", f"1:1 git pinned None {URL}"),
        ("git::https://h:8443/git.hpi#x", None),
        ("git:experimental", "1:1 git experimental None None"),
        ("git:>=5.10", "1:1 git at least 5.10 None"),
        (
            "x:incrementals;org.g;2.19-rc2",
            "1:1 x pinned 2.19-rc2 org.g:x:2.19-rc2",
        ),
        ("  a : 1  # c", "1:3 a pinned 1 None"),
        ("a b:1", "1:1 ab pinned 1 None"),
        ("\ta\t:\t1\t# c # d", "1:2 a pinned 1 None"),
        ("a:1 #c:2", "1:1 a pinned 1 None"),
        ("# a\n\n  # b\r\n\r  c  :1\n", "5:3 c pinned 1 None"),
        ("\ufeffgit:1", "1:1 git pinned 1 None"),
        ("TestFairy:1.20", "1:1 TestFairy pinned 1.20 None"),
        ("git::file:///srv/git.hpi", "1:1 git pinned None file:///srv/git.hpi"),
    ],
)
def test_each_form_of_an_entry_is_read(text: str, expected: str | None) -> None:
    if expected is None:
        assert told(text) == [f"1:1  | {text} | {AN_URL}"]
    else:
        assert [spelled(each) for each in plugin_list(text, file="a/plugins.txt")] == [expected]


def test_an_incremental_keeps_its_group() -> None:
    (wish,) = plugin_list("x:incrementals;org.g;2.19-rc1", file="p.txt")
    assert (wish.group, wish.origin) == ("org.g", Coordinates("org.g", "x", Version("2.19-rc1")))


@pytest.mark.parametrize(
    ("entry", "found", "wanted"),
    [
        ("b:1#c", "b:1#c", f"{WHICH}; a comment needs a blank before its #"),
        ("b#c", "b#c", f"{AN_ID}; a comment needs a blank before its #"),
        (
            "git:https://h/g.hpi",
            "git:https://h/g.hpi",
            "two colons before a URL: git::https://h/g.hpi",
        ),
        (
            "git:http://u:p@h/g",
            "git:http://***@h/g",
            "two colons before a URL: git::http://***@h/g",
        ),
        ("git:1:notaurl", "git:1:notaurl", AN_URL),
        ("git:1:", "git:1:", AN_URL),
        ("git::https://u:p@h/g.hpi?t=1", "git::https://***@h/g.hpi?***", AN_URL),
        ("git:incrementals", "git:incrementals", WHICH),
        ("git:1-incrementals", "git:1-incrementals", WHICH),
        ("git:incrementals;2.19", "git:incrementals;2.19", WHICH),
        (":1", ":1", AN_ID),
        ("- git", "-git", AN_ID),
        ("git\u00a0:1", "git\u00a0:1", AN_ID),
    ],
)
def test_what_is_no_entry_is_told_with_what_was_meant(entry: str, found: str, wanted: str) -> None:
    assert told(f"# first\n {entry}\n") == [f"2:2  | {found} | {wanted}"]


def test_all_problems_come_at_once() -> None:
    assert [each.split(" ")[0] for each in told("a:1#\nb\n:c\nd:1:e\n")] == ["1:1", "3:1", "4:1"]


def test_what_stands_there_again_comes_once_and_is_noted() -> None:
    listed = read_list("a:1\nb\na : 1\n", file="p.txt")
    assert [spelled(each) for each in listed.wishes] == [
        "1:1 a pinned 1 None",
        "2:1 b newest None None",
    ]
    assert [(str(each.place), each.found, each.wanted) for each in listed.notes] == [
        ("p.txt:3:1", "a a second time", "each once; the first stands at p.txt:1:1")
    ]


@pytest.mark.parametrize("again", ["a:2", "a", "a:latest", f"a:1:{URL}", "a:>=1"])
def test_a_plugin_that_comes_again_and_differs_is_refused(again: str) -> None:
    (problem,) = told(f"a:1\n{again}\n")
    assert problem.startswith("2:1  | a, which differs from what plugins.txt:1:1 says | one of")


@pytest.mark.parametrize(
    ("file", "found"),
    [("plugins.TXT", "the ending .TXT"), ("plugins", "no ending"), ("p.json", "the ending .json")],
)
def test_the_ending_of_the_name_says_what_the_file_is(file: str, found: str) -> None:
    assert told("git", file) == [
        f"1:1  | {found} | .txt, .yaml or .yml at the end of its name, in small letters"
    ]


def test_the_list_of_ks_jenkins_reads_as_it_is() -> None:
    path = DATA / "formulas" / "ks-jenkins-2026.plugins.txt"
    if not path.exists():
        pytest.skip(f"the plugin list of ks-jenkins is not beside this checkout: {path}")
    wishes = plugin_list(path.read_text("utf-8"), file=path.name)
    assert len(wishes) == 152
    assert {each.mode for each in wishes} == {Mode.LATEST}
    assert len({each.plugin for each in wishes}) == 152


IDS = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9-]{0,8}", fullmatch=True)
VERSIONS = st.sampled_from(["", ":", ":latest", ":1.20", ":>=1.2", f"::{URL}", ":incrementals;g;1"])
BLANKS = st.text(" \t", max_size=3)
COMMENTS = st.one_of(st.just(""), st.text("abc #:", max_size=5).map(" #{}".format))


@given(st.lists(st.tuples(IDS, VERSIONS, BLANKS, BLANKS, COMMENTS), unique_by=lambda row: row[0]))
def test_blanks_and_comments_make_no_difference(rows: list[tuple[str, ...]]) -> None:
    bare = "\n".join(f"{name}{version}" for name, version, *_ in rows)
    dressed = "\r\n".join(f"{a}{name}{b}{version}{a}{c}" for name, version, a, b, c in rows)
    wishes, same = (plugin_list(text, file="p.txt") for text in (bare, dressed))
    assert len(wishes) == len(rows)
    assert [each.place.line for each in same] == [each.place.line for each in wishes]
    assert [is_same(one, other) for one, other in zip(wishes, same, strict=True)] == [True] * len(
        rows
    )


def outcome(text: str, file: str) -> PluginList | FormulaInvalid:
    try:
        return read_list(text, file=file)
    except FormulaInvalid as error:
        return error


@given(st.text(), st.sampled_from(["p.txt", "p.yaml", "p.yml"]))
def test_any_text_becomes_wishes_or_problems(text: str, file: str) -> None:
    seen = outcome(text, file)
    if isinstance(seen, PluginList):
        assert len({each.plugin for each in seen.wishes}) == len(seen.wishes)
    else:
        assert seen.problems
        assert all(each.found and each.wanted for each in seen.problems)


def test_a_list_of_text_needs_neither_yaml_nor_pydantic() -> None:
    code = (
        "import sys; from builder.formula import plugin_list; plugin_list('git:1', file='p.txt'); "
        "print(sorted({'yaml', 'pydantic'} & sys.modules.keys()))"
    )
    done = subprocess.run(  # noqa: S603  # our own code in a fresh interpreter
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
