"""Damaged, hostile and odd files: what was readable is kept, the rest is counted and named, and nothing crashes."""

from __future__ import annotations

import gzip
import json
import random
import time
from contextlib import suppress
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cockpit.errors import BadInput
from cockpit.intake.documents import closed
from cockpit.intake.formats import read_document
from cockpit.intake.gather import Gatherer
from cockpit.intake.mapping import at, read_mapping
from cockpit.intake.otlp import value_of
from cockpit.intake.raw import Unreadable
from tests.examples import examples
from tests.intake.reading import SHARED, needs_shared, otlp, otlp_span, traces_of, written

CHAT = {"gen_ai.operation.name": "chat", "gen_ai.request.model": "gpt-5", "gen_ai.usage.input_tokens": 3}


def lines(count: int) -> list[str]:
    return [json.dumps(otlp(otlp_span(n, CHAT, trace=f"{n:032x}"))) for n in range(1, count + 1)]


def test_a_broken_line_is_named_and_the_others_are_kept(tmp_path: Path) -> None:
    told = lines(5)
    told[2] = "no JSON at all"
    told.insert(1, "")
    file = written(tmp_path, "\n".join(told), "spans.jsonl")
    traces, reading = traces_of(file)
    assert [trace.id[-1] for trace in traces] == ["1", "2", "4", "5"]
    assert (reading.unreadable, [one.place for one in reading.problems]) == (1, [f"{file}:4"])
    assert "no JSON" in reading.problems[0].reason


def test_a_broken_first_line_does_not_hide_the_others(tmp_path: Path) -> None:
    told = lines(3)
    told[0] = told[0][:-40]
    traces, reading = traces_of(written(tmp_path, "\n".join(told)))
    assert {trace.id[-1] for trace in traces} >= {"2", "3"}
    assert reading.unreadable == 1


def test_a_file_that_breaks_off_keeps_what_stands_before(tmp_path: Path) -> None:
    whole = json.dumps(otlp(*(otlp_span(n, CHAT, trace=f"{n:032x}") for n in range(1, 9))), indent=1)
    file = written(tmp_path, whole[: int(len(whole) * 0.6)])
    traces, reading = traces_of(file)
    assert 3 <= len(traces) <= 5
    assert all(trace.model == "gpt-5" for trace in traces[:-1])
    assert reading.unreadable == 1
    line = int(reading.problems[0].place.rpartition(":")[2])
    assert line == pytest.approx(whole[: int(len(whole) * 0.6)].count("\n") + 1, abs=1)


def test_packed_files_and_binary_ones(tmp_path: Path) -> None:
    pytest.importorskip("opentelemetry.proto")
    from google.protobuf.json_format import ParseDict
    from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

    packed = tmp_path / "spans.jsonl.gz"
    packed.write_bytes(gzip.compress("\n".join(lines(4)).encode()))
    assert len(traces_of(packed)[0]) == 4
    packed.write_bytes(packed.read_bytes()[:-20])
    assert traces_of(packed)[1].unreadable == 1
    binary = tmp_path / "spans.bin"
    value = otlp(otlp_span(1, CHAT, traceId="q" * 16))
    value["resourceSpans"][0]["scopeSpans"][0]["spans"][0] |= {"traceId": "A" * 22 + "==", "spanId": "AAAAAAAAAAE="}
    del value["resourceSpans"][0]["scopeSpans"][0]["spans"][0]["parentSpanId"]
    value["resourceSpans"][0]["scopeSpans"][0]["spans"][0]["traceId"] = "qqqqqqqqqqqqqqqqqqqqqg=="
    binary.write_bytes(ParseDict(value, ExportTraceServiceRequest()).SerializeToString())
    (trace,), reading = traces_of(binary)
    assert (trace.id, trace.model, reading.unreadable) == ("a" * 32, "gpt-5", 0)
    binary.write_bytes(binary.read_bytes()[:-9] + b"\0\xff")
    assert traces_of(binary)[1].unreadable == 1


@pytest.mark.parametrize(
    "text",
    ["", "null", "7", '"text"', "[" * 100_000, '{"a":' * 5_000, "\0\0\0", "{}", "[]", "[1, 2]",
        '{"resourceSpans": 7}',
     '{"resourceSpans": [7, {"scopeSpans": [{"spans": [7, {}, {"traceId": 7}]}]}]}', "\ufeff{}", "<html>"],
)  # fmt: skip
def test_what_holds_no_trace_is_said(text: str, tmp_path: Path) -> None:
    traces, reading = traces_of(written(tmp_path, text))
    assert traces == []
    assert reading.unreadable >= 1 or text == ""


def test_no_file_is_bad_input(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="is no file"):
        traces_of(tmp_path / "nothing.json")
    with pytest.raises(BadInput, match="is no file"):
        traces_of(tmp_path)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20), 
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
        max_leaves=20,
)  # fmt: skip
NAMES = st.sampled_from(
    ["gen_ai.input.messages", "gen_ai.output.messages", "input.value", "output", "llm.input_messages.0.message.role",
     "llm.input_messages.0.message.tool_calls.0.tool_call.function.name", "gen_ai.prompt.", "gen_ai.prompt.²",
     "gen_ai.usage.input_tokens", "gen_ai.response.finish_reasons", "retrieval.documents", "session.id", "ai.prompt",
     "retrieval.documents.0.document.score", "tool.name", "gen_ai.operation.name", "openinference.span.kind",
     "completionStartTime", "gen_ai.tool.call.result", "llm.invocation_parameters", "model", "messages", "usage"]
)  # fmt: skip


