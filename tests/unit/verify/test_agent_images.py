"""Agents that CasC files name, against the remoting that a controller asks for; path prefixes."""

from pathlib import PurePosixPath

import pytest
from msgspec.structs import replace

from builder.model.answer import Answer
from builder.model.controller import Family
from builder.model.formula import InputFile
from builder.model.report import Finding, Status
from builder.verify import expect, prefix, trial
from builder.verify.agent_images import agent_images
from builder.verify.casc_files import Casc
from builder.verify.judge import judge
from tests.fakes.samples import FORMULA
from tests.unit.verify.observations import GOOD, WISHES, finding, locked

TEMPLATE = """\
jenkins:
  clouds:
    - kubernetes:
        templates:
          - containers:
              - {{name: jnlp, image: "{image}"}}
              - {{name: maven, image: "kubesphere/builder-maven:v3.2.0"}}
"""


def casc(image: str) -> Casc:
    content = TEMPLATE.format(image=image).encode()
    return Casc(files=(InputFile(path=PurePosixPath("casc/a.yaml"), content=content),))


def judged(image: str, minimum: str | None) -> Finding:
    lock = locked(family=Family.JENKINS, core="2.346.3")
    expected = replace(expect(lock, trial("image:1", lock, WISHES)), casc=casc(image))
    headers = (("X-Remoting-Minimum-Version", minimum),) if minimum else ()
    listener = Answer(path="/tcpSlaveAgentListener/", status=200, headers=headers)
    kept = (each for each in GOOD.answers if each.path != listener.path)
    seen = replace(GOOD, answers=(*kept, listener))
    return finding(judge(expected, seen), "agent.remoting")


@pytest.mark.parametrize(
    ("image", "remoting"),
    [
        ("jenkins/inbound-agent:4.10-2", "4.10"),
        ("jenkins/jnlp-slave:3.27-1", "3.27"),
        ("hub.example:5000/x/inbound-agent:3107.v665000b_51092-5-jdk11", "3107.v665000b_51092"),
        ("inbound-agent:4.13.3", "4.13.3"),
    ],
)
def test_a_tag_tells_the_version_of_remoting(image: str, remoting: str) -> None:
    (found,) = agent_images(casc(image))
    assert (found.image, found.remoting, found.place) == (image, remoting, "casc/a.yaml:6")


def test_an_image_that_is_named_twice_is_told_once() -> None:
    one = casc("inbound-agent:4.10-2").files[0]
    other = replace(one, path=PurePosixPath("casc/b.yaml"))
    (found,) = agent_images(Casc(files=(one, other)))
    assert found.place == "casc/a.yaml:6"


@pytest.mark.parametrize("image", ["inbound-agent:latest", "inbound-agent", "x/agent:1.0-1"])
def test_a_tag_that_tells_none_is_left_out(image: str) -> None:
    assert agent_images(casc(image)) == ()


def test_an_agent_that_is_too_old_is_named_with_its_place() -> None:
    found = judged("jenkins/jnlp-slave:2.62-1", "3.14")
    assert found.status is Status.FAILED
    assert found.evidence == ("casc/a.yaml:6: jenkins/jnlp-slave:2.62-1 has remoting 2.62",)
    assert judged("jenkins/inbound-agent:4.10-2", "3.14").status is Status.PASSED


def test_what_cannot_be_compared_is_skipped() -> None:
    assert judged("inbound-agent:latest", "3.14").status is Status.SKIPPED
    assert judged("inbound-agent:4.10-2", None).status is Status.SKIPPED


@pytest.mark.parametrize(
    ("options", "wanted"),
    [
        ("", ""),
        ("--prefix=/jenkins", "/jenkins"),
        ("--httpPort=8080 --prefix=/a/b/ --x", "/a/b"),
        ("--prefix=/a --prefix=/b", "/b"),
        ("--prefix=/", ""),
    ],
)
def test_a_formula_s_prefix_is_put_before_every_path(options: str, wanted: str) -> None:
    env = (("JENKINS_OPTS", options),)
    assert prefix(replace(FORMULA, image=replace(FORMULA.image, env=env))) == wanted
