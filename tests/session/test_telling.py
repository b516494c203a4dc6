"""Telling people: channels chosen, the reminder put off, another try, and what is masked."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from cockpit.domain.cadence import put_off
from cockpit.domain.comms import likely_state, next_due
from cockpit.domain.events import Kind, NewEvent, Source
from cockpit.domain.wording import action
from cockpit.session.lint_update import mask, said_wrong, who_wrote_in
from tests.domain.lines import PAGE, pulled, state_of
from tests.tui.dialogs import at_work, killed
from tests.tui.fakes import FakeController

TEXT = "Investigating wrong answers for some users. The assistant is off. Next update 03:00 UTC."
KEY = "sk-proj-" + "aB3dE5fG7hJ9kL1mN3pQ5rS7"


def do(incident: FakeController, name: str, **arguments: Any) -> str:
    return incident.session.do(name, arguments, actor="dana").refused


def told(incident: FakeController, text: str = TEXT, **more: Any) -> Any:
    """Post an update and return its line."""
    asked = {"audience": "team", "state": "investigating", "text": text, **more}
    return incident.session.do("post_update", asked, actor="dana").events[-1]


def due(incident: FakeController) -> datetime:
    found = next_due(incident.session.state, incident.playbook.profile.cadence)
    assert found is not None
    return found


def likely(incident: FakeController) -> str:
    return likely_state(incident.session.state, incident.clock.now(), incident.playbook.profile.contain_window_s)


def test_channels_are_kept_as_they_were_chosen_none_and_all_apart() -> None:
    incident = at_work()
    assert told(incident).get("channels") is None
    assert told(incident, channels=["page", "chat", "page"]).get("channels") == ["chat", "page"]
    assert told(incident, channels=[]).get("channels") == []
    assert [update.channels for update in incident.session.state.updates] == [None, ("chat", "page"), ()]


def test_a_reminder_is_put_off_from_when_it_would_come_by_a_person_and_never_for_ever() -> None:
    incident = at_work()
    was_due = due(incident)
    assert do(incident, "snooze_update", minutes=10, reason="on the phone") == ""
    line = incident.session.log[-1]
    assert (line.actor, line.get("minutes"), line.get("reason")) == ("dana", 10.0, "on the phone")
    snooze = incident.session.state.snooze
    assert snooze is not None
    assert snooze.until == was_due + timedelta(minutes=10)
    assert due(incident) == was_due, "it stays due when it was"
    for _ in range(9):
        do(incident, "snooze_update", minutes=60)
    snooze = incident.session.state.snooze
    assert snooze is not None
    assert snooze.until <= was_due + timedelta(minutes=60)
    told(incident)
    assert put_off(incident.session.state, incident.clock.now()) is None


@pytest.mark.parametrize("minutes", [0, -5, 61])
def test_a_snooze_that_makes_no_sense_is_refused(minutes: float) -> None:
    assert "60 minutes" in do(at_work(), "snooze_update", minutes=minutes)


def test_nothing_is_put_off_before_anything_is_due() -> None:
    assert "no update is due" in do(FakeController(), "snooze_update", minutes=5)


def test_while_it_is_put_off_nobody_is_asked_for_it() -> None:
    incident = killed()
    incident.do("take_role", {"role": "ic"})
    incident.move(900)
    assert incident.renew().advice.action == "post_update"
    told(incident, state="monitoring")
    incident.move(1900)
    assert incident.renew().advice.action == "post_update"
    assert do(incident, "snooze_update", minutes=5) == ""
    assert incident.renew().advice.action != "post_update"
    incident.move(400)
    assert incident.renew().advice.action == "post_update"


def test_only_what_did_not_arrive_is_sent_again() -> None:
    incident = FakeController(mode="live")
    seq = told(incident).seq
    assert "every update that was sent has arrived" in incident.session.refusals("dana")["retry_update"]
    assert "never sent" in do(incident, "retry_update", update=seq, channel="chat")
    for kind, refused in (
        (Kind.UPDATE_SENDING, "is sending on chat"), (Kind.UPDATE_DELIVERY_UNKNOWN, ""),
        (Kind.UPDATE_DELIVERED, "is delivered on chat"),
    ):  # fmt: skip
        payload = {"update": seq, "channel": "chat", "attempt": "a"}
        incident.session.record([NewEvent(kind, incident.clock.now(), "courier", Source.SYSTEM, payload)])
        assert refused in do(incident, "retry_update", update=seq, channel="chat"), kind


def test_a_secret_is_masked_and_is_not_quoted_in_what_is_said_about_it() -> None:
    text = f"{TEXT} The key was {KEY}.\n-----BEGIN RSA PRIVATE KEY-----\nabc\n-----END RSA PRIVATE KEY-----"
    masked, count = mask(text)
    assert (masked.count("[secret]"), count) == (2, 2)
    assert "abc" not in masked
    [first, _] = [flaw for flaw in said_wrong(text) if flaw.kind == "secret"]
    assert KEY not in first.words
    line = told(at_work(), text)
    assert KEY not in str(dict(line.payload))
    assert (line.get("masked"), line.get("flaws")) == (2, ["secret"])
    assert KEY in told(at_work(), text, raw=True).get("text")


def test_names_of_users_who_wrote_in_are_masked_and_those_of_colleagues_are_not() -> None:
    incident = at_work()
    for sender, about in (("Jane Roe (Acme)", "7"), ("Lin Zhou", "8"), ("Head of Sales", "")):
        mail = {"inject": "m", "channel": "email", "sender": sender, "text": "?", "trace": about}
        incident.session.record([NewEvent(Kind.INJECT_DELIVERED, incident.clock.now(), "x", Source.WORLD, mail)])
    assert who_wrote_in(incident.session.state, ("Lin Zhou",)) == ("Jane Roe",)
    assert told(incident, f"{TEXT} JANE ROE and Lin saw it.").get("text").endswith("[person] and Lin saw it.")


def test_the_likely_state_is_resolved_only_when_nothing_is_closed_watched_or_just_opened() -> None:
    incident = at_work()
    assert likely(incident) == "investigating"
    incident.do("pull_lever", {"lever": "kill_switch"})
    incident.move(300)
    assert (incident.session.state.contained, likely(incident)) == (True, "monitoring")
    incident.do("open_canary", {"percent": 5.0})
    incident.move(1205)
    assert likely(incident) == "monitoring"
    incident.do("widen_canary", {"percent": 100.0})
    incident.move(30)
    assert likely(incident) == "monitoring"
    incident.move(60)
    assert incident.session.state.canary is not None
    assert (incident.session.state.canary.state, likely(incident)) == ("passed", "resolved")


def test_it_is_identified_once_layer_and_part_are_named_and_until_something_is_done() -> None:
    incident = at_work()
    do(incident, "set_layer", layer="retrieval")
    assert likely(incident) == "investigating"
    do(incident, "set_layer", layer="retrieval", component="index shared-3")
    assert likely(incident) == "identified"
    assert told(incident, state="identified").get("state") == "identified"
    incident.do("pull_lever", {"lever": "kill_switch"})
    assert likely(incident) == "monitoring"


def test_what_was_just_undone_is_watched_before_it_is_resolved() -> None:
    state = state_of(
        (20, Kind.ACKNOWLEDGED, {}),
        pulled(90, "cap_cost"),
        (95, Kind.LEVER_APPLIED, {"op": "L1"}),
        (99, Kind.LEVER_PROVEN, {"op": "L1"}),
        (240, Kind.CONTAINED, {}),
        pulled(400, "cap_cost", "L2", undoes="L1"),
        (405, Kind.LEVER_APPLIED, {"op": "L2"}),
    )
    assert likely_state(state, PAGE + timedelta(seconds=520), 120) == "monitoring"
    assert likely_state(state, PAGE + timedelta(seconds=525), 120) == "resolved"
    assert action(state) == "took Cap cost back"
