"""What every exporter to a server's dataset needs: the way there, and a case as one of its records."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from cockpit.domain.case_plain import from_plain, to_plain
from cockpit.domain.cases import Case
from cockpit.errors import BadInput, Unsure
from cockpit.golden.chat import messages_of
from cockpit.golden.export import Place
from cockpit.golden.files import checked
from cockpit.world.contract import Deadline
from cockpit.world.http import Line
from cockpit.yaml import Document

TIMEOUT_S = 30.0
KEY = "cockpit"
"""The field of a record in which the whole case stands."""


def deadline() -> Deadline:
    """Return the moment by which one call has to be back."""
    return Deadline(TIMEOUT_S)


def way(place: Place, headers: Mapping[str, str]) -> Line:
    """Return the way to a server.

    Raises:
        BadInput: its address can't be used.
    """
    from pydantic import ValidationError

    from cockpit.world.options import SystemOptions

    try:
        options = SystemOptions(adapter="dataset", url=place.where, allow_http=place.allow_http)
    except ValidationError:
        raise BadInput(f"{place.where!r} is no address", hint="For instance http://127.0.0.1:6006") from None
    return Line(options, headers, secrets=(place.token,) if place.token else ())


def inputs_of(case: Case) -> dict[str, Any]:
    """Return what a runner of the server is given."""
    return {"case": case.id, "messages": messages_of(case.given)}


def about(case: Case) -> dict[str, Any]:
    """Return what a record says about a case, the case itself included."""
    told = {"class": case.incident_class, "route": case.route, "rubric": case.rubric, "incident": case.incident}
    return {**told, "trace": case.trace, "line": case.line, KEY: to_plain(case)}


def cases_in(records: Iterable[Any], where: str) -> list[Case]:
    """Return the cases in what records say about them, by their ids; a later record replaces an earlier one.

    Raises:
        BadInput: there is none.
        ScenarioError: one is not right.
    """
    found: dict[str, Case] = {}
    for number, told in enumerate(records, 1):
        plain = told.get(KEY) if isinstance(told, Mapping) else None
        if not isinstance(plain, dict):
            continue
        case = from_plain(checked(Document(plain, f"{where}, record {number}", {(): 1})))
        found[case.id] = case
    if not found:
        raise BadInput(f"there is no case in {where}", hint="Only what was exported comes back.")
    return [found[name] for name in sorted(found)]


def objects(listed: Any, what: str) -> list[dict[str, Any]]:
    """Return a list of objects as a server gave it, without entries that are none.

    Raises:
        Unsure: it is no list.
    """
    if not isinstance(listed, list):
        raise Unsure(f"{what} can't be read")
    return [one for one in listed if isinstance(one, dict)]
