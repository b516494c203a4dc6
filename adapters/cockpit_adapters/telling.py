"""What channel adapters have in common: how an update is put into words, and what is made of an answer."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from cockpit.domain.text import clean

if TYPE_CHECKING:
    from cockpit.world.contract_channels import Message

LONGEST = 8000
"""No channel is sent a longer text than this, in characters."""


def tame(message: Message) -> Message:
    """Return an update in which nothing is left that a terminal or a reader could stumble over."""
    return replace(
        message,
        title=clean(message.title, multiline=False, limit=200),
        service=clean(message.service, multiline=False, limit=100),
        severity=clean(message.severity, multiline=False, limit=40),
        text=clean(message.text, limit=LONGEST),
    )


def headline(message: Message, limit: int = 200) -> str:
    """Return the one line that says what an update is about; a test says first that it is one."""
    told = f"TEST, nothing is wrong. {message.headline}" if message.test else message.headline
    return clean(told, multiline=False, limit=limit)
