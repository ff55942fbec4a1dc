"""What ``docker buildx`` prints, read."""

import pytest

from builder.adapters import buildx_said

INSPECTED = """\
Name:          cluster
Driver:        remote
Last Activity: 2026-11-23 22:18:59 +0000 UTC

Nodes:
Name:     cluster0
Endpoint: unix:///run/buildkit.sock
Status:   inactive
""".splitlines()

FAILED = """\
#0 building with "cluster" instance using remote driver

#5 [internal] load build context
#5 DONE 0.0s

#6 [stage-1 1/2] COPY folder/ /x/
#6 DONE 0.2s

#7 [stage-1 2/2] RUN ["/none", "x"]
#7 0.124 runc run failed: stat /none: no such file or directory
#7 ERROR: process "/none x" did not complete successfully: exit code: 1
------
WARNING: No output specified with remote driver. Build result will only remain in the cache.
ERROR: failed to solve: process "/none x" did not complete successfully: exit code: 1
""".splitlines()


def test_facts_are_those_of_the_builder_and_its_first_node() -> None:
    facts = buildx_said.facts(tuple(INSPECTED))
    assert (facts["Name"], facts["Driver"], facts["Status"]) == ("cluster", "remote", "inactive")
    assert facts["Endpoint"] == "unix:///run/buildkit.sock"


def test_the_step_that_failed_is_named_with_what_came_last() -> None:
    failure = buildx_said.failure(tuple(FAILED))
    assert (failure.step, failure.unreachable) == ('[stage-1 2/2] RUN ["/none", "x"]', False)
    assert failure.said[-1].startswith("ERROR: failed to solve: process")
    assert any("stat /none" in each for each in failure.said)
    assert not any("WARNING" in each or "DONE" in each for each in failure.said)


@pytest.mark.parametrize(
    "lines",
    [
        ("#1 [internal] waiting for connection", "#1 ERROR: context deadline exceeded"),
        ("ERROR: Cannot connect to the Docker daemon at unix:///none. Is it running?",),
        ('ERROR: no builder "x" found',),
    ],
)
def test_a_build_that_never_began_is_told_apart(lines: tuple[str, ...]) -> None:
    assert buildx_said.failure(lines).unreachable


@pytest.mark.parametrize(
    ("line", "step"),
    [
        ("#6 [stage-1 1/2] COPY folder/ /x/", (1, 2)),
        ("#6 [2/12] RUN x", (2, 12)),
        ("#5 [internal] load build context", None),
        ("#6 DONE 0.2s", None),
    ],
)
def test_progress_is_the_number_of_the_step(line: str, step: tuple[int, int] | None) -> None:
    assert buildx_said.step(line) == step
