"""What is known of changes: logs that do not answer say nothing about levers; the card says what was good before."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import pytest

from cockpit.domain.clock import WallClock
from cockpit.errors import BadInput, Unsure
from cockpit.world.card import card_of
from cockpit.world.contract import Deadline, Reading
from cockpit.world.fleet import connect
from cockpit.world.live import view_of
from cockpit.world.news import News, Watched
from cockpit.world.planner import Planner
from cockpit.world.port import Change
from cockpit.world.secrets import secret_reader
from tests.live.conftest import Stage
from tests.live.toys import ToySystem


def test_a_change_log_that_hangs_leaves_its_levers_ready(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    def slow(self: ToySystem, since: datetime, deadline: Deadline) -> Sequence[Change]:
        raise Unsure("no answer within 3.1 s")

    monkeypatch.setattr(ToySystem, "changes", slow)
    stage.extra["levers"] = {
        "kill_switch": {"system": "toy", "control": "flag:answers", "target": "off"},
        "revert_prompt": {"system": "toy", "control": "prompt:support"},
    }
    live, now = stage.live(), WallClock().now
    fleet = connect(live, secret_reader({}), now)
    planner = Planner(live, fleet)
    watched = [Watched("toy", "flag:answers", "kill_switch"), Watched("toy", "prompt:support", "revert_prompt", True)]
    news = News(fleet, watched, planner.read, planner.versions, now, now())
    news.look()
    assert "toy, its change log" in news.problems()
    assert view_of("kill_switch", live, fleet, news, None).ready == ""
    card = card_of(live, news)
    assert card["revert_prompt, last known good"] == "v2"
    assert "kill_switch, last known good" not in card


def test_a_value_is_known_with_the_moment_its_look_began(stage: Stage) -> None:
    live, now = stage.live(), WallClock().now
    fleet = connect(live, secret_reader({}), now)
    planner = Planner(live, fleet)
    news = News(fleet, [Watched("toy", "flag:answers", "kill_switch")], planner.read, planner.versions, now, now())
    assert view_of("kill_switch", live, fleet, news, None).looked_at is None
    before = now()
    news.look()
    view = view_of("kill_switch", live, fleet, news, None)
    assert view.value is True
    assert view.looked_at is not None
    assert before <= view.looked_at <= now()


def test_one_lever_with_a_wrong_address_keeps_nothing_else_from_being_looked_at(stage: Stage) -> None:
    live, now = stage.live(), WallClock().now
    fleet = connect(live, secret_reader({}), now)
    planner = Planner(live, fleet)
    watched = [Watched("toy", "no address", "pin_model"), Watched("toy", "flag:answers", "kill_switch")]

    def read(system: str, address: str) -> Reading:
        if address == "no address":
            raise BadInput("'no address' is no address")
        return planner.read(system, address)

    news = News(fleet, watched, read, planner.versions, now, now())
    news.look()
    found = news.reading("toy", "flag:answers")
    assert found is not None
    assert found.value is True


ZONELESS = Change("r", datetime(2026, 11, 21), "what", "kind", "", "", "")  # noqa: DTZ001 that is what is wrong


@pytest.mark.parametrize("told", [None, 7, ["no change"], [ZONELESS]])
def test_a_change_log_that_tells_nonsense_is_a_problem_and_no_more(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, told: Any
) -> None:
    monkeypatch.setattr(ToySystem, "changes", lambda self, since, deadline: told)
    live, now = stage.live(), WallClock().now
    fleet = connect(live, secret_reader({}), now)
    planner = Planner(live, fleet)
    news = News(fleet, [Watched("toy", "flag:answers", "kill_switch")], planner.read, planner.versions, now, now())
    news.look()
    assert list(news.problems()) == ["toy, its change log"]
    assert news.changes() == ()
