"""What differs between controllers: Jenkins, and Hudson, the stand-in of the quickstart."""

from enum import Enum
from pathlib import PurePosixPath

from msgspec import Struct

from builder.model.plugin import Coordinates
from builder.version import Version

HOME = PurePosixPath("/var/jenkins_home")
REF = PurePosixPath("/usr/share/jenkins/ref")
WAR = PurePosixPath("/usr/share/jenkins/jenkins.war")
CASC = PurePosixPath("/usr/share/jenkins/casc")
LOCK = PurePosixPath("/usr/share/jenkins/jbuild/lock.json")
HTTP_PORT = 8080
AGENT_PORT = 50000
LEAST_LIMIT = 4 * 1024**3  # bytes of a pod's limit: below it some jobs at once get it killed
GRACE_S = 30  # from SIGTERM to SIGKILL, as Kubernetes gives where nobody says otherwise
HUDSON_SECURITY = f"""\
<hudsonSecurityManager><slaveAgentPort>{AGENT_PORT}</slaveAgentPort></hudsonSecurityManager>
"""


class Family(Enum):
    """Which program the WAR holds, told by its manifest."""

    JENKINS = "jenkins"
    HUDSON = "hudson"


class Controller(Struct, frozen=True, kw_only=True):
    """The facts of one family that building and verifying rest on.

    Source: for Jenkins the recordings of a running 2.346.3, for Hudson a running 3.3.2.
    """

    family: Family
    version_attribute: str  # of the WAR's manifest
    home_variable: str
    plugin_suffix: str  # the only one that the family loads and upgrades from ``ref``
    java_options: tuple[str, ...]
    arguments: tuple[str, ...]
    home_files: tuple[tuple[PurePosixPath, str], ...]  # placed where the home has none
    version_header: str  # on the root page
    port_header: str  # on /tcpSlaveAgentListener/
    ready_line: str
    ping_answer: bytes  # how the agent port begins its answer to ``Protocol:Ping``


JENKINS = Controller(
    family=Family.JENKINS,
    version_attribute="Jenkins-Version",
    home_variable="JENKINS_HOME",
    plugin_suffix=".jpi",
    java_options=(
        "-Djenkins.install.runSetupWizard=false",
        f"-Djenkins.model.Jenkins.slaveAgentPort={AGENT_PORT}",
        "-Dhudson.lifecycle=hudson.lifecycle.ExitLifecycle",  # as the official image's script
    ),
    arguments=(),
    home_files=(),
    version_header="X-Jenkins",
    port_header="X-Jenkins-JNLP-Port",
    ready_line="Jenkins is fully up and running",
    ping_answer=b"Ping",
)

HUDSON = Controller(
    family=Family.HUDSON,
    version_attribute="Hudson-Version",
    home_variable="HUDSON_HOME",
    plugin_suffix=".hpi",
    # One thread at start: with several, a plugin may be initialized before another thread has
    # noted that all are loaded, and until then it finds no extension, not even its own.
    java_options=("-Dhudson.model.Hudson.parallelLoad=false",),
    arguments=("--skipInitSetup",),
    home_files=(
        (
            PurePosixPath("hudson-security.xml"),
            HUDSON_SECURITY,
        ),
    ),
    version_header="X-Hudson",
    port_header="X-Hudson-JNLP-Port",
    ready_line="Hudson is ready.",
    ping_answer=b"Unknown protocol:Protocol:Ping",
)

CONTROLLERS = (JENKINS, HUDSON)


_JENKINS_WAR = ("org.jenkins-ci.main", "jenkins-war")
_LTS_PARTS = 3


def is_jenkins(war: Coordinates) -> bool:
    """Say whether a formula means Jenkins' own WAR, which update sites serve and Maven does not."""
    return (war.group, war.artifact) == _JENKINS_WAR


def jenkins_war(version: Version) -> Coordinates:
    """Name Jenkins' own WAR as formulas do."""
    return Coordinates(*_JENKINS_WAR, version, "war")


def war_path(version: Version) -> PurePosixPath:
    """Say where every mirror keeps Jenkins' WAR."""
    return PurePosixPath(war_folder(version), version, "jenkins.war")


def war_folder(version: str) -> str:
    """Name the folder for the WARs of a version's kind: a long-term line has three parts."""
    return "war-stable" if len(version.split(".")) == _LTS_PARTS else "war"


def controller_of(family: Family) -> Controller:
    """Give the facts of a family."""
    return next(each for each in CONTROLLERS if each.family is family)
