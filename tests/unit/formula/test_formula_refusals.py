"""Every refusal, as one change to a formula that is fine and the one problem that it brings."""

import pytest

from builder.errors import FormulaInvalid
from builder.formula import parse

GOOD = """\
bundle:
  groupId: io.example
  artifactId: demo
war:
  groupId: org.jenkins-ci.main
  artifactId: jenkins-war
  source: {version: 2.346.3}
plugins:
  - git:5.2.2
  - groupId: org.jenkins-ci.plugins
    artifactId: junit
    source: {version: 1.20}
image:
  base: {debian: bookworm}
"""

# what is wrong: the text that changes, what it becomes, the one problem
CASES = {
    "no bundle": (
        "bundle:\n  groupId: io.example\n  artifactId: demo\n",
        "",
        "1:1 bundle | nothing | this key: it is required",
    ),
    "a key of the bundle is missing": (
        "  artifactId: demo\n",
        "",
        "2:3 bundle.artifactId | nothing | this key: it is required",
    ),
    "no war": (
        "war:\n  groupId: org.jenkins-ci.main\n  artifactId: jenkins-war\n  source: {version: 2.346.3}\n",
        "",
        "1:1 war | nothing | this key: it is required",
    ),
    "the version of the WAR is missing": (
        "{version: 2.346.3}",
        "{}",
        "7:11 war.source.version | nothing | this key: it is required",
    ),
    "the version of a plugin is missing": (
        "{version: 1.20}",
        "{}",
        "12:13 plugins[1].source.version | nothing | this key: it is required",
    ),
    "no image": (
        "image:\n  base: {debian: bookworm}\n",
        "",
        "1:1 image | nothing | not yet without one: image: {base: {debian: bookworm, packages: [...]}}",
    ),
    "no base": (
        "base: {debian: bookworm}",
        "layout: ref",
        "14:3 image.base | nothing | not yet without one: image: {base: {debian: bookworm, packages: [...]}}",
    ),
    "a base without a suite": (
        "{debian: bookworm}",
        "{packages: [tini]}",
        "14:9 image.base.debian | nothing | not yet without one: image: {base: {debian: bookworm, packages: [...]}}",
    ),
    "not YAML": (
        "bundle:\n  groupId: io.example",
        "bundle: [\n  groupId: io.example",
        "3:13  | expected ',' or ']', but got ':', while parsing a flow sequence | YAML",
    ),
    "a tab": (
        "  artifactId: demo",
        "\tartifactId: demo",
        "3:1  | a tab | blanks: YAML forbids tabs before the text of a line",
    ),
    "a character that YAML has not": (
        "demo",
        "de\u0007mo",
        "3:17  | the character U+0007 | characters that YAML allows",
    ),
    "nothing at all": (
        GOOD,
        "# nothing\n",
        "1:1  | nothing | a formula: a map with bundle, war and image",
    ),
    "a word instead of a map": (GOOD, "formula\n", "1:1  | formula | a map"),
    "two documents": (
        "war:\n  groupId",
        "---\nwar:\n  groupId",
        "4:1  | a second document | one document a file",
    ),
    "a key twice": (
        "  artifactId: demo",
        "  artifactId: demo\n  groupId: org.example",
        '4:3  | "groupId" a second time | each key once; the first stands at f:2:3',
    ),
    "a merge key": (
        "bundle:\n",
        "bundle:\n  <<: {}\n",
        "2:3  | << | the keys themselves: merge keys are not read",
    ),
    "a tag": (
        "io.example",
        "!!binary io.example",
        "2:12  | the tag tag:yaml.org,2002:binary | no tags",
    ),
    "an alias of nothing": (
        "io.example",
        "*name",
        "2:12  | *name | an anchor &name whose text has ended before",
    ),
    "a list as a key": (
        "bundle:\n",
        "? [a]\n: b\nbundle:\n",
        "1:3  | a list or map as a key | a key that is text",
    ),
    "a key unknown at the top": (
        "plugins:",
        "plugin:",
        '8:1 plugin | plugin | a known key; did you mean the key "plugins"?',
    ),
    "a key unknown and near none": (
        "image:\n",
        "zebra: 1\nimage:\n",
        "13:1 zebra | zebra | one of buildSettings, bundle, casc, catalogue, groovyHooks, image, libExcludes, libPatches, packaging, plugins, pluginsFile, policy, repositories, systemProperties, verify, war",
    ),
    "a key unknown in bundle": (
        "  artifactId: demo\n",
        "  artifactId: demo\n  titel: Demo\n",
        '4:3 bundle.titel | titel | a known key; did you mean the key "title"?',
    ),
    "a key unknown in war": (
        "  groupId: org.jenkins-ci.main\n",
        "  groupId: org.jenkins-ci.main\n  sources: {}\n",
        '6:3 war.sources | sources | a known key; did you mean the key "source"?',
    ),
    "a key unknown in a source of the WAR": (
        "{version: 2.346.3}",
        "{version: 2.346.3, versions: 1}",
        '7:30 war.source.versions | versions | a known key; did you mean the key "version"?',
    ),
    "a key unknown in a plugin": (
        "    artifactId: junit\n",
        "    artifactId: junit\n    artefactId: junit\n",
        '12:5 plugins[1].artefactId | artefactId | a known key; did you mean the key "artifactId"?',
    ),
    "a key unknown in a source of a plugin": (
        "{version: 1.20}",
        "{version: 1.20, Version: 1}",
        '12:29 plugins[1].source.Version | Version | a known key; did you mean the key "version"?',
    ),
    "a key unknown in image": (
        "image:\n",
        "image:\n  layot: ref\n",
        '14:3 image.layot | layot | a known key; did you mean the key "layout"?',
    ),
    "a key unknown in base": (
        "{debian: bookworm}",
        "{debian: bookworm, package: []}",
        '14:28 image.base.package | package | a known key; did you mean the key "packages"?',
    ),
    "a key unknown in java": (
        "image:\n",
        "image:\n  java: {option: []}\n",
        '14:10 image.java.option | option | a known key; did you mean the key "options"?',
    ),
    "a key unknown in a file": (
        "image:\n",
        "image:\n  files: [{from: a, to: /b, two: /c}]\n",
        '14:29 image.files[0].two | two | a known key; did you mean the key "to"?',
    ),
    "a key unknown in a repository": (
        "image:\n",
        "repositories: [{id: a, url: 'file:///b', urls: c}]\nimage:\n",
        '13:42 repositories[0].urls | urls | a known key; did you mean the key "url"?',
    ),
    "a key unknown in verify": (
        "image:\n",
        "verify: {memroy: 2g}\nimage:\n",
        '13:10 verify.memroy | memroy | a known key; did you mean the key "memory"?',
    ),
    "a key unknown in buildSettings": (
        "image:\n",
        "buildSettings: {dokcer: {}}\nimage:\n",
        '13:17 buildSettings.dokcer | dokcer | a known key; did you mean the key "docker"?',
    ),
    "a word where a map belongs": (
        "{version: 2.346.3}",
        "2.346.3",
        "7:11 war.source | 2.346.3 | a map",
    ),
    "a list where text belongs": (
        "groupId: io.example",
        "groupId: [io.example]",
        "2:3 bundle.groupId | a list | text",
    ),
    "a map where a list belongs": (
        "image:\n",
        "repositories: {id: a}\nimage:\n",
        "13:1 repositories | a map | a list",
    ),
    "a list where a plugin belongs": (
        "git:5.2.2",
        "[git]",
        "9:5 plugins[0] | a list | text such as git:5.2.2, or a map",
    ),
    "nothing where a plugin belongs": (
        "- git:5.2.2",
        "-",
        "9:4 plugins[0] | nothing | a plugin id: letters, digits, dots, dashes and underscores",
    ),
    "a list where a map of variables belongs": (
        "image:\n",
        "image:\n  env: [A=1]\n",
        "14:3 image.env | a list | a map",
    ),
    "a blank after the colon of a plugin": (
        "git:5.2.2",
        "git: 5.2.2",
        "9:5 plugins[0] | a map | text such as git:5.2.2, with no blank after the colon",
    ),
    "a plugin id with a blank": (
        "git:5.2.2",
        "git client:5.2.2",
        "9:5 plugins[0] | git client:5.2.2 | a plugin id: letters, digits, dots, dashes and underscores",
    ),
    "a colon and no version": (
        "git:5.2.2",
        "'git:'",
        "9:5 plugins[0] | git: | a version, such as 1.20 or 1143.vb_e8b_b_ceee347",
    ),
    "a version with a blank": (
        "git:5.2.2",
        "git:5.2 2",
        "9:5 plugins[0] | git:5.2 2 | a version, such as 1.20 or 1143.vb_e8b_b_ceee347",
    ),
    "a version with quotes": (
        "git:5.2.2",
        "git:'5.2.2'",
        "9:5 plugins[0] | git:'5.2.2' | a version, such as 1.20 or 1143.vb_e8b_b_ceee347",
    ),
    "a version with a slash": (
        "{version: 1.20}",
        "{version: ../1.20}",
        "12:23 plugins[1].source.version | ../1.20 | a version, such as 1.20 or 1143.vb_e8b_b_ceee347",
    ),
    "a version with two dots": (
        "{version: 1.20}",
        "{version: 1..20}",
        "12:23 plugins[1].source.version | 1..20 | a version, such as 1.20 or 1143.vb_e8b_b_ceee347",
    ),
    "an empty version": (
        "{version: 1.20}",
        "{version: ''}",
        "12:23 plugins[1].source.version | nothing | a version, such as 1.20 or 1143.vb_e8b_b_ceee347",
    ),
    "a plugin with two versions": (
        "    artifactId: junit",
        "    artifactId: git",
        "11:17 plugins[1] | git with 1.20 | one version of each; at f:9:5 it stands with 5.2.2",
    ),
    "a plugin twice": (
        "  - groupId",
        "  - git:5.2.2\n  - groupId",
        "10:5 plugins[1] | git a second time | each once; the first stands at f:9:5",
    ),
    "a plugin with a version and without": (
        "  - groupId",
        "  - git\n  - groupId",
        "10:5 plugins[1] | git with no version | one version of each; at f:9:5 it stands with 5.2.2",
    ),
    "a repository twice": (
        "image:\n",
        "repositories: [{id: a, url: 'file:///b'}, {id: a, url: 'file:///c'}]\nimage:\n",
        "13:48 repositories[1] | a a second time | each once; the first stands at f:13:21",
    ),
    "a target twice": (
        "image:\n",
        "image:\n  files: [{from: a, to: /c}, {from: b, to: /c}]\n",
        "14:44 image.files[1] | /c a second time | each once; the first stands at f:14:25",
    ),
    "a path that leaves the folder": (
        "image:\n",
        "image:\n  files: [{from: ca/../../key, to: /b}]\n",
        "14:18 image.files[0].from | ca/../../key | a path below the formula's folder, without ..",
    ),
    "an absolute path on this machine": (
        "image:\n",
        "image:\n  files: [{from: /etc/passwd, to: /b}]\n",
        "14:18 image.files[0].from | /etc/passwd | a path below the formula's folder, without ..",
    ),
    "the folder itself": (
        "image:\n",
        "image:\n  files: [{from: ., to: /b}]\n",
        "14:18 image.files[0].from | . | a path below the formula's folder, without ..",
    ),
    "a target that is relative": (
        "image:\n",
        "image:\n  files: [{from: a, to: b}]\n",
        "14:25 image.files[0].to | b | an absolute path below /, without .., . or // and no / at its end",
    ),
    "a target that is not normal": (
        "image:\n",
        "image:\n  files: [{from: a, to: /b/../c}]\n",
        "14:25 image.files[0].to | /b/../c | an absolute path below /, without .., . or // and no / at its end",
    ),
    "a target that is the root": (
        "image:\n",
        "image:\n  files: [{from: a, to: /}]\n",
        "14:25 image.files[0].to | / | an absolute path below /, without .., . or // and no / at its end",
    ),
    "a URL of another kind": (
        "image:\n",
        "repositories: [{id: a, url: 'ftp://b/c'}]\nimage:\n",
        "13:29 repositories[0].url | ftp://b/c | a URL such as https://host/path or file:///path; user, password and query belong into Maven's settings.xml",
    ),
    "a URL with a password": (
        "image:\n",
        "repositories: [{id: a, url: 'https://me:secret@b/c?token=d'}]\nimage:\n",
        "13:29 repositories[0].url | https://***@b/c?*** | a URL such as https://host/path or file:///path; user, password and query belong into Maven's settings.xml",
    ),
    "a mirror that is no URL": (
        "{debian: bookworm}",
        "{debian: bookworm, mirror: tuna}",
        "14:36 image.base.mirror | tuna | a URL such as https://host/path or file:///path; user, password and query belong into Maven's settings.xml",
    ),
    "a suite that is none": (
        "{debian: bookworm}",
        "{debian: ../sid}",
        "14:18 image.base.debian | ../sid | a Debian suite, such as bookworm or sid",
    ),
    "a package that is none": (
        "{debian: bookworm}",
        "{debian: bookworm, packages: [-y, tini]}",
        "14:39 image.base.packages[0] | -y | the name of a Debian package, such as openjdk-17-jre-headless",
    ),
    "a layout that is none": (
        "image:\n",
        "image:\n  layout: home\n",
        "14:11 image.layout | home | ref or war",
    ),
    "a variable with a dash": (
        "image:\n",
        "image:\n  env: {A-B: c}\n",
        "14:9 image.env.A-B | A-B | the name of a variable: letters, digits and underscores",
    ),
    "a value of two lines": (
        "image:\n",
        'image:\n  env: {A: "b\\nc"}\n',
        "14:12 image.env.A | b\\nc | one line of text, or none",
    ),
    "half a character": (
        "image:\n",
        'image:\n  env: {A: "\\uD800"}\n',
        "14:12  | half a character | whole characters, no surrogates",
    ),
    "a Java option without a dash": (
        "image:\n",
        "image:\n  java: {options: [Main]}\n",
        "14:20 image.java.options[0] | Main | an option that begins with a dash, such as -XX:MaxRAMPercentage=70",
    ),
    "a tag with capitals": (
        "image:\n",
        "image:\n  tags: [KS/Jenkins]\n",
        "14:10 image.tags[0] | KS/Jenkins | an image reference, such as kubesphere/ks-jenkins:v1",
    ),
    "memory without a number": (
        "image:\n",
        "verify: {memory: much}\nimage:\n",
        "13:18 verify.memory | much | an amount of memory, such as 512m or 2g",
    ),
    "no time at all": (
        "image:\n",
        "verify: {timeout: 0}\nimage:\n",
        "13:19 verify.timeout | 0 | a whole number of seconds above 0",
    ),
    "time with a fraction": (
        "image:\n",
        "verify: {timeout: 1.5}\nimage:\n",
        "13:19 verify.timeout | 1.5 | a whole number of seconds above 0",
    ),
    "a value not given": ("io.example", "{{.group}}", '2:12  | {{.group}} | a value for "group"'),
    "a placeholder of another kind": (
        "io.example",
        "{{if .group}}",
        '2:12  | {{if .group}} | a placeholder such as {{.name}} or {{default "x" .name}}',
    ),
    "a placeholder that never ends": (
        "io.example",
        "{{.group",
        '2:12  | {{ | a placeholder such as {{.name}} or {{default "x" .name}}',
    ),
}

