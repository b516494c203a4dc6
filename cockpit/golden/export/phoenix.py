"""A dataset in Arize Phoenix. Examples are put in place by their ids; nothing else in the dataset is touched."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from cockpit.domain.cases import Case
from cockpit.errors import BadInput, Unsure
from cockpit.golden.export import Place, Written
from cockpit.golden.export.server import about, cases_in, deadline, inputs_of, objects, way
from cockpit.world.http import Line


def write(cases: Sequence[Case], place: Place) -> Written:
    """Append to the dataset; a case that is there is replaced (`update` would empty the rest of it)."""
    body = {
        "action": "append",
        "name": place.dataset,
        "description": "The golden set: every incident's case",
        "inputs": [inputs_of(case) for case in cases],
        "outputs": [{"expected": case.wanted} for case in cases],
        "metadata": [about(case) for case in cases],
        "example_ids": [case.id for case in cases],
    }
    line = _line(place)
    try:
        told = line.ask("POST", "/v1/datasets/upload", deadline(), params={"sync": "true"}, json=body).table()
    finally:
        line.close()
    data = told.get("data")
    if not isinstance(data, dict):
        raise Unsure("Phoenix does not say what became of the dataset")
    made, changed = (data.get(f"num_{what}_examples", 0) for what in ("created", "updated"))
    return Written(said=f"dataset {place.dataset}: {made} new, {changed} changed")


def read(place: Place) -> list[Case]:
    """Read the cases of the dataset."""
    line = _line(place)
    try:
        listed = line.read("/v1/datasets", deadline(), params={"name": place.dataset}).table()
        datasets = objects(listed.get("data") or [], "Phoenix's datasets")
        found = [str(one.get("id", "")) for one in datasets if one.get("name") == place.dataset]
        if not found:
            raise BadInput(f"Phoenix has no dataset {place.dataset!r}", hint="Name it by --dataset.")
        path = f"/v1/datasets/{quote(found[0], safe='')}/examples"
        told: Any = line.read(path, deadline()).table().get("data")
    finally:
        line.close()
    examples = objects(told.get("examples") if isinstance(told, dict) else None, "Phoenix's examples")
    return cases_in((one.get("metadata") for one in examples), f"the dataset {place.dataset}")


def _line(place: Place) -> Line:
    return way(place, {"authorization": f"Bearer {place.token}"} if place.token else {})
