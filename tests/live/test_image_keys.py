"""What a formula says under ``image``, seen in running containers of a real controller."""

import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes.company import company, serving
from tests.live.conftest import Quickstart, jbuild, remove_image
from tests.support.containers import HARDENED, booted, gateway, log_of, said, started, volume

pytestmark = [
    pytest.mark.docker,
    pytest.mark.network,
    pytest.mark.slow,
    pytest.mark.usefixtures("socket_enabled"),
]

_HOOK = """\
println "hook: " + System.getProperty("keys.title") + ", " + System.getenv("GREETING") + ", " +
    TimeZone.getDefault().ID + ", " + new File("/opt/notes/a b.txt").text
"""
_KEYS = """\
  env: {TZ: Asia/Shanghai, GREETING: 'say "hi" for $5'}
  files: [{from: notes, to: /opt/notes}, {from: one.txt, to: /etc/one.conf}]
  retired: [greenballs, never-was]
  certificates: [ca.crt]
"""
_TLS_HOOK = """\
def url = System.getenv("TLS_URL")
if (url) {
    try { println "tls: " + new URL(url).text } catch (IOException e) { println "tls: " + e }
}
"""
COMPANY = company()


@pytest.fixture(scope="module")
def keyed(quickstart: Quickstart, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Build the quickstart without one of its plugins, and with every key of its image set."""
    folder = tmp_path_factory.mktemp("keys") / "formula"
    shutil.copytree(quickstart.folder, folder)
    path = folder / "formula.yaml"
    text = "\n".join(each for each in path.read_text().splitlines() if "greenballs" not in each)
    text = text.replace('"-Xmx512m"', '"-Xmx512m", "-Dkeys.title=a title"')
    text = text.replace("      - tini\n", "      - tini\n      - tzdata\n")
    path.write_text(text.replace("  layout: ref\n", f"  layout: ref\n{_KEYS}") + "\n")
    (folder / "notes").mkdir()
    (folder / "notes/a b.txt").write_text("noted")
    (folder / "one.txt").write_text("one\n")
    (folder / "init.groovy.d/30-keys.groovy").write_text(_HOOK)
    (folder / "init.groovy.d/40-tls.groovy").write_text(_TLS_HOOK)
    (folder / "ca.crt").write_bytes(COMPANY.pem)
    version = f"version=keys-{os.getpid()}"
    done = jbuild("image", "--set", version, "--no-verify", "--print", "ref", folder=folder)
    assert done.code == 0, done.stderr
    yield done.stdout.strip()
    remove_image(done.stdout.strip())


def test_variables_files_options_and_the_time_zone_reach_the_controller(keyed: str) -> None:
    with volume() as home, booted(keyed, home, **HARDENED) as container:
        log = log_of(container)
        assert 'hook: a title, say "hi" for $5, Asia/Shanghai, noted' in log
        assert said(container, "cat", "/etc/one.conf") == "one\n"
        assert said(container, "date", "+%Z %z") == "CST +0800\n"


def test_java_and_its_log_follow_the_time_zone_on_a_base_without_time_zones(
    quickstart: Quickstart,
) -> None:
    for zone, ahead in (("UTC", 0), ("Asia/Shanghai", 8)):
        with (
            volume() as home,
            booted(quickstart.reference, home, environment={"TZ": zone}) as container,
        ):
            ready = log_of(container).split("INFO: Hudson is ready.")[0].splitlines()[-1]
            hour = int(said(container, "date", "-u", "+%H"))
            found = re.search(r" (\d+):\d\d:\d\d ([AP])M ", ready)
            assert found, ready
            logged = int(found[1]) % 12 + (12 if found[2] == "P" else 0)
            # The hour may have changed since.
            assert (logged - ahead) % 24 in {hour, (hour - 1) % 24}, ready


def test_a_retired_plugin_leaves_the_home_it_was_placed_in(
    quickstart: Quickstart, keyed: str
) -> None:
    with volume() as home:
        with booted(quickstart.reference, home) as container:
            assert said(container, "ls", "-d", "/var/jenkins_home/plugins/greenballs")
        with booted(keyed, home) as container:
            plugins = said(container, "ls", "/var/jenkins_home/plugins").split()
            assert not [each for each in plugins if each.startswith("greenballs")]
            assert {"git", "git.hpi"} <= set(plugins)
            assert "jbuild-start: retired plugins/greenballs.hpi" in log_of(container)


def test_a_retired_plugin_that_the_user_changed_stays(quickstart: Quickstart, keyed: str) -> None:
    with volume() as home:
        with booted(quickstart.reference, home) as container:
            said(container, "sh", "-c", "echo >>/var/jenkins_home/plugins/greenballs.hpi")
        with booted(keyed, home) as container:
            assert said(container, "ls", "/var/jenkins_home/plugins/greenballs.hpi")
            assert "left plugins/greenballs.hpi alone" in log_of(container)


def test_the_quickstart_runs_without_root_capabilities_or_a_writable_root(
    quickstart: Quickstart,
) -> None:
    with volume() as home, booted(quickstart.reference, home, **HARDENED) as container:
        assert said(container, "id", "-u") == "1000\n"
        status = said(container, "cat", "/proc/1/status")
        held = {
            each.split(":")[0]: each.split()[1] for each in status.splitlines() if ":\t" in each
        }
        assert held["NoNewPrivs"] == "1"
        assert {int(held[name], 16) for name in ("CapEff", "CapPrm", "CapBnd")} == {0}
        assert container.exec_run(["touch", "/usr/share/jenkins/x"])[0] != 0
        assert container.attrs["Config"]["User"] == "1000:1000"


def test_java_and_curl_reach_a_server_of_the_company(keyed: str, tmp_path: Path) -> None:
    with (
        serving(COMPANY, gateway(), tmp_path) as url,
        volume() as home,
        booted(keyed, home, environment={"TLS_URL": url}, **HARDENED) as container,
    ):
        assert "tls: hello" in log_of(container)
        assert said(container, "curl", "-sS", url) == "hello"


def test_java_reaches_no_such_server_by_the_base_s_store_alone(keyed: str, tmp_path: Path) -> None:
    """An option of the user's own wins, so the same image shows what it lacks without ours."""
    base = "-Djavax.net.ssl.trustStore=/etc/ssl/certs/java/cacerts"
    with serving(COMPANY, gateway(), tmp_path) as url, volume() as home:
        environment = {"TLS_URL": url, "JAVA_OPTS": base}
        with booted(keyed, home, environment=environment) as container:
            assert "tls: javax.net.ssl.SSLHandshakeException" in log_of(container)


def test_our_layers_add_no_setuid_file_and_belong_to_root(quickstart: Quickstart) -> None:
    with volume() as home, started(quickstart.reference, home, entrypoint=["sleep", "60"]) as box:
        ours = ("/usr/local/bin", "/usr/share/jenkins", "/var/jenkins_home")
        assert said(box, "find", *ours, "-perm", "/6000") == ""
        places = ("/usr/local/bin", "/usr/share/jenkins")
        assert said(box, "find", *places, "-not", "-user", "0", "-o", "-perm", "/022") == ""