@given(st.dictionaries(NAMES | st.text(max_size=10), JSON | JSON.map(json.dumps), max_size=8))
@settings(max_examples=examples(60), suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_no_attribute_is_too_odd(attributes: dict[str, Any]) -> None:
    from cockpit.archive.codec import pack, unpack
    from tests.intake.reading import one_span

    trace = one_span(attributes)
    assert trace.tokens_in >= 0
    assert all(isinstance(message.text, str) for message in trace.messages)
    assert unpack(pack(trace)).messages == trace.messages


@pytest.mark.parametrize("far", [1e300, -1e300, 1e18, -5.0])
def test_costs_and_times_beyond_all_measure_are_not_known(far: float) -> None:
    from tests.intake.reading import one_span

    said = {**CHAT, "gen_ai.usage.cost": far, "ttft_ms": far, "gen_ai.usage.output_tokens": far}
    trace = one_span(said)
    assert (trace.cost_usd, trace.ttft_ms, trace.tokens_out) == (None, None, 0)


@pytest.mark.parametrize("far", [1e300, -1e300])
def test_a_latency_beyond_all_measure_takes_no_time(far: float) -> None:
    row = {"vars": {}, "prompt": {"raw": "Tea?"}, "response": {"output": "Yes."}, "latencyMs": far, "promptIdx": 0,
           "testIdx": 0, "success": True}  # fmt: skip
    gatherer = Gatherer("test")
    gatherer.add(read_document({"evalId": "e1", "results": {"timestamp": "2026-11-01T10:00:00Z", "results": [row]}}))
    (trace,) = gatherer.rest()
    assert trace.total_ms == 0


@given(JSON)
@settings(max_examples=examples(60), suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_no_document_is_too_odd(value: Any) -> None:
    gatherer = Gatherer("test")
    with suppress(Unreadable):
        gatherer.add(read_document(value))
    assert all(trace.id for trace in gatherer.rest())
    assert gatherer.take_failed() == []


@needs_shared
@pytest.mark.parametrize(
    "file", sorted(SHARED.glob("*.json*")) if SHARED.is_dir() else [], ids=lambda file: file.name
)
def test_real_files_with_changes_anywhere(file: Path, tmp_path: Path) -> None:
    content, draw = file.read_bytes(), random.Random(file.name)
    target = tmp_path / file.name
    for _ in range(12):
        at = draw.randrange(len(content))
        cut = draw.choice([content[:at], content[:at] + draw.randbytes(3) + content[at + 3 :],
                           content[:at] + content[at + draw.randrange(200) :],
                           content[:at] + b'{"a":' * 50 + content[at:]])  # fmt: skip
        target.write_bytes(cut)
        traces, reading = traces_of(target)
        assert traces or reading.unreadable
        assert all(problem.place.startswith(str(target)) and problem.reason for problem in reading.problems)


@needs_shared
def test_real_values_of_the_wrong_type(tmp_path: Path) -> None:
    draw = random.Random(5)
    for file in sorted(SHARED.glob("langfuse_*.json")):
        value = json.loads(file.read_text())
        for _ in range(15):
            place = draw.choice([value["trace"], *value["observations"]])
            place[draw.choice(list(place))] = draw.choice(
                [None, 7, "x", [], {}, [None], {"a": {"b": []}}, True, -1.5]
            )
            traces, reading = traces_of(written(tmp_path, value))
            assert traces or reading.unreadable


@given(st.text(alphabet='{}[]",:\\a1 ', max_size=60))
def test_a_text_is_closed_or_given_up(text: str) -> None:
    assert closed(text).count("{") >= 0


def test_a_mapping_reads_json_of_ones_own(tmp_path: Path) -> None:
    from cockpit.intake.files import Reading, read_files

    fields = """
        trace: request.id
        started: time
        duration_ms: took
        model: llm.name
        input: q
        output: reply.0.text
        tokens_in: use.in
        prompt: labels.prompt
        scores: {grounding: judge.g}
    """
    mapping = written(tmp_path, dedent(fields), "map.yaml")
    row = {"request": {"id": "abc"}, "time": 1_760_000_000, "took": 1500, "llm": {"name": "m-1"}, "q": "Why?",
           "reply": [{"text": "Because."}], "use": {"in": 4}, "labels": {"prompt": "v41"},
               "judge": {"g": 2}}  # fmt: skip
    file = written(tmp_path, f'{json.dumps(row)}\n{{"other": 1}}\n7\n', "own.jsonl")
    reading = Reading()
    (trace,) = [one for found in read_files([file], reading, mapped=read_mapping(mapping)) for one in found]
    assert (trace.id, trace.model, trace.asked, trace.answered) == ("abc", "m-1", "Why?", "Because.")
    assert (trace.tokens_in, trace.prompt, trace.total_ms, trace.scores) == (4, "v41", 1500.0, {"grounding": 2.0})
    assert [problem.place for problem in reading.problems] == [f"{file}:2", f"{file}:3"]


def test_a_number_with_two_signs_is_a_word_like_any_other() -> None:
    assert at({"reply": ["first", "last"]}, ("reply", "-1")) == "last"
    assert at({"reply": ["first", "last"]}, ("reply", "--1")) is None
    assert [value_of({"intValue": said}) for said in ("-5", "--5")] == [-5, "--5"]


@pytest.mark.parametrize(
    ("text", "said"), [("modle: a.b", "no field 'modle'"), ("", "maps nothing"), ("model: []", "path")]
)
def test_a_wrong_mapping_is_bad_input(text: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=said):
        read_mapping(written(tmp_path, text, "map.yaml"))


@pytest.mark.parametrize("end", ["\t", "\\"])
def test_a_broken_string_full_of_quotes_costs_no_more_than_any_other(end: str) -> None:
    inner = '\\"key\\":{' * 50_000
    began = time.process_time()
    assert closed('{"kept": [1], "cut": "' + inner + end) == '{"kept": [1]}'
    assert time.process_time() - began < 5.0
