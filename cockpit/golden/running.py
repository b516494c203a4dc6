"""Running cases against an endpoint: how many answers pass, and why the others do not."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Protocol

from cockpit.detect.expect import failures
from cockpit.domain.cases import Case, Check, Heard, Input, Rate
from cockpit.golden.chat import parameters_of

AT_ONCE = 4
"""Questions that are asked at the same time."""


class Asks(Protocol):
    """What answers questions."""

    def ask(self, given: Input, parameters: dict[str, float | int]) -> Heard:
        """Ask once."""
        ...


@dataclass(frozen=True, slots=True)
class Question:
    """One thing to ask, and what its answer is held against."""

    given: Input
    checks: tuple[Check, ...]
    parameters: dict[str, float | int]


@dataclass(frozen=True, slots=True)
class Told:
    """One answer, and what is wrong with it."""

    heard: Heard
    wrong: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Result:
    """How one case went."""

    case: Case
    rate: Rate
    wrong: tuple[str, ...]
    heard: tuple[Heard, ...]

    @property
    def ok(self) -> bool:
        """Whether enough answers passed."""
        return self.rate.of > 0 and self.rate.share >= self.case.least

    def as_json(self) -> dict[str, Any]:
        """Return the result as plain values; answers stay out of it, they may hold what nobody should see."""
        low, high = self.rate.interval
        return {
            "case": self.case.id, "ok": self.ok, "passed": self.rate.passed, "of": self.rate.of,
            "least": self.case.least, "interval": [round(low, 4), round(high, 4)], "wrong": list(self.wrong),
        }  # fmt: skip


def ask_all(asker: Asks, questions: Sequence[Question]) -> list[Told]:
    """Ask everything, a few at a time, and return what was told in the order of the questions.

    Raises:
        EndpointFailed: one of them was not answered; the others are not asked any more.
    """
    given_up: list[BaseException] = []

    def ask(one: Question) -> Heard:
        # A thread that comes free takes the next question before anybody can cancel it.
        if given_up:
            raise given_up[0]
        try:
            return asker.ask(one.given, one.parameters)
        except BaseException as problem:
            given_up.append(problem)
            raise

    with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="golden") as pool:
        waiting = [pool.submit(ask, one) for one in questions]
        try:
            heard = [one.result() for one in waiting]
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    return [
        Told(one, tuple(failures(asked.checks, one, asked.given)))
        for one, asked in zip(heard, questions, strict=True)
    ]  # fmt: skip


def run_set(asker: Asks, cases: Sequence[Case], *, runs: int | None = None) -> list[Result]:
    """Ask every case as often as it says, or as it is told, and judge the answers."""
    asked = [_questions(case, runs or case.runs) for case in cases]
    told = ask_all(asker, [one for questions in asked for one in questions])
    results, place = [], 0
    for case, questions in zip(cases, asked, strict=True):
        mine, place = told[place : place + len(questions)], place + len(questions)
        results.append(_judged(case, mine))
    return results


def rate_of(told: Sequence[Told]) -> Rate:
    """Count the answers with which nothing is wrong."""
    return Rate(sum(not one.wrong for one in told), len(told))


def _questions(case: Case, runs: int) -> list[Question]:
    return [Question(case.given, case.checks, parameters_of(case))] * runs


def _judged(case: Case, told: Sequence[Told]) -> Result:
    wrong = tuple(dict.fromkeys(reason for one in told for reason in one.wrong))
    return Result(case, rate_of(told), wrong, tuple(one.heard for one in told))
