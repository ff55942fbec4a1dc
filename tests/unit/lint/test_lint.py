"""Each rule finds its fault, and leaves what is well alone."""

import re
from pathlib import Path, PurePosixPath

import pytest

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
    )
    hook = InputFile(path=PurePosixPath("init.groovy.d/a.groovy"), content=script.encode())
    assert found(linted(hooks=(hook,))) == [
        ("hook-import:sonar", "init.groovy.d/a.groovy:3", "error"),
        ("hook-import", "init.groovy.d/a.groovy:4", "note"),
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
    made = set(re.findall(r"(?:error|warning|note)\(\s*f?\"([a-z-]+)", source))
    assert told == made
