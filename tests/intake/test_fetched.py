"""Pages of systems as traces: judgements, what is not over, and whatever a system may send."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cockpit.domain.calls import CallTrace
from cockpit.intake.fetched import FORMATS, Fetched
from cockpit.intake.judgements import Judged, Judgement, judgement
from cockpit.world.contract import TracePage

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
NOBODY_WAITS = timedelta(0)


def read(name: str, *documents: Any) -> tuple[list[CallTrace], Fetched]:
    """Read documents of one page."""
    fetched = Fetched("source")
    fetched.take(TracePage(name, documents))
    return fetched.whole(NOW, NOBODY_WAITS)[0], fetched


def phoenix(**annotations: Any) -> dict[str, Any]:
    """Return a page of one span with annotations, as Phoenix writes them."""
    span = {
        "context": {"trace_id": "aa" * 16, "span_id": "bb" * 8}, "name": "answer", "parent_id": None,
        "start_time": "2026-11-21T11:00:00+00:00", "end_time": "2026-11-21T11:00:01+00:00", "attributes": {},
    }  # fmt: skip
    return {"spans": {"data": [span]}, **{name: {"data": listed} for name, listed in annotations.items()}}


def said(name: str, at: str = "2026-11-21T11:01:00+00:00", **result: Any) -> dict[str, Any]:
    """Return an annotation of that span."""
    return {"span_id": "bb" * 8, "name": name, "result": result, "updated_at": at}


def test_of_two_judgements_of_one_name_the_later_counts() -> None:
    late, early = said("tone", "2026-11-21T11:09:00Z", score=0.1), said("tone", "2026-11-21T11:02:00Z", score=0.9)
    [trace], _ = read("phoenix", phoenix(span_annotations=[late, early]))
    assert dict(trace.scores) == {"tone": 0.1}


def test_words_of_a_judge_can_not_pose_as_a_verdict_of_ours() -> None:
    [trace], _ = read("phoenix", phoenix(span_annotations=[said("verdict", label="ok"), said("name", label="x")]))
    assert "verdict" not in trace.labels
    assert (trace.labels["judged.verdict"], trace.labels["name"]) == ("ok", "answer")


def test_a_note_is_no_judgement_and_a_nameless_one_is_told() -> None:
    [trace], fetched = read("phoenix", phoenix(span_annotations=[said("note"), said("", score=1.0), 7]))
    assert dict(trace.scores) == {}
    assert sorted(one.reason for one in fetched.reading.problems) == [
        "a judgement names no trace, has no name, or says nothing",
        "an annotation is no object",
    ]


@pytest.mark.parametrize(
    ("value", "score", "words"),
    [(True, 1.0, ""), (False, 0.0, ""), (3, 3.0, ""), ("rude", None, "rude"), ("0.5", None, "0.5")],
)
def test_values_are_numbers_or_words(value: Any, score: float | None, words: str) -> None:
    found = judgement("t", "tone", value)
    assert found is not None
    assert (found.value, found.words) == (score, words)


@pytest.mark.parametrize("value", [None, "", float("nan"), float("inf"), [], {}])
def test_what_says_nothing_is_no_judgement(value: Any) -> None:
    assert judgement("t", "tone", value) is None
    assert judgement("", "tone", 1) is None


def test_scores_and_words_of_one_judge_are_both_kept() -> None:
    judged = Judged.of([Judgement("t", "tone", 0.2, "rude")])
    assert (judged.scores, judged.labels) == ({"tone": 0.2}, {"judged.tone": "rude"})


def test_mlflow_traces_in_progress_are_waited_for() -> None:
    info = {"trace_id": "tr-" + "aa" * 16, "request_time": "2026-11-21T11:59:00Z", "state": "IN_PROGRESS"}
    fetched = Fetched("source")
    fetched.take(TracePage("mlflow", ({"traces": [{"trace_info": info}]},)))
    over, waiting = fetched.whole(NOW, timedelta(minutes=5))
    assert (over, [one.id for one in waiting]) == ([], ["aa" * 16])


def test_an_mlflow_trace_without_its_spans_still_says_what_was_asked() -> None:
    info = {
        "trace_id": "tr-" + "aa" * 16, "request_time": "2026-11-21T11:00:00Z", "execution_duration": "1.5s",
        "state": "ERROR", "request_preview": "Refund?", "response_preview": "No.",
        "trace_metadata": {"mlflow.trace.session": "s-1"}, "tags": {"tenant": "acme", "mlflow.traceName": "x"},
    }  # fmt: skip
    [trace], _ = read("mlflow", {"traces": [{"trace_info": info}]})
    assert (trace.id, trace.asked, trace.answered, trace.total_ms) == ("aa" * 16, "Refund?", "No.", 1500.0)
    assert (trace.session, trace.tenant, trace.error) == ("s-1", "acme", "error")


def test_any_reads_what_files_may_hold() -> None:
    spans = [{"traceId": "aa" * 16, "spanId": "bb" * 8, "name": "n", "startTimeUnixNano": "1795251236000000000"}]
    [trace], _ = read("any", {"resourceSpans": [{"scopeSpans": [{"spans": spans}]}]})
    assert trace.id == "aa" * 16


def test_one_broken_document_leaves_the_others() -> None:
    traces, fetched = read("phoenix", "nothing", phoenix(), {"spans": 7})
    assert len(traces) == 1
    assert [one.place for one in fetched.reading.problems] == ["page, document 1", "page, document 3"]


def test_documents_nested_without_end_are_told() -> None:
    deep: Any = "bottom"
    for _ in range(100_000):
        deep = [deep]
    _, fetched = read("any", {"spans": deep})
    assert fetched.reading.unreadable == 1


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


def _leaves(value: Any, put: Callable[[Any], None]) -> list[Callable[[Any], None]]:
    """Return what replaces each place in a document."""
    found = [put]
    if isinstance(value, dict):
        for key in value:
            found += _leaves(value[key], lambda new, key=key: value.__setitem__(key, new))  # type: ignore[misc]
    elif isinstance(value, list):
        for place in range(len(value)):
            found += _leaves(value[place], lambda new, place=place: value.__setitem__(place, new))  # type: ignore[misc]
    return found


def sound(name: str) -> Any:
    """Return a page that can be read, as recorded or documented."""
    from cockpit_adapters.payloads import payload

    pages: dict[str, Callable[[], Any]] = {
        "any": lambda: payload("phoenix", "spans.json"),
        "phoenix": lambda: {
            part: payload("phoenix", f"{part}.json") for part in ("spans", "span_annotations", "trace_annotations")
        },
        "mlflow": lambda: payload("mlflow", "traces_whole.json"),
        "langfuse": lambda: {
            "data": payload("langfuse", "observations.json")["data"] + payload("langfuse", "scores.json")["data"]
        },
        "braintrust": lambda: payload("braintrust", "logs.json"),
        "langsmith": lambda: {
            "runs": payload("langsmith", "runs.json"), "feedback": payload("langsmith", "feedback.json")["feedback"]
        },
    }  # fmt: skip
    return pages[name]()


@pytest.mark.parametrize("name", FORMATS)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_whatever_stands_in_any_place_is_read_or_told(name: str, data: st.DataObject) -> None:
    whole = [sound(name)]
    places = _leaves(whole[0], lambda new: whole.__setitem__(0, new))
    for _ in range(data.draw(st.integers(1, 3))):
        data.draw(st.sampled_from(places))(data.draw(json_values))
    traces, fetched = read(name, whole[0])
    assert len(traces) <= 12
    assert all(trace.started.tzinfo and trace.ended >= trace.started for trace in traces)
    assert fetched.reading.unreadable >= len(fetched.reading.problems)
