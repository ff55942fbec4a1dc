"""``Booter`` over a container engine: start, wait, look, and always clean up."""

import secrets
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from msgspec import Struct
from msgspec.structs import replace

from builder.adapters.boot_agent import connect
from builder.adapters.boot_asked import ask, ask_known, executed
from builder.adapters.boot_container import Exit, Running
from builder.adapters.boot_inside import Inside, looked_into, plant, read_of
from builder.adapters.boot_log_ins import try_log_ins
from builder.adapters.boot_probes import Probes
from builder.adapters.boot_session import Session, session
from builder.model.answer import Answer
from builder.model.controller import GRACE_S, HTTP_PORT
from builder.model.report import Ending, Observation, Phase, Trial
from builder.settings import PASSWORD, Login

_ROOT = "/"
_STARTING = 503
_PAUSE_S = 0.15
_PEACE_S = 5.0  # between looks at a controller that starts
_ANSWER_S = 10.0


class Waited(Struct, frozen=True, kw_only=True):
    """How the wait ended."""

    ending: Ending
    seconds: float
    root: Answer
    phases: tuple[Phase, ...]
    exit: Exit | None = None


class DockerBooter(Struct, frozen=True):
    """Boots images on one engine."""

    docker_host: str | None  # None: as the environment says, else the local socket
    grace_s: int = GRACE_S  # from SIGTERM to SIGKILL
    account: Login | None = None  # of the controller

    def observe(self, trial: Trial) -> Observation:
        """Boot, wait, look, and leave nothing behind, whatever happens.

        Raises:
            EngineUnreachable: no engine answers.
            ImageMissing: there is no such image.
            BuildFailed: the engine refuses to start it.
        """
        return self.relive((trial,))[0]

    def relive(self, trials: tuple[Trial, ...]) -> tuple[Observation, ...]:
        """Boot one after the other on one home, as long as each one is ready."""
        seen: list[Observation] = []
        with session(self.docker_host) as boots:
            for number, trial in enumerate(trials, 1):
                grace_s = self.grace_s if number < len(trials) else None
                seen.append(self._observe(boots, trial, grace_s))
                if seen[-1].ending is not Ending.READY:
                    break
        return tuple(seen)

    def _observe(self, boots: Session, trial: Trial, grace_s: int | None) -> Observation:
        """Boot once; without a grace the container is only removed."""
        account = self.account or _made_up(trial)
        with boots.tokens(trial) as tokens, boots.running(trial, account, tokens) as started:
            port = started.port(HTTP_PORT) or HTTP_PORT
            with Probes(started.host, port, prefix=trial.prefix) as probes:
                waited = wait(started, probes, trial.timeout_s)
                seen = _look(started, probes, trial, waited)
            if seen.ending is not Ending.READY:
                return seen
            client = partial(Probes, started.host, port, prefix=trial.prefix)
            if account:
                with client(account) as probes:
                    seen = replace(seen, known=ask_known(probes, trial))
            if trial.scripts:
                with client(account) as probes:
                    seen = replace(seen, scripts=executed(probes, trial))
            if trial.connects:
                with client(account) as probes:
                    seen = replace(seen, agent=connect(boots, started, probes, trial))
            if tokens and account:
                done = try_log_ins(client, tokens, trial.log_ins, account)
                seen = replace(seen, log_ins=done, log=started.log.lines())
            if trial.planted:
                plant(started.container, started.home, trial.planted)
            return seen if grace_s is None else replace(seen, stopped=started.stop(grace_s))


def _made_up(trial: Trial) -> Login | None:
    """Make up an account for a trial whose CasC asks for one."""
    if PASSWORD.encode() not in (trial.casc or b""):
        return None
    return Login(host="", user="jbuild-verify", password=secrets.token_urlsafe())


def wait(started: Running, probes: Probes, timeout_s: float) -> Waited:
    """Wait until the controller is ready, will never be, is gone, or took too long.

    It is left in peace while it starts: its log says when there is something to ask.
    """
    answers: dict[str, float] = {}
    while True:
        exited = started.exit()
        failed = started.log.is_failed_boot and not exited  # what is asked below is asked after it
        left = timeout_s - started.age_s
        root = probes.ask(_ROOT, max(1.0, min(_ANSWER_S, left)))
        ending = Ending.FAILED_BOOT if failed else _ending(started, root, exited)
        if root.status == _STARTING:
            answers.setdefault(f"answers {_STARTING}", started.age_s)
        if ending is Ending.READY:
            answers[ending.value] = started.age_s
        if ending or left <= 0:
            return Waited(
                ending=ending or Ending.TIMED_OUT,
                seconds=started.age_s,
                root=root,
                phases=_course(started, answers),
                exit=exited,
            )
        peace_s = _PAUSE_S if root.status is None else min(_PEACE_S, max(left, 0))
        started.log.wait(peace_s=peace_s, pause_s=_PAUSE_S)


def _course(started: Running, answers: Mapping[str, float]) -> tuple[Phase, ...]:
    """Put what answers told and what the log told into one order."""
    by_answers = (Phase(name=name, at_s=at_s) for name, at_s in answers.items())
    return tuple(sorted((*started.log.phases(), *by_answers), key=lambda each: each.at_s))


def _ending(started: Running, root: Answer, exited: Exit | None) -> Ending | None:
    if exited:
        return Ending.EXITED
    if started.log.is_ready and root.status not in {None, _STARTING}:
        return Ending.READY
    return None


def _look(started: Running, probes: Probes, trial: Trial, waited: Waited) -> Observation:
    """Gather all that can be seen after a wait that ended so."""
    is_ready = waited.ending is Ending.READY
    with ThreadPoolExecutor(max_workers=1) as pool:
        inside_of = (started.container, started.home, trial.files)
        looking = None if waited.exit else pool.submit(looked_into, *inside_of)
        asked = ask(probes, trial, started.way) if is_ready else None
        inside = looking.result() if looking else Inside()
    if waited.exit:
        started.log.finish()
    return Observation(
        ending=waited.ending,
        ready_after_s=waited.seconds if is_ready else None,
        exit_code=waited.exit.code if waited.exit else None,
        oom_killed=waited.exit.oom_killed if waited.exit else False,
        peak_memory=inside.peak_memory,
        log=started.log.lines(),
        answers=asked.answers if asked else (waited.root,),
        agent_port=asked.agent_port if asked else None,
        plugins=inside.plugins,
        agents=asked.agents if asked else None,
        unwritable=inside.unwritable,
        zombies=inside.zombies,
        files=read_of(inside, trial.files),
        phases=waited.phases,
    )
