"""An evaluation dataset in MLflow, in its default experiment.

MLflow knows records by their inputs: a case whose input has changed becomes a second record, and the newest counts.
Names are not unique there, so the dataset is looked for before one is made.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from cockpit.domain.cases import Case
from cockpit.errors import BadInput, Unsure
from cockpit.golden.export import Place, Written
from cockpit.golden.export.server import KEY, about, cases_in, deadline, inputs_of, objects, way
from cockpit.intake.values import number
from cockpit.world.http import Line

API = "/api/3.0/mlflow/datasets"
EXPERIMENT = "0"
MOST_PAGES = 1_000


def write(cases: Sequence[Case], place: Place) -> Written:
    """Add or update records, and make the dataset where there is none."""
    records = [
        {
            "inputs": inputs_of(case),
            "expectations": {"expected_response": case.wanted, KEY: json.dumps(about(case)[KEY], ensure_ascii=True)},
            "tags": {"class": case.incident_class, "route": case.route, "incident": case.incident, "case": case.id},
        }
        for case in cases
    ]
    line = _line(place)
    try:
        known = _find(line, place) or _make(line, place)
        told = line.ask("POST", f"{API}/{known}/records", deadline(), json={"records": json.dumps(records)}).table()
    finally:
        line.close()
    made, changed = told.get("inserted_count", 0), told.get("updated_count", 0)
    return Written(said=f"dataset {place.dataset}: {made} new, {changed} changed")


def read(place: Place) -> list[Case]:
    """Read the cases of the dataset."""
    line = _line(place)
    try:
        known = _find(line, place)
        if not known:
            raise BadInput(f"MLflow has no dataset {place.dataset!r}", hint="Name it by --dataset.")
        records = _records(line, known)
    finally:
        line.close()
    records.sort(key=lambda one: number(one.get("last_update_time")) or 0.0)
    return cases_in(map(_told, records), f"the dataset {place.dataset}")


def _records(line: Line, known: str) -> list[dict[str, Any]]:
    records: list[dict[str, Any]] = []
    token = ""
    for _ in range(MOST_PAGES):
        params = {"max_results": "1000", **({"page_token": token} if token else {})}
        told = line.read(f"{API}/{known}/records", deadline(), params=params).table()
        records += objects(_unpacked(told.get("records")), "MLflow's records")
        token = str(told.get("next_page_token") or "")
        if not token:
            return records
    raise Unsure("MLflow hands out pages of records without end")


def _unpacked(listed: Any) -> Any:
    """Return a list that is written as a text of JSON; None where it is none."""
    try:
        return json.loads(listed) if isinstance(listed, str) else listed
    except (ValueError, RecursionError):
        return None


def _told(record: dict[str, Any]) -> dict[str, Any]:
    expectations = record.get("expectations")
    packed = expectations.get(KEY) if isinstance(expectations, dict) else None
    return {KEY: _unpacked(packed)}


def _find(line: Line, place: Place) -> str:
    body = {"experiment_ids": [EXPERIMENT], "filter_string": f"name = '{_safe(place.dataset)}'"}
    told = line.repeat("POST", f"{API}/search", deadline(), json=body).table()
    datasets = objects(told.get("datasets") or [], "MLflow's datasets")
    return next((str(one.get("dataset_id", "")) for one in datasets if one.get("name") == place.dataset), "")


def _make(line: Line, place: Place) -> str:
    body = {"name": place.dataset, "experiment_ids": [EXPERIMENT], "tags": json.dumps({"made_by": "cockpit"})}
    made = line.ask("POST", f"{API}/create", deadline(), json=body).table().get("dataset")
    if not isinstance(made, dict) or not made.get("dataset_id"):
        raise Unsure("MLflow does not say what it calls the dataset")
    return str(made["dataset_id"])


def _safe(name: str) -> str:
    if "'" in name or "\\" in name:
        raise BadInput(f"{name!r} can't be a dataset's name in MLflow", hint="Leave quotes out of it.")
    return name


def _line(place: Place) -> Line:
    return way(place, {"authorization": f"Bearer {place.token}"} if place.token else {})
