"""The options of jenkins-plugin-cli, with its letters and variables, and ours beside them."""

from collections.abc import Callable
from pathlib import Path

import click

from builder import __version__
from builder.cli.logins import LOGIN
from builder.cli.options import JSON, OFFLINE, QUIET, ROLLBACK, SHA1, TRUST, Core

FOLDER = "/usr/share/jenkins/ref/plugins"
_FILE = click.Path(path_type=Path, dir_okay=False)


class ManyAfter(click.Command):
    """Lets ``-p`` take every word up to the next option, as jenkins-plugin-cli does."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Give each word an option of its own."""
        return super().parse_args(ctx, spread(args))


def spread(words: list[str]) -> list[str]:
    """Write ``-p git mailer`` as ``--plugins git --plugins mailer``."""
    found: list[str] = []
    many = False
    for word in words:
        if word.startswith("-"):
            many = word in {"-p", "--plugins"}
            found += [] if many else [word]
        else:
            found += ["--plugins", word] if many else [word]
    return found


def _flag(
    *names: str, about: str, hidden: bool = False
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    return click.option(*names, is_flag=True, help=about, hidden=hidden)


def _address(
    name: str, variable: str, about: str
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    return click.option(name, metavar="URL", envvar=variable, show_envvar=True, help=about)


_ASKED = (
    click.option(
        "-f",
        "--plugin-file",
        "files",
        type=_FILE,
        multiple=True,
        help="plugins.txt or plugins.yaml; repeatable.",
    ),
    click.option(
        "-p",
        "--plugins",
        "named",
        multiple=True,
        metavar="ID[:VERSION]...",
        help="Plugins as in a plugins.txt, with blanks between.",
    ),
    click.option(
        "-d",
        "--plugin-download-directory",
        "folder",
        type=click.Path(path_type=Path, file_okay=False),
        default=FOLDER,
        envvar="PLUGIN_DIR",
        show_envvar=True,
        show_default=True,
        help="The folder to place them in.",
    ),
    click.option(
        "-w",
        "--war",
        type=_FILE,
        help="Jenkins' WAR: its version, and the plugins inside it. [default: the image's]",
    ),
    click.option(
        "--jenkins-version",
        "core",
        type=Core(),
        metavar="VERSION",
        envvar="JENKINS_VERSION",
        show_envvar=True,
        help="Choose for this core. [default: the WAR's, else the update center's]",
    ),
    click.option(
        "--latest",
        type=click.BOOL,
        is_flag=False,
        flag_value=True,
        default=None,
        help="Dependencies as new as loads (true, the default) or as old as is asked for.",
    ),
    _flag("--latest-specified", about="As new as loads only below entries without a version."),
    _flag("--skip-failed-plugins", about="Place the rest where files cannot be had."),
    _flag("--no-download", about="Decide and tell, and change nothing."),
    _flag("--clean-download-directory", about="Leave nothing else in the folder."),
)
_TOLD = (
    _flag("-l", "--list", "listing", about="List what is there, and print the resulting set."),
    _flag("--available-updates", about="Print newer versions of the plugins named, and end."),
    click.option(
        "-o",
        "--output",
        "form",
        type=click.Choice(["stdout", "yaml", "txt"], case_sensitive=False),
        default="stdout",
        help="How --list and --available-updates print.",
    ),
    _flag("--hide-security-warnings", about="Do not tell of published weaknesses."),
    _flag("--view-security-warnings", about="They are told anyway.", hidden=True),
    _flag("--view-all-security-warnings", about="Tell of those of every plugin there is."),
    click.option("--verbose", is_flag=True, expose_value=False, help="Show the trace of an error."),
)
_ADDRESSES = (
    _address("--jenkins-update-center", "JENKINS_UC", "The update center."),
    _address(
        "--jenkins-experimental-update-center",
        "JENKINS_UC_EXPERIMENTAL",
        "The update center for entries that say experimental.",
    ),
    _address(
        "--jenkins-incrementals-repo-mirror",
        "JENKINS_INCREMENTALS_REPO_MIRROR",
        "The Maven repository for entries that say incrementals.",
    ),
    _address("--jenkins-plugin-info", "JENKINS_PLUGIN_INFO", "plugin-versions.json."),
    _address(
        "--jenkins-update-center-download-url",
        "JENKINS_UC_DOWNLOAD_URL",
        "The folder in which ID/VERSION/ID.hpi lie.",
    ),
    click.option(
        "--credentials",
        metavar="LIST",
        envvar="JENKINS_UC_CREDENTIALS",
        show_envvar=True,
        help=f"{LOGIN}. Rather set the variable: others can see a command line.",
    ),
)
_OURS = (
    TRUST,
    ROLLBACK,
    SHA1,
    _flag("--allow-unsigned", about="Take a catalogue that carries no signature at all."),
    OFFLINE,
    JSON,
    QUIET,
    click.version_option(__version__, "-v", "--version", prog_name="jbuild"),
)


def options(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command all these options."""
    for option in reversed((*_ASKED, *_TOLD, *_ADDRESSES, *_OURS)):
        command = option(command)
    return command
