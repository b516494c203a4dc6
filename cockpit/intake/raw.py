"""A span as its recorder wrote it, before anybody asked what its attributes mean; and what could not be read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class RawEvent:
    """Something that happened within a span."""

    name: str
    attributes: Mapping[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class RawSpan:
    """One span of any format; attribute names are dotted, values are plain JSON values.

    Attributes:
        kind: what the format itself says about its kind; attributes may know better.
        error: what failed, empty where nothing did.
        resource: what the recorder says about itself, such as `service.name`.
    """

    trace: str
    id: str
    parent: str
    name: str
    start: datetime | None
    end: datetime | None
    attributes: dict[str, Any]
    kind: str = ""
    error: str = ""
    events: tuple[RawEvent, ...] = ()
    resource: Mapping[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Header:
    """What a format says about a trace beside its spans.

    Attributes:
        attributes: read like those of a span around all others; `input` and `output` are the whole trace's.
        scores: judgements by rubric.
    """

    trace: str
    attributes: dict[str, Any] = field(default_factory=dict)
    scores: dict[str, float] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that could not be read.

    Attributes:
        place: file and line, as people write them, or the part of a request.
    """

    place: str
    reason: str

    def __str__(self) -> str:
        return f"{self.place}: {self.reason}"


class Unreadable(ValueError):
    """A document, or a part of one, says nothing that can be used; the message is the reason."""


@dataclass(slots=True)
class Batch:
    """What one document held."""

    spans: list[RawSpan] = field(default_factory=list)
    headers: list[Header] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)
