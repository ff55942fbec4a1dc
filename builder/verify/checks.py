"""What must hold of a booted image, and how it is booted to find out."""

from pathlib import PurePosixPath

from msgspec import Struct

from builder.model.controller import AGENT_PORT, HTTP_PORT, Controller, Family, controller_of
from builder.model.custom import CustomCheck, FileWish, GroovyWish, HttpWish, LogWish
from builder.model.formula import Formula, TrialWishes
from builder.model.lock import Lock, Pin
from builder.model.plugin import PluginId
from builder.model.report import ONCE, Check, Retrial, Trial
from builder.verify.casc_files import Casc, casc
from builder.version import Version

ROOT = "/"
API = "/api/json"
LISTENER = "/tcpSlaveAgentListener/"
WEBSOCKET = "/wsagents/"
SYSTEM_INFO = "/systemInfo"  # for administrators; a much smaller page than /manage
CONSOLES = ("/script", "/scriptText")
STOCK_PATHS = (ROOT, API, LISTENER, WEBSOCKET, SYSTEM_INFO, *CONSOLES)
WHO = "/whoAmI/api/json"
PLUGIN_MANAGER = "/pluginManager/api/json?tree=plugins[shortName,version,active,enabled]"
EXPORT = "/configuration-as-code/export"
HOOKS = PurePosixPath("init.groovy.d")
_PREFIX = "--prefix="
_MEBIBYTE = 1024**2

BOOT_READY = "boot.ready"
BOOT_CONFIG = Check(id="boot.config", title="config.xml was read to its end")
PLUGINS_LOADED = Check(id="plugins.loaded", title="the controller loaded every plugin")
PLUGINS_PRESENT = Check(
    id="plugins.present", title="every locked plugin is there, unpacked, at its version"
)
PLUGINS_UNEXPECTED = Check(id="plugins.unexpected", title="no other plugin is there")
PLUGINS_DEPENDENCIES = Check(
    id="plugins.dependencies", title="every plugin has the plugins that it needs"
)
PLUGINS_CORE = Check(id="plugins.core", title="no plugin needs a newer core")
HOOKS_RAN = Check(id="hooks.ran", title="every hook of init.groovy.d was executed")
HOOKS_CLEAN = Check(id="hooks.clean", title="no hook failed")
HOME_WRITABLE = Check(
    id="home.writable", title="the image's user may write all of the controller's home"
)
PROCESS_REAPS = Check(id="process.reaps", title="the first process buries what others leave")
HTTP_ROOT = Check(id="http.root", title=f"port {HTTP_PORT} answers as the locked core")
HTTP_API = Check(id="http.api", title=f"{API} answers")
AGENT_LISTENER = Check(
    id="agent.listener", title=f"the controller advertises agent port {AGENT_PORT}"
)
AGENT_ANSWER = Check(id="agent.port", title="the agent port answers")
AGENT_OWNER = Check(id="agent.owner", title="the agent port belongs to this controller")
AGENT_PROTOCOLS = Check(id="agent.protocols", title="the agent port speaks the agents' protocol")
AGENT_HANDSHAKE = Check(id="agent.handshake", title="an unknown agent is heard out and refused")
AGENT_IDENTITY = Check(id="agent.identity", title="page and agent port show the same key")
AGENT_WEBSOCKET = Check(id="agent.websocket", title="agents may come by WebSocket")
AGENT_REMOTING = Check(id="agent.remoting", title="the agents that CasC names are new enough")
AGENT_CONNECTS = Check(id="agent.connects", title="a real agent connects")
CASC_FILES = Check(id="casc.files", title="CasC files say nothing that is taken otherwise")
CASC_APPLIED = Check(id="casc.applied", title="what CasC files say is in force")
ACCESS_ADMIN = Check(id="access.admin", title="nobody administers without a log-in")
ACCESS_CONSOLE = Check(id="access.console", title="the script console is shut without a log-in")
LOGIN_WORKS = Check(id="login.works", title="the account that verify was given may log in")
PLUGINS_ACTIVE = Check(id="plugins.active", title="every locked plugin is active")
CASC_EXPORTED = Check(id="casc.exported", title="the export says what the CasC files say")
TOKEN_REVIEW = Check(id="token.review", title="the token server is asked as it wants to be")
TOKEN_ACCEPTED = Check(id="token.accepted", title="a good token lets its user in, and nobody else")
TOKEN_REFUSED = Check(id="token.refused", title="a token that is not accepted lets nobody in")
TOKEN_PASSWORD = Check(
    id="token.password", title="passwords go on, whatever the token server answers"
)
RESTART_STOPS = Check(id="restart.stops", title="the controller ends when it is told to")
RESTART_STARTS = Check(id="restart.starts", title="it starts again on its home")
RESTART_READONLY = Check(
    id="restart.readonly", title="it needs to write nothing but its home and /tmp"
)
RESTART_SAME = Check(id="restart.same", title="it answers as before")
UPGRADE_OLD = Check(id="upgrade.old", title="the old image writes its home and ends")
UPGRADE_STARTS = Check(id="upgrade.starts", title="the image starts on the home of the old one")
UPGRADE_PLUGINS = Check(id="upgrade.plugins", title="plugins move to their locked versions")
UPGRADE_KEPT = Check(id="upgrade.kept", title="what a user installed stays")
UPGRADE_RETIRED = Check(id="upgrade.retired", title="retired plugins are gone")
UPGRADE_CLEAN = Check(id="upgrade.clean", title="every other check holds there, too")
_TOKEN = (TOKEN_REVIEW, TOKEN_ACCEPTED, TOKEN_REFUSED, TOKEN_PASSWORD)
_RESTART = (RESTART_STOPS, RESTART_STARTS, RESTART_READONLY, RESTART_SAME)
_UPGRADE = (
    UPGRADE_OLD,
    UPGRADE_STARTS,
    UPGRADE_PLUGINS,
    UPGRADE_KEPT,
    UPGRADE_RETIRED,
    UPGRADE_CLEAN,
)


