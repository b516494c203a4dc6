"""Pagers are told what the journal asks of them: once each, in order, the same after a kill."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from cockpit.domain.alerts import FIRING, NEWS, RESOLVED
from cockpit.domain.events import Event, Kind, NewEvent
from cockpit.errors import BadInput, CockpitError, Refused, Throttled, Unreachable, Unsure
from cockpit.live.courier import GRACE_S, STALE_S, Courier
from cockpit.live.outlets import Job, Matter, Outlet
from cockpit.live.pager_stops import PagerStop, pager_stops
from cockpit.world.contract import Deadline, Finding
from cockpit.world.contract_channels import Receipt
from cockpit.world.contract_pager import EVERYTHING, NOTE, OnCall, PageRef, Summons, Word
from cockpit.world.fleet import Fleet, Member
from cockpit.world.options import LiveOptions
from tests.live.outlets import Paper
from tests.live.test_lifeline import Table

Told = tuple[str, PageRef | Summons, str]


class Bleeper:
    """Keeps what it was asked; what it answers is said beforehand; implements `Pager`."""

    def __init__(self) -> None:
        self.does = EVERYTHING
        self.repeats = EVERYTHING
        self.told: list[Told] = []
        self.problems: list[CockpitError] = []

    def target(self, text: str) -> str:
        """Know nobody called `nobody`."""
        if text == "nobody":
            raise BadInput("targets look like team:NAME")
        return text

    def page(self, summons: Summons, deadline: Deadline) -> Receipt:
        """Wake somebody."""
        return self._take("page", summons, summons.key)

    def acknowledge(self, page: PageRef, word: Word, deadline: Deadline) -> Receipt:
        """Take an acknowledgement."""
        return self._take("acknowledge", page, word.mark)

    def note(self, page: PageRef, word: Word, deadline: Deadline) -> Receipt:
        """Take a note."""
        return self._take("note", page, word.mark)

    def resolve(self, page: PageRef, word: Word, deadline: Deadline) -> Receipt:
        """Take the end."""
        return self._take("resolve", page, word.mark)

    def on_call(self, target: str, deadline: Deadline) -> Sequence[OnCall]:
        """Know nobody."""
        return ()

    def check(self, deadline: Deadline) -> Sequence[Finding]:
        """Find nothing."""
        return ()

    def close(self) -> None:
        """Do nothing."""

    def asked(self) -> list[str]:
        """Return what it was asked, in order."""
        return [what for what, _, _ in self.told]

    def _take(self, what: str, about: PageRef | Summons, key: str) -> Receipt:
        problem = self.problems.pop(0) if self.problems else None
        if problem is None or getattr(problem, "arrived", False):
            self.told.append((what, about, key))
        if problem is not None:
            raise problem
        return Receipt(f"P{len(self.told)}")


class Night:
    """A live incident with two pagers on one bleeper, and terminals that tell them."""

    def __init__(self, folder: Path) -> None:
        self.table = Table(folder)
        self.bleeper = Bleeper()
        self.room = Paper()
        self.stops: list[Any] = [
            Outlet("room", frozenset({"team"}), self.room),
            PagerStop("oncall", self.bleeper, sources=frozenset({"pagerduty"})),
            PagerStop("dba", self.bleeper, "policy:P1"),
        ]
        self.works: list[Any] = []

    def terminal(self, *, holds: bool = False) -> Courier:
        """Sit down; one that holds lets nothing begin until it is told to."""
        session, _ = self.table.terminal()
        return Courier(session, self.stops, self.works.append if holds else lambda work: work())

    def write(self, kind: Kind, actor: str = "ada", **payload: Any) -> int:
        """Write a line."""
        event = NewEvent(kind, self.table.clock.now(), actor, payload=payload)
        last = self.table.lines()[-1].seq
        return self.table.journal.append(self.table.incident, [event], expected_seq=last)[0].seq

    def alert(self, status: str = FIRING, source: str = "pagerduty", key: str = "Q1", **more: Any) -> int:
        """Let another system tell of a page."""
        told = {"source": source, "key": key, "group": "k1", "status": status, "title": "it leaks", **more}
        return self.write(Kind.ALERT_RECEIVED, source, **told)

    def wait(self, seconds: float) -> None:
        """Let time pass."""
        self.table.clock.move_to(self.table.clock.now() + timedelta(seconds=seconds))

    def lines(self, kind: Kind) -> list[Event]:
        """Return the journal's lines of a kind."""
        return [line for line in self.table.lines() if line.kind is kind]


