"""``jbuild doctor``: logs, configuration and objects of a cluster, and what is wrong with them."""

import re
import sys
from pathlib import Path, PurePosixPath

import click
import yaml
from msgspec.structs import replace

from builder import doctor as doctors
from builder import lint as lints
from builder.cli.lint import held, tell
from builder.cli.options import Request, request
from builder.cli.show_audit import Findings
from builder.errors import Unreadable
from builder.model.audit import AuditFinding, heaviest_first
from builder.model.formula import InputFile
from builder.verify.casc_files import Casc

_STDIN = "-"
_FORMULA = re.compile(rb"^(?:war|extends):", re.MULTILINE)  # keys that only formulas have
_YAML = {".yaml", ".yml"}
_READ = {*_YAML, ".groovy"}
_LARGEST = 16 * 1024**2  # bytes of a file that is read as YAML


@click.command()
@click.argument("paths", metavar="PATH...", nargs=-1, required=True)
@request
def doctor(*, request: Request, paths: tuple[str, ...]) -> None:
    r"""Tell what is wrong: cause, evidence and the way out.

    PATH is a log of a controller, an agent or an installer; a formula, with its lock; a file of
    Kubernetes objects; a CasC file, a hook, or a folder of them. - reads a log from standard input.

    \b
    Examples:
      jbuild doctor jenkins.log
      jbuild doctor formula.yaml
      jbuild doctor casc init.groovy.d
      jbuild doctor objects.yaml --json
    """
    found = (each for path in paths for each in _of(request, path))
    tell(request, heaviest_first(found), core="", strict=False)


def _of(request: Request, path: str) -> Findings:
    if path == _STDIN:
        return doctors.told_by("standard input", sys.stdin)
    place = Path(path)
    if place.is_dir():
        inside = sorted(each for each in place.rglob("*") if each.is_file())
        return _configuration(tuple(_file(each) for each in inside if each.suffix in _READ))
    if place.suffix not in _READ:
        return _log(place)
    file = _file(place)
    if place.suffix in _YAML and _FORMULA.search(file.content):
        return held(replace(request, formula=place))[2]
    return _configuration((file,))


def _log(place: Path) -> Findings:
    try:
        with place.open(encoding="utf-8", errors="replace") as lines:
            return doctors.told_by(str(place), lines)
    except OSError as fault:
        raise Unreadable(path=place, fault=fault.strerror or str(fault)) from fault


def _configuration(files: tuple[InputFile, ...]) -> Findings:
    """Take files of objects for what they are, hooks for hooks, and anything else for CasC."""
    objects = {each: them for each in files if (them := _objects(each))}
    rest = tuple(each for each in files if each not in objects)
    hooks = tuple(each for each in rest if each.path.suffix not in _YAML)
    casc = tuple(each for each in rest if each.path.suffix in _YAML)
    found: list[AuditFinding] = []
    for file, them in objects.items():
        found += doctors.examine(str(file.path), them)
        found += _linted(doctors.casc_in(them), ())
    return (*found, *_linted(casc, hooks))


def _objects(file: InputFile) -> doctors.Objects:
    if file.path.suffix not in _YAML:
        return ()
    try:
        found = doctors.documents(file.content)
    except yaml.YAMLError:
        return ()  # lint says so, with the line
    return tuple(each for each in found if "kind" in each and "apiVersion" in each)


def _linted(files: tuple[InputFile, ...], hooks: tuple[InputFile, ...]) -> Findings:
    seen = lints.Linted(casc=Casc(files=files), hooks=hooks, plugins=None)
    return tuple(each for each in lints.lint(seen) if each.id != "no-lock")


def _file(place: Path) -> InputFile:
    return InputFile(path=PurePosixPath(place), content=_read(place))


def _read(place: Path) -> bytes:
    try:
        if place.stat().st_size > _LARGEST:
            raise Unreadable(path=place, fault="it is larger than 16 MiB")
        return place.read_bytes()
    except OSError as fault:
        raise Unreadable(path=place, fault=fault.strerror or str(fault)) from fault
