"""When a controller calls a version good enough: the search's rule; the judge has its own."""

from builder.version import Version, is_snapshot, older_than


def meets(version: Version, minimum: Version) -> bool:
    """Say whether a controller accepts ``version`` where ``minimum`` is asked for.

    With a snapshot on either side it only logs a line.

    Source: ``hudson.PluginWrapper.versionDependencyError``.
    """
    return not older_than(version, minimum) or is_snapshot(version) or is_snapshot(minimum)
