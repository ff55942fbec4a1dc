"""CasC of the trial over that of the image: one document, and what counts as in force."""

from pathlib import PurePosixPath

import yaml
from msgspec.structs import replace

from builder.model.formula import Formula, InputFile, Overlay, Place
from builder.verify.casc_files import casc
from builder.verify.overlay import overlaid
from tests.fakes.samples import FORMULA

BASE = """\
jenkins:
  mode: EXCLUSIVE
  numExecutors: yes
  securityRealm: {ldap: {configurations: [{server: ldap.example.org}]}}
  clouds: [{kubernetes: {name: one}}]
unclassified: {location: {url: "http://x/"}}
"""
SECOND = "jenkins: {clouds: [{kubernetes: {name: two}}]}"
REALM = """\
Jenkins:
  securityrealm: {local: {users: [{id: "${JBUILD_VERIFY_USER}"}]}}
security: {apiToken: {usageStatisticsEnabled: false}}
"""


def formula(overlay: str | None, *casc: str) -> Formula:
    inputs = tuple(
        InputFile(path=PurePosixPath(f"casc/{number}.yaml"), content=text.encode())
        for number, text in enumerate(casc)
    )
    place = Place("formula.yaml", 1, 1)
    wished = Overlay(path=PurePosixPath("o.yaml"), place=place, content=(overlay or "").encode())
    trial = replace(FORMULA.trial, overlay=wished if overlay is not None else None)
    return replace(FORMULA, inputs=inputs, trial=trial)


def test_without_an_overlay_the_image_says_what_it_boots_with() -> None:
    assert overlaid(formula(None, BASE)) is None


def test_an_attribute_of_the_overlay_replaces_the_whole_one_whatever_its_case() -> None:
    document = overlaid(formula(REALM, BASE))
    assert document is not None
    said = yaml.load(document, Loader=yaml.BaseLoader)  # noqa: S506  # text as it stands
    assert said == {
        "Jenkins": {
            "mode": "EXCLUSIVE",
            "numExecutors": "yes",
            "securityrealm": {"local": {"users": [{"id": "${JBUILD_VERIFY_USER}"}]}},
            "clouds": [{"kubernetes": {"name": "one"}}],
        },
        "unclassified": {"location": {"url": "http://x/"}},
        "security": {"apiToken": {"usageStatisticsEnabled": "false"}},
    }


def test_the_image_s_own_files_are_joined_as_casc_joins_them() -> None:
    document = overlaid(formula("{}", BASE, SECOND))
    assert document is not None
    clouds = yaml.safe_load(document)["jenkins"]["clouds"]
    assert [each["kubernetes"]["name"] for each in clouds] == ["one", "two"]


def test_an_overlay_alone_is_a_document_too() -> None:
    assert overlaid(formula("jenkins: {mode: NORMAL}")) == b"jenkins: {mode: NORMAL}\n"


def test_what_it_replaces_is_not_in_force_and_what_it_says_is() -> None:
    read = casc(formula(REALM, BASE))
    paths = [each.path for each in read.in_force]
    assert "jenkins.securityrealm.ldap.configurations" not in paths
    assert "jenkins.securityrealm.local.users" in paths
    assert "jenkins.mode" in paths
    assert "jenkins.securityrealm.local.users" not in [each.path for each in read.entries]
    assert casc(formula(None, BASE)).in_force == casc(formula(None, BASE)).entries