@pytest.fixture
def night(tmp_path: Path) -> Night:
    """An incident."""
    return Night(tmp_path)


def beats(courier: Courier, count: int = 8) -> None:
    """Let a terminal do what it does several times a second."""
    for _ in range(count):
        courier._session.refresh()
        courier.beat(lambda: True)


def test_acknowledging_here_acknowledges_where_the_page_came_from(night: Night) -> None:
    night.alert()
    night.alert(source="prometheus", key="f1")
    night.write(Kind.ACKNOWLEDGED)
    beats(night.terminal())
    (told,) = night.bleeper.told
    assert told[:2] == ("acknowledge", PageRef("Q1", "k1", sent=False))
    (line,) = night.lines(Kind.PAGER_DONE)
    assert (line.get("pager"), line.get("what"), line.get("page")) == ("oncall", "acknowledge", "pagerduty/Q1")


def test_a_page_is_sent_once_whoever_drives(night: Night) -> None:
    night.write(Kind.PAGE_ASKED, to="dba", text="The database is slow.")
    beats(night.terminal())
    beats(night.terminal())
    (told,) = night.bleeper.told
    summons = told[1]
    assert isinstance(summons, Summons)
    assert (summons.target, summons.text, summons.by, summons.title) == (
        "policy:P1", "The database is slow.", "ada", "it leaks",
    )  # fmt: skip


def test_a_page_is_told_what_happens_until_the_all_clear(night: Night) -> None:
    asked = night.write(Kind.PAGE_ASKED, to="dba", text="Come.")
    night.write(Kind.PAGE_ANSWERED, "grace", pages=[f"page:{asked}"])
    night.write(Kind.UPDATE_POSTED, audience="team", state="investigating", text="We look.")
    night.write(Kind.UPDATE_POSTED, audience="customers", state="investigating", text="Not for pagers.")
    night.write(Kind.ALL_CLEAR_GIVEN, open_points=[])
    night.write(Kind.UPDATE_POSTED, audience="team", state="resolved", text="Over.")
    beats(night.terminal(), 12)
    assert night.bleeper.asked() == ["page", "acknowledge", "note", "resolve"]
    key = night.bleeper.told[0][2]
    assert all(ref == PageRef(key=key, target="policy:P1") for _, ref, _ in night.bleeper.told[1:])
    assert len(night.room.taken) == 2, "channels get their updates all the same"


def test_a_channel_and_a_pager_of_one_name_are_two_places(night: Night) -> None:
    night.stops = [Outlet("dba", frozenset({"team"}), night.room), night.stops[2]]
    night.write(Kind.UPDATE_POSTED, audience="team", state="investigating", text="We look.")
    night.write(Kind.PAGE_ASKED, to="dba", text="Come.")
    beats(night.terminal(holds=True))
    assert len(night.works) == 2, "both at once"


def test_a_round_with_nothing_to_bring_looks_at_nothing(night: Night, monkeypatch: pytest.MonkeyPatch) -> None:
    night.bleeper.problems = [Throttled("slow down", retry_after_s=120.0)]
    night.write(Kind.PAGE_ASKED, to="dba", text="Come.")
    courier, looks, jobs = night.terminal(), list[str](), PagerStop.jobs

    def looked(stop: PagerStop, matter: Matter) -> Iterator[Job]:
        looks.append(stop.name)
        return jobs(stop, matter)

    beats(courier)
    monkeypatch.setattr(PagerStop, "jobs", looked)
    beats(courier)
    assert looks == []
    night.wait(140)
    beats(courier)
    assert "dba" in looks
    assert night.bleeper.asked() == ["page"]


