"""Looks into a running container: one ``sh`` that needs no more than ``cat``, ``head`` and ``wc``.

The controller's home is written by whoever runs the image, so every part of what comes back
begins with a mark that nobody can guess.
"""

import time
import uuid
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from builder.model.report import InstalledPlugin, Planted

if TYPE_CHECKING:
    from docker.models.containers import Container

# $1 is the mark, $2 the home, then files to be read. First an orphan, which PID 1 inherits and has
# to reap. Then peak memory, of either version of cgroups.
_SCRIPT = """\
( : & )
printf '\\n%s peak\\n' "$1"
cat /sys/fs/cgroup/memory.peak 2>/dev/null ||
    cat /sys/fs/cgroup/memory/memory.max_usage_in_bytes 2>/dev/null
printf '\\n%s home\\n' "$1"
for path in "$2" "$2"/* "$2"/.[!.]* "$2"/plugins/*; do
    if [ -e "$path" ] && ! [ -w "$path" ]; then printf '\\n%s unwritable %s\\n' "$1" "$path"; fi
done
for path in /proc/[0-9]*/stat; do
    if ! read -r line 2>/dev/null <"$path"; then continue; fi
    case ${line##*)} in " Z 1 "*) printf '\\n%s zombie %s\\n' "$1" "${line%%)*})" ;; esac
done
mark=$1 home=$2
shift 2
printf '\\n%s files\\n' "$mark"
for path in "$@"; do
    if [ -f "$path" ] && [ -r "$path" ]; then
        printf '\\n%s file %s\\n' "$mark" "$path"
        head -c 65536 "$path"
    fi
done
set -- "$mark" "$home"
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


_REAPED_S = 1.0
_OF_PLUGINS = {"manifest", "folder", "disabled", "size", "head"}


class Inside(Struct, frozen=True, kw_only=True):
    """What was found; None where it could not be read."""

    peak_memory: int | None = None  # bytes
    plugins: tuple[InstalledPlugin, ...] | None = None  # by name
    unwritable: tuple[str, ...] | None = None  # paths
    zombies: tuple[str, ...] | None = None  # such as ``17 (sh)``: children of PID 1
    files: tuple[tuple[str, bytes], ...] | None = None  # the heads of those that are there


def look(container: "Container", home: str, mark: str, files: tuple[str, ...] = ()) -> Inside:
    """Read peak memory, what cannot be written, dead processes, files, and the plugins folder.

    Args:
        container: a running one.
        home: of its controller.
        mark: no file in the container holds it.
        files: absolute paths.
    """
    command = ["sh", "-c", _SCRIPT, "sh", mark, home, *files]
    said = container.exec_run(command, stderr=False).output
    return parse(said if isinstance(said, bytes) else b"", mark)


def looked_into(container: "Container", home: str, files: tuple[str, ...] = ()) -> Inside:
    """Look, and once more where PID 1 may not have come to a dead process yet.

    Nothing is known of a container that cannot run a shell.
    """
    from docker.errors import DockerException
    from requests.exceptions import RequestException

    try:
        first = look(container, home, uuid.uuid4().hex, files)
        if not first.zombies:
            return first
        time.sleep(_REAPED_S)
        again = look(container, home, uuid.uuid4().hex).zombies or ()
        return replace(first, zombies=tuple(each for each in first.zombies if each in again))
    except (DockerException, RequestException, OSError):
        return Inside()


def read_of(inside: Inside, wanted: tuple[str, ...]) -> tuple[tuple[str, bytes | None], ...]:
    """Give every file that was asked for; nothing where nothing could be read."""
    if inside.files is None:
        return ()
    there = dict(inside.files)
    return tuple((each, there.get(each)) for each in wanted)


def plant(container: "Container", home: str, planted: Planted) -> None:
    """Put a plugin where a user's upload puts it, as the user that the image runs as."""
    content = "".join(f"\\{each:03o}" for each in planted.content)
    script = 'printf "$1" >"$2"'
    place = f"{home}/plugins/{planted.archive}"
    container.exec_run(["sh", "-c", script, "sh", content, place])


def parse(output: bytes, mark: str) -> Inside:
    """Read what the script said; output that breaks off tells of no plugins at all."""
    parts = tuple(_parts(output, mark.encode()))
    told = {kind: content for kind, _, content in parts}
    found: dict[str, InstalledPlugin] = {}
    for kind, name, content in parts:
        if kind in _OF_PLUGINS:
            _add(found, kind, name, content)
    peak = told.get("peak", b"").strip()
    return Inside(
        peak_memory=int(peak) if peak.isdigit() else None,
        plugins=tuple(found[each] for each in sorted(found))
        if {"plugins", "end"} <= told.keys()
        else None,
        unwritable=_names(parts, "unwritable") if "home" in told else None,
        zombies=_names(parts, "zombie") if "home" in told else None,
        files=tuple((name, content) for kind, name, content in parts if kind == "file")
        if "files" in told
        else None,
    )


def _names(parts: tuple[tuple[str, str, bytes], ...], wanted: str) -> tuple[str, ...]:
    return tuple(name for kind, name, _ in parts if kind == wanted)


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
