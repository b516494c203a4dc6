"""Roles that are held out to somebody: who waits for a yes, who said no, and when the giver is reminded."""

from __future__ import annotations

from datetime import datetime, timedelta

from cockpit.domain.parts import Command, Declined, Offer

ANSWER_S = 180.0
"""Whoever offered a role is reminded when nobody has answered for so long, and again each time it has passed."""

NEWS_S = 60.0
"""A reminder stands for so long, and so does the news that somebody said no."""


def to_remind(command: Command, actor: str, now: datetime) -> Offer | None:
    """Return an offer of this person's that somebody should be asked about again just now."""
    mine = (one for one in command.offers.values() if one.giver == actor)
    return next((one for one in mine if _reminds(now - one.at)), None)


def just_declined(command: Command, actor: str, now: datetime) -> Declined | None:
    """Return the role that this person offered and that somebody has just said no to."""
    mine = (one for one in command.declined.values() if one.offer.giver == actor)
    return next((one for one in mine if (now - one.at).total_seconds() < NEWS_S), None)


def calls(command: Command, actor: str, now: datetime) -> datetime | None:
    """Return when this person was called last about a role: it was offered, declined, or has no answer yet."""
    came = [one.at for one in command.offers.values() if one.to == actor]
    declined = [one.at for one in command.declined.values() if one.offer.giver == actor]
    mine = (
        (one.at, (now - one.at).total_seconds() // ANSWER_S) for one in command.offers.values() if one.giver == actor
    )
    reminded = [at + timedelta(seconds=times * ANSWER_S) for at, times in mine if times >= 1]
    return max((*came, *declined, *reminded), default=None)


def waits_long(offer: Offer, now: datetime) -> bool:
    """Tell whether an answer has been waited for longer than one should be."""
    return (now - offer.at).total_seconds() >= ANSWER_S


def _reminds(waited: timedelta) -> bool:
    seconds = waited.total_seconds()
    return seconds >= ANSWER_S and seconds % ANSWER_S < NEWS_S