def test_nobody_is_on_a_page_by_having_sent_it(night: Night) -> None:
    night.write(Kind.PAGE_ASKED, to="dba", text="Come.")
    night.write(Kind.ACKNOWLEDGED)
    beats(night.terminal())
    assert night.bleeper.asked() == ["page"]


@pytest.mark.parametrize("status", [RESOLVED, NEWS])
def test_what_is_over_or_answered_there_is_not_acknowledged_here(night: Night, status: str) -> None:
    night.alert()
    night.alert(status, labels={"event": "incident.acknowledged", "agent": "Grace"})
    night.write(Kind.ACKNOWLEDGED)
    beats(night.terminal())
    assert night.bleeper.asked() == []


def test_news_does_not_close_a_page(night: Night) -> None:
    night.alert()
    night.alert(NEWS, labels={"event": "incident.annotated"})
    night.write(Kind.ACKNOWLEDGED)
    night.write(Kind.ALL_CLEAR_GIVEN, open_points=[])
    beats(night.terminal())
    assert night.bleeper.asked() == ["acknowledge", "resolve"]


def test_a_failed_page_is_tried_again_and_holds_up_no_other(night: Night) -> None:
    night.bleeper.problems = [Throttled("slow down", retry_after_s=120.0)]
    first = night.write(Kind.PAGE_ASKED, to="dba", text="Come.")
    night.write(Kind.PAGE_ASKED, to="dba", text="You too.")
    night.write(Kind.UPDATE_POSTED, audience="team", state="investigating", text="We look.")
    courier = night.terminal()
    beats(courier)
    assert night.bleeper.asked() == ["page", "note"], "of the second; the first one's note waits for its page"
    assert f"dba: page page:{first}: waiting, slow down" in courier.problem()
    night.wait(140)
    beats(courier)
    assert night.bleeper.asked() == ["page", "note", "page", "note"]
    assert courier.problem() == ""


def test_a_page_that_was_refused_is_shown_and_told_nothing_more(night: Night) -> None:
    night.bleeper.problems = [Refused("no such policy")]
    night.write(Kind.PAGE_ASKED, to="dba", text="Come.")
    night.write(Kind.UPDATE_POSTED, audience="team", state="investigating", text="We look.")
    courier = night.terminal()
    beats(courier)
    assert night.bleeper.told == []
    assert "refused, no such policy" in courier.problem()


def test_an_unsure_page_is_asked_for_again_with_the_same_key(night: Night) -> None:
    lost = Unsure("no answer")
    lost.arrived = True  # type: ignore[attr-defined]
    night.bleeper.problems = [lost]
    night.write(Kind.PAGE_ASKED, to="dba", text="Come.")
    courier = night.terminal()
    beats(courier)
    night.wait(60)
    beats(courier)
    assert len(night.bleeper.told) == 2
    assert len({key for _, _, key in night.bleeper.told}) == 1


def test_an_unsure_note_is_not_sent_again_where_a_repeat_would_show(night: Night) -> None:
    night.bleeper.repeats = EVERYTHING - {NOTE}
    night.bleeper.problems = [Unsure("no answer")]
    night.alert()
    night.write(Kind.UPDATE_POSTED, audience="team", state="investigating", text="We look.")
    courier = night.terminal()
    beats(courier)
    night.wait(600)
    beats(courier)
    assert night.bleeper.told == []
    assert len(night.lines(Kind.PAGER_UNKNOWN)) == 1


def test_after_a_kill_the_next_terminal_asks_again_under_the_same_key(night: Night) -> None:
    night.write(Kind.PAGE_ASKED, to="dba", text="Come.")
    beats(night.terminal(holds=True))
    night.works.pop(0)()
    heir = night.terminal()
    beats(heir)
    assert len(night.lines(Kind.PAGER_ASKED)) == 1, "the try may still be under way"
    night.wait(night.stops[2].wait_s + GRACE_S + 1)
    beats(heir)
    night.wait(10)
    beats(heir)
    assert len(night.bleeper.told) == 2
    assert len({key for _, _, key in night.bleeper.told}) == 1
    assert heir.problem() == ""


