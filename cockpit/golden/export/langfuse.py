"""A dataset in Langfuse. Items are put in place by their ids, which are the dataset's and the case's together.

The token is `public key:secret key`, as the two are used for basic authentication.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from typing import Any

from cockpit.domain.cases import Case
from cockpit.errors import BadInput, Unsure
from cockpit.golden.export import Place, Written
from cockpit.golden.export.server import about, cases_in, deadline, inputs_of, objects, way
from cockpit.intake.values import number
from cockpit.world.http import Line

DATASETS, ITEMS = "/api/public/v2/datasets", "/api/public/dataset-items"
PAGE = 50
MOST_PAGES = 1_000


def write(cases: Sequence[Case], place: Place) -> Written:
    """Make the dataset, or find it, and put every case in its place."""
    line = _line(place)
    try:
        line.ask("POST", DATASETS, deadline(), json={"name": place.dataset, "description": "The golden set"})
        for case in cases:
            line.ask("POST", ITEMS, deadline(), json=item_of(case, place.dataset))
    finally:
        line.close()
    return Written(said=f"dataset {place.dataset}: {len(cases)} items")


def item_of(case: Case, dataset: str) -> dict[str, Any]:
    """Return a case as an item; ids are unique in a project, so the dataset is part of them."""
    return {
        "datasetName": dataset,
        "id": f"{dataset}.{case.id}",
        "input": inputs_of(case),
        "expectedOutput": case.wanted,
        "metadata": about(case),
    }


def read(place: Place) -> list[Case]:
    """Read the cases of the dataset."""
    line = _line(place)
    told: list[Any] = []
    try:
        for page in range(1, MOST_PAGES + 1):
            params = {"datasetName": place.dataset, "page": str(page), "limit": str(PAGE)}
            answer = line.read(ITEMS, deadline(), params=params).table()
            items, meta = objects(answer.get("data"), "Langfuse's items"), answer.get("meta")
            if not isinstance(meta, dict):
                raise Unsure("Langfuse's items can't be read")
            # Items of other datasets would be there if the filter were not understood.
            told += [one.get("metadata") for one in items if one.get("datasetName") in (None, place.dataset)]
            if page >= (number(meta.get("totalPages")) or 0):
                break
    finally:
        line.close()
    return cases_in(told, f"the dataset {place.dataset}")


def _line(place: Place) -> Line:
    public, colon, secret = place.token.partition(":")
    if not (public and colon and secret):
        raise BadInput(
            "Langfuse wants both of its keys", hint="--key env:NAME, where NAME holds public-key:secret-key"
        )
    return way(place, {"authorization": f"Basic {b64encode(place.token.encode()).decode()}"})
