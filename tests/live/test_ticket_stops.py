"""Tickets that were asked for are brought there in the background: retried, looked for, never doubled."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from cockpit.domain.clock import ManualClock
from cockpit.domain.deliveries import Delivery, Stage
from cockpit.domain.errands import TICKET
from cockpit.domain.events import Kind
from cockpit.domain.incident import fold
from cockpit.domain.pages import errand_of
from cockpit.domain.tickets import TicketStage
from cockpit.errors import CockpitError, Refused, Throttled, Unreachable, Unsure
from cockpit.live.courier import GRACE_S, Courier
from cockpit.live.ticket_stops import TicketStop, ticket_stops
from cockpit.live.ticketing import Wanted
from cockpit.playbooks.loader import load_playbook
from cockpit.session.session import Session
from cockpit.world.fleet import Fleet, Member
from tests.live.test_courier import beats
from tests.live.test_ticketing import A1, INCIDENT, SETTLES_S, Table

ERRAND = errand_of("work", TICKET, "A1")


class Desk(Table):
    """The same, with terminals whose courier goes to the tracker."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.items: dict[str, Wanted] = {"A1": A1}
        self.works: list[Callable[[], None]] = []

    def terminal(self, *, holds: bool = False) -> Courier:
        """Sit down; one that holds lets no try begin until it is told to."""
        world: Any = None
        assert isinstance(self.clock, ManualClock)
        session = Session(self.journal, INCIDENT, world, load_playbook(), self.clock)
        stop = TicketStop("work", self.board, lambda item, raw: self.texts(item, raw), self.clock.now)
        return Courier(session, [stop], self.works.append if holds else lambda work: work())

    def texts(self, item: str, raw: bool) -> Wanted | None:
        """Return an item as it leaves."""
        found = self.items.get(item)
        return replace(found, raw=raw) if found else None

    def asked(self, problem: CockpitError, *, arrived: bool = False) -> None:
        """Have a person ask for a ticket that is not made, and leave."""
        self.cork.fail(problem, arrived=arrived)
        self.pusher(patience_s=0).push(A1)

    @property
    def stage(self) -> TicketStage:
        """How the item stands."""
        found = self.pusher().known("A1")
        assert found is not None
        return found.stage

    @property
    def errand(self) -> Delivery:
        """How it is shown."""
        (found,) = fold(self.events()).errands.values()
        return found


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """An incident and a tracker."""
    return Desk(tmp_path)


def test_nobody_asked_so_nothing_is_made(desk: Desk) -> None:
    beats(desk.terminal())
    assert (desk.cork.made, desk.kinds()) == ([], [])


@pytest.mark.parametrize("problem", [Unreachable("no name"), Throttled("slow down", retry_after_s=40.0)])
def test_what_a_push_left_is_made_when_it_is_due(desk: Desk, problem: CockpitError) -> None:
    desk.asked(problem)
    assert (desk.stage, desk.errand.channel, desk.errand.stage) == (TicketStage.WAITING, ERRAND, Stage.WAITING)
    assert desk.errand.next_try is not None
    courier = desk.terminal()
    beats(courier)
    assert desk.cork.made == []
    desk.sleep(41)
    beats(courier)
    assert (desk.stage, desk.errand.stage, desk.errand.ref) == (TicketStage.MADE, Stage.DELIVERED, "#1")
    assert [one.title for _, one in desk.cork.made] == ["Pin the model"]
    beats(desk.terminal(), 6)
    assert len(desk.cork.made) == 1


def test_a_terminal_that_does_not_drive_makes_none(desk: Desk) -> None:
    desk.asked(Unreachable("no name"))
    desk.sleep(60)
    beats(desk.terminal(), drives=False)
    assert desk.cork.made == []


@pytest.mark.parametrize("arrived", [True, False])
def test_what_nobody_can_tell_is_looked_for_until_it_would_be_seen(desk: Desk, arrived: bool) -> None:
    desk.cork.shown_after = SETTLES_S - 1
    desk.asked(Unsure("cut"), arrived=arrived)
    assert (desk.stage, desk.errand.stage) == (TicketStage.UNKNOWN, Stage.WAITING)
    courier = desk.terminal()
    for _ in range(60):
        desk.sleep(3)
        beats(courier, 2)
    assert desk.stage is TicketStage.MADE
    assert len(desk.cork.made) == 1
    assert desk.cork.looks >= 2
    assert len(desk.kinds()) <= 10, "it waits until it would be seen, and does not fill the journal"


