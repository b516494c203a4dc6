"""A live incident at a terminal: what is done there is done at PagerDuty, from its webhook to the all-clear."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from cockpit_adapters.pagerduty.fake import FakePagerDuty

from cockpit.domain.clock import WallClock
from cockpit.domain.events import Event, Kind
from cockpit.intake.alerts.model import Rules
from cockpit.intake.alerts.pagerduty import read_pagerduty
from cockpit.journal.traces.store import TraceStore
from cockpit.live.alerts.desk import received
from cockpit.live.open import Surroundings, join
from cockpit.live.runner import LiveRunner
from tests.adapters.served import Served
from tests.live.conftest import Stage as Scene
from tests.live.conftest import until


@pytest.fixture
def fake() -> FakePagerDuty:
    """An account with one page that is open."""
    return FakePagerDuty()


@pytest.fixture
def runner(stage: Scene, fake: FakePagerDuty, tmp_path: Path) -> Iterator[LiveRunner]:
    """A terminal on an incident of a team that uses PagerDuty."""
    with ExitStack() as stack:
        url = stack.enter_context(Served(fake)).url
        stage.extra["systems"] = {"toy": dict(stage.table), "pd": {
            "adapter": "pagerduty", "url": url, "token": "env:PD", "routing_key": "env:PD",
            "user": FakePagerDuty.USER}}  # fmt: skip
        stage.extra["pagers"] = {"oncall": {"system": "pd", "sources": ["pagerduty"]}}
        incident = stage.open()
        around = Surroundings(stage.live(), lambda _: "pd-5ecret", WallClock(), tmp_path / "x.driver", {})
        made = join(stage.journal(), TraceStore.open(tmp_path / "traces.db"), incident, "ada", around)
        stack.callback(made.close)
        yield made


def webhook(fake: FakePagerDuty, kind: str = "incident.triggered") -> dict[str, Any]:
    """Return what PagerDuty's webhook tells of that page, as the journal keeps it."""
    data = {**fake.incidents[fake.paged], "type": "incident"}
    event = {"id": "01E", "event_type": kind, "resource_type": "incident", "occurred_at": data["created_at"],
             "agent": None, "client": None, "data": data}  # fmt: skip
    (alert,) = read_pagerduty({"event": event}, Rules("pagerduty", "pagerduty"), "digest").alerts
    return alert.payload()


def done(runner: LiveRunner, what: str) -> Event:
    """Wait until the pager did something, and return the line that says so."""

    def look() -> Event | None:
        lines = [one for one in list(runner.session.log) if one.kind is Kind.PAGER_DONE and one.get("what") == what]
        return lines[-1] if lines else None

    found: Event = until(look)
    return found


def test_a_page_that_came_in_is_acknowledged_and_noted_there(runner: LiveRunner, fake: FakePagerDuty) -> None:
    told = webhook(fake)
    runner.ask(lambda: runner.session.record([received(told, WallClock().now(), "pagerduty")])).result(20)
    assert runner.do("answer_pages").result(60).refused == ""
    assert done(runner, "acknowledge").get("ref") == fake.paged
    assert fake.incidents[fake.paged]["status"] == "acknowledged"
    text = "We look into it; some users see wrong answers. Next update in 30 minutes."
    update = {"audience": "team", "state": "investigating", "text": text}
    assert runner.do("post_update", update).result(60).refused == ""
    done(runner, "note")
    (note,) = fake.notes[fake.paged]
    assert note["content"].startswith(f"ada: {text} [")


def test_somebody_is_called_from_the_screen(runner: LiveRunner, fake: FakePagerDuty) -> None:
    snapshot = runner.snapshot()
    assert snapshot is not None
    assert snapshot.pagers == ("oncall",)
    assert runner.do("page", {"to": "oncall", "text": "Come."}).result(60).refused == ""
    done(runner, "page")
    assert [one["title"] for one in fake.incidents.values()][-1].endswith("Come.")
    assert runner.do("page", {"to": "nobody", "text": "Come."}).result(60).refused
    assert fake.applied == 1
