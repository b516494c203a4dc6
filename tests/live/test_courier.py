"""Updates reach every channel they are for: retried, resumed after a kill, never doubled where that would show."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from cockpit.domain.deliveries import Delivery, Stage
from cockpit.domain.events import Event, Kind, NewEvent, from_iso
from cockpit.errors import CockpitError, JournalUnreachable, Refused, Throttled, Unreachable, Unsure
from cockpit.live.courier import GRACE_S, STALE_S, Courier, courier_on
from cockpit.live.delivery_lines import LAST_PAUSE_S, failed
from cockpit.live.outlets import Outlet
from tests.journal.making import opening
from tests.live.outlets import Paper
from tests.live.test_lifeline import Table


class Post:
    """An incident, its channels, and terminals that deliver on them."""

    def __init__(self, folder: Path) -> None:
        self.table = Table(folder)
        self.team, self.public = Paper(), Paper(once=True)
        self.outlets = [
            Outlet("chat", frozenset({"team"}), self.team),
            Outlet("page", frozenset({"team", "customers"}), self.public),
        ]
        self.works: list[Callable[[], None]] = []

    def terminal(self, *, holds: bool = False) -> Courier:
        """Sit down; one that holds lets no send begin until it is told to."""
        session, _ = self.table.terminal()
        return Courier(session, self.outlets, self.works.append if holds else lambda work: work())

    def update(self, text: str = "we look", audience: str = "team", **more: list[str]) -> int:
        """Post one."""
        payload = {"audience": audience, "state": "investigating", "text": text, **more}
        event = NewEvent(Kind.UPDATE_POSTED, self.table.clock.now(), "ada", payload=payload)
        last = self.table.lines()[-1].seq
        return self.table.journal.append(self.table.incident, [event], expected_seq=last)[0].seq

    def wait(self, seconds: float) -> None:
        """Let time pass."""
        self.table.clock.move_to(self.table.clock.now() + timedelta(seconds=seconds))

    def lines(self, kind: Kind, channel: str = "chat") -> list[Event]:
        """Return the journal's lines of a kind about a channel."""
        return [line for line in self.table.lines() if line.kind is kind and line.get("channel") == channel]


@pytest.fixture
def post(tmp_path: Path) -> Post:
    """An incident with two channels."""
    return Post(tmp_path)


def beats(courier: Courier, count: int = 4, *, drives: bool = True) -> None:
    """Let a terminal do what it does several times a second."""
    for _ in range(count):
        courier._session.refresh()
        courier.beat(lambda: drives)


def test_an_update_goes_once_to_every_channel_of_its_audience(post: Post) -> None:
    post.update("for us")
    post.update("for all", "customers")
    courier = post.terminal()
    beats(courier)
    assert [one.text for one in post.team.taken] == ["for us"]
    assert [one.text for one in post.public.taken] == ["for us", "for all"]
    assert {one.stage for one in courier.deliveries().found.values()} == {Stage.DELIVERED}
    beats(post.terminal())
    assert len(post.team.taken) == 1


def test_the_try_is_on_record_before_it_is_sent(post: Post) -> None:
    post.update()
    beats(post.terminal(holds=True))
    assert len(post.lines(Kind.UPDATE_SENDING)) == 1
    assert post.team.taken == []


def test_a_terminal_that_does_not_drive_sends_nothing(post: Post) -> None:
    post.update()
    beats(post.terminal(), drives=False)
    assert post.team.taken == []
    assert post.lines(Kind.UPDATE_SENDING) == []


def test_a_seat_that_is_lost_between_record_and_send_keeps_the_send_back(post: Post) -> None:
    post.update()
    answers = iter([True, False])
    post.outlets = post.outlets[:1]
    courier = post.terminal()
    courier.beat(lambda: next(answers, False))
    assert post.lines(Kind.UPDATE_SENDING)
    assert post.team.taken == []


