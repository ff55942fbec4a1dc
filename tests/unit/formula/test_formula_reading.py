from pathlib import PurePosixPath

import pytest

from builder.errors import FormulaInvalid
from builder.formula import parse
from builder.model.base_wishes import DebianBase
from builder.model.formula import (
    Bundle,
    Formula,
    ImageWishes,
    Layout,
    Mode,
    Place,
    Placement,
    Repository,
    Retired,
    TrialWishes,
    Wish,
)
from builder.model.plugin import Coordinates, PluginId
from builder.version import Version

SMALL = """\
bundle: {groupId: io.example, artifactId: demo}
war: {groupId: org.jenkins-ci.main, artifactId: jenkins-war, source: {version: 2.346.3}}
image: {base: {debian: bookworm}}
"""
WHOLE = """\
bundle:
  groupId: io.example
  artifactId: demo
  version: "1.0"
  vendor: Example
  title: A demo
  description: >
    In two
    lines
war:
  groupId: org.eclipse.hudson
  artifactId: hudson-war
  source: {version: 3.3.2}
plugins:
  - git:5.2.2
  - ldap
  - artifactId: TestFairy
    groupId: org.jenkins-ci.plugins
    source:
      version: 1.20
repositories:
  - {id: ours, url: "https://nexus.example:8443/repository/maven/"}
  - {id: here, url: file:///srv/maven}
image:
  base: {debian: sid, packages: [openjdk-17-jre-headless, tini], mirror: http://deb.example/debian}
  layout: war
  env: {TZ: Asia/Shanghai, EMPTY: "", A: 'yes'}
  java: {options: ["-XX:MaxRAMPercentage=70", -Da=b c]}
  files: [{from: ./certs/ca.crt, to: /usr/local/share/ca-certificates/ca.crt}]
  tags: ['registry.example:5000/kubesphere/ks-jenkins:{{default "dev" .version}}', demo]
verify: {memory: 512m, timeout: 90}
"""


def version_of(text: str) -> Version | None:
    return parse(f"{SMALL}plugins:\n{text}\n", file="f", values={}).plugins[0].version


def test_a_whole_formula_becomes_values() -> None:
    assert parse(WHOLE, file="a/formula.yaml", values={"version": "v3"}) == Formula(
        file="a/formula.yaml",
        bundle=Bundle(
            group="io.example",
            artifact="demo",
            version="1.0",
            title="A demo",
            vendor="Example",
            description="In two lines",
        ),
        war=Coordinates("org.eclipse.hudson", "hudson-war", Version("3.3.2"), "war"),
        plugins=(
            wish("git", "5.2.2", None, line=15),
            wish("ldap", None, None, line=16),
            wish("TestFairy", "1.20", "org.jenkins-ci.plugins", line=17),
        ),
        repositories=(
            Repository(id="ours", url="https://nexus.example:8443/repository/maven/"),
            Repository(id="here", url="file:///srv/maven"),
        ),
        image=ImageWishes(
            base=DebianBase(
                suite="sid",
                packages=("openjdk-17-jre-headless", "tini"),
                mirror="http://deb.example/debian",
            ),
            layout=Layout.WAR,
            env=(("A", "yes"), ("EMPTY", ""), ("TZ", "Asia/Shanghai")),
            java_options=("-XX:MaxRAMPercentage=70", "-Da=b c"),
            files=(
                Placement(
                    source=PurePosixPath("certs/ca.crt"),
                    target=PurePosixPath("/usr/local/share/ca-certificates/ca.crt"),
                ),
            ),
            tags=("registry.example:5000/kubesphere/ks-jenkins:v3", "demo"),
        ),
        trial=TrialWishes(memory=512 * 1024**2, timeout_s=90),
    )


def wish(plugin: str, version: str | None, group: str | None, *, line: int) -> Wish:
    return Wish(
        plugin=PluginId(plugin),
        version=Version(version) if version else None,
        group=group,
        place=Place("a/formula.yaml", line, 5),
        mode=Mode.PINNED if version else Mode.NEWEST,
    )


