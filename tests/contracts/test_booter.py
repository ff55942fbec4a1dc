"""The contract of ``Booter``, and how the real one leaves nothing behind."""

import time
from collections.abc import Callable

import pytest
from msgspec.structs import replace

from builder.adapters.boot import DockerBooter
from builder.errors import BuildFailed, EngineUnreachable, ImageMissing
from builder.model.controller import HUDSON
from builder.model.report import Ending, InstalledPlugin, Observation, Planted, PortAnswer, Trial
from builder.ports import Booter
from tests.contracts import tiny_images
from tests.contracts.boots import Tiny, trial
from tests.fakes.booter import FakeBooter

pytestmark = pytest.mark.enable_socket  # unix sockets are shut to every other test
FILES = ("/controller.pl", "/gone", "/tmp")  # noqa: S108  # of the container
READY = Observation(
    ending=Ending.READY,
    ready_after_s=1.0,
    exit_code=None,
    oom_killed=False,
    peak_memory=None,
    log=("INFO: Hudson is ready.",),
    answers=(),
    agent_port=None,
    plugins=(),
)


@pytest.fixture(params=["fake", pytest.param("real", marks=pytest.mark.docker)])
def booter(request: pytest.FixtureRequest) -> Booter:
    return FakeBooter(images={}) if request.param == "fake" else DockerBooter(None)


@pytest.fixture(params=["fake", "real"])
def unreachable(request: pytest.FixtureRequest) -> Booter:
    if request.param == "fake":
        return FakeBooter(images={"a:1": READY}, is_reachable=False)
    return DockerBooter("unix:///nonexistent/docker.sock")


def test_an_image_that_is_not_there_is_missed_and_not_pulled(booter: Booter) -> None:
    with pytest.raises(ImageMissing) as missed:
        booter.observe(trial("jbverify-nothing-here:1"))
    assert missed.value.reference == "jbverify-nothing-here:1"


def test_an_engine_that_does_not_answer_is_unreachable(unreachable: Booter) -> None:
    with pytest.raises(EngineUnreachable) as caught:
        unreachable.observe(trial("a:1"))
    assert caught.value.address in {"fake", "unix:///nonexistent/docker.sock"}
    assert caught.value.said


def test_the_fake_gives_what_was_prepared() -> None:
    booter = FakeBooter(images={"a:1": READY})
    assert booter.observe(trial("a:1")) == READY
    assert booter.trials == [trial("a:1")]


@pytest.mark.docker
@pytest.mark.usefixtures("nothing_is_left")
def test_a_ready_controller_is_looked_at_from_all_sides(tiny: Tiny) -> None:
    asked = replace(trial(tiny("ready"), paths=("/", "/large", "/moved")), files=FILES)
    seen = DockerBooter(None).observe(asked)
    read = dict(seen.files)
    assert (read["/gone"], read["/tmp"]) == (None, None)  # noqa: S108  # of the container
    assert (read["/controller.pl"] or b"").startswith(b"\nuse strict")
    assert seen.ending is Ending.READY
    assert seen.ready_after_s is not None
    assert 0 < seen.ready_after_s < 60
    assert seen.log == (
        "Fake controller, mode ready",
        "INFO: Listed all plugins",
        "INFO: Hudson is ready.",
    )
    assert [each.name for each in seen.phases] == ["Listed all plugins", "ready"]
    assert seen.phases[-1].at_s == pytest.approx(seen.ready_after_s, abs=0.1)
    root, large, moved, listener = seen.answers
    assert (root.status, root.header("x-hudson"), root.body) == (200, "3.3.2", b"you asked /")
    assert len(large.body) == 64 * 1024
    assert moved.status == 302
    assert (listener.path, listener.header("X-Hudson-JNLP-Port")) == (
        "/tcpSlaveAgentListener/",
        "50000",
    )
    assert seen.agent_port == PortAnswer(
        port=50000, reached=True, answer=b"Unknown protocol:Protocol:Ping\n"
    )
    assert seen.plugins == (
        InstalledPlugin(
            name="an html page", archive="an html page.hpi", manifest=None, size=7, head=b"<html>\n"
        ),
        InstalledPlugin(name="empty-folder", archive=None, manifest=None),
        InstalledPlugin(
            name="git",
            archive="git.hpi",
            manifest=tiny_images.MANIFEST,
            disabled=True,
            size=32,
            head=b"PK\x03\x04 and more th",
        ),
    )


@pytest.fixture(params=["fake", pytest.param("real", marks=pytest.mark.docker)])
def relived(request: pytest.FixtureRequest) -> tuple[Booter, Callable[[str], str]]:
    """Give a booter, and its images that are ready, end when told to, and exit by themselves."""
    if request.param == "fake":
        images = {"obeys": READY, "exits": replace(READY, ending=Ending.EXITED)}
        return FakeBooter(images=images), str
    return DockerBooter(None), request.getfixturevalue("tiny")


@pytest.mark.usefixtures("nothing_is_left")
def test_each_life_but_the_last_is_told_to_end(
    relived: tuple[Booter, Callable[[str], str]],
) -> None:
    booter, image = relived
    once = trial(image("obeys"))
    first, second = booter.relive((once, once))
    assert (first.ending, second.ending) == (Ending.READY, Ending.READY)
    assert first.stopped is not None
    assert first.stopped.exit_code == 143
    assert first.stopped.after_s < 20
    assert second.stopped is None


@pytest.mark.usefixtures("nothing_is_left")
def test_lives_end_with_the_first_that_is_not_ready(
    relived: tuple[Booter, Callable[[str], str]],
) -> None:
    booter, image = relived
    seen = booter.relive((trial(image("exits")), trial(image("obeys"))))
    assert [(each.ending, each.stopped) for each in seen] == [(Ending.EXITED, None)]


