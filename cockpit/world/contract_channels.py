"""The part of the adapter contract that is about telling people: channels that updates go out on.

A send fails as every call does: `Refused`, `Unreachable` and `Throttled` are certain that nothing arrived, `Unsure`
is certain of nothing. An unsure message is sent again only on a channel that says it takes each key once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from cockpit.world.contract import System

if TYPE_CHECKING:
    from cockpit.world.contract import Deadline


@dataclass(frozen=True, slots=True)
class Message:
    """One update on its way to one channel.

    Attributes:
        key: the identity of this update on this channel, the same for every repeat.
        incident: its id; `title` and `service` say what it is about, in people's words.
        audience: whom it is written for: team, executives, customers, legal.
        state: investigating, identified, monitoring or resolved.
        text: as the person wrote it.
        since: when the incident began, aware UTC.
        thread: what the channel answered to the first update of this incident, to be continued; empty for the first.
        test: whether it is only a test, which the text then says too.
    """

    key: str
    incident: str
    title: str
    service: str
    audience: str
    state: str
    text: str
    severity: str
    at: datetime
    since: datetime
    thread: str = ""
    test: bool = False

    @property
    def headline(self) -> str:
        """One line that says what it is about."""
        about = " · ".join(part for part in (self.severity, self.service) if part)
        return f"[{self.incident}] {self.state}: {self.title}{f' ({about})' if about else ''}"

    def as_json(self) -> Mapping[str, Any]:
        """Return it as plain values."""
        from cockpit.domain.events import iso

        return {
            "key": self.key, "incident": self.incident, "title": self.title, "service": self.service,
            "severity": self.severity, "audience": self.audience, "state": self.state, "text": self.text,
            "at": iso(self.at), "since": iso(self.since), "test": self.test,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a channel answered to a message it took.

    Attributes:
        ref: its own name for the message; empty where it gives none.
        url: where people can read it; empty where it does not say.
        note: what was not as it should be all the same, such as one of several addresses that was refused.
    """

    ref: str = ""
    url: str = ""
    note: str = ""


@runtime_checkable
class Channel(System, Protocol):
    """A system that carries updates to people."""

    @property
    def once(self) -> bool:
        """Whether a message sent again with the same key arrives once: only then is an unsure one sent again."""
        ...

    def send(self, message: Message, deadline: Deadline) -> Receipt:
        """Send one update, once; returning means the channel took it."""
        ...