def test_what_is_left_out_takes_its_default() -> None:
    formula = parse(SMALL, file="f", values={})
    assert formula.bundle == Bundle(group="io.example", artifact="demo", version="1.0-SNAPSHOT")
    assert formula.image == ImageWishes(base=DebianBase(suite="bookworm", packages=(), mirror=None))
    assert (formula.plugins, formula.repositories, formula.inputs) == ((), (), ())
    assert formula.trial == TrialWishes(memory=2 * 1024**3, timeout_s=300)


@pytest.mark.parametrize(
    "typed",
    ["1.20", "1_0", "0x10", "2021-01-01", "yes", "1e3", "null", "~", "010", "1.0-SNAPSHOT"],
)
def test_a_version_stays_exactly_what_was_typed(typed: str) -> None:
    assert version_of(f"  - {{groupId: g, artifactId: a, source: {{version: {typed}}}}}") == typed
    assert version_of(f"  - a:{typed}") == typed


@pytest.mark.parametrize("typed", ["1:30", "+1", ".5", "-1", "1,5", "[1,2)", "${v}", "1;2", "é"])
def test_what_is_no_version_is_shown_as_it_was_typed(typed: str) -> None:
    with pytest.raises(FormulaInvalid) as caught:
        version_of(f"  - {{groupId: g, artifactId: a, source: {{version: '{typed}'}}}}")
    assert [each.found for each in caught.value.problems] == [typed]


@pytest.mark.parametrize(
    ("amount", "size"), [("1k", 1024), ("512m", 512 * 1024**2), ("4G", 4 * 1024**3), ("7", 7)]
)
def test_memory_is_counted_in_bytes(amount: str, size: int) -> None:
    text = f"{SMALL}verify: {{memory: {amount}}}\n"
    assert parse(text, file="f", values={}).trial.memory == size


@pytest.mark.parametrize(
    ("values", "tag"), [({}, "dev"), ({"v": ""}, "dev"), ({"v": "2.1-b"}, "2.1-b")]
)
def test_a_default_steps_in_for_a_value_not_given_or_empty(
    values: dict[str, str], tag: str
) -> None:
    text = SMALL.replace(
        "debian: bookworm}", "debian: bookworm}, tags: ['a:{{default \"dev\" .v}}']"
    )
    assert parse(text, file="f", values=values).image.tags == (f"a:{tag}",)


def test_values_go_in_verbatim_and_blanks_inside_a_placeholder_do_not_matter() -> None:
    text = SMALL.replace("demo}", "demo, title: '{{ .a }}{{.b}}'}")
    values = {"a": "<A & 'B'>".replace("'", "''"), "b": "{{.a}}"}
    assert parse(text, file="f", values=values).bundle.title == "<A & 'B'>{{.a}}"


def test_an_alias_repeats_its_anchor() -> None:
    text = SMALL.replace("groupId: io.example", "groupId: &group io.example").replace(
        "groupId: org.jenkins-ci.main", "groupId: *group"
    )
    assert parse(text, file="f", values={}).war.group == "io.example"


def test_a_text_of_aliases_that_would_never_end_is_told_at_once() -> None:
    rows = [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 30)]
    text = "\n".join(["a0: &a0 x", *rows, SMALL])
    with pytest.raises(FormulaInvalid) as caught:
        parse(text, file="f", values={})
    assert [each.place.line for each in caught.value.problems] == list(range(1, 31))


def test_a_retired_plugin_keeps_its_place() -> None:
    text = SMALL.replace("{debian: bookworm}", "{debian: bookworm}, retired: [old, older]")
    assert parse(text, file="f", values={}).image.retired == (
        Retired(PluginId("old"), Place("f", 3, 45)),
        Retired(PluginId("older"), Place("f", 3, 50)),
    )
