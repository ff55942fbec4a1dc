"""What a bill of materials says, and that the schema of CycloneDX takes it."""

import json
from pathlib import Path, PurePosixPath

import pytest
from msgspec.structs import replace

from builder.model.controller import Family
from builder.model.lock import Package, Pin, PinKind, Reason
from builder.model.plugin import Beside, Coordinates, Dependency, DependencyKind, PluginId
from builder.model.stated import Stated, StatedLicence
from builder.version import Version
from tests.fakes.bills import LOCK_DIGEST, bill, needs_of, parts_of, properties_of, schema_fault
from tests.fakes.samples import LOCK, sample_pin

_GOLDEN = Path(__file__).parents[2] / "golden" / "sboms"
_FROM_SITE = PurePosixPath("plugins/git/1.9/git.hpi")
_STATED = Stated(
    group="org.jenkins-ci.plugins",
    licences=(
        StatedLicence(name="MIT License", url="https://opensource.org/licenses/MIT"),
        StatedLicence(name="House rules"),
    ),
)


def _edge(name: str, kind: DependencyKind) -> Dependency:
    return Dependency(plugin=PluginId(name), minimum=Version("1"), kind=kind)


def _asked(by: str) -> Reason:
    return Reason(demander=PluginId(by), minimum=None, kind=DependencyKind.REQUIRED)


def _lock_of(*pins: Pin) -> bytes:
    return bill(replace(LOCK, plugins=pins))


def test_the_document_stands_alone_and_tells_no_time() -> None:
    document = json.loads(bill(LOCK))
    assert document["specVersion"] == "1.6"
    assert document["serialNumber"] == "urn:uuid:82ed6cf7-2547-5198-b924-770da232e58c"
    assert document["metadata"] == {
        "component": {
            "bom-ref": "image",
            "description": "A sample",
            "group": "org.example",
            "name": "sample",
            "type": "container",
            "version": "1.0",
        },
        "properties": [
            {"name": "jbuild:lock:fingerprint", "value": str(LOCK.fingerprint)},
            {"name": "jbuild:lock:sha256", "value": LOCK_DIGEST.hex},
        ],
        "tools": {"components": [{"name": "jbuild", "type": "application", "version": "1.2.3"}]},
    }


def test_a_core_has_its_coordinates() -> None:
    assert parts_of(bill(LOCK))["core"] == {
        "bom-ref": "core",
        "type": "application",
        "group": "org.example",
        "name": "controller",
        "version": "3.3.2",
        "purl": "pkg:maven/org.example/controller@3.3.2?type=war",
        "hashes": [{"alg": "SHA-256", "content": LOCK.core.digest.hex}],
        "properties": [
            {"name": "jbuild:family", "value": "hudson"},
            {"name": "jbuild:kind", "value": "core"},
            {"name": "jbuild:trust", "value": "first-use"},
        ],
    }


def test_a_core_of_an_update_site_is_jenkins_own() -> None:
    site = PurePosixPath("war-stable/2.346.3/jenkins.war")
    pin = replace(LOCK.core, family=Family.JENKINS, version=Version("2.346.3"), origin=site)
    core = parts_of(bill(replace(LOCK, core=pin)))["core"]
    assert core["purl"] == "pkg:maven/org.jenkins-ci.main/jenkins-war@2.346.3?type=war"


def test_a_core_from_anywhere_else_is_nobody_s() -> None:
    pin = replace(LOCK.core, origin=Beside(PurePosixPath("own.war")))
    core = parts_of(bill(replace(LOCK, core=pin)))["core"]
    assert (core["name"], "purl" in core, "group" in core) == ("hudson", False, False)


def test_a_plugin_of_maven_is_told_by_its_coordinates_and_its_id() -> None:
    artifact = Coordinates("org.example", "git-plugin", Version("1.9"))
    pin = replace(sample_pin("git", "1.9"), origin=artifact)
    part = parts_of(bill(replace(LOCK, plugins=(pin,)), {pin.digest: _STATED}))["plugin:git"]
    assert part["purl"] == "pkg:maven/org.example/git-plugin@1.9?type=hpi"
    assert ("jenkins:plugin:id", "git") in properties_of(part)


def test_a_plugin_of_an_update_site_takes_the_group_that_it_states() -> None:
    pin = replace(sample_pin("git", "1.9"), origin=_FROM_SITE)
    part = parts_of(bill(replace(LOCK, plugins=(pin,)), {pin.digest: _STATED}))["plugin:git"]
    assert part["purl"] == "pkg:maven/org.jenkins-ci.plugins/git@1.9?type=hpi"
    assert part["licenses"] == [
        {
            "license": {
                "acknowledgement": "declared",
                "id": "MIT",
                "url": "https://opensource.org/licenses/MIT",
            }
        },
        {"license": {"acknowledgement": "declared", "name": "House rules"}},
    ]


