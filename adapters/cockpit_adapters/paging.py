"""What pager adapters have in common: how a page and a word about it are put, and what is never sent."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from cockpit.domain.text import clean

if TYPE_CHECKING:
    from cockpit.world.contract_pager import Summons

LONGEST = 4000
"""No pager is sent a longer text than this, in characters."""

TRY_IT = "Send a marked test page: cockpit pagers test NAME --yes"

_NUMBER = re.compile(r"\d")


def tame(summons: Summons) -> Summons:
    """Return a page in which nothing is left that a telephone or a reader could stumble over."""
    return replace(
        summons,
        title=clean(summons.title, multiline=False, limit=200),
        service=clean(summons.service, multiline=False, limit=100),
        severity=clean(summons.severity, multiline=False, limit=40),
        text=clean(summons.text, limit=LONGEST),
        by=clean(summons.by, multiline=False, limit=100),
    )


def summary(summons: Summons, limit: int) -> str:
    """Return the line that is read out: why somebody is called, and to what; a test says first that it is one."""
    about = f"{summons.headline}: {summons.text}" if summons.text else summons.headline
    told = f"TEST, nothing is wrong. {about}" if summons.test else about
    return clean(told, multiline=False, limit=limit)


def said(by: str, text: str, mark: str = "", limit: int = LONGEST) -> str:
    """Return what somebody says, with the mark that it is known again by."""
    who = clean(by, multiline=False, limit=100)
    told = clean(text, limit=limit - len(mark) - len(who) - 8)
    return f"{who}: {told}" + (f" [{mark}]" if mark else "")


def called(severity: str, words: Sequence[str]) -> str:
    """Return a system's own word for a severity, the worst first: SEV1 is the second; the worst where unknown."""
    found = _NUMBER.search(severity)
    return words[min(int(found[0]), len(words) - 1)] if found else words[0]
