"""What all failures share, and the one that is nobody's fault."""

from dataclasses import dataclass, field, fields


@dataclass(eq=False, kw_only=True, repr=False)
class JbuildError(Exception):
    """Base class.

    Not frozen: Python writes ``__traceback__`` on a live exception, and a frozen one becomes
    FrozenInstanceError in a ``@contextmanager``. ``eq=False`` keeps it hashable; ``repr=False``,
    since what dataclasses would write is what ``__str__`` says, spares its making at each start.
    """

    def __str__(self) -> str:
        """List the facts for logs and failing tests; people read ``cli/words.py``."""
        facts = (f"{f.name}={getattr(self, f.name)!r}" for f in fields(self))
        return f"{type(self).__name__}({', '.join(facts)})"

    __repr__ = __str__


@dataclass(eq=False, kw_only=True, repr=False)
class Terminated(JbuildError):
    """Somebody asked this process to end: SIGTERM, or SIGHUP of a terminal that is gone."""

    signal: int = field(default=15)
