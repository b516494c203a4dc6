"""What can be seen of a range: what was lived through by now, and nothing of what lies ahead."""

from __future__ import annotations

from datetime import timedelta

from cockpit.range.eyes import RangeEyes
from cockpit.range.played import Played
from cockpit.simulator.loader import load_scenario
from cockpit.simulator.vocabulary import GOOD, STATIC


def begun() -> tuple[Played, RangeEyes]:
    """Return the columns of a drill that begins at the page, and eyes on them."""
    played = Played(load_scenario("injection-leak"), 1)
    played.begin(played.scenario.page_s)
    return played, RangeEyes(played)


def test_once_nobody_is_let_in_everybody_gets_the_plain_page_at_every_look() -> None:
    played, eyes = begun()
    played.let_in(0.0)
    page = played.scenario.page
    for step in range(1, 60):
        since, until = (page + timedelta(seconds=one) for one in (step - 1, step))
        rows = [row for row in eyes.traces(since, until) if row.route == "/support" and row.at >= page]
        assert all(row.verdict == "static" for row in rows)


def test_an_answer_that_comes_late_is_shown_once_it_is_there() -> None:
    played, eyes = begun()
    page, place = played.scenario.page, played.places()[0]
    asked = played.scenario.start + timedelta(seconds=played.at(place))
    played.asked(place)
    first = {row.id for row in eyes.traces(page, asked + timedelta(seconds=10))}
    assert place + 1 not in first
    played.delivered(place, GOOD, 0, 1.0, 0.01, canary=False, made=GOOD)
    later = [row.id for row in eyes.traces(asked + timedelta(seconds=10), asked + timedelta(seconds=11))]
    assert later.count(place + 1) == 1
    assert not first & set(later)


def test_a_share_lets_in_those_whose_turn_it_is_sent_or_not() -> None:
    played, eyes = begun()
    played.let_in(50.0)
    page = played.scenario.page
    view = eyes.view(page + timedelta(minutes=3))
    columns = view.run.columns
    lived = [place for place in played.places() if played.at(place) < played.scenario.page_s + 180]
    for place in lived:
        assert (columns.outcome[place] == STATIC) is not (played.queue(place) < 50.0)
        assert bool(columns.canary[place]) is (played.queue(place) < 50.0)
