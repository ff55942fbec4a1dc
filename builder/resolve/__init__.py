"""Which plugins, at which versions: decided in rounds, searched for, checked by other code."""

from builder.resolve.detached import Detached
from builder.resolve.judge import judge
from builder.resolve.leeway import Leeway
from builder.resolve.question import Question, Unread
from builder.resolve.settle import settle
from builder.resolve.universe import Universe

__all__ = ["Detached", "Leeway", "Question", "Universe", "Unread", "judge", "settle"]