def test_a_failed_one_is_tried_again_with_the_same_key_as_late_as_it_was_asked(post: Post) -> None:
    post.update()
    post.team.problems = [Throttled("slow down", retry_after_s=120.0), Unreachable("no name")]
    courier = post.terminal()
    beats(courier)
    assert "slow down" in courier.problem()
    post.wait(119)
    beats(courier)
    assert len(post.lines(Kind.UPDATE_SENDING)) == 1
    post.wait(14)
    beats(courier)
    post.wait(400)
    beats(courier)
    assert [line.get("reason") for line in post.lines(Kind.UPDATE_DELIVERY_FAILED)] == ["slow down", "no name"]
    assert len(post.team.taken) == 1
    assert courier.problem() == ""


def test_later_updates_wait_for_earlier_ones(post: Post) -> None:
    post.update("first")
    post.update("second")
    post.team.problems = [Unreachable("no name")]
    courier = post.terminal()
    beats(courier)
    assert post.team.taken == []
    post.wait(400)
    beats(courier)
    assert [one.text for one in post.team.taken] == ["first", "second"]


def test_one_that_is_refused_is_shown_and_lets_others_pass(post: Post) -> None:
    post.update("first")
    post.update("second")
    post.team.problems = [Refused("no such room")]
    courier = post.terminal()
    beats(courier)
    post.wait(4000)
    beats(courier)
    assert [one.text for one in post.team.taken] == ["second"]
    assert "refused, no such room" in courier.problem()


def arrived(problem: CockpitError) -> CockpitError:
    """Return an error after which the message is there all the same."""
    problem.arrived = True  # type: ignore[attr-defined]
    return problem


def test_an_unsure_one_is_sent_again_only_where_it_arrives_once(post: Post) -> None:
    post.update()
    post.team.problems = [arrived(Unsure("no answer"))]
    post.public.problems = [arrived(Unsure("no answer"))]
    courier = post.terminal()
    beats(courier)
    post.wait(400)
    beats(courier)
    assert len(post.team.taken) == 1
    assert len(post.lines(Kind.UPDATE_DELIVERY_UNKNOWN)) == 1
    assert "unknown" in courier.problem()
    assert [one.key for one in post.public.taken] == [post.public.taken[0].key] * 2


@pytest.mark.parametrize("sent", [False, True])
def test_after_a_kill_the_next_terminal_finishes_what_was_begun(post: Post, sent: bool) -> None:
    post.update()
    beats(post.terminal(holds=True))
    if sent:
        for work in post.works:
            work()  # it is sent, and nobody lives to write that down
    heir = post.terminal()
    beats(heir)
    assert len(post.lines(Kind.UPDATE_SENDING)) == 1, "the try may still be under way"
    post.wait(post.outlets[0].wait_s + GRACE_S + 1)
    beats(heir)
    post.wait(10)
    beats(heir)
    assert len(post.team.taken) == sent, "unknown is never sent twice"
    assert len(post.lines(Kind.UPDATE_DELIVERY_UNKNOWN)) == 1
    assert len({one.key for one in post.public.taken}) == 1
    assert heir.deliveries().on("page")[0].stage is Stage.DELIVERED


def test_a_late_word_that_it_arrived_is_believed(post: Post) -> None:
    post.update()
    slow = post.terminal(holds=True)
    beats(slow)
    heir = post.terminal()
    post.wait(post.outlets[0].wait_s + GRACE_S + 1)
    beats(heir)
    for work in post.works:
        work()
    beats(slow, drives=False)
    assert slow.deliveries().on("chat")[0].stage is Stage.DELIVERED
    assert slow.problem() == ""


def test_what_could_not_be_recorded_is_not_sent_and_what_was_sent_is_told_later(post: Post) -> None:
    post.update()
    courier = post.terminal(holds=True)
    beats(courier)
    for work in post.works:
        work()
    post.update("second")
    courier._session.refresh()
    post.table.line.go_away()
    with pytest.raises(JournalUnreachable):
        courier.beat(lambda: True)
    assert len(post.team.taken) == 1
    post.table.line.come_back()
    beats(courier)
    assert len(post.lines(Kind.UPDATE_DELIVERED)) == 1


