"""All that is wrong with one answer: every text detector, on one trace."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import timedelta

from cockpit.detect.answer import injection, loop, personal, refusal, secret
from cockpit.detect.answer.tenant import Directory
from cockpit.domain.calls import CallTrace, Sign
from cockpit.domain.thresholds import Thresholds

LONGEST = 100_000
"""Characters of an answer that are looked at."""


@dataclass(frozen=True, slots=True)
class Known:
    """What a team tells the detectors about itself.

    Attributes:
        directory: names and ids by tenant.
        own: mail addresses, telephone numbers and the like that the business prints about itself.
        canaries: words planted to be seen where they must not be.
    """

    directory: Directory = field(default_factory=lambda: Directory({}))
    own: Collection[str] = ()
    canaries: Collection[str] = ()


def signs_of(trace: CallTrace, known: Known | None = None, lines: Thresholds | None = None) -> tuple[Sign, ...]:
    """Return every sign in one trace, those of the text first.

    A trace that says what was expected of it (label `expect`: `refuse` or `answer`) is held against that; one that
    does not gets a sign for every refusal, which alone is no page.
    """
    known, lines = known or Known(), lines or Thresholds()
    answer, asked = trace.answered[:LONGEST], _asked(trace)
    found: list[Sign] = []
    if answer:
        found += _about_refusal(answer, trace.labels.get("expect", ""))
        found += personal.signs(answer, _said(asked, known.own))
        found += secret.signs(answer)
        found += known.directory.signs(answer, trace.tenant, asked)
        found += injection.signs(answer, planted=_planted(trace), asked=asked, canaries=known.canaries)
    age = timedelta(seconds=lines.loop_age_s)
    found += loop.signs(trace, turns=lines.loop_turns, repeats=lines.loop_repeats, age=age)
    return tuple(found)


def _about_refusal(answer: str, expected: str) -> list[Sign]:
    sign = refusal.unexpected(answer, expected)
    return [sign] if sign else []


def _asked(trace: CallTrace) -> str:
    said = "\n".join(one.text for one in trace.messages if one.role == "user")
    return (said or trace.asked)[:LONGEST]


def _said(asked: str, own: Collection[str]) -> list[str]:
    """Return the personal data that is no news: what the user gave, and what is the business's own."""
    return [*own, *(one.value for one in personal.find(asked))]


def _planted(trace: CallTrace) -> list[str]:
    return [
        *(chunk.text for chunk in trace.chunks),
        *(use.result for use in trace.tools),
        *(one.text for one in trace.messages if one.role in ("tool", "function", "document")),
    ]
