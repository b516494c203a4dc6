"""What detectors and signals propose for gauging and scope; a person takes it over, or corrects it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cockpit.domain.events import Event, Kind, from_iso
from cockpit.domain.playbook import Playbook
from cockpit.domain.triage import symptoms_for
from cockpit.world.port import SignalFrame


@dataclass(frozen=True, slots=True)
class Proposed:
    """What the pages on an incident say together; empty where they say nothing, and never surer than they are.

    Attributes:
        since: when the earliest of them seems to have begun.
        fraction: the share of answers that fails beyond the usual, 0 to 1; None where nothing measures it.
        symptoms: rows of the symptom table that the signals which fired open, those of the newest page first.
        change: `ref` of the change that lines up with a page in time; `change_said` what it was. A hint, no proof.
        certainty: of the surest page.
        why: what each page says, newest first; text from outside, as it came.
        traces: rows of traces that show it.
    """

    since: datetime | None = None
    fraction: float | None = None
    signals: tuple[str, ...] = ()
    symptoms: tuple[str, ...] = ()
    routes: tuple[str, ...] = ()
    prompt: str = ""
    tenants: tuple[str, ...] = ()
    change: str = ""
    change_said: str = ""
    certainty: float = 0.0
    why: tuple[str, ...] = ()
    traces: tuple[int, ...] = ()


def proposed(log: Sequence[Event], playbook: Playbook, frame: SignalFrame) -> Proposed | None:
    """Return what the pages of detectors propose; None where none has come."""
    pages = [page for event in reversed(log) if event.kind is Kind.PAGED and (page := _page(event))]
    if not pages:
        return None
    signals = _different(str(page.get("signal", "")) for page in pages)
    rows = (row.id for signal in signals for row in symptoms_for(playbook, signal))
    prompts, change = _about(pages, "prompt"), _change(pages)
    return Proposed(
        since=min((at for page in pages if (at := _moment(page.get("since")))), default=None),
        fraction=_fraction(frame),
        signals=signals,
        symptoms=_different(rows),
        routes=_about(pages, "route"),
        prompt=prompts[0] if len(prompts) == 1 else "",
        tenants=_about(pages, "tenant"),
        change=str(change.get("ref", "")),
        change_said=str(change.get("what", "")),
        certainty=max(_number(page.get("certainty")) for page in pages),
        why=_different(str(page.get("why", "")) for page in pages),
        traces=tuple(dict.fromkeys(row for page in pages for row in page.get("rows", ()) if isinstance(row, int))),
    )


def _page(event: Event) -> Mapping[str, Any] | None:
    page = event.get("page")
    return page if isinstance(page, Mapping) else None


def _about(pages: Sequence[Mapping[str, Any]], name: str) -> tuple[str, ...]:
    told = (page.get("about") for page in pages)
    return _different(str(about.get(name, "")) for about in told if isinstance(about, Mapping))


def _change(pages: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    """Return the change that the surest of the pages with one names."""
    named = [page for page in pages if isinstance(page.get("change"), Mapping)]
    surest = max(named, key=lambda page: _number(page.get("certainty")), default={})
    return dict(surest.get("change", {}))


def _fraction(frame: SignalFrame) -> float | None:
    share = frame.facts.get("degraded_share")
    return round(float(share), 4) if isinstance(share, int | float) and share > 0 else None


def _moment(value: object) -> datetime | None:
    try:
        return from_iso(str(value))
    except ValueError:
        return None


def _number(value: object) -> float:
    return float(value) if isinstance(value, int | float) else 0.0


def _different(found: Any) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one for one in found if one))