def test_an_old_page_wakes_nobody_and_that_is_told(night: Night) -> None:
    night.write(Kind.PAGE_ASKED, to="dba", text="Come.")
    night.wait(STALE_S + 1)
    courier = night.terminal()
    beats(courier)
    assert night.bleeper.told == []
    assert "ask again" in courier.problem()


def test_a_page_that_was_tried_in_vain_for_an_hour_is_given_up(night: Night) -> None:
    night.bleeper.problems = [Unreachable("no name")]
    night.write(Kind.PAGE_ASKED, to="dba", text="Come.")
    beats(night.terminal())
    night.wait(STALE_S + 1)
    courier = night.terminal()
    beats(courier)
    assert night.bleeper.told == []
    assert "refused, it could not be asked for within an hour" in courier.problem()


def test_what_a_pager_cannot_do_is_not_asked_of_it(night: Night) -> None:
    night.bleeper.does = EVERYTHING - {NOTE}
    night.alert()
    night.write(Kind.UPDATE_POSTED, audience="team", state="investigating", text="We look.")
    courier = night.terminal()
    beats(courier)
    assert (night.bleeper.told, courier.problem()) == ([], "")


def test_an_alert_that_went_to_another_incident_is_told_nothing(night: Night) -> None:
    night.alert()
    night.write(Kind.ALERT_MOVED, source="pagerduty", key="Q1", to="INC-0009")
    night.write(Kind.ACKNOWLEDGED)
    beats(night.terminal())
    assert night.bleeper.told == []


def test_alerts_that_are_one_page_there_are_told_once_by_their_group(night: Night) -> None:
    group = '{}:{alertname="LeakRate"}'
    night.stops[1] = PagerStop("oncall", night.bleeper, groups=frozenset({"prometheus"}))
    for key in ("f1", "f2"):
        night.alert(source="prometheus", key=key, group=group)
    night.alert(source="prometheus", key="f3", group="0" * 32)
    night.write(Kind.ACKNOWLEDGED)
    beats(night.terminal())
    (told,) = night.bleeper.told
    assert told[1] == PageRef(key=hashlib.sha256(group.encode()).hexdigest(), sent=False)


def wired(**table: Any) -> list[PagerStop]:
    """Return the pagers of a cockpit.toml with one bleeper, and one that can't be reached."""
    systems = {"bleeper": Member("bleeper", system=Bleeper()), "room": Member("room", system=Paper()),
               "away": Member("away", problem=Unreachable("no token"))}  # fmt: skip
    return pager_stops(LiveOptions.model_validate({"pagers": table}), Fleet(systems))


def test_pagers_are_wired_as_they_are_written() -> None:
    oncall, dba = wired(
        oncall={"system": "bleeper", "sources": ["pagerduty"], "groups": ["prometheus"]},
        dba={"system": "bleeper", "target": "policy:P1", "sources": ["pagerduty", "prometheus"],
             "audiences": ["team", "legal"]},
    )  # fmt: skip
    assert oncall.usable
    assert oncall.sources == {"pagerduty"}
    assert oncall.groups == {"prometheus"}
    assert dba.sources == frozenset(), "a page is told things by one pager alone"
    assert dba.target == "policy:P1"
    assert dba.audiences == {"team", "legal"}


@pytest.mark.parametrize(
    ("table", "problem"),
    [
        ({"system": "away"}, "no token"), ({"system": "room"}, "wakes nobody"), ({"system": "none"}, "no system"),
        ({"system": "bleeper", "target": "nobody"}, "team:NAME"),
    ],
)  # fmt: skip
def test_a_pager_that_cannot_be_used_says_why(night: Night, table: dict[str, Any], problem: str) -> None:
    (stop,) = wired(oncall=table)
    assert not stop.usable
    night.stops = [stop]
    night.write(Kind.PAGE_ASKED, to="oncall", text="Come.")
    courier = night.terminal()
    beats(courier)
    assert problem in courier.problem()
    assert "waiting" in courier.problem(), "the table may be put right"
