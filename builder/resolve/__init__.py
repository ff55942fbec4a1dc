"""Which plugins, at which versions: decided in rounds, then checked again by other code."""

from builder.resolve.judge import judge
from builder.resolve.question import Question, Unread
from builder.resolve.rounds import settle

__all__ = ["Question", "Unread", "judge", "settle"]
