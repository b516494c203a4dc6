"""What lines about pages say, whatever is in them."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.domain.events import Event, Kind, Source
from cockpit.domain.incident import fold
from cockpit.domain.pages import as_delivery, errand_of, in_words
from tests.journal.making import START


def event(kind: Kind, seq: int = 1, **payload: Any) -> Event:
    """Return a line."""
    return Event("INC-0001", seq, START, START, "ada", Source.SYSTEM, kind, payload, "", "")


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (event(Kind.PAGE_ASKED, to="dba", text="Come."), "pages dba: Come."),
        (event(Kind.PAGE_ANSWERED, pages=["page:2", "pd/Q1"]), "is on the page of line 2, pd/Q1"),
        (event(Kind.PAGER_ASKED, pager="dba", what="page", page="page:2"), "asks dba to page"),
        (event(Kind.PAGER_DONE, pager="dba", what="page", page="page:2", url="https://x"), "dba paged https://x"),
        (event(Kind.PAGER_DONE, pager="dba", what="acknowledge", page="pd/Q1"), "dba acknowledged pd/Q1"),
        (event(Kind.PAGER_FAILED, pager="dba", what="page", page="page:2", reason="no"), "dba did NOT page: no"),
        (
            event(Kind.PAGER_FAILED, pager="dba", what="note", page="pd/Q1", reason="slow",
                  next_try="2026-11-21T03:14:05.000000Z"),
            "dba did NOT note pd/Q1: slow; again at 03:14:05",
        ),
        (
            event(Kind.PAGER_UNKNOWN, pager="dba", what="resolve", page="page:2", reason="late"),
            "UNKNOWN whether dba did resolve the page of line 2: late",
        ),
    ],
)  # fmt: skip
def test_a_line_says_what_it_tells(line: Event, words: str) -> None:
    assert in_words(line) == words


PAGES = [kind for kind in Kind if kind.value.startswith(("page_", "pager_"))]
ANYTHING = st.dictionaries(
    st.sampled_from(["to", "text", "pager", "what", "page", "pages", "line", "attempt", "next_try", "wait_s"]),
    st.none() | st.text(max_size=8) | st.integers(-5, 5) | st.lists(st.text(max_size=3), max_size=2),
)


@given(st.lists(st.tuples(st.sampled_from([*PAGES, Kind.ACKNOWLEDGED, Kind.ALL_CLEAR_GIVEN]), ANYTHING), max_size=12))
def test_any_lines_fold_and_are_said(lines: list[tuple[Kind, dict[str, Any]]]) -> None:
    events = [event(kind, number, **payload) for number, (kind, payload) in enumerate(lines, 1)]
    state = fold(events)
    assert len(state.pages) == sum(one.kind is Kind.PAGE_ASKED for one in events)
    for one in events:
        if one.kind in PAGES:
            assert in_words(one)
        as_delivery(one)


def test_a_line_about_a_pager_is_a_delivery_of_its_errand() -> None:
    made = as_delivery(event(Kind.PAGER_DONE, line=7, pager="dba", what="page", page="page:7", attempt="a1"))
    assert made.kind is Kind.UPDATE_DELIVERED
    assert (made.get("update"), made.get("channel")) == (7, errand_of("dba", "page", "page:7"))