@pytest.mark.docker
@pytest.mark.usefixtures("nothing_is_left")
def test_lives_share_the_home_and_nothing_else(tiny: Tiny) -> None:
    once = trial(tiny("obeys"))
    planted = Planted(archive="mine.hpi", content=bytes(range(256)))
    first, second = DockerBooter(None).relive(
        (replace(once, planted=planted), replace(once, is_read_only=True))
    )
    assert "boot 1" in first.log
    assert "the root can be written" in first.log
    assert first.stopped is not None
    assert first.stopped.log == ("told to end",)
    assert "boot 2" in second.log
    assert "the root can be written" not in second.log
    assert "so can /tmp" in second.log
    assert "mine" not in {each.name for each in first.plugins or ()}
    (mine,) = (each for each in second.plugins or () if each.name == "mine")
    assert (mine.size, mine.head) == (256, bytes(range(16)))
    assert (first.zombies, first.unwritable) == ((), ())


@pytest.mark.docker
@pytest.mark.usefixtures("nothing_is_left")
def test_a_trial_s_own_casc_and_account_reach_the_controller_and_no_log(tiny: Tiny) -> None:
    once = replace(trial(tiny("obeys")), casc=b"${JBUILD_VERIFY_PASSWORD}", known=("/who",))
    first, second = DockerBooter(None).relive((once, replace(once, is_read_only=True)))
    for seen in (first, second):
        assert "casc: ${JBUILD_VERIFY_PASSWORD}" in seen.log
        assert "told: jbuild-verify ***" in seen.log
        assert [each.path for each in seen.known or ()] == ["/who"]
    plain = DockerBooter(None).observe(trial(tiny("obeys")))
    assert plain.known is None
    assert not any("told: " in line or "casc: " in line for line in plain.log)


@pytest.mark.docker
@pytest.mark.usefixtures("nothing_is_left")
def test_a_controller_that_does_not_listen_is_killed_after_its_grace(tiny: Tiny) -> None:
    once = trial(tiny("ready"))
    first, _ = DockerBooter(None, grace_s=1).relive((once, once))
    assert first.stopped is not None
    assert first.stopped.exit_code == 137
    assert 1 <= first.stopped.after_s < 20


@pytest.mark.docker
@pytest.mark.usefixtures("nothing_is_left")
def test_a_first_process_that_buries_nobody_and_a_foreign_home_are_seen(tiny: Tiny) -> None:
    seen = DockerBooter(None).observe(trial(tiny("unprivileged")))
    assert seen.zombies
    assert all("(sh)" in each for each in seen.zombies)
    assert seen.unwritable is not None
    assert {"/var/jenkins_home", "/var/jenkins_home/plugins/git.hpi"} <= set(seen.unwritable)


@pytest.mark.docker
@pytest.mark.usefixtures("nothing_is_left")
def test_a_mapped_agent_port_that_nobody_listens_on_does_not_answer(tiny: Tiny) -> None:
    seen = DockerBooter(None).observe(trial(tiny("no agent port")))
    assert seen.ending is Ending.READY
    assert seen.agent_port is not None
    assert (seen.agent_port.port, seen.agent_port.answer) == (50000, b"")


@pytest.mark.docker
@pytest.mark.usefixtures("nothing_is_left")
def test_a_container_that_exits_is_told_with_code_and_last_lines(tiny: Tiny) -> None:
    seen = DockerBooter(None).observe(trial(tiny("exits")))
    assert (seen.ending, seen.exit_code, seen.oom_killed) == (Ending.EXITED, 3, False)
    assert set(seen.log) == {"Fake controller, mode exits", "no such option"}
    assert (seen.plugins, seen.agent_port) == (None, None)


@pytest.mark.docker
@pytest.mark.usefixtures("nothing_is_left")
def test_a_container_killed_for_memory_is_told_apart(tiny: Tiny) -> None:
    seen = DockerBooter(None).observe(trial(tiny("grows")))
    assert (seen.ending, seen.exit_code, seen.oom_killed) == (Ending.EXITED, 137, True)
    assert 16 < int(seen.log[-1]) < 80  # megabytes that it got; the limit is 64 MiB


@pytest.mark.docker
@pytest.mark.usefixtures("nothing_is_left")
@pytest.mark.parametrize(("mode", "status"), [("sleeps", None), ("starts", 503)])
def test_a_controller_that_is_never_ready_takes_its_time_and_no_more(
    tiny: Tiny, mode: str, status: int | None
) -> None:
    seen = DockerBooter(None).observe(trial(tiny(mode), timeout_s=1))
    assert (seen.ending, seen.ready_after_s) == (Ending.TIMED_OUT, None)
    assert [(each.path, each.status) for each in seen.answers] == [("/", status)]
    assert [each.name for each in seen.phases] == (["answers 503"] if status else [])


@pytest.mark.docker
@pytest.mark.usefixtures("nothing_is_left")
def test_a_failed_boot_ends_the_wait_at_once(tiny: Tiny) -> None:
    begun = time.monotonic()
    seen = DockerBooter(None).observe(trial(tiny("fails"), timeout_s=60))
    assert (seen.ending, seen.answers[0].status) == (Ending.FAILED_BOOT, 500)
    assert time.monotonic() < begun + 30


@pytest.mark.docker
@pytest.mark.usefixtures("nothing_is_left")
def test_a_container_that_the_engine_refuses_to_start_is_told_in_its_words(tiny: Tiny) -> None:
    image = tiny("ready")
    with pytest.raises(BuildFailed) as failed:
        DockerBooter(None).observe(
            Trial(image=image, controller=HUDSON, memory=1024, timeout_s=1, paths=())
        )
    assert "memory" in failed.value.said[0].lower()
