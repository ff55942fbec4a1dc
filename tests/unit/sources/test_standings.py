"""The choice among mirrors that were looked at, and why."""

from datetime import UTC, datetime

from builder.model.mirror import Health, Mirror
from builder.sources.standings import standings


def _seen(name: str, day: int | None = 22, said: str | None = None) -> Health:
    return Health(
        mirror=Mirror(name=name, files=f"https://{name}/", updates=f"https://{name}/updates/"),
        said=said,
        latency_s=None if said else 0.1,
        speed=None if said else 1e6,
        generated=datetime(2026, 8, day, tzinfo=UTC) if day else None,
    )


def test_the_first_four_that_answer_are_used_and_the_others_stand_behind() -> None:
    found = standings(tuple(_seen(n, said="answered 503" if n == "b" else None) for n in "abcdef"))
    assert [each.rank for each in found] == [1, None, 2, 3, 4, 5]
    assert [each.why for each in found][1] == "not used: answered 503"
    assert [each.why for each in found][4:] == ["used", "stands behind the first 4"]


def test_an_index_that_is_days_behind_the_newest_is_told() -> None:
    found = standings((_seen("old", 12), _seen("new"), _seen("untold", None), _seen("late", 20)))
    assert [each.why for each in found] == [
        "used; its index is 10 days older than the newest here",
        "used",
        "used",
        "used",
    ]
