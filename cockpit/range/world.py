"""The world of a range: real levers and real changes, and the scenario's people."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from cockpit.domain.events import NewEvent
from cockpit.range.eyes import RangeEyes
from cockpit.range.played import Played
from cockpit.world.fleet import Fleet
from cockpit.world.hands import Hands
from cockpit.world.live import LiveWorld
from cockpit.world.news import News
from cockpit.world.port import Change

if TYPE_CHECKING:
    from cockpit.world.options import LiveOptions


class RangeWorld(LiveWorld):
    """A live world whose users, pagers and colleagues are a scenario's."""

    def __init__(
        self,
        played: Played,
        eyes: RangeEyes,
        live: LiveOptions,
        fleet: Fleet,
        hands: Hands,
        news: News,
        *,
        practised: Mapping[str, float],
    ) -> None:
        super().__init__(live, fleet, eyes, hands, news, practised=practised)
        self._played = played
        self._range_eyes = eyes
        self.expertise = played.scenario.expertise or self.expertise

    @property
    def service(self) -> str:
        """The name of the scenario's application."""
        return self._played.scenario.service

    @property
    def people(self) -> tuple[str, ...]:
        """Who can be handed a role."""
        return tuple(self._played.scenario.people) or super().people

    def happenings(self, since: datetime, until: datetime) -> list[NewEvent]:
        """Return what became of orders, and what the scenario's people have said by now."""
        return [*super().happenings(since, until), *self._range_eyes.story(until)]

    def changes(self, at: datetime) -> tuple[Change, ...]:
        """Return what changed on the real systems, and what the scenario says has changed elsewhere."""
        found = [*super().changes(at), *self._range_eyes.changes(at)]
        return tuple(sorted(found, key=lambda one: one.at, reverse=True))

    def card(self, at: datetime) -> Mapping[str, str]:
        """Fill the 2 a.m. card with both."""
        return {**super().card(at), **self._range_eyes.retrieval(at)}