class Expectation(Struct, frozen=True, kw_only=True):
    """What an image should be once it is booted."""

    image: str
    controller: Controller
    core: Version
    plugins: tuple[Pin, ...]  # by plugin id
    hooks: tuple[str, ...]  # file names, in the order in which a controller executes them
    memory: int  # bytes
    timeout_s: float
    casc: Casc = Casc()
    custom: tuple[CustomCheck, ...] = ()
    retired: tuple[PluginId, ...] = ()


def checks(formula: Formula, locked: Lock) -> tuple[Check, ...]:
    """List what will be checked of an image of this formula, in the order of a report."""
    trial = formula.trial
    own = tuple(map(custom_check, formula.trial.checks))
    stock = listed(
        memory=trial.memory,
        timeout_s=trial.timeout_s,
        has_hooks=bool(hooks(locked)),
        has_casc=bool(casc(formula).files),
    )
    return (*stock, *own)


def listed(
    *,
    memory: int,
    timeout_s: float,
    has_hooks: bool,
    has_casc: bool = False,
    retrial: Retrial = ONCE,
) -> tuple[Check, ...]:
    """List the checks; without hooks none has to run, without CasC none to be in force."""
    return (
        boot_ready(memory, timeout_s),
        BOOT_CONFIG,
        PLUGINS_LOADED,
        PLUGINS_PRESENT,
        PLUGINS_UNEXPECTED,
        PLUGINS_DEPENDENCIES,
        PLUGINS_CORE,
        *((HOOKS_RAN,) if has_hooks else ()),
        HOOKS_CLEAN,
        HOME_WRITABLE,
        PROCESS_REAPS,
        HTTP_ROOT,
        HTTP_API,
        AGENT_LISTENER,
        AGENT_ANSWER,
        AGENT_OWNER,
        AGENT_PROTOCOLS,
        AGENT_HANDSHAKE,
        AGENT_IDENTITY,
        AGENT_WEBSOCKET,
        AGENT_REMOTING,
        *((CASC_FILES, CASC_APPLIED) if has_casc else ()),
        ACCESS_ADMIN,
        ACCESS_CONSOLE,
        LOGIN_WORKS,
        PLUGINS_ACTIVE,
        *((CASC_EXPORTED,) if has_casc else ()),
        *((AGENT_CONNECTS,) if retrial.connects else ()),
        *(_TOKEN if retrial.reviews else ()),
        *(_RESTART if retrial.restarts else ()),
        *(_UPGRADE if retrial.old_image else ()),
    )