# what is given besides: the values, the problems
VALUES = {
    "a value not given with a near one": (
        {"gruop": "a"},
        [
            '1:1  | a value for "gruop" | values only for placeholders of the formula; did you mean the placeholder "group"?',
            '2:12  | {{.group}} | a value for "group"; did you mean the value given as "gruop"?',
        ],
    ),
    "a value that nothing asks for": (
        {"group": "a", "other": "b"},
        ['1:1  | a value for "other" | values only for placeholders of the formula'],
    ),
    "a value of two lines for a placeholder": (
        {"group": "a\nb: c"},
        ['2:12  | {{.group}} | a value for "group" that is one line'],
    ),
}


def told(text: str, **values: str) -> list[str]:
    """Spell the problems of a text as ``line:column path | found | wanted``."""
    with pytest.raises(FormulaInvalid) as caught:
        parse(text, file="f", values=values)
    return [
        f"{str(each.place).removeprefix('f:')} {each.path} | {each.found} | {each.wanted}"
        for each in caught.value.problems
    ]


def test_what_every_case_changes_is_fine_as_it_is() -> None:
    assert parse(GOOD, file="f", values={}).war.version == "2.346.3"


@pytest.mark.parametrize("name", CASES)
def test_what_is_wrong_is_told_with_its_place(name: str) -> None:
    old, new, problem = CASES[name]
    changed = GOOD.replace(old, new, 1)
    assert changed != GOOD
    assert told(changed) == [problem]


