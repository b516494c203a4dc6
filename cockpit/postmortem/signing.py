"""Signing a postmortem: who, which version, with how much left to look at, and what it is worth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from cockpit.domain.events import Event, Kind
from cockpit.playbooks.journalled import playbook_of
from cockpit.postmortem.lint import lint
from cockpit.postmortem.score import worth
from cockpit.postmortem.store import Appends, digest, record


def sign(journal: Appends, incident: str, text: str, actor: str) -> int:
    """Sign a version; return how many findings of the lint it still has."""
    found, events = lint(text), journal.events(incident)
    shares = asdict(worth(text, events, playbook_of(events[0])))
    told = {"digest": digest(text), "findings": len(found), **shares}
    record(journal, incident, Kind.POSTMORTEM_DONE, actor, told)
    return len(found)


def signed_version(events: Sequence[Event]) -> str:
    """Return the digest of the version that was signed last, or an empty text."""
    done = [event for event in events if event.kind is Kind.POSTMORTEM_DONE]
    return str(done[-1].get("digest", "")) if done else ""
