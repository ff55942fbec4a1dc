"""Plugins that lie in a folder or in a WAR, and what becomes of a folder's files."""

from msgspec import Struct

from builder.model.controller import Family
from builder.model.lock import ChangeKind, Choice
from builder.model.plugin import PluginId, Release
from builder.model.stored import StoredFile
from builder.version import Version


class Lying(Struct, frozen=True, kw_only=True):
    """A plugin archive that is there, by its own manifest."""

    release: Release
    name: str  # of the file, such as ``git.jpi``; or of the WAR's entry


class Carried(Struct, frozen=True, kw_only=True):
    """What a WAR brings along; plugins by id, ascending."""

    family: Family
    core: Version
    plugins: tuple[Lying, ...] = ()  # a controller puts these into its home at every start
    detached: tuple[Lying, ...] = ()  # these only where another plugin implies them


class Ground(Struct, frozen=True, kw_only=True):
    """What is there before anything is done."""

    installed: tuple[Lying, ...] = ()  # in the folder
    carried: Carried | None = None  # by the WAR; None: there is none to look into

    @property
    def there(self) -> dict[PluginId, Lying]:
        """All of it by id; a controller puts what its WAR carries over what lies in its home."""
        carried = self.carried.plugins if self.carried else ()
        return {each.release.plugin: each for each in (*self.installed, *carried)}


class Fate(Struct, frozen=True, kw_only=True):
    """One plugin of a set, and what becomes of its file."""

    choice: Choice
    before: Lying | None  # what lies there now
    change: ChangeKind | None  # None: these very bytes are there
    in_war: bool = False  # there means inside the WAR

    @property
    def plugin(self) -> PluginId:
        """Which one it is."""
        return self.choice.release.plugin


class Placed(Struct, frozen=True, kw_only=True):
    """A file on its way into a folder of plugins."""

    plugin: PluginId
    file: StoredFile
    replaces: str | None = None  # the name of the file that lies there for the plugin
