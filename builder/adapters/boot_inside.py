"""Looks into a running container: one ``sh`` that needs no more than ``cat``, ``head`` and ``wc``.

The controller's home is written by whoever runs the image, so every part of what comes back
begins with a mark that nobody can guess.
"""

from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from builder.model.controller import HOME
from builder.model.report import InstalledPlugin

if TYPE_CHECKING:
    from docker.models.containers import Container

# $1 is the mark, $2 the home. First peak memory, of either version of cgroups.
_SCRIPT = """\
printf '\\n%s peak\\n' "$1"
cat /sys/fs/cgroup/memory.peak 2>/dev/null ||
    cat /sys/fs/cgroup/memory/memory.max_usage_in_bytes 2>/dev/null
cd "$2/plugins" || exit 0
printf '\\n%s plugins\\n' "$1"
for path in *; do
    if [ -d "$path" ]; then
        if [ -f "$path/META-INF/MANIFEST.MF" ]; then
            printf '\\n%s manifest %s\\n' "$1" "$path"
            cat "$path/META-INF/MANIFEST.MF"
        else
            printf '\\n%s folder %s\\n' "$1" "$path"
        fi
        continue
    fi
    case $path in
    *.disabled) printf '\\n%s disabled %s\\n' "$1" "$path" ;;
    *.[hj]pi)
        printf '\\n%s size %s\\n' "$1" "$path"
        wc -c <"$path"
        printf '\\n%s head %s\\n' "$1" "$path"
        head -c 16 "$path"
        ;;
    esac
done
printf '\\n%s end\\n' "$1"
"""


class Inside(Struct, frozen=True, kw_only=True):
    """What was found; None where it could not be read."""

    peak_memory: int | None = None  # bytes
    plugins: tuple[InstalledPlugin, ...] | None = None  # by name


def look(container: "Container", home_variable: str, mark: str) -> Inside:
    """Read peak memory and the plugins folder.

    Args:
        container: a running one.
        home_variable: the environment variable that names the controller's home.
        mark: no file in the container holds it.
    """
    script = f'set -- "$1" "${{{home_variable}:-{HOME}}}"\n{_SCRIPT}'
    said = container.exec_run(["sh", "-c", script, "sh", mark], stderr=False).output
    return parse(said if isinstance(said, bytes) else b"", mark)


def parse(output: bytes, mark: str) -> Inside:
    """Read what the script said; output that breaks off tells of no plugins at all."""
    peak, listed, ended = None, False, False
    found: dict[str, InstalledPlugin] = {}
    for kind, name, content in _parts(output, mark.encode()):
        listed = listed or kind == "plugins"
        ended = ended or kind == "end"
        if kind == "peak":
            peak = int(content) if content.strip().isdigit() else None
        elif name:
            _add(found, kind, name, content)
    plugins = tuple(found[each] for each in sorted(found)) if listed and ended else None
    return Inside(peak_memory=peak, plugins=plugins)


def _parts(output: bytes, mark: bytes) -> Iterator[tuple[str, str, bytes]]:
    """Give kind, name and content of each part."""
    for part in output.split(b"\n" + mark + b" ")[1:]:
        head, _, content = part.partition(b"\n")
        kind, _, name = head.decode(errors="replace").partition(" ")
        yield kind, name, content


def _add(found: dict[str, InstalledPlugin], kind: str, name: str, content: bytes) -> None:
    archive = name.removesuffix(".disabled")
    key = name if kind in {"manifest", "folder"} else PurePosixPath(archive).stem
    known = found.get(key, InstalledPlugin(name=key, archive=None, manifest=None))
    if kind == "manifest":
        known = replace(known, manifest=content)
    elif kind == "size" and _goes_first(archive, known):
        known = replace(known, archive=archive, size=int(content), disabled=False)
    elif kind == "head" and archive == known.archive:
        known = replace(known, head=content)
    elif kind == "disabled":
        known = replace(known, disabled=known.disabled or archive == known.archive)
    if known.archive or kind in {"manifest", "folder"}:
        found[key] = known


def _goes_first(archive: str, known: InstalledPlugin) -> bool:
    """Tell which of two archives of one name a controller loads."""
    return known.archive is None or PurePosixPath(archive).suffix == ".jpi"
