"""The small files of an image: start script, options, configuration, the formula's own."""

from pathlib import PurePosixPath

from msgspec import Struct

from builder import data
from builder.image.certificates import trusted
from builder.model.build import ContextFile
from builder.model.controller import Controller
from builder.model.digest import Digest
from builder.model.formula import Formula, InputFile, Layout, Placement
from builder.model.placed import placed

CASC = "casc"
CERTIFICATES = "certificates"
_HOOKS = "init.groovy.d"


class Copied(Struct, frozen=True, kw_only=True):
    """What the formula has copied to one folder of the image."""

    source: str  # folder of the context
    target: str  # folder of the image, with a slash at the end
    files: tuple[ContextFile, ...]


def _text_file(name: str, content: bytes, mode: int = 0o644) -> ContextFile:
    """Make a file of the context out of its content, with the time that follows from it."""
    return ContextFile(
        name=PurePosixPath(name), source=content, mode=mode, time_s=Digest.of(content).time_s
    )


def own(formula: Formula, controller: Controller) -> tuple[ContextFile, ...]:
    """Give the start script and what it reads: one Java option or argument a line."""
    options = (*controller.java_options, *formula.image.java_options)
    retired = tuple(sorted({each.plugin for each in formula.image.retired}))
    return (
        _text_file("bin/jbuild-start", data.text("start.sh").encode(), 0o755),
        _text_file("jbuild/java.options", _lines(options)),
        _text_file("jbuild/arguments", _lines(controller.arguments)),
        *((_text_file("jbuild/retired", _lines(retired)),) if retired else ()),
    )


def configuration(formula: Formula, controller: Controller) -> tuple[ContextFile, ...]:
    """Give init scripts, CasC and the files the family needs in its home."""
    home = tuple(_text_file(f"ref/{path}", text.encode()) for path, text in controller.home_files)
    beside = tuple(
        _text_file(f"ref/{each.path}" if folder == _HOOKS else str(each.path), each.content)
        for each in formula.inputs
        if (folder := each.path.parts[0]) in {_HOOKS, CASC} and len(each.path.parts) > 1
        if not any(map(each.path.is_relative_to, formula.parts.paths))  # these have a place
    )
    return home + beside + _casc(formula)


def _casc(formula: Formula) -> tuple[ContextFile, ...]:
    """Give the packager's CasC; with plugins inside the WAR it lies there, too."""
    if formula.image.layout is Layout.WAR:
        return ()
    files = placed(formula.parts.casc, formula.inputs)
    return tuple(_text_file(f"{CASC}/{path}", each.content) for _, path, each in files)


def certificates(formula: Formula) -> tuple[ContextFile, ...]:
    """Give what OpenSSL and the start script, which tells Java, are to trust."""
    return tuple(
        _text_file(f"{folder}/{each.name}", each.pem)
        for each in trusted(formula)
        for folder in (CERTIFICATES, f"jbuild/{CERTIFICATES}")
    )


def copied(formula: Formula, index: int) -> Copied:
    """Give a folder that holds the wished file under its new name, or the folder's content.

    Files keep their names out of the Dockerfile that way: COPY would read wildcards in them.
    """
    wish = formula.image.files[index]
    folder = f"files/{index:03}"
    found = tuple(each for each in formula.inputs if each.path.is_relative_to(wish.source))
    is_file = any(each.path == wish.source for each in found)
    target = wish.target.parent if is_file else wish.target
    return Copied(
        source=f"{folder}/",
        target="/" if target == PurePosixPath("/") else f"{target}/",
        files=tuple(
            _text_file(f"{folder}/{_name_in(wish, each, is_file=is_file)}", each.content)
            for each in found
        ),
    )


def _name_in(wish: Placement, each: InputFile, *, is_file: bool) -> str:
    return wish.target.name if is_file else str(each.path.relative_to(wish.source))


def _lines(options: tuple[str, ...]) -> bytes:
    return "".join(f"{each}\n" for each in options).encode()
