"""A page: what moved, since when, from what to what, on what, and how sure that is."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from cockpit.domain.events import iso
from cockpit.world.port import Change

BEFORE_IT, AFTER_IT = timedelta(minutes=30), timedelta(minutes=5)
"""How long a change may take to show, and how much too early a movement may seem to begin: it is timed by minutes."""


@dataclass(frozen=True, slots=True)
class Page:
    """What one detector wakes somebody for.

    Attributes:
        detector: its name; `signal` the metric it is about, as in the symptom table.
        at: when it was noticed; `since` when it seems to have begun.
        about: where it happens: rubric, route, prompt, model, tenant; what is known of them.
        before, after: the usual value and that since it began, in `unit`.
        certainty: 0 to 1; how unlikely it is that chance alone did it, capped at 0.999.
        why: one sentence with the numbers; outside text in it is as it came.
        evidence: ids of traces that show it.
        change: the change that lines up with it in time, where there is one. That is a hint, no proof.
    """

    detector: str
    signal: str
    at: datetime
    since: datetime
    about: Mapping[str, str]
    before: float
    after: float
    unit: str
    certainty: float
    why: str
    evidence: tuple[str, ...] = ()
    change: Change | None = None

    @property
    def key(self) -> tuple[str, ...]:
        """What makes two pages the same trouble."""
        return (self.detector, *(f"{name}={value}" for name, value in sorted(self.about.items()) if name in _SAME))

    @property
    def title(self) -> str:
        """What an incident about it may be called."""
        return f"{self.about.get('rubric') or self.detector.replace('_', ' ')}: {where(self.about)}"


_SAME = ("rubric", "route", "tenant", "sort")


def with_change(page: Page, changes: Iterable[Change]) -> Page:
    """Return a page that names the change nearest to its beginning, when one lines up with it."""
    near = [one for one in changes if page.since - BEFORE_IT <= one.at <= page.since + AFTER_IT]
    if not near:
        return page
    found = min(near, key=lambda one: abs(one.at - page.since))
    minutes = (page.since - found.at).total_seconds() / 60
    when = f"{minutes:.0f} min before it began" if minutes >= 0.5 else "as it began"
    return replace(page, change=found, why=f"{page.why} Lines up with a change {when}: {found.what}.")


def to_json(page: Page) -> dict[str, Any]:
    """Return a page as plain values."""
    return {
        "key": list(page.key),
        "detector": page.detector,
        "signal": page.signal,
        "at": iso(page.at),
        "since": iso(page.since),
        "about": dict(page.about),
        "before": finite(page.before),
        "after": finite(page.after),
        "unit": page.unit,
        "certainty": round(page.certainty, 4),
        "why": page.why,
        "evidence": list(page.evidence),
        "change": {"ref": page.change.ref, "at": iso(page.change.at), "what": page.change.what}
        if page.change
        else None,
    }


def finite(value: float) -> float | None:
    """Return a figure for JSON, which knows no infinity."""
    return round(value, 6) if math.isfinite(value) else None


def where(about: Mapping[str, str]) -> str:
    """Write where something happens: `route refunds, prompt v41`."""
    named = ", ".join(f"{name} {value}" for name, value in about.items() if value and name not in ("rubric", "sort"))
    return named or "the whole service"


def surety(errors: float) -> float:
    """Turn standard errors into a certainty, allowing for the ten thousand looks a detector takes in a week."""
    return max(0.0, min(0.999, 1.0 - 10_000 * math.erfc(abs(errors) / math.sqrt(2))))


@dataclass(slots=True)
class Pager:
    """Lets a page through once, and again only after its trouble has been gone for `again_s` seconds."""

    again_s: float
    _last: dict[tuple[str, ...], float] = field(default_factory=dict)

    def lets(self, page: Page) -> bool:
        """Tell whether a page is news; called again and again while the trouble lasts."""
        moment = page.at.timestamp()
        last = self._last.get(page.key)
        self._last[page.key] = moment
        if len(self._last) > 10_000:
            self._last = {key: at for key, at in self._last.items() if moment - at < self.again_s}
        return last is None or moment - last >= self.again_s