@pytest.mark.parametrize("name", VALUES)
def test_a_value_that_does_not_fit_is_told_with_its_place(name: str) -> None:
    values, problems = VALUES[name]
    assert told(GOOD.replace("io.example", "{{.group}}"), **values) == problems


LATER = [
    # where, the text that changes, what it becomes
    ("pluginsFile", "image:\n", "pluginsFile: plugins.txt\nimage:\n"),
    ("catalogue", "image:\n", "catalogue: {sources: [official]}\nimage:\n"),
    ("policy", "image:\n", "policy: {}\nimage:\n"),
    ("systemProperties", "image:\n", "systemProperties: {a: b}\nimage:\n"),
    ("groovyHooks", "image:\n", "groovyHooks: []\nimage:\n"),
    ("casc", "image:\n", "casc: []\nimage:\n"),
    ("libPatches", "image:\n", "libPatches: []\nimage:\n"),
    ("libExcludes", "image:\n", "libExcludes: []\nimage:\n"),
    ("packaging", "image:\n", "packaging: {}\nimage:\n"),
    ("buildSettings.tmpDir", "image:\n", "buildSettings: {tmpDir: x}\nimage:\n"),
    ("buildSettings.version", "image:\n", "buildSettings: {version: x}\nimage:\n"),
    ("buildSettings.mvnSettingsFile", "image:\n", "buildSettings: {mvnSettingsFile: x}\nimage:\n"),
    ("buildSettings.mvnOptions", "image:\n", "buildSettings: {mvnOptions: x}\nimage:\n"),
    ("buildSettings.bom", "image:\n", "buildSettings: {bom: x}\nimage:\n"),
    ("buildSettings.bomIncludeWar", "image:\n", "buildSettings: {bomIncludeWar: x}\nimage:\n"),
    ("buildSettings.environmentName", "image:\n", "buildSettings: {environmentName: x}\nimage:\n"),
    ("buildSettings.environment", "image:\n", "buildSettings: {environment: x}\nimage:\n"),
    ("buildSettings.pom", "image:\n", "buildSettings: {pom: x}\nimage:\n"),
    ("buildSettings.pomIgnoreRoot", "image:\n", "buildSettings: {pomIgnoreRoot: x}\nimage:\n"),
    ("buildSettings.pomIncludeWar", "image:\n", "buildSettings: {pomIncludeWar: x}\nimage:\n"),
    (
        "buildSettings.pomUseMavenPluginInfoProvider",
        "image:\n",
        "buildSettings: {pomUseMavenPluginInfoProvider: x}\nimage:\n",
    ),
    (
        "buildSettings.installArtifacts",
        "image:\n",
        "buildSettings: {installArtifacts: x}\nimage:\n",
    ),
    ("buildSettings.updateCenterUrl", "image:\n", "buildSettings: {updateCenterUrl: x}\nimage:\n"),
    (
        "buildSettings.jenkinsRepository",
        "image:\n",
        "buildSettings: {jenkinsRepository: x}\nimage:\n",
    ),
    ("buildSettings.docker", "image:\n", "buildSettings: {docker: x}\nimage:\n"),
    (
        "buildSettings.jenkinsfileRunner",
        "image:\n",
        "buildSettings: {jenkinsfileRunner: x}\nimage:\n",
    ),
    ("war.source.git", "{version: 2.346.3}", "{git: x}"),
    ("war.source.dir", "{version: 2.346.3}", "{dir: x}"),
    ("war.source.file", "{version: 2.346.3}", "{file: x}"),
    ("plugins[1].source.git", "{version: 1.20}", "{git: x}"),
    ("plugins[1].source.dir", "{version: 1.20}", "{dir: x}"),
    ("plugins[1].source.url", "{version: 1.20}", "{url: x}"),
    (
        "war.libraries",
        "  groupId: org.jenkins-ci.main\n",
        "  groupId: org.jenkins-ci.main\n  libraries: x\n",
    ),
    (
        "war.build",
        "  groupId: org.jenkins-ci.main\n",
        "  groupId: org.jenkins-ci.main\n  build: x\n",
    ),
    ("war.type", "  groupId: org.jenkins-ci.main\n", "  groupId: org.jenkins-ci.main\n  type: x\n"),
    ("plugins[1].build", "    artifactId: junit\n", "    artifactId: junit\n    build: {}\n"),
    ("plugins[1].type", "    artifactId: junit\n", "    artifactId: junit\n    type: {}\n"),
    ("image.base.registry", "{debian: bookworm}", "{registry: x}"),
    ("image.base.oci", "{debian: bookworm}", "{oci: x}"),
    ("image.base.archive", "{debian: bookworm}", "{archive: x}"),
    ("image.base.docker", "{debian: bookworm}", "{docker: x}"),
    ("image.retired", "image:\n", "image:\n  retired: [a]\n"),
    ("image.platforms", "image:\n", "image:\n  platforms: [a]\n"),
    ("verify.overlay", "image:\n", "verify: {overlay: x}\nimage:\n"),
    ("verify.checks", "image:\n", "verify: {checks: x}\nimage:\n"),
    ("plugins[0]", "git:5.2.2", "git:latest"),
    ("plugins[1].source.version", "1.20", "latest"),
    ("plugins[0]", "git:5.2.2", "git:experimental"),
    ("plugins[1].source.version", "1.20", "experimental"),
    ("plugins[0]", "git:5.2.2", "git:incrementals;org.g;2.19-rc289.d09"),
    ("plugins[1].source.version", "1.20", "incrementals;org.g;2.19-rc289.d09"),
    ("plugins[0]", "git:5.2.2", "git::https://h/git.hpi"),
    ("plugins[0]", "git:5.2.2", "git:5.2.2:https://h/git.hpi"),
    ("plugins[0]", "git:5.2.2", "git:https://h/git.hpi"),
]


@pytest.mark.parametrize(("path", "old", "new"), LATER)
def test_what_comes_later_is_refused_as_not_yet(path: str, old: str, new: str) -> None:
    (problem,) = told(GOOD.replace(old, new, 1))
    where, _, wanted = problem.split(" | ")
    assert where.split(" ")[1] == path
    assert wanted.startswith("not yet")
