"""Files of other systems show the same call, and what is wrong in them never stops the reading of the rest."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest

from cockpit.domain.calls import CallTrace
from cockpit.intake.formats import read_document
from cockpit.intake.gather import Gatherer
from cockpit.intake.raw import Unreadable
from tests.intake.layouts import ASKED, BEGAN, LAYOUTS, MODEL, TOLD

WRONG: tuple[Any, ...] = (
    None,
    0,
    -1,
    1e308,
    float("nan"),
    "",
    {},
    [],
    [None],
    [[]],
    True,
    "{",
    2**70,
    "\ud800",
    {"role": 5},
)


def read(value: Any) -> list[CallTrace]:
    gatherer = Gatherer("test")
    gatherer.add(read_document(value))
    return gatherer.rest()


@pytest.mark.parametrize("name", LAYOUTS)
def test_every_layout_tells_the_same(name: str) -> None:
    (trace,) = read(LAYOUTS[name])
    assert (trace.model, trace.tokens_in, trace.tokens_out) == (MODEL, 12, 5)
    assert (trace.asked, trace.answered) == (ASKED, TOLD)
    (tool,) = trace.tools
    assert (tool.name, json.loads(tool.arguments)) == ("get_order", {"order": 7})
    assert trace.total_ms == pytest.approx(5.0 if name == "pydantic-ai" else 1_500.0)


def test_scores_of_exported_rows_are_read() -> None:
    row = {**LAYOUTS["braintrust"][0], "scores": {"grounding": 0.25, "unjudged": None}}
    assert read([row])[0].scores == {"grounding": 0.25}
    assert read(row)[0].scores == {"grounding": 0.25}


def test_lines_of_an_evaluation_are_a_trace_each() -> None:
    row = {
        "prompt": {"raw": ASKED, "label": "v3"}, "vars": {}, "provider": {"id": f"openai:{MODEL}"}, "latencyMs": 1500,
        "response": {"output": TOLD, "tokenUsage": {"prompt": 12, "completion": 5}}, "score": 0, "success": False,
    }  # fmt: skip
    (one,), (other,) = read(row), read({**row, "response": {"output": "It never ships."}})
    assert (one.model, one.tokens_in, one.asked, one.answered) == (MODEL, 12, ASKED, TOLD)
    assert (one.scores, one.labels["outcome"]) == ({"promptfoo": 0.0}, "fail")
    assert one.id != other.id


def test_calls_logged_by_bedrock_are_read() -> None:
    log = {
        "schemaType": "ModelInvocationLog", "timestamp": BEGAN, "requestId": "r-1", "operation": "Converse",
        "modelId": "anthropic.claude-3-5-sonnet", "output": {"outputTokenCount": 5, "outputBodyJson": {
            "output": {"message": {"role": "assistant", "content": [
                {"text": TOLD}, {"toolUse": {"toolUseId": "c1", "name": "get_order", "input": {"order": 7}}}]}}}},
        "input": {"inputBodyJson": {"messages": [{"role": "user", "content": [{"text": ASKED}]}]},
                  "inputTokenCount": 12},
    }  # fmt: skip
    (trace,) = read(log)
    assert (trace.model, trace.tokens_in, trace.tokens_out) == ("anthropic.claude-3-5-sonnet", 12, 5)
    assert (trace.asked, trace.answered, [tool.name for tool in trace.tools]) == (ASKED, TOLD, ["get_order"])


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield path
    for key, inner in (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    ):
        yield from places(inner, (*path, key))


def broken(value: Any, draw: random.Random) -> Any:
    path = draw.choice(list(places(value)))
    wrong = copy.deepcopy(draw.choice(WRONG))
    if not path:
        return wrong
    around = value
    for key in path[:-1]:
        around = around[key]
    around[path[-1]] = wrong
    return value


@pytest.mark.parametrize("name", LAYOUTS)
def test_no_wrong_value_stops_the_reading(name: str) -> None:
    draw = random.Random(name)
    readable = 0
    for _ in range(60):
        value = copy.deepcopy(LAYOUTS[name])
        for _ in range(draw.randint(1, 3)):
            value = broken(value, draw)
        with suppress(Unreadable):
            readable += bool(read(value))
    assert readable >= 20
