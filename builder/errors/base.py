"""What all failures share, and the one that is nobody's fault."""

from dataclasses import dataclass, field, fields


@dataclass(eq=False, kw_only=True)
class JbuildError(Exception):
    """Base class.

    Not frozen: Python writes ``__traceback__`` on a live exception, and a frozen one becomes
    FrozenInstanceError in a ``@contextmanager``. ``eq=False`` keeps it hashable.
    """

    def __str__(self) -> str:
        """List the facts for logs and failing tests; people read ``cli/words.py``."""
        facts = (f"{f.name}={getattr(self, f.name)!r}" for f in fields(self))
        return f"{type(self).__name__}({', '.join(facts)})"


@dataclass(eq=False, kw_only=True)
class Terminated(JbuildError):
    """Somebody asked this process to end: SIGTERM, or SIGHUP of a terminal that is gone."""

    signal: int = field(default=15)
