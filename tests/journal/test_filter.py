"""What a responder types into the filter line."""

from __future__ import annotations

import pytest

from cockpit.domain.traces import Term, TraceFilter, Wanted, failing, judged
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
