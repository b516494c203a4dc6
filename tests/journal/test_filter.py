"""What a responder types into the filter line."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from cockpit.domain.moments import moment
from cockpit.domain.traces import FilterError, Term, TraceFilter, Wanted, failing, judged
from cockpit.errors import BadInput


def term(key: str, *values: str, negated: bool = False) -> Term:
    """A term on values that are contained."""
    return Term(key, tuple(Wanted(value) for value in values), negated)


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("", []),
        ("   ", []),
        ("verdict:leak", [term("verdict", "leak")]),
        ("Verdict:LEAK tenant:beta", [term("verdict", "leak"), term("tenant", "beta")]),
        ("-tenant:acme,beta", [term("tenant", "acme", "beta", negated=True)]),
        ('refund "order number"', [term("text", "refund"), term("text", "order number")]),
        ('tenant:"two words",x', [term("tenant", "two words", "x")]),
        ("-refund", [term("text", "refund", negated=True)]),
        ('"http://x"', [term("text", "http://x")]),
        ('"-x"', [term("text", "-x")]),
        ("a=b", [term("text", "a=b")]),
        ("prompt:=v4", [Term("prompt", (Wanted("v4", whole=True),))]),
        ('"no end', [term("text", "no end")]),
        ("-", [term("text", "-")]),
    ],
)
def test_words_become_terms(text: str, terms: list[Term]) -> None:
    assert TraceFilter.parse(text) == TraceFilter(tuple(terms))


def test_an_unknown_key_names_those_there_are() -> None:
    with pytest.raises(BadInput, match="'user'") as caught:
        TraceFilter.parse("user:ada")
    assert "verdict, tenant, route, prompt, model, session, arm" in caught.value.hint


@pytest.mark.parametrize("text", ["verdict:", "tenant:,", "-model: x"])
def test_a_key_without_a_value_is_told(text: str) -> None:
    with pytest.raises(BadInput, match="Nothing is asked"):
        TraceFilter.parse(text)


def test_only_bad_verdicts_fail_and_only_known_ones_are_judged() -> None:
    assert [failing(verdict) for verdict in ("ok", "·", "", "leak", "refused")] == [False, False, False, True, True]
    assert [judged(verdict) for verdict in ("ok", "·", "", "leak")] == [True, False, False, True]


NOW = datetime(2026, 11, 21, 2, 20, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("15m", "2026-11-21T02:05:00"),
        ("90s", "2026-11-21T02:18:30"),
        ("2H", "2026-11-21T00:20:00"),
        ("1d", "2026-11-20T02:20:00"),
        ("02:14", "2026-11-21T02:14:00"),
        ("2:14:30", "2026-11-21T02:14:30"),
        ("02:20", "2026-11-21T02:20:00"),
        ("23:50", "2026-11-20T23:50:00"),
        ("2026-11-19", "2026-11-19T00:00:00"),
        ("2026-11-19 23:01Z", "2026-11-19T23:01:00"),
        ("2026-11-19T23:01:02", "2026-11-19T23:01:02"),
    ],
)
def test_moments_are_read_as_people_write_them(text: str, meant: str) -> None:
    assert moment(text, NOW) == datetime.fromisoformat(meant).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    "text", ["", "soon", "15", "25:00", "02:60", "2026-13-01", "2026-11-19T", "99999999d", "-5m"]
)
def test_what_is_no_moment_is_none(text: str) -> None:
    assert moment(text, NOW) is None


def test_a_stretch_of_time_is_the_narrowest_that_was_asked_for() -> None:
    query = TraceFilter.parse("since:1h since:15m until:02:19 leak", now=NOW)
    assert (query.since, query.until) == (NOW - timedelta(minutes=15), NOW - timedelta(minutes=1))
    assert [term.key for term in query.terms] == ["text"]
    assert query.spans(NOW - timedelta(minutes=15))
    assert not query.spans(NOW - timedelta(minutes=1))


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("leak since:yesterday", "since:yesterday"),
        ("since: leak", "since:"),
        ("-until:5m", "-until:5m"),
        ("tenant:beta usr:ada", "usr:ada"),
        ('verdict: "x"', "verdict:"),
        ("group:nobody", "group:nobody"),
    ],
)
def test_a_mistake_is_told_with_its_place(text: str, place: str) -> None:
    with pytest.raises(FilterError) as caught:
        TraceFilter.parse(text, now=NOW, groups={"leak · order": [1]})
    assert text[caught.value.start : caught.value.end] == place


def test_a_group_is_named_by_any_part_of_its_name() -> None:
    groups = {"leak · order": [7, 3], "refused · sorry": [9]}
    assert TraceFilter.parse('group:"leak · order"', groups=groups).ids == (3, 7)
    assert TraceFilter.parse("group:sorry,leak", groups=groups).ids == (3, 7, 9)
    assert TraceFilter.parse("group:leak group:sorry", groups=groups).ids == ()
    with pytest.raises(FilterError):
        TraceFilter.parse("group:leak")
