"""What a reader of a postmortem would stumble over: when harm stopped, who went unheard, what is told twice."""

from __future__ import annotations

import pytest

from cockpit.domain.events import Event, Kind
from cockpit.drill.score.tell import tell
from cockpit.postmortem.lint import lint
from cockpit.postmortem.record import ABOUT_ITSELF, Gate, lasted
from cockpit.postmortem.timeline import _SAY, LEFT_OUT
from tests.domain.lines import Lines, opened
from tests.postmortem.test_draft import worked, written


def section(text: str, title: str) -> str:
    return text.split(f"## {title}\n")[1].split("<!-- cockpit:end")[0]


def test_harm_was_over_when_the_quiet_began_not_when_it_was_told() -> None:
    lines = worked()
    lines.add(410, Kind.CONTAINMENT_LOST, "cockpit", signal="leaks", value=2.0, threshold=0.5)
    lines.add(700, Kind.CONTAINED, "cockpit", window_s=120.0)
    text = written(lines)
    assert "harm was over by 2026-06-12 02:23:40, as measured" in section(text, "Summary")
    assert "Harm was over 9 min 40 s after the page" in text


def test_the_summary_names_the_levers_that_stood_when_it_stopped() -> None:
    lines = opened()
    lines.add(240, Kind.LEVER_PULLED, op="L1", lever="kill_switch", target="faq", before="on", title="Kill switch")
    lines.add(241, Kind.LEVER_APPLIED, "world", op="L1", value="faq")
    lines.add(270, Kind.LEVER_PROVEN, "cockpit", op="L1", matched=100, of=100)
    lines.add(400, Kind.CONTAINED, "cockpit", window_s=120.0)
    lines.add(500, Kind.LEVER_PULLED, op="L2", lever="fallback_model", target="b", before="a", title="Fallback model")
    assert "Contained by: Kill switch (4 min after the page)." in section(written(lines), "Summary")


def signal_then_page(seconds: float) -> Lines:
    lines = opened()
    lines.add(-seconds, Kind.SIGNAL_FIRED, "world", signal="leaks", label="leaks / min", text="leaks / min 2")
    return lines


def test_a_signal_that_nobody_was_paged_for_went_poorly() -> None:
    poorly = section(written(signal_then_page(900)), "What went poorly")
    assert "leaks / min was beyond its line 15 min before anybody was paged." in poorly
    assert "before anybody was paged" not in written(signal_then_page(30))


def test_what_the_gate_lacked_went_poorly_whatever_else_did() -> None:
    text = written(worked(), Gate("did-not-have", "Add a case."))
    assert "The eval gate had nothing to catch" in section(text, "What went poorly")
    assert "The eval gate" not in section(written(worked()), "What went poorly")


def test_each_audience_is_told_of_once() -> None:
    lines = worked()
    for seconds, audience, state in (
        (300, "team", "investigating"),
        (400, "team", "monitoring"),
        (500, "legal", "monitoring"),
    ):
        lines.add(seconds, Kind.UPDATE_POSTED, audience=audience, state=state, text="Impact: none.", missing=[])
    told = next(line for line in written(lines).splitlines() if line.startswith("- **Told:**"))
    assert "team 5 min after the page, 2 updates, the last monitoring" in told
    assert "legal 8 min 20 s after the page, 1 update, the last monitoring" in told


def test_clocks_scope_and_tasks_are_told_with_what_they_are_about() -> None:
    lines = worked()
    lines.add(500, Kind.SCOPE_SET, routes=["/support"], tenants=["acme", "gamma"])
    lines.add(510, Kind.TASK_ADDED, task="T1", text="Keep the log", owner="bo", minutes=30)
    lines.add(
        520, Kind.CLOCK_STARTED, clock="gdpr_33", title="GDPR, article 33", anchor="sure", aware="ada",
        anchor_at="2026-06-12T02:16:00.000000Z", duties=[], source="s", checked="2026-01-01",
    )  # fmt: skip
    text = section(written(lines), "Timeline")
    assert "scopes it: routes /support; tenants acme, gamma" in text
    assert "gives bo task T1: Keep the log" in text
    assert "starts the clock GDPR, article 33: ada aware at 2026-06-12 02:16" in text


def test_answers_and_classes_are_told_in_the_playbook_s_words() -> None:
    lines = worked()
    lines.add(
        200, Kind.QUESTION_ANSWERED, question="at_risk", answer="yes", evidence="the trace names another tenant"
    )
    lines.add(210, Kind.QUESTION_ANSWERED, question="gone", answer="maybe")
    lines.add(220, Kind.SEVERITY_SET, severity="SEV1", rules=[], reason="three answers")
    text = section(written(lines), "Timeline")
    assert "Are users at risk right now? yes" in text
    assert ": the trace names another tenant" in text
    assert "gone: maybe" in text
    assert "names the class: PII or cross-tenant leak" in text
    assert "calls SEV1: three answers" in text


def test_users_that_were_seen_to_be_harmed_are_counted() -> None:
    lines = worked()
    assert "seen to be harmed" not in written(lines)
    lines.add(700, Kind.CONTAINED, "cockpit", window_s=120.0, harmed=76)
    assert "76 users seen to be harmed by 02:25:40" in section(written(lines), "Impact")


