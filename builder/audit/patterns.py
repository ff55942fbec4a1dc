"""Which warnings concern a version: by the catalogue's own patterns, and by nothing else.

``firstVersion`` and ``lastVersion`` of a catalogue are display text, and never get this far.
"""

import re
import warnings
from functools import lru_cache

from builder.model.audit import Known
from builder.model.catalogue import SecurityWarning
from builder.model.plugin import PluginId
from builder.version import Version

_UNRELEASED = re.compile(r"(.+?)-(?:rc|SNAPSHOT|\d{8}\.\d{6}-\d)")


def match(warning: SecurityWarning, version: Version) -> str | None:
    """Give the pattern that takes the whole text of a version; None where no pattern does.

    Source: ``hudson.model.UpdateSite.WarningVersionRange`` of the Jenkins core: no patterns mean
    every version, and so does a pattern that does not compile.
    """
    if not warning.patterns:
        return ".*"
    return next((each for each in warning.patterns if _takes(each, version)), None)


def affecting(
    known: Known, plugin: PluginId | None, version: Version
) -> tuple[SecurityWarning, ...]:
    """List the warnings on a plugin, or with None on the core, that concern this version."""
    about = known.warnings_by_plugin.get(plugin, ())
    return tuple(each for each in about if match(each, version) is not None)


def released_part(version: Version) -> Version | None:
    """Cut a snapshot or an incremental build down to the release it comes before.

    Returns:
        ``2.12`` for ``2.12-rc390.24ce2a334298`` and ``2.12-SNAPSHOT``; None for a release.
    """
    found = _UNRELEASED.match(version)
    return Version(found[1]) if found else None


def _takes(pattern: str, version: Version) -> bool:
    compiled = _compiled(pattern)
    return compiled is None or compiled.fullmatch(version) is not None


@lru_cache(maxsize=4096)
def _compiled(pattern: str) -> re.Pattern[str] | None:
    """Compile a pattern of Java; None where it cannot be read, which counts as ``.*``.

    Python warns of what Java means otherwise, such as ``[a&&b]``: that cannot be read either.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            return re.compile(pattern, re.ASCII)
    except (re.error, Warning, OverflowError, RecursionError):
        return None
