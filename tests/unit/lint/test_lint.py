"""Each rule finds its fault, and leaves what is well alone."""

import re
from pathlib import Path, PurePosixPath

import pytest
from msgspec.structs import replace

from builder.lint import Linted, lint
from builder.model.formula import InputFile
from builder.verify.casc_files import Casc
from builder.version import Version

_PAGE = Path(__file__).parents[3] / "docs" / "lint.md"
_PLUGINS = {
    "kubernetes": "1.31.2",
    "role-strategy": "3.1",
    "ldap": "1.26",
    "credentials": "2.6.1",
}
_CLOUD = """
jenkins:
  numExecutors: 0
  clouds:
    - kubernetes:
        name: kubernetes
        jenkinsTunnel: "${TUNNEL:-agents.ns:50000}"
        templates:
          - name: base
            label: base
            nodeUsageMode: NORMAL
            containers:
              - {name: base, image: builder, command: cat, args: ""}
              - {name: jnlp, image: "jenkins/inbound-agent:4.10-2", args: "^${computer.jnlpmac}"}
          - name: child
            label: child
            inheritFrom: base
            containers: [{name: base, image: other}]
"""


def linted(*texts: str, **given: object) -> Linted:
    files = tuple(
        InputFile(path=PurePosixPath(f"casc/{number}.yaml"), content=text.encode())
        for number, text in enumerate(texts)
    )
    plugins = {name: Version(version) for name, version in _PLUGINS.items()}
    return Linted(**({"casc": Casc(files=files), "plugins": plugins} | given))  # type: ignore[arg-type]  # of the rows


def found(seen: Linted) -> list[tuple[str, str, str]]:
    return [(each.id, each.subject, each.severity.value) for each in lint(seen)]


def test_what_is_well_is_left_alone() -> None:
    assert found(linted(_CLOUD)) == []


@pytest.mark.parametrize(
    ("old", "new", "wanted"),
    [
        (
            "jenkins:\n",
            "unclassified: {kubesphereTokenAuthGlobalConfiguration: {enabled: true}}\njenkins:\n",
            ("casc-key:kubesphere-token-auth", "casc/0.yaml:2", "error"),
        ),
        (
            "  numExecutors: 0\n",
            "  securityRealm: {oic: {}}\n  numExecutors: 0\n",
            ("casc-key:oic-auth", "casc/0.yaml:3", "error"),
        ),
        (
            "name: kubernetes\n",
            "name: kubernetes\n        webSocket: true\n",
            ("websocket", "casc/0.yaml:5", "error"),
        ),
        ("agents.ns:50000", "http://agents.ns:50000", ("tunnel", "casc/0.yaml:5", "error")),
        (
            "label: child\n",
            "label: child\n            resourceRequestCpu: 1\n",
            ("renamed", "casc/0.yaml:17", "error"),
        ),
        ("^${computer", "${computer", ("agent-words", "casc/0.yaml:14", "error")),
        ("name: jnlp", "name: agent", ("agent-name", "casc/0.yaml:14", "error")),
        ("inheritFrom: base", "inheritFrom: gone", ("inherits", "casc/0.yaml:15", "error")),
        (
            "[{name: base, image: other",
            "[{name: maven, image: other",
            ("inherits", "casc/0.yaml:18", "warning"),
        ),
        (
            "label: child\n",
            "label: child\n            nodeUsageMode: NORMAL\n",
            ("mode", "casc/0.yaml:15", "warning"),
        ),
        ("numExecutors: 0", "numExecutors: 2", ("mode", "casc/0.yaml:3", "warning")),
        ("inheritFrom: base", "inheritFrom: base gone", ("inherits", "casc/0.yaml:15", "error")),
        (
            "name: kubernetes\n",
            "name: kubernetes\n        containerCap: 10\n",
            ("renamed", "casc/0.yaml:7", "error"),
        ),
        (
            "name: kubernetes\n",
            "name: kubernetes\n        labels: [{key: a, value: b}]\n",
            ("renamed", "casc/0.yaml:7", "error"),
        ),
        (
            "label: child\n",
            "label: child\n            capOnlyOnAlivePods: true\n",
            ("renamed", "casc/0.yaml:17", "error"),
        ),
        (
            "label: child\n",
            "label: child\n            idleMinutes: some\n",
            ("number", "casc/0.yaml:17", "warning"),
        ),
        ("label: child", "label: child base", ("shared-label", "casc/0.yaml:15", "note")),
        (
            "jenkins:\n",
            "unclassified: {kubesphereTokenAuthGlobalConfiguration: {enabled: true}}\njenkins:\n",
            ("token-server", "casc/0.yaml:2", "error"),
        ),
        (
            "  numExecutors: 0\n",
            "  x: {passphrase: hunter2}\n  numExecutors: 0\n",
            ("secret", "casc/0.yaml:3", "warning"),
        ),
        (
            "label: child\n",
            "nodeUsageMode: EXCLUSIVE\n",
            ("label", "casc/0.yaml:15", "warning"),
        ),
        ("name: child", "name: base", ("twice", "casc/0.yaml:15", "warning")),
        ("numExecutors: 0", "numExecutors: none", ("casc-file", "casc/0.yaml:3", "warning")),
        (
            "  numExecutors: 0\n",
            "  numExecutors: 0\n  disabledAgentProtocols: [JNLP2-connect]\n",
            ("dead", "casc/0.yaml:4", "warning"),
        ),
        (
            "  numExecutors: 0\n",
            "  securityRealm: {ldap: {managerPasswordSecret: hunter2}}\n  numExecutors: 0\n",
            ("secret", "casc/0.yaml:3", "warning"),
        ),
    ],
)
def test_each_fault_is_found_at_its_place(old: str, new: str, wanted: tuple[str, str, str]) -> None:
    assert old in _CLOUD
    assert wanted in found(linted(_CLOUD.replace(old, new, 1)))


