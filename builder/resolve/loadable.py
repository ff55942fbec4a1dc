"""The newest release of each plugin that some set could load at all.

A release may fit the core and still never load, since what it requires does not fit. Such
releases are put last: they would only be chosen to be given up again. Nothing rests on this but
which release is tried first.
"""

from collections.abc import Callable

from builder.model.plugin import DependencyKind, PluginId, Release
from builder.resolve.loading import meets

_Fitting = Callable[[PluginId], tuple[Release, ...]]


class Loadable:
    """Works the newest loadable releases out when they are asked for, and keeps them.

    They only ever go down while they are worked out, and those of all plugins in reach are worked
    out together: so it makes no difference which plugin is asked for first.

    Args:
        fitting: gives the releases of a plugin that the core takes, oldest first.
    """

    def __init__(self, fitting: _Fitting) -> None:
        self._fitting = fitting
        self._left: dict[PluginId, list[Release]] = {}  # the last of each is the newest

    def newest(self, plugin: PluginId) -> Release | None:
        """Give the newest loadable release; None where there is none."""
        if plugin not in self._left:
            self._work_out([plugin])
        left = self._left[plugin]
        return left[-1] if left else None

    def _work_out(self, waiting: list[PluginId]) -> None:
        users: dict[PluginId, set[PluginId]] = {}
        while waiting:
            plugin = waiting.pop()
            left = self._left.get(plugin)
            if left is None:
                left = self._left[plugin] = list(self._fitting(plugin))
            before = len(left)
            while left and not self._loads(left[-1], users, waiting):
                left.pop()
            if len(left) < before:
                waiting += sorted(users.get(plugin, ()))

    def _loads(
        self, release: Release, users: dict[PluginId, set[PluginId]], waiting: list[PluginId]
    ) -> bool:
        """Say whether all it requires is there, as far as is known; note what to look at."""
        for edge in release.dependencies:
            if edge.kind is not DependencyKind.REQUIRED:
                continue
            users.setdefault(edge.plugin, set()).add(release.plugin)
            left = self._left.get(edge.plugin)
            if left is None:
                left = self._left[edge.plugin] = list(self._fitting(edge.plugin))
                waiting.append(edge.plugin)
            if not any(meets(each.version, edge.minimum) for each in reversed(left)):
                return False
        return True
