"""``jbuild doctor``: logs, configuration and objects of a cluster, and what is wrong with them."""

import re
import sys
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

import click
import yaml
from msgspec.structs import replace

from builder import doctor as doctors
from builder import lint as lints
from builder.cli import show_audit
from builder.cli.named import read_lock
from builder.cli.options import Request, request
from builder.errors import LintRefused, Unreadable
from builder.model.audit import AuditFinding, Severity
from builder.model.formula import InputFile
from builder.verify.casc_files import Casc

_STDIN = "-"
_FORMULA = re.compile(rb"^(?:war|extends):", re.MULTILINE)  # keys that only formulas have
_YAML = {".yaml", ".yml"}
_LARGEST = 16 * 1024**2  # bytes of a file that is read as YAML
Findings = tuple[AuditFinding, ...]


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
    found = tuple(each for path in paths for each in _of(request, path))
    order = tuple(Severity)
    found = tuple(sorted(found, key=lambda each: order.index(each.severity)))
    refused = tuple(f"{e.id} ({e.subject})" for e in found if e.severity is Severity.ERROR)
    if request.as_json:
        click.echo(show_audit.findings_json(found, core="", passed=not refused))
    else:
        click.echo(show_audit.findings(found))
    if refused:
        raise LintRefused(refused=refused)


def _of(request: Request, path: str) -> Findings:
    if path == _STDIN:
        return doctors.told_by("standard input", sys.stdin)
    place = Path(path)
    if place.is_dir():
        return _configuration(tuple(sorted(each for each in place.rglob("*") if each.is_file())))
    if place.suffix in _YAML:
        return _formula(request, place) if _is_formula(place) else _yaml(place)
    if place.suffix == ".groovy":
        return _configuration((place,))
    try:
        with place.open(encoding="utf-8", errors="replace") as lines:
            return doctors.told_by(path, lines)
    except OSError as fault:
        raise Unreadable(path=place, fault=fault.strerror or str(fault)) from fault


def _is_formula(place: Path) -> bool:
    return _FORMULA.search(_read(place)) is not None


def _formula(request: Request, place: Path) -> Findings:
    """Hold what a formula brings along to the rules of lint."""
    beside = replace(request, formula=place)
    locked = read_lock(beside.lock) if beside.lock.exists() else None
    return lints.lint(lints.linted(beside.read(beside.world()), locked))


def _yaml(place: Path) -> Findings:
    """Take a file of objects for what it is, and anything else for CasC."""
    objects = tuple(_objects(place))
    if not objects:
        return _configuration((place,))
    files = doctors.casc_in(objects)
    return (*doctors.examine(str(place), objects), *_linted(files, ()))


def _objects(place: Path) -> Iterator[dict[str, object]]:
    try:
        for each in yaml.load_all(_read(place), Loader=yaml.CSafeLoader):
            if isinstance(each, dict) and "kind" in each and "apiVersion" in each:
                yield each
    except yaml.YAMLError:
        return  # lint says so, with the line


def _configuration(places: tuple[Path, ...]) -> Findings:
    objects = [each for each in places if each.suffix in _YAML and tuple(_objects(each))]
    rest = [each for each in places if each not in objects]
    files = tuple(_file(each) for each in rest if each.suffix in _YAML)
    hooks = tuple(_file(each) for each in rest if each.suffix == ".groovy")
    found = tuple(finding for each in objects for finding in _yaml(each))
    return (*found, *_linted(files, hooks))


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