def test_a_look_that_fails_makes_none_and_leaves_the_doubt(desk: Desk) -> None:
    desk.asked(Unsure("cut"), arrived=True)
    desk.cork.blind = [Unsure("cut again"), Unreachable("away")]
    courier = desk.terminal()
    for _ in range(3):
        desk.sleep(200)
        beats(courier)
    assert (desk.stage, len(desk.cork.made)) == (TicketStage.MADE, 1)


def test_what_a_killed_terminal_began_is_looked_for_by_the_next(desk: Desk) -> None:
    desk.asked(Unreachable("no name"))
    desk.sleep(60)
    killed = desk.terminal(holds=True)
    beats(killed)
    desk.works.pop()()  # it is made, and nobody hears of it
    heir = desk.terminal()
    beats(heir)
    assert len(desk.cork.made) == 1
    desk.sleep(2 * desk.board.wait_s + GRACE_S + 1)
    for _ in range(4):
        beats(heir, 2)
        desk.sleep(3)
    assert Kind.TICKET_UNKNOWN in desk.kinds()
    assert (desk.stage, desk.errand.ref, len(desk.cork.made)) == (TicketStage.MADE, "#1", 1)


def test_a_push_after_a_vain_look_of_the_courier_does_not_make_another(desk: Desk) -> None:
    desk.cork.shown_after = SETTLES_S - 1
    desk.asked(Unsure("cut"), arrived=True)
    desk.sleep(3)
    beats(desk.terminal())
    assert desk.stage is TicketStage.WAITING, "the courier has looked, and waits"
    found = desk.pusher(patience_s=300).push(A1)
    assert (found.stage, found.ticket, len(desk.cork.made)) == (TicketStage.MADE, "#1", 1)


def test_a_push_waits_for_a_try_of_the_courier(desk: Desk) -> None:
    desk.asked(Unreachable("no name"))
    desk.sleep(60)
    beats(desk.terminal(holds=True))
    assert desk.pusher(patience_s=5).push(A1).stage is TicketStage.SENDING
    assert desk.cork.made == []


def test_a_refusal_waits_for_a_person_who_asks_again(desk: Desk) -> None:
    desk.asked(Refused("no such project"))
    courier = desk.terminal()
    desk.sleep(600)
    beats(courier)
    assert (desk.errand.stage, desk.cork.made) == (Stage.REFUSED, [])
    asked = {"update": desk.errand.update, "channel": ERRAND}
    assert courier._session.do("retry_update", asked, actor="ada").refused == ""
    beats(courier)
    assert desk.stage is TicketStage.MADE
    assert "is delivered" in courier._session.do("retry_update", asked, actor="ada").refused


def test_an_item_that_was_done_meanwhile_becomes_no_ticket(desk: Desk) -> None:
    desk.asked(Unreachable("no name"))
    desk.items.clear()
    desk.sleep(60)
    beats(desk.terminal())
    assert (desk.stage, desk.errand.reason) == (TicketStage.REFUSED, "there is no open action item A1 any more")


def test_personal_data_leaves_only_where_somebody_said_so(desk: Desk) -> None:
    desk.cork.fail(Unreachable("no name"))
    desk.pusher(patience_s=0).push(replace(A1, raw=True))
    seen: list[bool] = []
    desk.texts = lambda item, raw: seen.append(raw) or A1  # type: ignore[func-returns-value,method-assign]
    desk.sleep(60)
    beats(desk.terminal())
    assert seen == [True]


def test_a_tracker_that_cannot_be_used_says_why_and_is_tried_again(desk: Desk) -> None:
    desk.asked(Unreachable("no name"))
    desk.sleep(60)
    courier = desk.terminal()
    courier._stops = [TicketStop("work", None, desk.texts, desk.clock.now, "env:TOKEN is not set")]
    beats(courier)
    assert "env:TOKEN is not set" in courier.problem()
    assert desk.errand.next_try is not None
    desk.sleep(400)
    beats(desk.terminal())
    assert desk.stage is TicketStage.MADE


def test_a_system_that_is_no_tracker_or_is_broken_stops_nobody_from_going_elsewhere(desk: Desk) -> None:
    members = {
        "gate": Member("gate", system=object()),  # type: ignore[arg-type]
        "broken": Member("broken", problem=Unreachable("no name")),
    }
    found = ticket_stops(Fleet(members), desk.texts, desk.clock.now)
    assert [(one.name, one.usable, one.problem) for one in found] == [
        ("gate", False, "gate keeps no tickets"), ("broken", False, "broken: no name"),
    ]  # fmt: skip
