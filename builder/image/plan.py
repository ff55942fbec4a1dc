"""The image as far as it is known before a byte is fetched: Dockerfile, labels, small files."""

import re
from pathlib import PurePosixPath

from builder import data
from builder.errors import FormulaInvalid
from builder.image import certificates, files, layers, sound, template
from builder.image.reference import Reference
from builder.model.build import ImagePlan
from builder.model.controller import CASC, HOME, Controller, controller_of
from builder.model.digest import Digest
from builder.model.formula import Formula, Layout, Place, Problem
from builder.model.lock import AnyBasePin, ImagePin, Lock

_OCI = "org.opencontainers.image"
_OURS = "io.github.jbuild"


def plan(formula: Formula, locked: Lock) -> ImagePlan:
    """Work out the image; ``Dockerfile.template`` beside the formula replaces the stock one.

    Raises:
        FormulaInvalid: the template is wrong, or a wish cannot be written into a Dockerfile.
    """
    sound.require(formula)
    certificates.require(formula)
    sound.require_gone(formula, locked)
    controller = controller_of(locked.core.family)
    reference = base_reference(locked.bases)
    copied = tuple(files.copied(formula, index) for index in range(len(formula.image.files)))
    small = (
        *files.own(formula, controller),
        *files.configuration(formula, controller),
        *files.certificates(formula),
        *(file for each in copied for file in each.files),
    )
    beside = locked.plugins if formula.image.layout is Layout.REF else ()
    cut = layers.cut(beside, others=len(copied))
    has = {file.name.parts[0] for file in small} | ({"plugins"} if cut else set())
    labels = _labels(formula, locked)
    values = {
        "base": reference,
        "has": tuple(sorted(has)),
        "layers": tuple(each.name for each in cut),
        "placements": tuple((each.source, each.target) for each in copied),
        "env": _env(formula, controller, has_casc=files.CASC in has),
        "labels": labels,
    }
    return ImagePlan(
        dockerfile=template.render(_template_of(formula), values),
        layout=formula.image.layout,
        bases=locked.bases,
        base_reference=reference,
        labels=labels,
        files=tuple(sorted(small, key=lambda each: each.name)),
        layers=cut,
    )


def base_reference(bases: tuple[AnyBasePin, ...]) -> str:
    """Name the local image that is made of a base's tar; other bytes, another name."""
    digests = [e.manifest if isinstance(e, ImagePin) else e.digest for e in bases]
    first, *others = digests
    digest = Digest.of("".join(map(str, digests)).encode()) if others else first
    base = bases[0]
    name = "image" if isinstance(base, ImagePin) else re.sub(r"[^A-Za-z0-9_.-]+", "-", base.suite)
    return str(Reference(repository="jbuild/base", tag=f"{name}-{digest.hex[:16]}"))


def _labels(formula: Formula, locked: Lock) -> tuple[tuple[str, str], ...]:
    bundle = formula.bundle
    known = {
        f"{_OCI}.title": bundle.title or bundle.artifact,
        f"{_OCI}.vendor": bundle.vendor,
        f"{_OCI}.description": bundle.description,
        f"{_OCI}.version": bundle.version,
        f"{_OURS}.core": str(locked.core.version),
        f"{_OURS}.family": locked.core.family.value,
        f"{_OURS}.fingerprint": str(locked.fingerprint),
    }
    # Titles and descriptions may be written over several lines; a label has one.
    lines = ((name, " ".join(value.split())) for name, value in known.items() if value)
    return tuple(sorted(lines))


def _env(
    formula: Formula, controller: Controller, *, has_casc: bool
) -> tuple[tuple[str, str], ...]:
    """Give the image's variables; where the formula names one of ours, the formula wins."""
    ours = {"JENKINS_HOME": str(HOME), controller.home_variable: str(HOME)}
    if has_casc:
        ours["CASC_JENKINS_CONFIG"] = str(CASC)
    return tuple(sorted({**ours, **dict(formula.image.env)}.items()))


def _template_of(formula: Formula) -> str:
    beside = (each for each in formula.inputs if each.path == PurePosixPath(template.NAME))
    own = next(beside, None)
    if own is None:
        return data.text(template.NAME)
    try:
        return own.content.decode()
    except UnicodeDecodeError as fault:
        line = own.content[: fault.start].count(b"\n") + 1
        place = Place(template.NAME, line, 1)
        problem = Problem(place=place, path="", found=fault.reason, wanted="UTF-8 text")
        raise FormulaInvalid(problems=(problem,)) from fault
