"""Requests above the rate that is sent: each fares as it would have, had it been sent at its moment."""

from __future__ import annotations

import pytest

from cockpit.range.played import Played
from cockpit.range.unsent import Sees
from cockpit.simulator.config import Config
from cockpit.simulator.loader import load_scenario
from cockpit.simulator.vocabulary import BLOCKED, GOOD, LEAKED, STATIC


def as_it_stands(standing: Config) -> Config:
    """Carry nothing of one's own."""
    return standing


def calmer(standing: Config) -> Config:
    """Carry the prompt of before."""
    return standing.having(prompt="v40")


@pytest.fixture
def played() -> Played:
    made = Played(load_scenario("injection-leak"), 1, "/support")
    made.begin(0.0)
    return made


@pytest.mark.parametrize("sees", [as_it_stands, calmer])
def test_each_fares_as_it_would_have(played: Played, sees: Sees) -> None:
    places = played.places()[::40]
    made = {place: played.make(place, sees) for place in places}
    columns = played.view(played.scenario.horizon_s).run.columns
    came = {place: int(columns.outcome[place]) for place in places}
    assert {came[place] for place in places} >= {GOOD, LEAKED}
    for place, one in made.items():
        assert one.outcome in (came[place], BLOCKED)
        assert int(columns.table[place]) == one.table


def test_what_reached_the_user_of_one_reaches_those_of_its_kind(played: Played) -> None:
    place = next(one for one in played.places() if played.make(one, as_it_stands).outcome == LEAKED)
    made = played.make(place, as_it_stands)
    played.delivered(place, BLOCKED, made.table, 1.0, 0.0, canary=False, made=LEAKED)
    outcome = played.view(played.scenario.horizon_s).run.columns.outcome
    assert LEAKED not in outcome[played.places()]


def test_who_is_not_let_in_gets_the_plain_page(played: Played) -> None:
    played.let_in(10.0)
    columns = played.view(played.scenario.horizon_s).run.columns
    for place in played.places()[::40]:
        assert (columns.outcome[place] == STATIC) == (played.queue(place) >= 10.0)