@pytest.mark.parametrize(
    ("version", "word", "is_fault"),
    [
        ("3.1", "assignments: [admin]", False),
        ("3.1", "entries: [{user: admin}]", True),
        ("656.v1", "entries: [{user: admin}]", True),
        ("657.v398b_8a_279c49", "entries: [{user: admin}]", False),
        ("657.v398b_8a_279c49", "assignments: [admin]", True),
    ],
)
def test_roles_are_read_in_the_words_of_their_release(
    version: str, word: str, *, is_fault: bool
) -> None:
    text = f"jenkins: {{authorizationStrategy: {{roleBased: {{roles: {{global: [{{{word}}}]}}}}}}}}"
    seen = linted(text, plugins={"role-strategy": Version(version)})
    assert ("roles" in {name for name, _, _ in found(seen)}) == is_fault


def test_what_casc_is_told_to_let_pass_is_a_warning() -> None:
    relaxed = "configuration-as-code: {deprecated: warn, unknown: warn}\n"
    old = _CLOUD.replace("label: child\n", "label: child\n            command: cat\n")
    reviews = "unclassified: {kubesphereTokenAuthGlobalConfiguration: {}}\n"
    for text in (relaxed + reviews + old, reviews + old):
        severities = {severity for _, _, severity in found(linted(text))}
        assert severities == ({"warning"} if text.startswith(relaxed) else {"error"})
    realm = relaxed + "jenkins: {securityRealm: {oic: {}}}\n"
    assert {severity for _, _, severity in found(linted(realm))} == {"error"}


@pytest.mark.parametrize(
    "ways", ["inheritFrom: base other", "inheritFrom: other\n            label: a"]
)
def test_a_template_may_inherit_from_several(ways: str) -> None:
    other = (
        "          - {name: other, label: o, containers: [{name: base, image: i}]}\n"
        "          - name: child\n"
    )
    text = _CLOUD.replace("          - name: child\n", other).replace("inheritFrom: base", ways)
    text = text.replace("label: child", "idleMinutes: 0") if "label" in ways else text
    assert found(linted(text)) == []


def test_the_template_that_all_inherit_from_needs_no_label() -> None:
    bare = _CLOUD.replace("label: child", "nodeUsageMode: EXCLUSIVE")
    assert "label" in {name for name, _, _ in found(linted(bare))}
    named = bare.replace(
        "        templates:", "        defaultsProviderTemplate: child\n        templates:"
    )
    assert found(linted(named)) == []


