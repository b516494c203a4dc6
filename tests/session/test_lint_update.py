"""What the linter of updates finds, where, and that nothing personal leaves unless somebody says so."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.domain.events import Kind
from cockpit.session.lint_update import lint_update, mask, said_wrong
from tests.bench.bench_updates import LIMIT, labelled, rates
from tests.tui.fakes import FakeController

GOOD = "We are investigating. 41 users saw wrong answers. We turned the assistant off. Next update by 03:00 UTC."
LEAKING = f"{GOOD} Write to jane.doe@example.com."


def kinds(text: str, *, proven: bool = False) -> list[str]:
    return [flaw.kind for flaw in lint_update(text, proven_cause=proven)]


def test_an_update_that_says_everything_has_no_flaw() -> None:
    assert kinds(GOOD) == []


def test_a_flaw_names_its_place() -> None:
    text = f"{GOOD}\nIt was caused by the deploy."
    flaw = said_wrong(text)[0]
    assert (flaw.kind, flaw.place(text)) == ("cause", "2:4")
    assert text[flaw.start : flaw.end] == flaw.words


def test_what_is_missing_has_no_place() -> None:
    assert [flaw.place("We are investigating.") for flaw in lint_update("We are investigating.")] == ["", "", ""]


def test_a_proven_cause_may_be_told() -> None:
    text = f"{GOOD} The cause was the deploy."
    assert kinds(text) == ["cause"]
    assert kinds(text, proven=True) == []


@pytest.mark.parametrize("half", ["tune", "report"])
def test_labelled_updates_are_told_apart(half: str) -> None:
    assert min(rates([one for one in labelled() if one.half == half])) >= LIMIT


def test_the_labelled_set_is_large_and_half_of_it_is_clean() -> None:
    texts = list(labelled())
    assert len({one.text for one in texts}) == len(texts) >= 120
    assert sum(not one.flaws for one in texts) >= len(texts) / 2


@given(st.text(max_size=300))
def test_masking_any_text_leaves_nothing_more_to_mask(text: str) -> None:
    masked, count = mask(text)
    assert (masked == text) == (count == 0)
    assert all(text[flaw.start : flaw.end] == flaw.words for flaw in said_wrong(text))


def test_personal_data_is_masked_in_what_is_posted() -> None:
    incident = FakeController()
    asked = {"audience": "customers", "state": "investigating", "text": LEAKING}
    posted = incident.session.do("post_update", asked, actor="dana").events[-1]
    assert "jane" not in str(dict(posted.payload))
    assert (posted.get("masked"), posted.get("flaws"), posted.get("raw")) == (1, ["personal"], None)


def test_personal_data_goes_out_only_on_somebodys_word() -> None:
    incident = FakeController()
    asked = {"audience": "legal", "state": "investigating", "text": LEAKING, "raw": True}
    posted = incident.session.do("post_update", asked, actor="dana").events[-1]
    assert (posted.kind, posted.actor, posted.get("raw")) == (Kind.UPDATE_POSTED, "dana", True)
    assert posted.get("text") == LEAKING
