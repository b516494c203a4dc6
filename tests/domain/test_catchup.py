"""The pack for somebody who joins, from any journal."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given

from cockpit.domain.catchup import catch_up, markdown
from cockpit.domain.events import Event, Kind
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
    assert pack["who"] == "ic ada, operations nobody, communications nobody"
    assert pack["offered"] == "ic to Lee by ada"
    assert "Kill switch" in pack["debt"]
    assert pack["last update"].endswith("by ada: On it.")
    assert pack["next due"].endswith("OVERDUE by 01:00")


@given(journals())
def test_any_journal_gives_a_pack_of_one_line_each(events: list[Event]) -> None:
    pack = catch_up(fold(events), CADENCE, PAGE)
    assert all("\n" not in words and "\x1b" not in words for _, words in pack)
    assert {"what", "severity", "who", "debt", "last update", "next due"} <= {name for name, _ in pack}


def test_words_from_outside_are_no_markdown() -> None:
    state = state_of((20, Kind.UPDATE_POSTED, {"audience": "team", "text": "# [x](http://evil) <b>"}))
    text = markdown("INC-0001", catch_up(state, CADENCE, PAGE))
    assert "\\# \\[x\\](http://evil) \\<b\\>" in text
