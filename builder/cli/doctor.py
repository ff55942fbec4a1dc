"""``jbuild doctor``: logs, configuration and objects of a cluster, and what is wrong with them."""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import yaml
from msgspec import Struct
from msgspec.structs import replace

from builder import doctor as doctors
from builder import lint as lints
from builder.cli import given
from builder.cli.lint import held, tell
from builder.cli.options import Request, request
from builder.cli.show_audit import Findings
from builder.errors import FormulaError, Unreadable
from builder.model.audit import AuditFinding, Severity, found_at, heaviest_first
from builder.model.formula import InputFile
from builder.verify.casc_files import Casc

_STDIN = "-"
_RUNS = ("container:", "http://", "https://")
_FORMULA = re.compile(rb"^(?:war|extends):", re.MULTILINE)  # keys that only formulas have


class _Given(Struct, frozen=True, kw_only=True):
    """What paths came to."""

    found: Findings = ()  # on what is judged by itself: logs, controllers
    formulas: tuple[lints.Linted, ...] = ()
    files: tuple[InputFile, ...] = ()


@click.command()
@click.argument("paths", metavar="PATH...", nargs=-1, required=True)
@request
def doctor(*, request: Request, paths: tuple[str, ...]) -> None:
    r"""Tell what is wrong: cause, evidence and the way out.

    PATH is a log of a controller, an agent or an installer; a formula, with its lock; a file of
    Kubernetes objects; a CasC file, a hook, a Jenkinsfile, or a folder of them; container:NAME or
    the URL of a controller that runs. - reads a log from standard input.

    \b
    Examples:
      jbuild doctor jenkins.log
      jbuild doctor formula.yaml Jenkinsfile
      jbuild doctor casc init.groovy.d
      jbuild doctor objects.yaml --json
      jbuild doctor container:jenkins
      jbuild doctor https://ci.example.org/jenkins/
    """
    taken: list[_Given] = []
    faults: list[Unreadable] = []
    for path in paths:
        try:
            taken += _taken(request, path)
        except Unreadable as fault:
            faults.append(fault)
    if len(faults) == len(paths):
        raise faults[0]
    found = [finding for each in taken for finding in each.found]
    found += map(_unread, faults)
    found += _examined(
        tuple(one for each in taken for one in each.formulas),
        tuple(one for each in taken for one in each.files),
    )
    tell(request, heaviest_first(dict.fromkeys(found)), core="", strict=False)


def _taken(request: Request, path: str) -> Iterator[_Given]:
    if path == _STDIN:
        yield _Given(found=doctors.told_by("standard input", sys.stdin))
    elif path.startswith(_RUNS):
        from builder import trials  # noqa: PLC0415  # the rest needs no controller

        yield _Given(found=doctors.told_of(path, *trials.look(request.world().visitor, path)))
    elif not Path(path).is_dir() and not given.is_read(Path(path)):
        yield _Given(found=_log(Path(path)))
    else:
        for place in given.within(Path(path)):
            file = given.read(place)
            if place.suffix in given.YAML and _FORMULA.search(file.content):
                yield _formula(request, place, is_named=place == Path(path))
            else:
                yield _Given(files=(file,))


def _formula(request: Request, place: Path, *, is_named: bool) -> _Given:
    """Read a formula; one of a folder that cannot be is told of, and hides nothing else."""
    try:
        return _Given(formulas=(held(replace(request, formula=place))[2],))
    except FormulaError as fault:
        if is_named:
            raise
        said = found_at(
            str(place),
            id="unread",
            severity=Severity.ERROR,
            sentence="this formula cannot be read",
            evidence=(str(fault),),
            way_out=f"jbuild lint {place} says why",
        )
        return _Given(found=(said,))


def _log(place: Path) -> Findings:
    try:
        with place.open(encoding="utf-8", errors="replace") as lines:
            return doctors.told_by(str(place), lines)
    except OSError as fault:
        raise Unreadable(path=place, fault=fault.strerror or str(fault)) from fault


def _unread(fault: Unreadable) -> AuditFinding:
    return found_at(
        str(fault.path),
        id="unread",
        severity=Severity.ERROR,
        sentence=f"it cannot be read: {fault.fault}",
        way_out="name what is there",
    )


def _examined(formulas: tuple[lints.Linted, ...], files: tuple[InputFile, ...]) -> Findings:
    """Take files of objects for what they are, and anything else by its name."""
    objects = {each: them for each in files if (them := _objects(each))}
    rest = tuple(each for each in files if each not in objects)
    pipelines = tuple(each for each in rest if given.is_pipeline(Path(each.path)))
    casc = tuple(each for each in rest if each.path.suffix in given.YAML)
    hooks = tuple(each for each in rest if each.path.suffix == ".groovy")
    seen = [*formulas, lints.Linted(casc=Casc(files=casc), hooks=hooks)]
    for them in objects.values():
        seen.append(lints.Linted(casc=Casc(files=doctors.casc_in(them))))
        pipelines += doctors.pipelines_in(them)
    alone = [one for each, them in objects.items() for one in doctors.examine(str(each.path), them)]
    for each in seen:
        told = lints.lint(replace(each, pipelines=pipelines))
        alone += [one for one in told if each in formulas or one.id != "no-lock"]
    return tuple(alone)


def _objects(file: InputFile) -> doctors.Objects:
    if file.path.suffix not in given.YAML:
        return ()
    try:
        found = doctors.documents(file.content)
    except yaml.YAMLError:
        return ()  # lint says so, with the line
    return tuple(each for each in found if "kind" in each and "apiVersion" in each)
