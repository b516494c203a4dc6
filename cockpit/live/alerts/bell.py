"""Pages by way of Alertmanager: a page as an alert that it routes, and such an alert as the page it was."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from cockpit.domain.alerts import FIRING
from cockpit.domain.events import iso
from cockpit.domain.text import clean
from cockpit.errors import WorldError
from cockpit.intake.alerts.model import LONGEST_TEXT, LONGEST_VALUE
from cockpit.intake.values import moment

if TYPE_CHECKING:
    from cockpit.detect.stream.page import Page
    from cockpit.intake.alerts.model import Alert
    from cockpit.world.exchange import Exchange

PATH = "/api/v2/alerts"
NAME = "cockpit_"
"""How names of alerts begin that are pages, with the detector after it."""
DEADLINE_S = 10.0
EVIDENCE = 20
"""Ids of traces in one alert."""
TEXT, MOMENTS, NUMBERS = ("signal", "unit"), ("at", "since"), ("before", "after", "certainty")


class Bell:
    """Tells Alertmanager of pages; one lasts until the same would be told again."""

    def __init__(self, line: Exchange, service: str, lasts: timedelta) -> None:
        self._line, self._service, self._lasts = line, service, lasts

    def ring(self, page: Page, now: datetime) -> str:
        """Tell of a page; returns why that failed, empty when it was taken."""
        from cockpit.world.contract import Deadline

        alert = {**alert_of(page, self._service), "startsAt": iso(page.at), "endsAt": iso(now + self._lasts)}
        try:
            answer = self._line.ask("POST", PATH, Deadline(DEADLINE_S), json=[alert])
        except WorldError as problem:
            return str(problem)
        return "" if answer.status == 200 else f"it answered {answer.status}: {answer.beginning}"

    def close(self) -> None:
        """Let go of the line."""
        self._line.close()


def alert_of(page: Page, service: str) -> dict[str, Any]:
    """Return a page as an alert: what makes it the same trouble as labels, its numbers as annotations."""
    from cockpit.detect.stream.page import to_json

    told = to_json(page)
    same = dict(part.split("=", 1) for part in page.key[1:])
    labels = {**same, "alertname": NAME + page.detector, "service": service, "detector": page.detector}
    notes = {
        "summary": page.title,
        "description": page.why,
        **{f"page_{name}": str(told[name]) for name in (*TEXT, *MOMENTS, *NUMBERS) if told[name] is not None},
        "page_about": json.dumps(told["about"]),
        "page_evidence": " ".join(page.evidence[:EVIDENCE]),
        "page_change": json.dumps(told["change"]) if told["change"] else "",
    }
    return {"labels": _plain(labels, LONGEST_VALUE), "annotations": _plain(notes, LONGEST_TEXT)}


def page_of(alert: Alert) -> Page | None:
    """Return the page that an alert was; None when it fires no more, or is another system's."""
    name, notes = alert.labels.get("alertname", ""), alert.annotations
    if alert.status != FIRING or not name.startswith(NAME) or "page_at" not in notes:
        return None
    from cockpit.detect.stream.page import Page

    at, since = (moment(notes.get(f"page_{one}")) for one in MOMENTS)
    if at is None:
        return None
    before, after, certainty = (_number(notes.get(f"page_{one}", "")) for one in NUMBERS)
    return Page(
        detector=name.removeprefix(NAME), signal=notes.get("page_signal", ""), at=at, since=since or at,
        about={str(key): str(value) for key, value in _table(notes.get("page_about", "")).items()},
        before=before, after=after, unit=notes.get("page_unit", ""), certainty=min(max(certainty, 0.0), 1.0),
        why=alert.text or alert.title, evidence=tuple(notes.get("page_evidence", "").split()[:EVIDENCE]),
        change=_change(_table(notes.get("page_change", ""))),
    )  # fmt: skip


def _change(told: Mapping[str, Any]) -> Any:
    from cockpit.world.port import Change

    at = moment(told.get("at"))
    if at is None:
        return None
    ref, what, kind = (str(told.get(part, "")) for part in ("ref", "what", "kind"))
    return Change(ref, at, what, kind, "", "", "")


def _table(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text) if text else {}
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _number(text: str) -> float:
    try:
        found = float(text)
    except ValueError:
        return 0.0
    return found if math.isfinite(found) else 0.0


def _plain(told: Mapping[str, str], most: int) -> dict[str, str]:
    """Return what Alertmanager takes: whole texts without control characters, and none that are empty."""
    return {key: short for key, value in told.items() if (short := clean(value, multiline=False, limit=most).strip())}