def test_variables_have_the_values_of_the_image() -> None:
    casc = linted(_CLOUD).casc
    seen = linted(casc=replace(casc, variables={"TUNNEL": "http://a:1"}))
    assert found(seen) == [("tunnel", "casc/0.yaml:5", "error")]


@pytest.mark.parametrize(("count", "is_fault"), [(50, False), (51, True)])
def test_aliases_of_lists_and_maps_are_counted(count: int, *, is_fault: bool) -> None:
    text = "x-a: &a [1]\nx-s: &s word\nx-b: [" + "*a, " * count + "*s, *s]\n"
    assert ("aliases", "casc/0.yaml:1", "error") in found(linted(text)) or not is_fault
    assert bool(found(linted(text))) == is_fault
    casc = replace(linted(text).casc, variables={"CASC_YAML_MAX_ALIASES": "99"})
    assert found(linted(casc=casc)) == []


@pytest.mark.parametrize(
    ("version", "is_fault"), [("1.53", True), ("1346.v1", True), ("1414.v1", False)]
)
def test_a_merge_that_counts_wrongly_is_told(version: str, *, is_fault: bool) -> None:
    texts = ("jenkins: {mode: NORMAL}\n", "jenkins: {numExecutors: 0}\n")
    casc = replace(linted(*texts).casc, overrides=True)
    seen = linted(casc=casc, plugins={"configuration-as-code": Version(version)})
    assert ("merge" in {name for name, _, _ in found(seen)}) == is_fault
    assert found(replace(seen, casc=replace(casc, overrides=False))) == []


def test_a_cloud_that_two_files_give_is_doubled() -> None:
    ids = {name for name, _, _ in found(linted(_CLOUD, _CLOUD))}
    assert {"twice", "casc-file", "mode"} <= ids


def test_hooks_may_import_what_is_locked_and_what_the_core_brings() -> None:
    script = (
        "import jenkins.model.Jenkins\n"
        "import com.cloudbees.plugins.credentials.SystemCredentialsProvider\n"
        "import static hudson.plugins.sonar.SonarGlobalConfiguration.get\n"
        "import org.example.Own\n"
        "def later = load('hudson.tasks.Mailer')\n"
        "/* import org.example.Gone\n import org.example.Gone */ // import org.example.Gone\n"
        "def paths = 'a/*'; import java.util.List; import hudson.plugins.unheard.Of\n"
    )
    hook = InputFile(path=PurePosixPath("init.groovy.d/a.groovy"), content=script.encode())
    assert found(linted(hooks=(hook,))) == [
        ("hook-import:sonar", "init.groovy.d/a.groovy:3", "error"),
        ("hook-import", "init.groovy.d/a.groovy:4", "note"),
        ("hook-import", "init.groovy.d/a.groovy:8", "note"),
    ]


def test_dead_settings_of_the_image_are_found() -> None:
    option = "-Dio.jenkins.plugins.casc.ConfigurationAsCode.initialDelay=10000"
    assert found(linted(java_options=(option, "-Xmx1g"))) == [
        ("dead", "image.java.options", "warning")
    ]


def test_without_a_lock_it_says_what_was_not_looked_at() -> None:
    text = "unclassified: {mailer: {smtpHost: a}}"
    assert found(linted(text, plugins=None)) == [("no-lock", "formula", "note")]


def test_a_variable_without_a_default_is_not_looked_at() -> None:
    assert found(linted(_CLOUD.replace("${TUNNEL:-agents.ns:50000}", "${TUNNEL}"))) == []


@pytest.mark.parametrize(
    "text",
    [
        "jenkins: &a\n  clouds: *a\n",
        "jenkins: &a {clouds: *a, views: *a, jobs: *a}\n",
        "jenkins: &a [[*a]]\n",
    ],
)
def test_an_anchor_inside_itself_ends(text: str) -> None:
    assert found(linted(text)) == []


def test_every_id_of_the_page_is_some_rule_s_and_the_other_way_round() -> None:
    source = "".join(
        each.read_text() for each in (_PAGE.parents[1] / "builder" / "lint").glob("*.py")
    )
    told = set(re.findall(r"^\| `([a-z-]+)", _PAGE.read_text(), re.MULTILINE))
    made = set(re.findall(r"(?:error|warning|note|stopping)\(\s*f?\"([a-z-]+)", source))
    assert told == made
