"""What leaves: a document without its marks, personal data masked, as Markdown or as an HTML page with its plots."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from cockpit.domain.events import Event, Kind
from cockpit.domain.text import clean
from cockpit.errors import BadInput
from cockpit.postmortem.document import plain
from cockpit.postmortem.store import digest, record

if TYPE_CHECKING:
    from cockpit.journal.log import Journal

MARKDOWN, HTML = "md", "html"


def leaving(
    journal: Journal, incident: str, text: str, actor: str, *, form: str = MARKDOWN, raw: bool = False
) -> str:
    """Return a document as it leaves; with `raw` nobody is masked, and the journal says who said so."""
    events, told = journal.events(incident), plain(text)
    if raw:
        payload = {"digest": digest(text), "format": form, "raw": True}
        record(journal, incident, Kind.POSTMORTEM_EXPORTED, actor, payload)
    else:
        told = _masked(told, events)
    if form == HTML:
        told = _page(journal, events, told)
    return clean(told, limit=len(told), lines=len(told))


def _masked(text: str, events: Sequence[Event]) -> str:
    from cockpit.postmortem.mask import customers_of, mask, team_of

    return mask(text, keep=team_of(events), hide=customers_of(events))


def _page(journal: Journal, events: list[Event], text: str) -> str:
    from cockpit.postmortem.html import page
    from cockpit.postmortem.plots import from_drill, from_journal, svg

    drill = events[0].get("mode", "drill") == "drill"
    plots = from_drill(journal, events) if drill else from_journal(events)
    return page(text, f"Postmortem {events[0].incident}", [drawn for one in plots if (drawn := svg(one))])


def write_new(folder: Path, stem: str, text: str, suffix: str = ".md") -> Path:
    """Write a file that only its owner may read, under a name that is still free.

    Raises:
        BadInput: it can't be written.
    """
    safe = "".join(one if one.isalnum() or one in "-_." else "-" for one in stem)
    try:
        return _first_free(lambda number: folder / f"{safe}{'' if number == 1 else f'-{number}'}{suffix}", text)
    except OSError as problem:
        raise BadInput(
            f"can't write to {folder}: {problem.strerror or problem}",
            hint="Start cockpit in a folder you may write to.",
        ) from None


def _first_free(named: Callable[[int], Path], text: str) -> Path:
    for number in range(1, 1000):
        try:
            handle = os.open(named(number), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            continue
        with os.fdopen(handle, "w", encoding="utf-8", errors="backslashreplace") as file:
            file.write(text)
        return named(number)
    raise OSError(17, "too many of this incident are there already")
