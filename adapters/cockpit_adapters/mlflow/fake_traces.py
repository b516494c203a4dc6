"""The traces of an MLflow server in memory: recorded ones of one experiment."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from cockpit.world.specimen import Asked, Said
from cockpit_adapters.mlflow.traces import BY_NAME, TRACES
from cockpit_adapters.payloads import payload

_WINDOW = re.compile(r"timestamp_ms >= (\d+) AND timestamp_ms < (\d+)")


class FakeMLflowTraces:
    """Keeps whole traces.

    Attributes:
        page: how many traces one answer lists at most.
        elsewhere: ids of traces whose spans the server does not hold.
    """

    def __init__(self) -> None:
        self.experiment: dict[str, Any] = payload("mlflow", "experiment.json")
        self.page = 500
        self.elsewhere: set[str] = set()
        self.whole: list[dict[str, Any]] = payload("mlflow", "traces_whole.json")["traces"]

    def answer(self, asked: Asked) -> Said | None:
        """Answer one request; None where it is about something else."""
        if asked.path == BY_NAME:
            known = asked.query["experiment_name"][0] == self.experiment["experiment"]["name"]
            return Said(200, self.experiment) if known else Said(404, payload("mlflow", "experiment_missing.json"))
        if asked.path == f"{TRACES}/search" and asked.method == "POST":
            return self._search(asked.json())
        if asked.path == f"{TRACES}/batchGet":
            held = set(asked.query["trace_ids"]) - self.elsewhere
            return Said(200, {"traces": [one for one in self.whole if one["trace_info"]["trace_id"] in held]})
        return None

    def _search(self, body: Any) -> Said:
        window = _WINDOW.fullmatch(body["filter"])
        wanted = {"experiment_id": self.experiment["experiment"]["experiment_id"]}
        if not window or body["locations"][0]["mlflow_experiment"] != wanted:
            return Said(
                400, {"error_code": "INVALID_PARAMETER_VALUE", "message": "Invalid clause(s) in filter string"}
            )
        infos = [one["trace_info"] for one in self.whole]
        infos = [one for one in infos if int(window[1]) <= _millis(one["request_time"]) < int(window[2])]
        infos.sort(key=lambda one: str(one["request_time"]))
        first = int(body.get("page_token", "0"))
        after = first + min(self.page, body["max_results"])
        table: dict[str, Any] = {"traces": infos[first:after]} if infos else {}
        return Said(200, table | ({"next_page_token": str(after)} if infos[after:] else {}))


def _millis(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp() * 1000)
