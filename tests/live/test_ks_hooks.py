"""The hooks of ks-jenkins on the quickstart's controller, as far as its classes go."""

import os
import shutil
from collections.abc import Iterator

import pytest

from tests.live.conftest import ROOT, Quickstart, jbuild, remove_image
from tests.support.containers import booted, log_of, said, volume

pytestmark = [
    pytest.mark.docker,
    pytest.mark.network,
    pytest.mark.slow,
    pytest.mark.usefixtures("socket_enabled"),
]

_PASSWORD = "never-told-1"  # noqa: S105  # of the test's own controller
_ADMIN = {"ADMIN_USER": "first", "ADMIN_PASSWORD": _PASSWORD}

_ACCOUNT = "/var/jenkins_home/users/first/config.xml"
_FILES = f"""\
cd /var/jenkins_home && mkdir given && echo second > given/ADMIN_USER
echo {_PASSWORD} > given/ADMIN_PASSWORD && echo {_PASSWORD} > given/SONAR_AUTH_TOKEN
"""
_REALM = """\
if (System.getenv('REALM')) {
    hudson.model.Hudson.instance.securityRealm = new hudson.security.LegacySecurityRealm()
}
"""


@pytest.fixture(scope="module")
def hooked(quickstart: Quickstart, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Build the quickstart with the hooks of ks-jenkins."""
    folder = tmp_path_factory.mktemp("hooks") / "formula"
    shutil.copytree(quickstart.folder, folder)
    for each in (ROOT / "init.groovy.d").glob("*.groovy"):
        shutil.copy(each, folder / "init.groovy.d")
    (folder / "init.groovy.d/00-realm.groovy").write_text(_REALM)
    version = f"version=hooks-{os.getpid()}"
    done = jbuild("image", "--set", version, "--print", "ref", folder=folder)  # and verified
    assert done.code == 0, done.stderr
    yield done.stdout.strip()
    remove_image(done.stdout.strip())


def _told(log: str, name: str) -> str:
    (line,) = (each for each in log.splitlines() if f"jbuild-init {name} " in each)
    return line.partition(f"jbuild-init {name} ")[2]


def test_without_an_account_or_a_plugin_they_say_so_and_change_nothing(hooked: str) -> None:
    with volume() as home, booted(hooked, home) as container:
        log = log_of(container)
        assert _told(log, "users") == "skip ADMIN_USER or ADMIN_PASSWORD is not set"
        assert _told(log, "k8s-credentials").startswith("skip credentials or kubernetes-cred")
        assert _told(log, "sonarqube") == "skip SONAR_AUTH_TOKEN is not set"


def test_an_account_is_made_once_and_its_password_is_neither_told_nor_changed(hooked: str) -> None:
    with volume() as home:
        with booted(hooked, home, environment=_ADMIN) as container:
            log = log_of(container)
            assert _told(log, "users") == "ok first may log in"
            assert _PASSWORD not in log
            account = said(container, "cat", _ACCOUNT)
        with booted(hooked, home, environment={**_ADMIN, "ADMIN_PASSWORD": "other-1"}) as container:
            assert said(container, "cat", _ACCOUNT) == account


def test_what_they_are_given_may_stand_in_files(hooked: str) -> None:
    with volume() as home:
        with booted(hooked, home) as container:
            said(container, "sh", "-c", _FILES)
        given = {"SECRETS": "/var/jenkins_home/given"}
        with booted(hooked, home, environment=given) as container:
            log = log_of(container)
            assert _told(log, "users") == "ok second may log in"
            assert _told(log, "sonarqube") == "skip credentials or plain-credentials is not there"
            assert _PASSWORD not in log


def test_a_realm_that_somebody_chose_stays(hooked: str) -> None:
    with volume() as home, booted(hooked, home, environment={**_ADMIN, "REALM": "1"}) as container:
        assert _told(log_of(container), "users").startswith("skip the realm is LegacySecurityRealm")