def custom_check(wish: CustomCheck) -> Check:
    """Give the check of a wish."""
    return Check(id=f"custom.{wish.id}", title=_custom_title(wish))


def _custom_title(wish: CustomCheck) -> str:
    if isinstance(wish, LogWish):
        return f"{'no' if wish.is_absent else 'a'} line of the log matches {wish.pattern}"
    if isinstance(wish, GroovyWish):
        return f"the script puts out {wish.pattern}"
    if isinstance(wish, FileWish):
        held = f", and some of it matches {wish.pattern}" if wish.pattern else ""
        return f"{wish.path} is {'not ' if wish.is_absent else ''}there{held}"
    said = [f"GET {wish.path} answers {wish.status}"]
    said += [f"{name}: {value}" for name, value in wish.headers]
    said += [f"{path} is {value!r}" for path, value in wish.values]
    return ", ".join(said)


def boot_ready(memory: int, timeout_s: float) -> Check:
    """Give the check that everything else rests on; its title names its limits."""
    return Check(
        id=BOOT_READY, title=f"the controller is up within {timeout_s:g} s in {mebibytes(memory)}"
    )


def trial(image: str, locked: Lock, wishes: TrialWishes, prefix: str = "") -> Trial:
    """Say how an image is booted so that every check can look at what it needs."""
    own = dict.fromkeys(each.path for each in wishes.checks if isinstance(each, HttpWish))
    is_jenkins = locked.core.family is Family.JENKINS
    return Trial(
        image=image,
        controller=controller_of(locked.core.family),
        known=(WHO, PLUGIN_MANAGER) if is_jenkins else (),
        known_posts=(EXPORT,) if is_jenkins else (),
        memory=wishes.memory,
        timeout_s=wishes.timeout_s,
        prefix=prefix,
        files=tuple(dict.fromkeys(e.path for e in wishes.checks if isinstance(e, FileWish))),
        scripts=tuple(dict.fromkeys(e.script for e in wishes.checks if isinstance(e, GroovyWish))),
        paths=(*STOCK_PATHS, *own),
    )


def prefix(formula: Formula) -> str:
    """Find the prefix of all paths that a formula gives its controller; mostly there is none.

    Source: ``--prefix`` of winstone, Jenkins' servlet container; ``JENKINS_OPTS`` as the official
    image and our start script read it.
    """
    options = dict(formula.image.env).get("JENKINS_OPTS", "").split()
    named = [each.removeprefix(_PREFIX) for each in options if each.startswith(_PREFIX)]
    return f"/{named[-1].strip('/')}" if named and named[-1].strip("/") else ""


def expect(locked: Lock, tried: Trial, formula: Formula | None = None) -> Expectation:
    """Say what an image of this lock should be, booted so."""
    return Expectation(
        image=tried.image,
        controller=tried.controller,
        core=locked.core.version,
        plugins=locked.plugins,
        hooks=hooks(locked),
        memory=tried.memory,
        timeout_s=tried.timeout_s,
        casc=casc(formula) if formula else Casc(),
        custom=formula.trial.checks if formula else (),
        retired=tuple(each.plugin for each in formula.image.retired) if formula else (),
    )


def hooks(locked: Lock) -> tuple[str, ...]:
    """Name the locked inputs that a controller executes; it goes by byte order.

    Source: ``jenkins.util.groovy.GroovyHookScript``: files of the folder itself that end in
    ``.groovy``; other names and sub-folders are passed over.
    """
    paths = (each.path for each in locked.inputs)
    return tuple(
        sorted(each.name for each in paths if each.parent == HOOKS and each.suffix == ".groovy")
    )


def mebibytes(count: int) -> str:
    """Spell a count of bytes."""
    return f"{count / _MEBIBYTE:.0f} MiB"
