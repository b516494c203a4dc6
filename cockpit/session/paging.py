"""Station 4: calling somebody by a pager, and saying that one is on the pages that are open."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from cockpit.domain.events import Kind, NewEvent
from cockpit.domain.pages import unanswered
from cockpit.session.action import Action, Context
from cockpit.session.lint_update import mask, who_wrote_in
from cockpit.session.rules import all_of, open_still

LONGEST = 500
"""A telephone reads it out."""


@dataclass(frozen=True, slots=True)
class Page:
    """Whom to call, by a pager's name in cockpit.toml, and why they are needed; personal data is replaced."""

    to: str
    text: str


def _real(context: Context, _: Any) -> str:
    return "" if context.state.live else "an exercise wakes nobody outside"


def _may_page(context: Context, arguments: Page | None) -> str:
    pagers = context.world.pagers
    if not pagers:
        return "no pager is wired: [pagers.NAME] in cockpit.toml says who can be called"
    if arguments is None:
        return ""
    if arguments.to not in pagers:
        return f"there is nobody called {arguments.to!r}: choose {', '.join(pagers)}"
    if not arguments.text.strip():
        return "say why they are needed: it is what they read when they wake"
    return "" if len(arguments.text) <= LONGEST else f"a page is at most {LONGEST} characters"


def _page(context: Context, arguments: Page) -> list[NewEvent]:
    text, hidden = mask(arguments.text.strip(), who_wrote_in(context.state, context.world.people))
    return [context.event(Kind.PAGE_ASKED, to=arguments.to, text=text, masked=hidden or None)]


def _open_pages(context: Context, _: Any) -> str:
    return "" if unanswered(context.state, context.actor) else "no page is open that somebody should be on"


def _answer(context: Context, _: Any) -> list[NewEvent]:
    names = [page.name for page in unanswered(context.state, context.actor)]
    return [context.event(Kind.PAGE_ANSWERED, pages=names)]


ACTIONS = (
    Action(
        "page", "Page somebody", "Call somebody by a pager of yours, and say why.",
        "in a real incident, where a pager is wired", 4, all_of(open_still, _real, _may_page), _page, Page,
        ("W",), ("to", "text"),
    ),
    Action(
        "answer_pages", "Take the open pages", "Say that you are on every open page, at its pager too.",
        "while a page is open that nobody is on", 1, all_of(open_still, _open_pages), _answer,
    ),
)  # fmt: skip
