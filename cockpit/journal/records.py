"""What the journal answers with, free of any database library."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class IncidentLine:
    """One incident as a list shows it.

    `mode` is "drill" or "live"; `opened_at` and `last_at` are the incident's own times, not the recording's.
    """

    id: str
    mode: str
    title: str
    scenario: str
    seed: int | None
    opened_at: datetime
    last_at: datetime
    events: int
    ended: bool


@dataclass(frozen=True, slots=True)
class Verdict:
    """What verifying one incident found.

    Attributes:
        events: sound lines, counted from the first.
        head: hash of the last sound line.
        first_bad_seq: the first line that is wrong or missing; None when no line can be named.
        reason: what is wrong, or what was checked, in a sentence.
    """

    ok: bool
    events: int
    head: str
    first_bad_seq: int | None
    reason: str
