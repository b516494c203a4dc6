"""The preflight on what was foreseen: knowledge, alerts, and the likeliest failures, each a check that can fail."""

from __future__ import annotations

from typing import Any

import pytest

from cockpit.live.doctor.findings import Found, Grade
from cockpit.live.foreseen import LIKELIEST, PAGES, alerts, expertise, failures
from cockpit.world.options import FailureOptions, LeverOptions, LiveOptions, ServiceOptions, TracesOptions

LEAK = {"name": "another tenant's data", "seen": ["leaks_per_min"], "levers": ["kill_switch"]}
TRACED = TracesOptions(sources=["phoenix"])


def live(service: dict[str, Any], **more: Any) -> LiveOptions:
    wired = {"kill_switch": LeverOptions(system="flags", control="flag:answers")}
    return LiveOptions(service=ServiceOptions.model_validate(service), levers=wired, **more)


def told(found: list[Found], what: str) -> tuple[Grade, str]:
    (one,) = (one for one in found if one.what == what)
    assert one.grade is Grade.FINE or one.next_step
    return one.grade, one.detail


def test_five_failures_that_are_seen_and_stopped_are_fine() -> None:
    found = failures(live({"failures": [LEAK] * LIKELIEST}, traces=TRACED), [])
    assert {one.grade for one in found} == {Grade.FINE}
    assert len(found) == 1 + 2 * LIKELIEST


def test_four_are_one_too_few() -> None:
    found = failures(live({"failures": [LEAK] * 4}, traces=TRACED), [])
    assert told(found, "written down") == (Grade.WARNING, "4 of the 5 likeliest failures are written down")


@pytest.mark.parametrize(
    ("changed", "what", "grade", "words"),
    [
        ({"seen": []}, "seen by", Grade.WARNING, "nothing is named"),
        ({"seen": ["leaks_pr_min"]}, "seen by", Grade.WARNING, "measured by nothing"),
        ({"seen": ["alert:LeakyAnswers"]}, "seen by", Grade.WARNING, "measured by nothing"),
        ({"levers": []}, "stopped by", Grade.WARNING, "no lever is named"),
        ({"levers": ["kill_swich"]}, "stopped by", Grade.WRONG, "there is no lever"),
        ({"levers": ["kill_switch", "pin_model"]}, "stopped by", Grade.WRONG, "wired to nothing"),
    ],
)
def test_what_is_missing_of_one_is_told(changed: dict[str, Any], what: str, grade: Grade, words: str) -> None:
    found = failures(live({"failures": [{**LEAK, **changed}]}, traces=TRACED), [])
    assert told(found, what)[0] is grade
    assert words in told(found, what)[1]


def test_a_signal_of_traces_shows_nothing_where_no_traces_come_in() -> None:
    assert told(failures(live({"failures": [LEAK]}), []), "seen by")[0] is Grade.WARNING


def test_an_alert_of_another_system_counts_where_alerts_are_taken_in() -> None:
    one = {**LEAK, "seen": ["alert:LeakyAnswers"]}
    assert told(failures(live({"failures": [one]}), ["am"]), "seen by")[0] is Grade.FINE
    assert {one.grade for one in alerts(LiveOptions(), ["am"])} == {Grade.NOTE}


def test_nobody_is_paged_without_traces_and_without_alerts() -> None:
    (one,) = alerts(LiveOptions(), [])
    assert (one.grade, one.detail) == (
        Grade.WARNING, "nobody is paged when error rate, p99 latency, quality or cost moves",
    )  # fmt: skip


def test_detectors_on_traces_page_for_all_four() -> None:
    found = alerts(LiveOptions(traces=TRACED), [])
    assert [one.what for one in found] == ["error rate", "p99 latency", "quality", "cost"]
    assert {one.grade for one in found} == {Grade.FINE}


def test_what_nobody_knows_is_told_by_kind() -> None:
    service = {"people": ["ada", "bo"], "expertise": {"ada": ["software", "ml"]}}
    found = expertise(live(service))
    assert told(found, "expertise software") == (Grade.FINE, "ada")
    assert told(found, "expertise ml") == (Grade.FINE, "ada")
    assert told(found, "expertise data")[0] is Grade.WARNING


def test_knowledge_of_a_stranger_is_told() -> None:
    found = expertise(live({"people": ["ada"], "expertise": {"adda": ["ml"]}}))
    assert (Grade.WARNING, "adda is not one of people") in [(one.grade, one.detail) for one in found]


def test_saying_nothing_of_knowledge_is_a_note() -> None:
    assert [one.grade for one in expertise(live({"people": ["ada"]}))] == [Grade.NOTE]


def test_pages_are_those_of_the_detectors() -> None:
    """A page that no detector makes would be a promise that nobody keeps."""
    from pathlib import Path

    import cockpit.detect

    code = "".join(path.read_text() for path in Path(cockpit.detect.__path__[0]).rglob("*.py"))
    assert [page for page in PAGES if f'"{page}"' not in code] == []
    assert FailureOptions(name="x").seen == []
