"""H10's share of the postmortem: each of its three shares counts."""

from __future__ import annotations

from cockpit.domain.events import Kind
from cockpit.postmortem.document import plain, render
from cockpit.postmortem.draft import draft
from cockpit.postmortem.score import f1, moments, worth
from tests.postmortem.test_draft import PLAYBOOK, worked


def test_an_untouched_draft_is_worth_everything_and_each_gap_takes_its_share() -> None:
    lines = worked()
    text = plain(render(draft(lines.events, PLAYBOOK)))
    assert worth(text, lines.events, PLAYBOOK).value == 1.0
    without = text.replace("## Detection gap", "## Something else")
    assert worth(without, lines.events, PLAYBOOK).sections == 10 / 11
    nobody = text.replace("| ada | 2026-06-13 |", "| **nobody yet** | 2026-06-13 |")
    assert 0 < worth(nobody, lines.events, PLAYBOOK).actions < 1


def test_a_timeline_that_leaves_out_or_makes_up_moments_is_worth_less() -> None:
    lines = worked()
    lines.add(4_000, Kind.ALL_CLEAR_GIVEN)
    rows = moments(next(one for one in draft(lines.events, PLAYBOOK) if one.id == "timeline").lines)
    assert f1(rows, rows) == 1.0
    assert f1(rows[:-1], rows) < 1.0
    assert f1([], rows) == 0.0
    late = [row.replace(year=2030) for row in rows]
    assert f1(late, rows) == 0.0
