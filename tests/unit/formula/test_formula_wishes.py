"""What a wish, the catalogue and the policy become, in every form they are written in."""

from datetime import date
from pathlib import PurePosixPath

import pytest

from builder.formula import parse
from builder.model.formula import (
    Allowance,
    CatalogueWishes,
    Dependencies,
    Formula,
    Implied,
    Mode,
    Place,
    Policy,
    Wish,
)
from builder.model.plugin import Addressed, Beside, Coordinates, PluginId
from builder.version import Version

HEAD = """\
bundle: {groupId: io.example, artifactId: demo}
war: {groupId: org.jenkins-ci.main, artifactId: jenkins-war, source: {version: 2.346.3}}
"""
URL = "https://h:8443/a/git.hpi?x=1"


def read(text: str) -> Formula:
    return parse(HEAD + text, file="f", values={})


def wish(
    mode: Mode,
    version: str | None = None,
    group: str | None = None,
    origin: Coordinates | Beside | Addressed | None = None,
    url: str | None = None,
) -> Wish:
    return Wish(
        plugin=PluginId("git"),
        version=Version(version) if version else None,
        group=group,
        place=Place("f", 4, 5),
        mode=mode,
        origin=origin,
        url=url,
    )


BUILT = Coordinates("org.g", "git", Version("2.19-rc289.d09"))
SHORT = [
    ("git", wish(Mode.NEWEST)),
    ("'git:'", wish(Mode.NEWEST)),
    ("git:latest", wish(Mode.LATEST)),
    ("git:experimental", wish(Mode.EXPERIMENTAL)),
    ("git:5.10.1", wish(Mode.PINNED, "5.10.1")),
    ("git:>=5.10", wish(Mode.AT_LEAST, "5.10")),
    ("git:incrementals;org.g;2.19-rc289.d09", wish(Mode.PINNED, BUILT.version, "org.g", BUILT)),
    (f"git::{URL}", wish(Mode.PINNED, None, None, Addressed(), URL)),
    (f"git:latest:{URL}", wish(Mode.PINNED, None, None, Addressed(), URL)),
    (f"git:5.10:{URL}", wish(Mode.PINNED, "5.10", None, Addressed(), URL)),
    (f"git:>=5.10:{URL}", wish(Mode.AT_LEAST, "5.10", None, Addressed(), URL)),
    ("git::file:///srv/git.hpi", wish(Mode.PINNED, None, None, Addressed(), "file:///srv/git.hpi")),
]
BESIDE = Beside(PurePosixPath("own/git.hpi"))
MAPS = [
    ("{artifactId: git}", wish(Mode.NEWEST)),
    ("{artifactId: git, groupId: g, source: {}}", wish(Mode.NEWEST, None, "g")),
    ("{artifactId: git, source: {version: 1.20}}", wish(Mode.PINNED, "1.20")),
    ("{artifactId: git, groupId: g, source: {version: 1.20}}", wish(Mode.PINNED, "1.20", "g")),
    ("{artifactId: git, source: {version: latest}}", wish(Mode.LATEST)),
    ("{artifactId: git, source: {version: '>= 1.20'}}", wish(Mode.AT_LEAST, "1.20")),
    (
        "{artifactId: git, groupId: g, source: {version: incrementals;org.g;2.19-rc289.d09}}",
        wish(Mode.PINNED, BUILT.version, "org.g", BUILT),
    ),
    (
        f"{{artifactId: git, source: {{url: '{URL}'}}}}",
        wish(Mode.PINNED, origin=Addressed(), url=URL),
    ),
    (
        f"{{artifactId: git, source: {{version: 1.20, url: '{URL}'}}}}",
        wish(Mode.PINNED, "1.20", None, Addressed(), URL),
    ),
    ("{artifactId: git, source: {file: ./own/git.hpi}}", wish(Mode.PINNED, origin=BESIDE)),
    (
        "{artifactId: git, source: {file: own/git.hpi, version: 1.20}}",
        wish(Mode.PINNED, "1.20", None, BESIDE),
    ),
]


@pytest.mark.parametrize(("text", "expected"), SHORT + MAPS, ids=[each[0] for each in SHORT + MAPS])
def test_a_wish_is_read_in_each_of_its_forms(text: str, expected: Wish) -> None:
    assert read(f"plugins:\n  - {text}\n").plugins == (expected,)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{}", CatalogueWishes()),
        ("{mirrors: china}", CatalogueWishes(mirrors=("china",))),
        (
            "{sources: [experimental, official], mirrors: [tuna, 'https://m'], trust: ca.pem}",
            CatalogueWishes(
                sources=("experimental", "official"),
                mirrors=("tuna", "https://m"),
                trust=("ca.pem",),
            ),
        ),
        ("{sources: ./uc/a.json.xz}", CatalogueWishes(sources=("uc/a.json.xz",))),
        ("{sources: ./official}", CatalogueWishes(sources=("./official",))),
        (
            "{sources: [official, 'https://h/uc.json']}",
            CatalogueWishes(sources=("official", "https://h/uc.json")),
        ),
        (
            "{sources: 'https://h/uc.json'}",
            CatalogueWishes(sources=("https://h/uc.json",), mirrors=()),
        ),
    ],
)
def test_a_catalogue_is_read_and_its_defaults_are_public_only_for_public_sources(
    text: str, expected: CatalogueWishes
) -> None:
    assert read(f"catalogue: {text}\n").catalogue == expected


def test_a_policy_is_read() -> None:
    text = """\
policy:
  warnings: refuse
  trust: signed
  implied: skip
  dependencies: lowest
  allow:
    - {id: SECURITY-1234, until: 2027-01-31, why: no way in from outside}
    - {id: "deprecated:blueocean", why: until the new one is there}
"""
    assert read(text).policy == Policy(
        dependencies=Dependencies.LOWEST,
        implied=Implied.SKIP,
        signed_only=True,
        refuse_warnings=True,
        allow=(
            Allowance(
                id="SECURITY-1234",
                until=date(2027, 1, 31),
                why="no way in from outside",
                place=Place("f", 9, 7),
            ),
            Allowance(
                id="deprecated:blueocean",
                until=None,
                why="until the new one is there",
                place=Place("f", 10, 7),
            ),
        ),
    )


def test_what_a_policy_leaves_out_takes_its_default() -> None:
    assert read("policy: {warnings: report, trust: any, implied: install}\n").policy == Policy()
