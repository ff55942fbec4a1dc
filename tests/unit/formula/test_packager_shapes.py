"""Every key of custom-war-packager's file in every shape it has, as ``docs/packager.md`` tells."""

import re
from pathlib import Path, PurePosixPath

import pytest

from builder.errors import FormulaInvalid
from builder.formula import input_paths, parse
from builder.formula.packager import (
    BuildSettingsMap,
    BundleMap,
    CascMap,
    DockerMap,
    FolderMap,
    HookMap,
    LibraryMap,
    PluginMap,
    PluginSourceMap,
    WarMap,
    WarSourceMap,
)
from builder.formula.schema import Document
from builder.formula.shape import Map, keys
from builder.model.formula import Formula
from builder.model.plugin import Beside, Coordinates
from builder.model.war import LibraryWish, Resource, WarWishes
from builder.version import Version

WHOLE = """\
bundle: {groupId: g, artifactId: a, vendor: v, title: t, description: d}
war:
  groupId: org.jenkins-ci.main
  artifactId: jenkins-war
  source: {version: 2.346.3}
  build: {buildOriginalVersion: true, noCache: true}
plugins:
  - {groupId: g, artifactId: p, type: hpi, source: {version: 1.30}, build: {noCache: true}}
libPatches:
  - {groupId: g, artifactId: l, type: jar, source: {version: 2.80}, build: {noCache: false}}
  - {groupId: g, artifactId: m, source: {file: ./m.jar}}
libExcludes:
  - {groupId: g, artifactId: x}
  - {groupId: g, artifactId: y, source: {version: 1}}
systemProperties: {b: "true", a: 1.20, empty: ""}
groovyHooks:
  - {type: init, id: one, source: {dir: hooks}}
  - {type: boot-failure, id: two, source: {dir: ./hooks/a.groovy}}
casc:
  - {id: c, source: {dir: jenkins.yaml}}
buildSettings:
  tmpDir: tmp
  version: 1.0
  mvnSettingsFile: s.xml
  mvnOptions: [-B]
  installArtifacts: true
  updateCenterUrl: https://example.org/update-center.json
  jenkinsRepository: {id: a, url: "https://a/", incrementalsId: b, incrementalsUrl: "https://b/"}
  docker: {base: "jenkins/jenkins:2.346.3", tag: a/b, build: true, buildx: true, output: load,
    outputDir: x, customSettings: y}
"""
PACKAGER = {  # formats.md, section 7
    Document: "bundle war plugins libPatches libExcludes systemProperties groovyHooks casc "
    "buildSettings packaging",
    BundleMap: "groupId artifactId vendor title description",
    WarMap: "groupId artifactId source libraries type build",
    WarSourceMap: "version git branch commit dir",
    PluginMap: "groupId artifactId type source build",
    PluginSourceMap: "version git branch commit dir",
    LibraryMap: "groupId artifactId type source build",
    HookMap: "type id source",
    CascMap: "id source",
    FolderMap: "dir git branch commit",
    BuildSettingsMap: "tmpDir version mvnSettingsFile mvnOptions bom bomIncludeWar environmentName "
    "pom pomIgnoreRoot pomIncludeWar pomUseMavenPluginInfoProvider installArtifacts "
    "updateCenterUrl jenkinsRepository docker jenkinsfileRunner",
    DockerMap: "base tag build buildx output platform outputDir customSettings",
}
PAGE = Path(__file__).parents[3] / "docs" / "packager.md"


def read(text: str) -> Formula:
    return parse(text, file="f", values={})


@pytest.mark.parametrize("model", PACKAGER, ids=lambda model: model.__name__)
def test_every_key_is_known(model: type[Map]) -> None:
    assert set(PACKAGER[model].split()) - keys(model) == set()


def test_every_key_is_on_the_page() -> None:
    page = PAGE.read_text("utf-8")
    named = {word for text in re.findall(r"`([^`]+)`", page) for word in re.findall(r"\w+", text)}
    known = {key for text in PACKAGER.values() for key in text.split()}
    silent = {"id", "branch", "commit"}  # told with the key they stand below
    pom = {each for each in known if each.startswith("pom")}
    assert known - named - silent - pom == set()


def test_every_shape_is_read_as_it_stands() -> None:
    formula = read(WHOLE)
    assert formula.parts == WarWishes(
        properties=(("a", "1.20"), ("b", "true"), ("empty", "")),
        hooks=(
            Resource(id="one", source=PurePosixPath("hooks"), hook="init"),
            Resource(id="two", source=PurePosixPath("hooks/a.groovy"), hook="boot-failure"),
        ),
        casc=(Resource(id="c", source=PurePosixPath("jenkins.yaml")),),
        patches=(
            LibraryWish(
                group="g", artifact="l", origin=Coordinates("g", "l", Version("2.80"), "jar")
            ),
            LibraryWish(group="g", artifact="m", origin=Beside(PurePosixPath("m.jar"))),
        ),
        excludes=(LibraryWish(group="g", artifact="x"), LibraryWish(group="g", artifact="y")),
    )
    assert {"hooks", "hooks/a.groovy", "jenkins.yaml", "m.jar"} <= {
        str(each) for each in input_paths(formula)
    }
    assert [each.path for each in formula.unbuilt] == []


def test_essentials_holds_the_same() -> None:
    indented = "".join(f"    {line}\n" for line in WHOLE.splitlines())
    assert read(f"packaging:\n  config:\n{indented}").parts == read(WHOLE).parts


@pytest.mark.parametrize(
    ("old", "new", "path"),
    [
        (
            "  tmpDir: tmp",
            "  jenkinsfileRunner: {runWorkspace: /b}",
            "buildSettings.jenkinsfileRunner",
        ),
    ],
)
def test_what_is_refused_for_building_says_why(old: str, new: str, path: str) -> None:
    unbuilt = {each.path: each.wanted for each in read(WHOLE.replace(old, new, 1)).unbuilt}
    assert unbuilt[path].startswith("not yet")
    assert len(unbuilt[path]) > len("not yet;")


@pytest.mark.parametrize(
    ("old", "new", "path"),
    [
        ("source: {version: 2.346.3}", "source: {dir: x}", "war.build"),
        ("source: {version: 1.30}", "source: {git: x, commit: y}", "plugins[0].source.git"),
        ("source: {version: 2.80}", "source: {git: x}", "libPatches[0].source.git"),
        ("source: {version: 2.80}", "source: {}", "libPatches[0].source"),
        ("  tmpDir: tmp", "  pom: pom.xml", "buildSettings.pom"),
        ("{dir: hooks}", "{}", "groovyHooks[0].source"),
        ("{dir: hooks}", "{git: 'https://h/x', commit: abc}", "groovyHooks[0].source.commit"),
        ("{dir: jenkins.yaml}", "{git: 'https://h/x', branch: y}", "casc[0].source.commit"),
        ("{dir: jenkins.yaml}", "{git: x}", "casc[0].source.git"),
        ("type: jar", "type: war", "libPatches[0].type"),
        ("title: t", "titel: t", "bundle.titel"),
        ("casc:", "cacs:", "cacs"),
    ],
)
def test_what_is_refused_at_once_is_told_with_its_path(old: str, new: str, path: str) -> None:
    with pytest.raises(FormulaInvalid) as caught:
        read(WHOLE.replace(old, new, 1))
    assert path in [each.path for each in caught.value.problems]
