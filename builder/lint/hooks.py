"""Classes that hooks import, held against the plugins of the lock.

Only ``import`` lines are read. A class that a script loads by a text, or names in full, is not
seen: a script may well look first whether it is there.
"""

import re
from collections.abc import Iterator, Mapping

from builder.lint.base import Linted, brought_by, place_in
from builder.model.audit import AuditFinding, error, note

_IMPORT = re.compile(r"(?:^|;)[ \t]*import\s+(?:static\s+)?([\w.]+)", re.MULTILINE)
_NO_CODE = re.compile(
    r"'''.*?'''|\"\"\".*?\"\"\"|'(?:\\.|[^'\\\n])*'|\"(?:\\.|[^\"\\\n])*\"|//[^\n]*|/\*.*?\*/",
    re.DOTALL,
)  # texts and comments
_CORE = (
    *("jenkins.", "hudson.", "java.", "javax.", "jakarta.", "groovy.", "org.codehaus.groovy."),
    *("org.kohsuke.", "org.jvnet.hudson.", "net.sf.json.", "org.springframework.security."),
)
_PLUGINS = ("hudson.plugins.", "jenkins.plugins.")  # whose they are, their names do not say


def imports(seen: Linted) -> Iterator[AuditFinding]:
    """Find imports of plugins that are not locked: the script does not compile."""
    if seen.plugins is None:
        return
    for file in seen.hooks:
        text = _NO_CODE.sub(_blank, file.content.decode(errors="replace"))
        for found in _IMPORT.finditer(text):
            yield from _judged(found[1], place_in(file, text, found.start(1)), seen.plugins)


def _judged(name: str, place: str, plugins: Mapping[str, object]) -> Iterator[AuditFinding]:
    wanted = _bringing(name)
    if wanted and not any(each in plugins for each in wanted):
        yield error(
            f"hook-import:{wanted[0]}",
            place,
            f"{name} is of {' or '.join(wanted)}, which is not locked: the script does not run",
            f"ask for {wanted[0]}, or look for the class before using it",
        )
    if not wanted and (name.startswith(_PLUGINS) or not name.startswith(_CORE)):
        yield note(
            "hook-import",
            place,
            f"nothing is known of who brings {name}",
            "see that its plugin is in the lock",
        )


def _blank(found: re.Match[str]) -> str:
    return "\n" * found[0].count("\n")


def _bringing(name: str) -> tuple[str, ...]:
    packages = brought_by("hook_packages.json")
    fitting = [each for each in packages if name == each or name.startswith(f"{each}.")]
    return packages[max(fitting, key=len)] if fitting else ()
