"""The command group and the one error boundary. Commands are loaded when they are called."""

import gc
import importlib
import keyword
import os
import signal
import sys
from collections.abc import Sequence
from types import FrameType, ModuleType
from typing import NoReturn

import click

from builder import __version__

_COMMANDS = {
    "init": ("begin", "Write a new formula, of a preset or by questions."),
    "import": ("begin", "Make a formula of a plugin list, a packager's file or an image."),
    "image": ("build", "Build, boot and verify the image of a formula; the main job."),
    "plan": ("build", "Decide everything, show it, build nothing."),
    "war": ("build", "Assemble the controller's WAR."),
    "sbom": ("sboms", "Write the bill of materials of a lock, as CycloneDX."),
    "verify": ("verify", "Check an image, or a controller that runs, against a lock."),
    "publish": ("publish", "Push the image to its registries, each version once."),
    "bake": ("bake", "Build the images of many formulas at once, with BuildKit."),
    "plugins": ("plugins", "Place plugins in a folder, as jenkins-plugin-cli does."),
    "resolve": ("decide", "Choose the plugin set and show it."),
    "lock": ("decide", "Write the lock, keeping what is pinned."),
    "why": ("explain", "Show every chain that brings a plugin in."),
    "tree": ("explain", "Show the locked plugins as a tree."),
    "lint": ("lint", "Find faults in CasC files and hooks, before anything is built."),
    "audit": ("audit", "Report weaknesses, floors, withdrawn plugins and what nobody vouches for."),
    "outdated": ("audit", "Show what is newer than the lock, and what stands in the way of it."),
    "upgrade": ("upgrade", "Move the lock to newer releases."),
    "diff": ("move", "Compare two locks, the gravest difference first."),
    "mirrors": ("keep", "Look at mirrors: reachability, freshness, speed, the choice and why."),
    "bundle": ("keep", "Carry a lock and all that it needs in one tar."),
    "cache": ("keep", "Show, verify or prune the store."),
    "token": ("token", "Make or judge the static token of KubeSphere."),
    "render": ("render", "Write what KubeSphere needs beside the image."),
    "agents": ("agents", "Show the images that agents run in, and take them elsewhere."),
    "doctor": ("doctor", "Tell what is wrong, by logs, configuration and objects of a cluster."),
    "settings": ("here", "Show each setting and where it comes from."),
}


_YOUNG = 100_000  # objects, until the interpreter looks for rubbish; few of a short run are


class _ReaderGone(Exception):
    """Whoever read our output has had enough of it."""


class LazyGroup(click.Group):
    """Knows its commands by name and imports the one that is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  # click's signature
        """List them in the order of a build."""
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import a command."""
        if cmd_name not in _COMMANDS:
            return super().get_command(ctx, cmd_name)
        module = importlib.import_module(f"builder.cli.{_COMMANDS[cmd_name][0]}")
        command = getattr(module, f"{cmd_name}_" if keyword.iskeyword(cmd_name) else cmd_name)
        if not isinstance(command, click.Command):
            raise TypeError(cmd_name)
        # In a raw docstring click's mark for "leave these lines as they are" is two characters.
        command.help = (command.help or "").replace("\\b\n", "\b\n")
        return command

    def invoke(self, ctx: click.Context) -> object:
        """Run a command; click itself would call a closed pipe exit code 1."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError as fault:
            raise _ReaderGone from fault

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002  # click's signature
        """List the commands without importing any."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, about) for name, (_, about) in _COMMANDS.items()])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Name the nearest command for one that does not exist."""
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            from difflib import get_close_matches

            near = get_close_matches(args[0], _COMMANDS, n=1)
            if not near:
                raise
            said = f"{error.message} Did you mean {near[0]!r}?"
            raise click.UsageError(said, ctx) from error


@click.group(
    cls=LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Every command has --help with examples. Exit codes: 0 done, 1 the answer is no, "
    "2 usage, 3 formula, 4 no plugin set, 5 lock, 6 unreachable, 7 not trusted, 8 engine or "
    "build, 9 publish, 10 settings, 70 a defect of ours, 130 and 143 interrupted.",
)
@click.version_option(__version__, prog_name="jbuild")
def jbuild() -> None:
    """Build, boot and verify a Jenkins controller image out of one formula.yaml."""


def run() -> NoReturn:
    """Run the command line and leave with its exit code."""
    signal.signal(signal.SIGINT, _interrupted)
    for number in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is not signal.SIG_IGN:  # as nohup wants it
            signal.signal(number, _terminated)
    gc.set_threshold(_YOUNG)
    code = main(sys.argv[1:])
    gc.freeze()  # or the interpreter looks for rubbish in all that ends with the process anyway
    sys.exit(code)


def main(arguments: Sequence[str]) -> int:
    """Run one command; the only place that catches.

    Returns:
        The exit code.
    """
    try:
        jbuild.main(list(arguments), prog_name="jbuild", standalone_mode=False)
    except click.exceptions.Exit as leave:
        code = leave.exit_code
    except click.ClickException as error:
        error.show()
        code = error.exit_code
    except (click.Abort, KeyboardInterrupt):
        code = _endings().interrupted(arguments)
    except _ReaderGone:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 128 + signal.SIGPIPE
    except Exception as error:  # noqa: BLE001  # the boundary: what nobody foresaw, too
        code = _endings().failed(error, arguments)
    else:
        code = 0
    return code


def _endings() -> ModuleType:
    """Import the words of a bad end when there is one."""
    from builder.cli import endings

    return endings


def _interrupted(_number: int, _frame: FrameType | None) -> None:
    """First interrupt: stop politely. The second ends the process at once."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    raise KeyboardInterrupt


def _terminated(number: int, _frame: FrameType | None) -> None:
    from builder.errors.base import Terminated  # whole even while the rest is being imported

    signal.signal(number, signal.SIG_DFL)
    raise Terminated(signal=number)
