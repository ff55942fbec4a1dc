"""What the command line knows of this machine: folders, settings file, the real world.

Each function imports what it alone needs: every command comes by here, and most of them only once.
"""

import os
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace
from platformdirs import PlatformDirs

from builder.errors import SettingsError
from builder.ports import Baker, Revisions, Store, Workspace, World
from builder.settings import Login, Settings, merge

if TYPE_CHECKING:
    from builder.model.build import Delivery
    from builder.ports.image_files import Images
    from builder.ports.plugin_folders import PluginFolders

_DIRS = PlatformDirs("jbuild")


def settings(options: Mapping[str, str]) -> Settings:
    """Work out the settings from options, variables, the user's file and defaults."""
    path = Path(_DIRS.user_config_dir) / "settings.toml"
    return merge(
        defaults={
            "store": str(Path(_DIRS.user_cache_dir) / "store"),
            "docker_host": os.environ.get("DOCKER_HOST", ""),
            "maven": "mvn",
            "offline": "false",
        },
        file=(str(path), _written(path)),
        environment=os.environ,
        options=options,
    )


def world(
    *,
    offline: bool,
    quiet: int,
    logins: tuple[Login, ...] = (),
    store: Path | None = None,
    delivery: "Delivery | None" = None,
) -> World:
    """Build the real world."""
    from builder.cli.logins import account
    from builder.cli.progress import listener
    from builder.world import real

    options = {"offline": "true"} if offline else {}
    options |= {"store": str(store)} if store else {}
    options |= delivery.named if delivery else {}
    made = settings(options)
    network = replace(made.network, logins=logins)
    made = replace(made, network=network, account=account(os.environ))
    heard = listener(os.environ, quiet)
    return real(made, heard, delivery) if delivery else real(made, heard)


def workspace() -> Workspace:
    """Give the user's own files without the rest of the world."""
    from builder.adapters.workspace import FolderWorkspace

    return FolderWorkspace()


def plugin_folders() -> "PluginFolders":
    """Give the folders of plugins on this machine."""
    from builder.adapters.plugin_folder import DiskPluginFolders

    return DiskPluginFolders()


def images() -> "Images":
    """Give the images that the container engine has."""
    from builder.adapters.engine import DockerEngine

    return DockerEngine(settings({}).docker_host)


def baker(store: Store, builder: str | None) -> Baker:
    """Give what builds many images at once."""
    from builder.adapters.buildx import BuildxEngine

    made = settings({"builder": builder} if builder else {})
    return BuildxEngine(store, made.buildx, made.docker_host)


def revisions() -> Revisions:
    """Give the user's files as git once had them."""
    from builder.adapters.git import GitRevisions

    return GitRevisions()


def now() -> datetime:
    """Tell the time by which signatures and allowances are judged, in UTC."""
    return datetime.now(UTC)


def keep_trace(error: Exception) -> Path | None:
    """Keep the trace of a defect in the state folder; None where even that is impossible."""
    import traceback

    path = Path(_DIRS.user_state_dir) / "trace.txt"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("".join(traceback.format_exception(error)), "utf-8")
    except OSError:
        return None
    return path


def _written(path: Path) -> Mapping[str, object]:
    try:
        text = path.read_text("utf-8")
        import tomllib

        return tomllib.loads(text)
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as fault:  # neither readable, nor text, nor TOML
        raise SettingsError(
            name="settings file", value=str(fault), origin=str(path), wanted="TOML in UTF-8"
        ) from fault
