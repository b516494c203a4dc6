"""From the bad answer to a closed incident, in a drill: made, proven, alerted, closed, scored."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from cockpit.domain.case_plain import from_plain, to_plain
from cockpit.domain.events import Kind
from cockpit.domain.guidance.next_step import next_step, stations
from cockpit.domain.incident import fold
from cockpit.drill.score import score_run
from cockpit.session.session import Session
from tests.golden.nights import done, failing_traces, kinds, learnt, night

pytestmark = pytest.mark.xdist_group("golden")


@pytest.fixture(scope="module")
def quiet() -> Iterator[Session]:
    """A night on which nothing is learnt: all that is tried is refused."""
    with night() as session:
        yield session


def test_a_leak_becomes_a_proven_case_and_the_incident_is_closed() -> None:
    events = learnt()
    state = fold(events)
    assert "action_refused" not in kinds(events[-5:])
    fixture = state.learning.fixtures[0]
    assert fixture.proven
    assert state.learning.closed_at is not None
    assert state.milestones["fixture_done"] <= state.learning.closed_at


def test_a_proven_case_scores_all_of_learn() -> None:
    score = score_run(learnt())
    assert score.parts["learn"].value == 1.0
    assert score.times["fixture_done"] is not None


def test_before_anything_is_learnt_the_part_is_not_scored() -> None:
    upto = next(number for number, event in enumerate(learnt()) if event.kind is Kind.FIXTURE_ADDED)
    assert score_run(learnt()[:upto]).parts["learn"].value is None
    assert score_run(learnt()[: upto + 1]).parts["learn"].value == 0.0


def test_a_case_holds_no_name_of_the_night() -> None:
    with night() as session:
        trace = failing_traces(session)[0]
        done(session, ("add_fixture", {"trace": trace}))
        detail = session.world.trace(trace, session.clock.now())
        assert detail is not None
        case = from_plain(session.state.learning.fixtures[0].document)
        told = str(to_plain(case))
        people = session.world._texts.names  # type: ignore[attr-defined]
    assert [name for name in people if name in told] == []
    assert case.bad_output != detail.messages[-1][1]
    assert case.given.turns[-1].content == detail.row.text


def test_the_same_person_has_the_same_stand_in_in_every_case_of_a_night() -> None:
    with night() as session:
        trace = failing_traces(session)[0]
        done(session, ("add_fixture", {"trace": trace, "id": "one"}), ("add_fixture", {"trace": trace, "id": "two"}))
        one, two = (from_plain(fixture.document) for fixture in session.state.learning.fixtures)
    assert one.bad_output == two.bad_output
    assert one.checks == two.checks


def test_proving_takes_less_than_two_seconds() -> None:
    with night() as session:
        trace = failing_traces(session)[0]
        begun = time.perf_counter()
        assert done(session, ("add_fixture", {"trace": trace}), ("prove_fixture", {})) == ["", ""]
        assert time.perf_counter() - begun < 2.0


@pytest.mark.integration
def test_what_fails_no_more_often_since_the_fault_is_not_proven() -> None:
    """A weak answer that a healthy night gives as often says nothing about this one."""
    with night("silent-model-update", None) as session:
        verdicts = []
        for number, trace in enumerate(failing_traces(session, "wrong")[:6]):
            done(session, ("add_fixture", {"trace": trace, "id": f"case-{number}"}), ("prove_fixture", {}))
            verdicts.append(session.state.learning.fixtures[-1].verdict)
    assert "proven" in verdicts
    assert {"flaky", "not"} & set(verdicts)


def test_before_the_fix_nothing_is_proven() -> None:
    with night(steps=(("00:20", "acknowledge", ()),)) as session:
        done(session, ("add_fixture", {"trace": failing_traces(session)[0]}), ("prove_fixture", {}))
        fixture = session.state.learning.fixtures[0]
    assert fixture.verdict in ("not", "flaky")
    assert fixture.proof["bad_config"] == fixture.proof["fixed_config"]


def test_a_case_that_benign_answers_fail_is_not_proven() -> None:
    with night() as session:
        trace = failing_traces(session)[0]
        done(session, ("add_fixture", {"trace": trace}))
        case = from_plain(session.state.learning.fixtures[0].document)
        said = [check.value for check in case.checks[:1]] + [one.answer[:12] for one in case.neighbours]
        done(session, ("add_fixture", {"trace": trace, "expect": [f"not-contains:{text}" for text in said]}))
        done(session, ("prove_fixture", {}))
        fixture = session.state.learning.fixtures[-1]
    assert not fixture.proven
    assert fixture.proof["neighbours"]["passed"] < 0.8 * fixture.proof["neighbours"]["of"]


@pytest.mark.parametrize(
    ("act", "given", "words"),
    [
        ("add_fixture", {}, "no trace is pinned"),
        ("add_fixture", {"trace": 10**7}, "there is no trace"),
        ("add_fixture", {"trace": 5, "id": "../up"}, "small letters"),
        ("add_fixture", {"trace": 5, "expect": ["no such"]}, "is no expectation"),
        ("add_fixture", {"trace": 5, "expect": ["matches:("]}, "no regular expression"),
        ("prove_fixture", {}, "no case yet"),
        ("waive_fixture", {"reason": "no"}, "says why"),
        ("waive_fixture", {"what": "lunch", "reason": "we had no time for it"}, "can be waived"),
        ("waive_fixture", {"reason": "the model is gone for good", "until": "soon"}, "is a date"),
        ("waive_fixture", {"reason": "the model is gone for good", "until": "2020-01-01"}, "is over already"),
        ("name_alert", {"name": "leaks"}, "a name and a rule"),
        ("name_alert", {"name": "leaks", "rule": "when it is bad"}, "from where on"),
        ("close_incident", {}, "a proven case and a new alert beside it are missing"),
    ],
)
def test_what_may_not_be_says_why(quiet: Session, act: str, given: dict[str, object], words: str) -> None:
    assert words in done(quiet, (act, given))[0]


def test_in_a_drill_nobody_can_claim_a_proof() -> None:
    with night() as session:
        done(session, ("add_fixture", {"trace": failing_traces(session)[0]}))
        rate = {"passed": 0, "of": 9}
        claimed = {"results": {"bad": rate, "fixed": {"passed": 9, "of": 9}, "neighbours": rate}}
        assert "simulator says" in done(session, ("prove_fixture", claimed))[0]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"trace": "1"}, "keeps its id"),
        ({"expect": []}, "expects nothing"),
        ({"neighbours": [{"trace": "x", "messages": []}]}, "none put in"),
        ({"input": {"messages": [1]}}, "is no case"),
    ],
)
def test_a_changed_case_is_still_this_case(change: dict[str, object], words: str) -> None:
    with night() as session:
        done(session, ("add_fixture", {"trace": failing_traces(session)[0]}))
        document = {**session.state.learning.fixtures[0].document, **change}
        assert words in done(session, ("prove_fixture", {"document": document}))[0]


def test_waivers_close_an_incident_and_stay_visible() -> None:
    with night() as session:
        why = "The model that failed was switched off by its provider."
        assert done(
            session,
            ("waive_fixture", {"reason": why, "until": "2026-07-31"}),
            ("waive_fixture", {"what": "alert", "reason": why}),
            ("close_incident", {}),
        ) == ["", "", ""]
        learning = session.state.learning
        told = {"what": "fixture", "by": "ada", "reason": why, "until": "2026-07-31"}
        assert session.log[-1].get("waivers")[0] == told
        assert done(session, ("add_fixture", {"trace": 5}))[0] == "this incident is closed"
    assert (learning.waivers[0].actor, learning.waivers[0].until) == ("ada", "2026-07-31")
    assert learning.proven == ()


def test_the_next_step_leads_from_the_case_to_the_close() -> None:
    with night() as session:
        steps = []
        acts: list[tuple[str, dict[str, object]]] = [
            ("add_fixture", {"trace": failing_traces(session)[0]}),
            ("prove_fixture", {}),
            ("name_alert", {"name": "leaks", "rule": "any answer names another tenant"}),
            ("close_incident", {}),
        ]
        for act in acts:
            assert done(session, act) == [""]
            steps.append(next_step(session.playbook, session.state, {}, session.clock.now()).action)
        learnt_station = stations(session.state, session.clock.now())[-1]
    assert steps == ["prove_fixture", "name_alert", "postmortem", "postmortem"]
    assert learnt_station.status == "done"
