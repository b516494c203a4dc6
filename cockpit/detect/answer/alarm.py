"""Alarms: findings in a single answer that wake somebody at once, however few they are."""

from __future__ import annotations

from collections.abc import Iterator

from cockpit.detect.answer import injection, loop, personal, secret, tenant
from cockpit.detect.stream.page import Page, where
from cockpit.detect.stream.sample import Sample
from cockpit.domain.calls import Sign

SIGNALS = {
    injection.NAME: "safety_pct",
    secret.NAME: "leaks_per_min",
    tenant.NAME: "leaks_per_min",
    personal.NAME: "leaks_per_min",
    loop.NAME: "loops",
}
LEAST = 0.8
"""The certainty from which one finding is enough."""


def pages(sample: Sample) -> Iterator[Page]:
    """Yield a page for each sort of grave finding in an answer.

    Mail addresses, telephones and addresses of machines are no alarm by themselves: businesses print their own. They
    page when their share rises.
    """
    told: set[str] = set()
    for sign in sample.signs:
        if sign.detector not in told and is_grave(sign):
            told.add(sign.detector)
            yield _page(sample, sign)


def is_grave(sign: Sign) -> bool:
    """Tell whether one finding is enough to wake somebody."""
    if sign.detector not in SIGNALS or sign.certainty < LEAST:
        return False
    return sign.detector != personal.NAME or personal.kind_of(sign) in personal.STRONG


def _page(sample: Sample, sign: Sign) -> Page:
    named = (("route", sample.route), ("prompt", sample.prompt), ("tenant", sample.tenant), ("model", sample.model))
    about = {name: value for name, value in named if value}
    trace = f" in trace {sample.id}" if sample.id else ""
    place = f"{trace} at {sample.at:%H:%M:%S} on {where(about)}"
    why = f"{sign.why[0].upper()}{sign.why[1:]}{place}; {sign.certainty:.0%} sure."
    evidence = (sample.id,) if sample.id else ()
    return Page(sign.detector, SIGNALS[sign.detector], sample.at, sample.at, about,
                0.0, 1.0, "answers", sign.certainty, why, evidence)  # fmt: skip
