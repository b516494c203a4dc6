"""Reasons that several actions share; each returns why not, or an empty text."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from cockpit.session.action import Check, Context


def all_of(*checks: Check) -> Check:
    """Combine checks; the first reason counts."""

    def check(context: Context, arguments: Any) -> str:
        return next((reason for one in checks if (reason := one(context, arguments))), "")

    return check


def open_still(context: Context, _: Any) -> str:
    """The incident must not be over."""
    return "this incident is over; its debrief is open" if context.state.ended else ""


def before_all_clear(context: Context, arguments: Any) -> str:
    """The all-clear must not have been given."""
    if context.state.all_clear_at:
        return "the all-clear has been given"
    return open_still(context, arguments)


def paged(context: Context, arguments: Any) -> str:
    """Somebody must have been paged; a live incident that a person opens counts as paged."""
    if context.state.page_at is None:
        return "nobody has been paged yet: wait for the page"
    return before_all_clear(context, arguments)


def known(what: str, names: Callable[[Context], tuple[str, ...]], pick: Callable[[Any], str]) -> Check:
    """An argument must be one of the names that exist now."""

    def check(context: Context, arguments: Any) -> str:
        if arguments is None or pick(arguments) in names(context):
            return ""
        return f"there is no {what} {pick(arguments)!r}: choose {', '.join(names(context)) or 'later'}"

    return check


def stoppable(context: Context, arguments: Any) -> str:
    """Only a simulator's time can be stopped."""
    if context.state.simulated:
        return open_still(context, arguments)
    return "time can't be stopped in a live incident" if context.state.live else "real systems have no clock to stop"


def exercise(context: Context, arguments: Any) -> str:
    """A live incident is ended by its all-clear, and stays open for notes."""
    if context.state.live:
        return "a live incident ends with its all-clear (y)"
    return open_still(context, arguments)
