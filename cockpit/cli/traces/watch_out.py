"""Where pages of `cockpit watch` go: to Alertmanager, or into incidents; and what changed when one is made."""

from __future__ import annotations

import os
from argparse import Namespace
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING

from cockpit.cli.alerts.paged import into_incident
from cockpit.cli.output import complain
from cockpit.cli.places import settings_of
from cockpit.domain.clock import WallClock
from cockpit.errors import CockpitError

if TYPE_CHECKING:
    from cockpit.detect.stream.page import Page
    from cockpit.domain.thresholds import Thresholds
    from cockpit.live.alerts.bell import Bell
    from cockpit.world.news import News
    from cockpit.world.port import Change

LOOK_BACK = timedelta(hours=2)
"""How far back changes are asked for when a page is made."""


class Out:
    """Takes pages to where they go."""

    def __init__(self, given: Namespace, bell: Bell | None) -> None:
        self._given, self._bell = given, bell

    def take(self, page: Page) -> str:
        """Hand a page on; returns the incident it was written into, empty where Alertmanager has it.

        One that Alertmanager does not take opens an incident here: a page is never lost on its way.
        """
        if self._bell is not None:
            problem = self._bell.ring(page, WallClock().now())
            if not problem:
                return ""
            complain(f"cockpit: Alertmanager did not take the page: {problem}")
        return into_incident(self._given, page)


@contextmanager
def way_out(given: Namespace, lines: Thresholds) -> Iterator[Out]:
    """Make ready to hand pages on as `[watch]` says."""
    from cockpit.live.alerts.bell import Bell
    from cockpit.world.exchange import Exchange, safe_address
    from cockpit.world.secrets import secret_reader

    settings = settings_of(given)
    told = settings.watch
    if not told.alertmanager:
        yield Out(given, None)
        return
    token = secret_reader(os.environ)(told.token) if told.token else ""
    headers = {"authorization": f"Bearer {token}"} if token else {}
    address = safe_address(told.alertmanager, told.allow_http)
    line = Exchange(address, headers, ca_file=told.ca_file, secrets=(token,) if token else ())
    with closing(Bell(line, settings.service.name, timedelta(seconds=lines.again_s))) as bell:
        yield Out(given, bell)


class Changes:
    """What changed lately on the team's systems: their own logs, and values that moved while this watched."""

    def __init__(self, news: News | None) -> None:
        self._news = news

    def __call__(self) -> Sequence[Change]:
        """Look once more, and return what changed; none where no systems are configured."""
        if self._news is None:
            return ()
        self._news.look()
        for name, reason in self._news.problems().items():
            complain(f"cockpit: {name}: {reason}")
        since = WallClock().now() - LOOK_BACK
        return [one for one in self._news.changes() if one.at >= since]


@contextmanager
def changes_of(given: Namespace) -> Iterator[Changes]:
    """Follow what changes on the team's systems; with `--once` they are asked only when there is a page."""
    settings = settings_of(given)
    if not settings.systems:
        yield Changes(None)
        return
    from cockpit.live.open import watched
    from cockpit.world import news
    from cockpit.world.fleet import connect
    from cockpit.world.planner import Planner
    from cockpit.world.secrets import secret_reader

    live, now = settings.live, WallClock().now
    try:
        fleet = connect(live, secret_reader(os.environ), now)
    except CockpitError as problem:
        complain(f"cockpit: no changes could be asked for: {problem}")
        yield Changes(None)
        return
    with closing(fleet):
        planner = Planner(live, fleet)
        since = now() - LOOK_BACK + news.LOOK_BACK
        found = news.News(fleet, watched(live, fleet), planner.read, planner.versions, now, since)
        if not given.once:
            found.start()
        try:
            yield Changes(found)
        finally:
            found.close()
