"""The pack for somebody who joins, from any journal."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given

from cockpit.domain.catchup import catch_up, markdown
from cockpit.domain.events import Event, Kind, iso
from cockpit.domain.incident import fold
from cockpit.domain.playbook import Cadence
from tests.domain.lines import PAGE, pulled, state_of
from tests.domain.strategies import journals

CADENCE = Cadence(300, 1800)


def test_the_pack_tells_what_who_levers_debt_and_what_is_due() -> None:
    state = state_of(
        (20, Kind.ACKNOWLEDGED, {}),
        (30, Kind.SEVERITY_SET, {"severity": "SEV1"}),
        (40, Kind.ROLE_TAKEN, {"role": "ic"}),
        (45, Kind.ROLE_OFFERED, {"role": "ic", "to": "Lee"}),
        pulled(90, "kill_switch"),
        (120, Kind.UPDATE_POSTED, {"audience": "team", "state": "investigating", "text": "On it."}),
    )
    pack = dict(catch_up(state, CADENCE, PAGE + timedelta(minutes=33)))
    assert pack["severity"].startswith("SEV1, called by ada")
    assert pack["who"] == "IC ada, operations nobody, communications nobody"
    assert pack["offered"] == "IC to Lee by ada"
    assert "Kill switch" in pack["debt"]
    assert pack["last update"].endswith("by ada: On it.")
    assert pack["next due"].endswith("OVERDUE by 01:00")


def test_the_pack_tells_what_did_not_arrive_who_put_the_reminder_off_and_what_was_overridden() -> None:
    failed = {"update": 4, "channel": "chat", "attempt": "a", "reason": "no [room]"}
    told = [{"point": "debt", "words": "lever debt: Pin model", "reason": "until Monday"}]
    state = state_of(
        (20, Kind.ACKNOWLEDGED, {}),
        (120, Kind.UPDATE_POSTED, {"audience": "team", "state": "investigating", "text": "On it."}),
        (130, Kind.UPDATE_POSTED, {"audience": "team", "state": "investigating", "text": "Still."}),
        (140, Kind.UPDATE_DELIVERY_FAILED, failed),
        (1935, Kind.UPDATE_SNOOZED, {"until": iso(PAGE + timedelta(minutes=40)), "minutes": 5}),
    )
    pack = dict(catch_up(state, CADENCE, PAGE + timedelta(minutes=33)))
    assert pack["not arrived"] == "update of line 4 on chat: refused, no [room]"
    assert pack["next due"].endswith("the reminder is off until 2026-06-12 02:54 UTC by ada")
    assert pack["kept time"].endswith("1 gap too long by 00:50, 1 update too soon")
    asked = state_of(
        (140, Kind.TICKET_SENDING, {"item": "A1", "tracker": "board", "attempt": "a", "wait_s": 5.0}),
        (141, Kind.TICKET_FAILED, {"item": "A1", "tracker": "board", "attempt": "a", "reason": "no project"}),
    )
    assert dict(catch_up(asked, CADENCE, PAGE))["not done"] == "board, ticket of A1: refused, no project"
    cleared = state_of((20, Kind.ACKNOWLEDGED, {}), (99, Kind.ALL_CLEAR_GIVEN, {"overridden": told}))
    assert dict(catch_up(cleared, CADENCE, PAGE))["overridden"] == "lever debt: Pin model, because: until Monday"


@given(journals())
def test_any_journal_gives_a_pack_of_one_line_each(events: list[Event]) -> None:
    pack = catch_up(fold(events), CADENCE, PAGE)
    assert all("\n" not in words and "\x1b" not in words for _, words in pack)
    assert {"what", "severity", "who", "debt", "last update", "next due"} <= {name for name, _ in pack}


def test_words_from_outside_are_no_markdown() -> None:
    state = state_of((20, Kind.UPDATE_POSTED, {"audience": "team", "text": "# [x](http://evil) <b>"}))
    text = markdown("INC-0001", catch_up(state, CADENCE, PAGE))
    assert "\\# \\[x\\](http://evil) \\<b\\>" in text
