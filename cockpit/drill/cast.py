"""The people of a drill who are not at a keyboard: they say yes to a role after a moment."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from cockpit.domain.events import Kind, NewEvent, Source
from cockpit.session.session import Session

YES_AFTER = timedelta(seconds=20)
"""How long somebody of the cast takes to accept a role."""


def reactions(session: Session) -> Iterable[NewEvent]:
    """Say what the cast does now."""
    now = session.clock.now()
    for offer in session.state.command.offers.values():
        if offer.to in session.world.people and now - offer.at >= YES_AFTER:
            payload = {"role": offer.role, "giver": offer.giver}
            yield NewEvent(Kind.ROLE_ACCEPTED, now, offer.to, Source.WORLD, payload)