def test_steps_of_a_delivery_are_left_out_and_what_did_not_arrive_is_told() -> None:
    lines = worked()
    lines.add(300, Kind.UPDATE_POSTED, audience="team", state="investigating", text="Impact: none.", missing=[])
    for seconds, channel, reason, again in (
        (301, "room", "no connection", "2026-06-12T02:19:03.000000Z"),
        (320, "mail", "no such mailbox", ""),
    ):
        lines.add(seconds, Kind.UPDATE_SENDING, "cockpit", update=9, channel=channel)
        lines.add(
            seconds, Kind.UPDATE_DELIVERY_FAILED, "cockpit", update=9, channel=channel, reason=reason, next_try=again
        )
    lines.add(330, Kind.UPDATE_DELIVERED, "cockpit", update=9, channel="room")
    text = section(written(lines), "Timeline")
    assert "an update did not reach mail: no such mailbox" in text
    assert "room" not in text
    assert "update sending" not in text


def test_what_was_tried_at_the_desk_afterwards_is_no_part_of_the_incident() -> None:
    lines = worked()
    lines.add(800, Kind.ACTION_REFUSED, action="waive_fixture", arguments={}, reason="a waiver says why")
    lines.add(805, Kind.ACTION_REFUSED, action="start_clock", arguments={}, reason="it runs already")
    lines.add(810, Kind.ACTION_REFUSED, action="pull_lever", arguments={}, reason="somebody else commands")
    text = section(written(lines), "Timeline")
    assert "a waiver says why" not in text
    assert "it runs already" not in text
    assert "somebody else commands" in text


def test_somebody_joins_once_and_tries_of_a_case_are_told_as_one_run() -> None:
    lines = worked()
    for second in range(800, 806):
        lines.add(second, Kind.ATTACHED, "bo", where="a terminal")
    for second in range(900, 910):
        lines.add(second, Kind.FIXTURE_PROVEN, case="c", verdict="not" if second < 909 else "proven")
    text = section(written(lines), "Timeline")
    assert text.count("joins") == 1
    assert text.count("tries the case: not proven |") == 1
    assert "… 8 more like these" in text
    assert "tries the case: proven" in text


def test_a_pull_is_told_by_the_name_of_its_lever() -> None:
    lines = opened()
    lines.add(240, Kind.LEVER_PULLED, op="L1", lever="kill_switch", target="faq", before="on", title="Kill switch")
    lines.add(241, Kind.LEVER_APPLIED, "world", op="L1", value="faq")
    lines.add(270, Kind.LEVER_PROVEN, "cockpit", op="L1", matched=100, of=100)
    text = section(written(lines), "Timeline")
    assert "| Kill switch is stored: faq | op L1 |" in text
    assert "| Kill switch is proven by 100 answers | op L1 |" in text


@pytest.mark.parametrize("kind", sorted(set(Kind) - LEFT_OUT - set(_SAY) - set(ABOUT_ITSELF)))
def test_no_line_of_the_timeline_is_a_bare_name(kind: Kind) -> None:
    lines = opened()
    lines.add(1, kind)
    event: Event = lines.events[-1]
    assert tell(event) != str(kind).replace("_", " ") or kind in (Kind.ACKNOWLEDGED,)


def test_what_a_person_opened_was_paged_by_nobody() -> None:
    lines = opened(mode="live")
    lines.events.pop()
    lines.add(60, Kind.ACKNOWLEDGED)
    text = written(lines)
    assert "the incident was opened at 2026-06-12 02:13:55" in text
    assert "- Told first by: a person (ada), who opened it" in text
    assert "**Open:** when it began was not gauged" in section(text, "Detection gap")
    assert "paged" not in section(text, "Summary")
    assert "The page" not in text
    assert "Acknowledged: by whoever opened it" in section(text, "Detection gap")


def test_what_nobody_did_went_poorly() -> None:
    poorly = section(written(opened()), "What went poorly")
    assert "The page was not acknowledged." in poorly
    assert "No severity was called." in poorly
    assert "The role of incident commander stayed open." in poorly
    assert "No update was sent." in poorly
    assert "No lever was pulled." in poorly
    assert "Harm was never measured to have stopped." in poorly
    text = written(opened())
    assert "- Acknowledged: by nobody" in text
    assert "- **Told:** nobody" in text
    assert [one.words for one in lint(text) if one.kind == "blame"] == []


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0 s"),
        (15, "15 s"),
        (60, "1 min"),
        (400, "6 min 40 s"),
        (3600, "1 h"),
        (3700, "1 h 1 min"),
        (200_000, "2 d 7 h"),
    ],
)
def test_how_long_something_took_is_no_time_of_day(seconds: float, words: str) -> None:
    assert lasted(seconds) == words


def test_nothing_hard_is_said_only_of_a_layer_that_was_named() -> None:
    lines = worked()
    assert "4. **What made it hard to diagnose?** **Open:**" in written(lines)
    lines.add(500, Kind.LAYER_SET, layer="retrieval", change="index:shared-3")
    assert "the layer was named 8 min 20 s after the page, at the first attempt" in written(lines)
