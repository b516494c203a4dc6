"""What adapters of trackers have in common: their table, whom an owner is there, and words made harmless."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from pydantic import Field

from cockpit.domain.text import clean
from cockpit.errors import Refused, Throttled
from cockpit.world.options import SystemOptions

if TYPE_CHECKING:
    from cockpit.world.contract_tracker import Ticket

LONGEST_TITLE, LONGEST_TEXT = 200, 8000
"""No tracker is sent a longer title or text than this, in characters."""

_TOO_MANY = re.compile(r"rate.?limit", re.IGNORECASE)


class TrackerOptions(SystemOptions):
    """What every tracker's table of cockpit.toml may say."""

    people: dict[str, str] = Field(default_factory=dict)
    """Whom the owners of action items are there; an owner who is not named is written into the text only."""
    labels: list[str] = Field(default_factory=list, max_length=20)
    """Labels that every ticket gets."""


def title_of(ticket: Ticket) -> str:
    """Return a ticket's title as one harmless line."""
    return clean(ticket.title, multiline=False, limit=LONGEST_TITLE)


def text_of(text: str) -> str:
    """Return a text in which nothing is left that a reader could stumble over."""
    return clean(text, limit=LONGEST_TEXT)


def markdown(text: str) -> str:
    """Return a text that Markdown shows as it is, and in which nobody is called by name."""
    harmless = text_of(text).replace("&", "&amp;").replace("<", "&lt;").replace("@", "@<!-- -->")
    return re.sub(r"([\\`*_\[\]~|]|(?<!&)#)", r"\\\1", harmless)


@contextmanager
def limits_told() -> Iterator[None]:
    """Tell being asked too often, which trackers answer as a refusal as well, from a real one."""
    try:
        yield
    except Refused as problem:
        if not _TOO_MANY.search(problem.message):
            raise
        raise Throttled(problem.message) from None
