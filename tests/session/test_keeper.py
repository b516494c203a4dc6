"""Whatever is asked of the keeper is answered, with an error that screens and commands know how to tell."""

from __future__ import annotations

from concurrent.futures import Future

import pytest

from cockpit.errors import BadInput, Stumbled
from cockpit.session.keeper import answer


def test_what_nobody_foresaw_is_told_as_such_and_keeps_its_cause() -> None:
    future: Future[int] = Future()
    answer(future, lambda: int("no number"))
    with pytest.raises(Stumbled, match="ValueError") as told:
        future.result(0)
    assert isinstance(told.value.problem, ValueError)
    assert "no number" not in str(told.value), "its text may hold what nobody should read"


def test_an_error_that_is_known_is_handed_on_as_it_is() -> None:
    problem, future = BadInput("no such lever"), Future[None]()

    def work() -> None:
        raise problem

    answer(future, work)
    assert future.exception(0) is problem