def test_a_plugin_whose_group_nobody_states_has_no_package_url() -> None:
    part = parts_of(_lock_of(replace(sample_pin("git", "1.9"), origin=_FROM_SITE)))["plugin:git"]
    assert (part["name"], "purl" in part, "licenses" in part) == ("git", False, False)


def test_a_plugin_says_why_it_is_there() -> None:
    pin = replace(
        sample_pin("scm", "1", PinKind.REQUIRED),
        why=(_asked("svn"), _asked("git"), _asked("git")),
        required_core=Version("2.300"),
    )
    assert properties_of(parts_of(_lock_of(pin))["plugin:scm"]) == [
        ("jbuild:kind", "required"),
        ("jbuild:required-by", "git"),
        ("jbuild:required-by", "svn"),
        ("jbuild:required-core", "2.300"),
        ("jbuild:trust", "first-use"),
        ("jenkins:plugin:id", "scm"),
    ]


def test_a_base_and_its_packages_are_there_for_each_platform() -> None:
    amd64 = replace(LOCK.bases[0], packages=(Package(name="libstdc++6", version="1:2~3+b1"),))
    parts = parts_of(bill(replace(LOCK, bases=(amd64, replace(amd64, platform="linux/arm/v7")))))
    assert parts["base:linux/amd64"]["version"] == "sid"
    assert [parts[f"deb:linux/{each}:libstdc++6"]["purl"] for each in ("amd64", "arm/v7")] == [
        "pkg:deb/debian/libstdc%2B%2B6@1:2~3%2Bb1?arch=amd64&distro=sid",
        "pkg:deb/debian/libstdc%2B%2B6@1:2~3%2Bb1?arch=armhf&distro=sid",
    ]


def test_the_graph_is_that_of_the_lock() -> None:
    git = replace(
        sample_pin("git", "1"),
        dependencies=(
            _edge("scm", DependencyKind.REQUIRED),
            _edge("mailer", DependencyKind.OPTIONAL),
            _edge("absent", DependencyKind.OPTIONAL),
        ),
    )
    mailer = sample_pin("mailer", "1")
    scm = replace(sample_pin("scm", "1", PinKind.REQUIRED), why=(_asked("git"),))
    assert needs_of(_lock_of(git, mailer, scm)) == {
        "image": ["base:linux/amd64", "core", "plugin:git", "plugin:mailer"],
        "core": [],
        "plugin:git": ["plugin:mailer", "plugin:scm"],
        "plugin:mailer": [],
        "plugin:scm": [],
        "base:linux/amd64": ["deb:linux/amd64:tini"],
        "deb:linux/amd64:tini": [],
    }


def test_the_schema_takes_the_document_and_refuses_a_broken_one() -> None:
    content = bill(LOCK, {LOCK.core.digest: _STATED, LOCK.plugins[0].digest: _STATED})
    assert schema_fault(content) is None
    for good, bad in (
        (b'"application"', b'"program"'),
        (b'"SHA-256"', b'"SHA-255"'),
        (LOCK.core.digest.hex.encode(), b"xyz"),
        (b'"id": "MIT"', b'"id": "MIT License"'),
        (b"urn:uuid:", b"urn:uid:"),
    ):
        assert good in content
        assert schema_fault(content.replace(good, bad)), (good, bad)


def test_no_part_is_called_like_another() -> None:
    document = json.loads(_lock_of(sample_pin("core", "1"), sample_pin("image", "1")))
    names = [each["bom-ref"] for each in document["components"]]
    assert sorted(names) == sorted({*names})
    assert "image" not in names


@pytest.mark.parametrize("version", ["1.9", "1.9-h-1", "5.2.2_rc+1"])
def test_a_version_is_escaped_in_an_address_alone(version: str) -> None:
    part = parts_of(_lock_of(sample_pin("git", version)))["plugin:git"]
    assert part["version"] == version
    assert str(part["purl"]).endswith(f"@{version.replace('+', '%2B')}?type=hpi")


def test_the_layout_of_the_document_stays_as_it_is() -> None:
    stated = {LOCK.core.digest: _STATED, LOCK.plugins[0].digest: _STATED}
    assert bill(LOCK, stated) == (_GOLDEN / "small.cdx.json").read_bytes()
