"""Servers of datasets that answer oddly: it is told in one message, and never as an error of the cockpit's own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from cockpit.errors import CockpitError, Unsure
from cockpit.golden.export import Place, reader
from cockpit.world.http import Line
from cockpit.world.options import SystemOptions

PLACE = Place("http://127.0.0.1:1", "golden", token="public:secret")
MLFLOW = {"datasets": [{"name": "golden", "dataset_id": "d-1"}]}
PHOENIX = {"data": [{"name": "golden", "id": "d-1"}]}


def served(target: str, answers: Callable[[str], Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """Put a server in place that answers every path as it is told to."""

    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json=answers(request.url.path))

    def way(place: Place, headers: dict[str, str]) -> Line:
        options = SystemOptions(adapter="dataset", url=place.where)
        return Line(options, headers, transport=httpx.MockTransport(answer))

    monkeypatch.setattr(f"cockpit.golden.export.{target}.way", way)


ODD: tuple[tuple[str, Any, Any], ...] = (
    ("mlflow", {"datasets": "many"}, {}),
    ("mlflow", {"datasets": ["one"]}, {}),
    ("mlflow", MLFLOW, {"records": "no JSON"}),
    ("mlflow", MLFLOW, {"records": "[1, 2]"}),
    ("mlflow", MLFLOW, {"records": [{"last_update_time": "yesterday"}, 7]}),
    ("phoenix", {"data": "many"}, {}),
    ("phoenix", {"data": ["one"]}, {}),
    ("phoenix", PHOENIX, {"data": {"examples": "many"}}),
    ("phoenix", PHOENIX, {"data": {"examples": [7]}}),
    ("phoenix", PHOENIX, {"data": 7}),
    ("langfuse", {"data": [7], "meta": {"totalPages": "a few"}}, {}),
    ("langfuse", {"data": 7, "meta": {}}, {}),
    ("langfuse", {"data": [], "meta": 7}, {}),
)


@pytest.mark.parametrize(("target", "first", "then"), ODD)
def test_an_odd_answer_is_told(target: str, first: Any, then: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    inner = ("/records", "/examples")
    served(target, lambda path: then if path.endswith(inner) else first, monkeypatch)
    with pytest.raises(CockpitError):
        reader(target)(PLACE)


def test_pages_without_end_are_given_up_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cockpit.golden.export.mlflow.MOST_PAGES", 5)
    more = {"records": [], "next_page_token": "again"}
    served("mlflow", lambda path: more if path.endswith("/records") else MLFLOW, monkeypatch)
    with pytest.raises(Unsure, match="without end"):
        reader("mlflow")(PLACE)
