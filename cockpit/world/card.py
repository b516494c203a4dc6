"""The 2 a.m. card of a live service: what is in force, what was there before, and who moved it when."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cockpit.domain.levers import Lever
from cockpit.world.news import News
from cockpit.world.planner import PREVIOUS, in_words

if TYPE_CHECKING:
    from cockpit.world.options import LeverOptions, LiveOptions


GOING_BACK = (Lever.REVERT_PROMPT, Lever.PIN_MODEL)
"""Levers whose target in cockpit.toml is what was good before; the target of others is a way out."""


def card_of(live: LiveOptions, news: News) -> dict[str, str]:
    """Fill the card from what was seen at the last look."""
    told: dict[str, str] = {}
    for name, options in live.levers.items():
        told |= dict(_lever(name, options, news))
    if last := next(iter(news.changes()), None):
        told["last change"] = f"{last.at:%d %b %H:%M} {last.what}: {last.before} → {last.after}, by {last.by}"
    told |= {f"provider {name}": status.overall for name, status in news.statuses().items()}
    told["fallback"] = live.service.fallback or "not written down: [service] fallback in cockpit.toml"
    told["who approves"] = live.service.approver or "nobody named: [service] approver in cockpit.toml"
    return told


def _lever(name: str, options: LeverOptions, news: News) -> Iterator[tuple[str, str]]:
    reading = news.reading(options.system, options.control)
    if reading is not None:
        by = f", by {reading.by}" if reading.by else ""
        when = f" since {reading.at:%d %b %H:%M}" if reading.at else ""
        yield f"{name} now", f"{in_words(reading)}{when}{by}"
    if good := _last_good(name, options, news):
        yield f"{name}, last known good", good


def _last_good(name: str, options: LeverOptions, news: News) -> str:
    if name in GOING_BACK and options.target not in ("", PREVIOUS):
        return options.target
    return news.last_good(options.system, options.control)
