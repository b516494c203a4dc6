"""A long run tells which tests it waits for."""

from __future__ import annotations

from tests.progress import EVERY_S, Progress


def test_only_what_has_been_running_for_long_is_told() -> None:
    now, told = [0.0], list[str]()
    progress = Progress(told.append, lambda: now[0])
    progress.pytest_runtest_logstart("a::hangs")
    progress.pytest_runtest_logstart("b::ends")
    now[0] = EVERY_S - 1
    progress.pytest_runtest_logstart("c::young")
    progress.look()
    assert told == []
    progress.pytest_runtest_logfinish("b::ends")
    now[0] = EVERY_S + 5
    progress.look()
    assert told == ["still running after 65 s: a::hangs"]
