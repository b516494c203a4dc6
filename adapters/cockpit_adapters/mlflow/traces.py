"""An MLflow server as a source of traces: those of one experiment, whole, with their assessments."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from cockpit.errors import Refused
from cockpit.world.contract import Deadline, Finding, Place, TracePage, Verdict
from cockpit_adapters.answers import part, words
from cockpit_adapters.findings import Trial
from cockpit_adapters.mlflow.system import API, MLflow
from cockpit_adapters.tracing import PageSize, portions

if TYPE_CHECKING:
    from cockpit.world.http import Line
    from cockpit_adapters.mlflow import MLflowOptions

TRACES = "/api/3.0/mlflow/traces"
BY_NAME = f"{API}/experiments/get-by-name"
PAGE = 50
DEFAULT = "Default"
"""The experiment of applications that name none."""


class TracedMLflow(MLflow):
    """Prompts and traces of one MLflow server."""

    def __init__(self, line: Line, options: MLflowOptions, place: Place) -> None:
        super().__init__(line, options, place)
        self._named_experiment = options.experiment
        self._experiment = ""
        self._size = PageSize(PAGE)

    def traces(self, since: datetime, until: datetime, cursor: str, deadline: Deadline) -> TracePage:
        """Return one page of traces that began in [since, until), oldest first."""
        experiment = {"experiment_id": self._experiment_id(deadline)}
        asked: dict[str, Any] = {
            "locations": [{"type": "MLFLOW_EXPERIMENT", "mlflow_experiment": experiment}],
            "filter": f"timestamp_ms >= {_millis(since)} AND timestamp_ms < {_millis(until)}",
            "order_by": ["timestamp_ms ASC"], **({"page_token": cursor} if cursor else {}),
        }  # fmt: skip
        return self._size.ask(lambda size: self._page(asked | {"max_results": size}, deadline))

    def _page(self, asked: dict[str, Any], deadline: Deadline) -> TracePage:
        page = self._line.repeat("POST", f"{TRACES}/search", deadline, json=asked).table()
        listed = part(page, "traces", list) if "traces" in page else []  # left out when there are none
        infos = {words(info, "trace_id"): info for info in listed}
        return TracePage("mlflow", tuple(self._whole(infos, deadline)), words(page, "next_page_token"))

    def _whole(self, infos: dict[str, Any], deadline: Deadline) -> Iterator[Any]:
        """Yield traces with their spans, and of those whose spans the server does not hold what it knows of them."""
        missing = dict(infos)
        for ids in portions(list(infos)):
            table = self._line.read(f"{TRACES}/batchGet", deadline, params={"trace_ids": list(ids)}).table()
            found = part(table, "traces", list) if "traces" in table else []
            for trace in found:
                missing.pop(words(trace.get("trace_info") if isinstance(trace, dict) else None, "trace_id"), None)
            yield {"traces": found}
        if missing:
            yield {"traces": [{"trace_info": info} for info in missing.values()]}

    def _experiment_id(self, deadline: Deadline) -> str:
        if not self._experiment:
            name = self._named_experiment or DEFAULT
            try:
                answer = self._line.read(BY_NAME, deadline, params={"experiment_name": name})
            except Refused as problem:
                if "RESOURCE_DOES_NOT_EXIST" not in problem.message:
                    raise
                raise Refused(
                    f"{self._line.base} has no experiment {name}", hint="Correct `experiment`: MLflow lists them."
                ) from None
            self._experiment = part(part(answer.table(), "experiment", dict), "experiment_id", str)
        return self._experiment

    def _checks(self, deadline: Deadline) -> Sequence[Trial]:
        step = "Correct `experiment`, or check what the user may read."
        usual = super()._checks(deadline)
        return (*usual, ("traces", step, lambda: self._readable(deadline))) if self._named_experiment else usual

    def _readable(self, deadline: Deadline) -> Finding:
        number = self._experiment_id(deadline)
        return Finding("traces", Verdict.FINE, f"those of the experiment {self._named_experiment} ({number})")


def _millis(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)
