"""From a question to its answer: the rounds, then the complete search, then a refusal."""

from builder.model.lock import Resolution
from builder.resolve import rounds
from builder.resolve.answer import resolution
from builder.resolve.chosen import Chosen, Stuck
from builder.resolve.cycles import cycle_of
from builder.resolve.judge import judge
from builder.resolve.polish import polish
from builder.resolve.question import Question, Unread


def settle(question: Question) -> Resolution | Unread:
    """Choose a version for every plugin that the wishes need.

    Returns:
        The resolution, which the judge has accepted; or the releases whose facts have to be read
        before it can be found.

    Raises:
        UnknownPlugin: nothing says where a plugin is published.
        DemandsConflict: no plugin set meets all demands; a complete search has shown it.
    """
    found = rounds.run(question)
    if isinstance(found, Stuck) or (not isinstance(found, Unread) and cycle_of(found)):
        return _searched(question)
    return found if isinstance(found, Unread) else _judged(question, found)


def _searched(question: Question) -> Resolution | Unread:
    from builder.resolve.refusal import refusal  # noqa: PLC0415  # the rounds answer almost always
    from builder.resolve.search import Contradiction, search  # noqa: PLC0415

    found = search(question)
    if isinstance(found, Contradiction):
        raise refusal(question, found)
    return found if isinstance(found, Unread) else _judged(question, found)


def _judged(question: Question, found: Chosen) -> Resolution:
    answer = resolution(question, polish(question, found))
    judge(answer, question.universe.detached)
    return answer
