"""``Dockerfile.template`` to a Dockerfile: rendering, quoting, and where a template is wrong.

Templates may come with a formula from elsewhere, so they run in Jinja's sandbox.
"""

import json
import re
from collections.abc import Mapping
from types import TracebackType

from builder.errors import FormulaInvalid
from builder.model.formula import Place, Problem

NAME = "Dockerfile.template"
_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f\x85\u2028\u2029]")
_IN_QUOTES = re.compile(r"""[\\$"]""")
_IN_PATHS = re.compile(r"""[\\$"']""")
_WRONG = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)


def render(source: str, values: Mapping[str, object]) -> str:
    """Fill a template in.

    Raises:
        FormulaInvalid: the template is wrong, or uses a name that does not exist.
    """
    import jinja2  # noqa: PLC0415  # slow, and only an image needs it
    from jinja2.sandbox import ImmutableSandboxedEnvironment  # noqa: PLC0415

    environment = ImmutableSandboxedEnvironment(
        loader=jinja2.FunctionLoader(lambda name: (source, name, None)),
        undefined=jinja2.StrictUndefined,
        autoescape=False,  # a Dockerfile is no HTML; `quoted` and `paths` escape
        keep_trailing_newline=True,
    )
    environment.filters.update(quoted=quoted, paths=paths)
    try:
        return environment.get_template(NAME).render(values)
    except jinja2.TemplateSyntaxError as fault:
        raise _invalid(fault.lineno, fault.message or "") from fault
    except (jinja2.TemplateError, *_WRONG) as fault:
        raise _invalid(_line_of(fault.__traceback__), str(fault)) from fault


def quoted(value: str) -> str:
    r"""Write a value for ENV or LABEL so that the engine reads exactly ``value``.

    Raises:
        ValueError: a line break or another control character, which no Dockerfile can hold.
    """
    return f'"{_plain(value, _IN_QUOTES)}"'


def paths(values: tuple[str, ...]) -> str:
    """Write the operands of COPY as JSON; variables and quotes in them mean nothing.

    Raises:
        ValueError: as for ``quoted``.
    """
    return json.dumps([_plain(each, _IN_PATHS) for each in values], ensure_ascii=False)


def _plain(value: str, special: re.Pattern[str]) -> str:
    if _CONTROL.search(value):
        raise ValueError(value)
    return special.sub(r"\\\g<0>", value)


def _line_of(trace: TracebackType | None) -> int:
    """Find the innermost line of the template; Jinja writes those into the trace."""
    line = 1
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == NAME:
            line = trace.tb_lineno
        trace = trace.tb_next
    return line


def _invalid(line: int, said: str) -> FormulaInvalid:
    return FormulaInvalid(
        problems=(
            Problem(
                place=Place(NAME, line, 1),
                path="",
                found=said,
                wanted="a Jinja2 template that uses the names of jbuild's own only",
            ),
        )
    )
