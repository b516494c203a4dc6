"""Checks for the doctor: each comes back with a finding, whatever the system does."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

from cockpit.errors import Unauthorised, WorldError
from cockpit.world.contract import Finding, Verdict

Trial: TypeAlias = "tuple[str, str, Callable[[], Finding]]"
"""One thing the doctor tries: its name, what to do when it fails, and the trial itself."""


def attempt(what: str, next_step: str, work: Callable[[], Finding]) -> Finding:
    """Return what a check found, or why it could not be made."""
    try:
        return work()
    except WorldError as problem:
        return Finding(what, Verdict.WRONG, problem.message, problem.hint or next_step)


def tried(what: str, ask: Callable[[], str], next_step: str) -> Finding:
    """Return that something is fine, with what it tells, or wrong; `next_step` is for a token that will not do."""

    def work() -> Finding:
        try:
            return Finding(what, Verdict.FINE, ask())
        except Unauthorised as problem:
            return Finding(what, Verdict.WRONG, problem.message, next_step)

    return attempt(what, "Check the address and the network.", work)


def until_wrong(checks: Sequence[Callable[[], Finding]]) -> list[Finding]:
    """Make checks one after the other, and none after one that came out wrong."""
    found: list[Finding] = []
    for check in checks:
        found.append(check())
        if found[-1].verdict is Verdict.WRONG:
            break
    return found
