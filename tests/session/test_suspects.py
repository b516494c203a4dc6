"""What can have caused an incident: everybody's changes but the responders' own pulls."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from cockpit.domain.incident import IncidentState
from cockpit.domain.levers import LeverPull
from cockpit.session.suspects import failing_prompt, suspects
from cockpit.world.port import Change

AT = datetime(2026, 6, 12, 2, 15, tzinfo=UTC)
PULL = LeverPull(
    op="L1", lever="kill_switch", target="off", scope={}, before="on", title="Kill switch", rung=7, actor="lin",
    pulled_at=AT, seq=9, applied_at=AT + timedelta(seconds=1), intent={"system": "flags", "adapter": "unleash"},
)  # fmt: skip


def change(ref: str, minutes: float, kind: str = "flag") -> Change:
    return Change(ref, AT + timedelta(minutes=minutes), f"{ref} was moved", kind, "on", "off", "admin")


def left(changes: list[Change], *pulls: LeverPull) -> list[str]:
    return [one.ref for one in suspects(changes, IncidentState(pulls=tuple(pulls)))]


def test_a_pull_is_no_suspect_however_its_system_tells_it() -> None:
    board = [
        change("flags share:answers@production", 0.02),
        change("unleash:771", 0.5),
        change("drill", 0.0, "lever"),
    ]
    assert left(board, PULL) == []
    assert left(board) == ["flags share:answers@production", "unleash:771"]


def test_what_others_moved_stays_a_suspect() -> None:
    before, elsewhere, later = (
        change("flags flag:answers", -11), change("prompts tag:x", 0.02), change("flags flag:y", 9)
    )  # fmt: skip
    assert left([before, elsewhere, later], PULL) == [before.ref, elsewhere.ref, later.ref]


def test_an_undo_is_no_suspect_but_what_lies_between_is() -> None:
    undone = replace(PULL, undone_at=AT + timedelta(minutes=40))
    board = [change("unleash:1", 20), change("unleash:2", 40.5)]
    assert left(board, undone) == ["unleash:1"]


def test_the_failing_prompt_is_the_one_before_the_first_pull() -> None:
    first = replace(PULL, lever="revert_prompt", before="v41", target="v40")
    again = replace(first, op="L2", before="v40", target="v39")
    assert failing_prompt(IncidentState(pulls=(PULL, first, again)), "revert_prompt", "v39") == "v41"
    assert failing_prompt(IncidentState(pulls=(PULL,)), "revert_prompt", "v41") == "v41"