def test_a_record_whose_answer_was_lost_sends_once(post: Post) -> None:
    post.update()
    courier = post.terminal()
    post.table.line.lose_answer = True
    with pytest.raises(JournalUnreachable):
        courier.beat(lambda: True)
    assert post.team.taken == []
    post.table.line.come_back()
    post.wait(60)
    beats(courier, 6)
    assert len(post.team.taken) == 1
    assert post.lines(Kind.UPDATE_DELIVERY_UNKNOWN) == []


def test_old_news_is_not_sent_and_that_is_told(post: Post) -> None:
    post.update()
    post.wait(STALE_S + 1)
    courier = post.terminal()
    beats(courier)
    assert post.team.taken == []
    assert "post it anew" in courier.problem()


def test_a_channel_that_cannot_be_used_says_so_and_is_tried_again(post: Post) -> None:
    post.update()
    post.outlets = [Outlet("chat", frozenset({"team"}), None, problem="the token is missing")]
    courier = post.terminal()
    beats(courier)
    assert "the token is missing" in courier.problem()
    post.outlets = [Outlet("chat", frozenset({"team"}), post.team)]
    post.wait(400)
    beats(post.terminal())
    assert len(post.team.taken) == 1


def test_an_update_goes_only_to_the_channels_that_were_chosen_for_it(post: Post) -> None:
    post.update("one", channels=["chat"])
    post.update("none", channels=[])
    post.update("not for them", "customers", channels=["chat"])
    post.update("all")
    beats(post.terminal(), 8)
    assert [one.text for one in post.team.taken] == ["one", "all"]
    assert [one.text for one in post.public.taken] == ["all"]


def retry(post: Post, update: int, channel: str) -> None:
    """A person asks for another try."""
    event = NewEvent(
        Kind.UPDATE_RETRIED, post.table.clock.now(), "ada", payload={"update": update, "channel": channel}
    )
    post.table.journal.append(post.table.incident, [event], expected_seq=post.table.lines()[-1].seq)


@pytest.mark.parametrize("problem", [Refused("no such room"), Unsure("no answer"), Unreachable("no name")])
def test_another_try_is_made_at_once_when_a_person_asks_for_it(post: Post, problem: CockpitError) -> None:
    seq = post.update()
    post.team.problems = [problem]
    courier = post.terminal()
    beats(courier)
    assert post.team.taken == []
    retry(post, seq, "chat")
    beats(courier)
    assert len(post.team.taken) == 1
    assert courier.problem() == ""
    retry(post, seq, "chat")
    beats(courier)
    assert len(post.team.taken) == 1, "what has arrived is not sent again"


def test_old_news_goes_out_on_somebodys_word(post: Post) -> None:
    seq = post.update()
    post.wait(STALE_S + 1)
    courier = post.terminal()
    beats(courier)
    retry(post, seq, "chat")
    beats(courier)
    assert len(post.team.taken) == 1


def test_updates_of_one_incident_are_one_thread(post: Post) -> None:
    for number in range(3):
        post.update(str(number))
    beats(post.terminal(), 8)
    assert [one.thread for one in post.team.taken] == ["", "m1", "m1"]


def test_who_leaves_waits_for_what_is_on_its_way(post: Post) -> None:
    post.update()
    courier = post.terminal(holds=True)
    beats(courier)
    for work in post.works:
        work()
    courier.finish()
    assert len(post.lines(Kind.UPDATE_DELIVERED)) == 1


def test_a_drill_delivers_nowhere(post: Post) -> None:
    session, _ = post.table.terminal()
    first = post.table.lines()[0]
    assert courier_on(session, post.outlets, first) is not None
    for mode in ("drill", "range", ""):
        assert courier_on(session, post.outlets, replace(first, payload={**opening().payload, "mode": mode})) is None


def test_who_tries_for_weeks_waits_no_longer_than_who_tries_for_an_hour(post: Post) -> None:
    now = post.table.clock.now()
    for_weeks = Delivery(3, "chat", Stage.SENDING, now, "a1", tries=5_000)
    failure = failed(post.outlets[0], for_weeks, Unreachable("no name"), now)
    assert now < from_iso(failure.payload["next_try"]) <= now + 2 * timedelta(seconds=LAST_PAUSE_S)
