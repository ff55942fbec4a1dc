"""What of a formula no Dockerfile and no option file can hold."""

import re

from builder.errors import FormulaInvalid
from builder.model.formula import Formula, Place, Placement, Problem
from builder.model.lock import Lock, Pin

_ENV_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")
_CONTROL = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]")
_ONE_LINE = "one line without control characters"

_Fault = tuple[str, str, str]  # path in the formula, what was found there, what was wanted


def require(formula: Formula) -> None:
    """Refuse the formula for all of it at once.

    Raises:
        FormulaInvalid: with one problem for each wish that cannot be carried out.
    """
    image = formula.image
    faults = [*_env_faults(image.env), *_option_faults(image.java_options)]
    for index, wish in enumerate(image.files):
        faults += _placement_faults(formula, wish, f"image.files[{index}]")
    if faults:
        place = Place(formula.file, 1, 1)
        problems = (Problem(place=place, path=p, found=f, wanted=w) for p, f, w in faults)
        raise FormulaInvalid(problems=tuple(problems))


def require_gone(formula: Formula, locked: Lock) -> None:
    """Refuse to retire what the image brings.

    Raises:
        FormulaInvalid: with one problem for each such plugin.
    """
    locked_by_id = {each.plugin: each for each in locked.plugins}
    problems = tuple(
        Problem(
            place=each.place,
            path=f"image.retired[{index}]",
            found=_asked_for(locked_by_id[each.plugin]),
            wanted="a plugin that the image does not bring",
        )
        for index, each in enumerate(formula.image.retired)
        if each.plugin in locked_by_id
    )
    if problems:
        raise FormulaInvalid(problems=problems)


def _asked_for(pin: Pin) -> str:
    demanders = dict.fromkeys(each.demander or "the formula" for each in pin.why)
    return f"{pin.plugin}, which {', '.join(demanders) or 'the lock'} asks for"


def _env_faults(env: tuple[tuple[str, str], ...]) -> list[_Fault]:
    faults = []
    for name, value in env:
        if not _ENV_NAME.fullmatch(name):
            faults.append(("image.env", name, "a name of letters, digits, '_', '.' and '-'"))
        if _CONTROL.search(value):
            faults.append((f"image.env.{name}", value, _ONE_LINE))
    return faults


def _option_faults(options: tuple[str, ...]) -> list[_Fault]:
    return [
        (f"image.java.options[{index}]", option, _ONE_LINE)
        for index, option in enumerate(options)
        if _CONTROL.search(option)
    ]


def _placement_faults(formula: Formula, wish: Placement, path: str) -> list[_Fault]:
    faults = []
    if not any(each.path.is_relative_to(wish.source) for each in formula.inputs):
        wanted = "a file or folder beside the formula"
        faults.append((f"{path}.from", str(wish.source), wanted))
    target = str(wish.target)
    if not wish.target.is_absolute() or ".." in wish.target.parts or _CONTROL.search(target):
        faults.append((f"{path}.to", target, "an absolute path without '..'"))
    elif not wish.target.name and any(each.path == wish.source for each in formula.inputs):
        faults.append((f"{path}.to", target, "a path that names the file"))
    return faults
