"""Scripts on the real controller's console, and the way from a container to a token server."""

import re

import pytest

from builder.adapters.boot_session import session
from builder.model.controller import Controller, Family, controller_of
from builder.model.report import Trial
from builder.model.reviews import Verdict
from builder.verify.token import LOG_INS
from tests.live.conftest import Quickstart, Spoil
from tests.live.test_fault_matrix import verified

pytestmark = [
    pytest.mark.docker,
    pytest.mark.network,
    pytest.mark.slow,
    pytest.mark.usefixtures("socket_enabled"),
]

_HOOK = b"hudson.model.Hudson.instance.numExecutors = 1"
_SCRIPTS = """verify:
  memory: 1g
  timeout: 120
  checks:
    - id: answer
      groovy: |
        def six = 6
        println(six * 7)
      contains: "^42$"
    - {id: wrong, groovy: "println(1)", contains: "^2$"}
    - {id: throws, groovy: "throw new Exception('boom')", contains: "^fine$"}
"""
_SENT = "POST /oauth/authenticate HTTP/1.0\\r\\nContent-Length: 0\\r\\n\\r\\n"


def test_scripts_are_executed_and_their_output_is_judged(
    quickstart: Quickstart, spoil: Spoil
) -> None:
    """Hudson has a place to execute them only where it has an executor."""
    files = {"20-executors.groovy": _HOOK}
    image = spoil("COPY *.groovy /usr/share/jenkins/ref/init.groovy.d/", files=files)
    done = verified(quickstart, image, trial=_SCRIPTS)
    failed = done.failed_checks()
    assert set(failed) == {"custom.wrong", "custom.throws"}
    assert failed["custom.wrong"]["evidence"] == ["1"]
    assert "boom" in str(failed["custom.throws"]["evidence"])


def test_a_container_reaches_the_token_server_by_its_name(quickstart: Quickstart) -> None:
    trial = Trial(
        image=quickstart.reference,
        controller=_hudson(),
        memory=1024**3,
        timeout_s=60,
        paths=(),
        log_ins=LOG_INS,
    )
    with session(None) as boots, boots.tokens(trial) as tokens:
        assert tokens
        tokens.expect(Verdict.CREATED, "admin", "x")
        with boots.running(trial, None, tokens) as started:
            script = (
                "at=${JBUILD_TOKEN_SERVER#http://}; exec 3<>/dev/tcp/${at%:*}/${at#*:}; "
                f"printf '{_SENT}' >&3; head -1 <&3"
            )
            code, said = started.container.exec_run(["bash", "-c", script])
        assert code == 0, said
        assert isinstance(said, bytes)
        assert re.match(rb"HTTP/1\.[01] 201 ", said)
        (review,) = tokens.received()
        assert "the body is no JSON" in review.faults


def _hudson() -> Controller:
    return controller_of(Family.HUDSON)
