"""One person's desk for postmortems: everything that is done to one, each time on a freshly opened journal."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from cockpit.domain.events import Event
from cockpit.domain.incident import IncidentState, fold
from cockpit.domain.playbook import Playbook
from cockpit.errors import ActionRefused, JournalDamaged, UnknownIncident
from cockpit.playbooks.journalled import playbook_of
from cockpit.postmortem import followups, signing, store
from cockpit.postmortem.leaving import HTML, leaving, write_new
from cockpit.postmortem.left import Left, left
from cockpit.postmortem.lint import Finding, lint
from cockpit.postmortem.record import Gate
from cockpit.postmortem.todo import Item, items, postmortem_due

if TYPE_CHECKING:
    from cockpit.journal.log import Journal

Asks = Callable[[Sequence[Event], Playbook], Gate | None]


@dataclass(frozen=True, slots=True)
class Page:
    """A postmortem as it stands.

    Attributes:
        findings: what the lint has to say, by line of `text`.
        conflicts: sections in which the new draft and a person had changed the same lines.
        due: when it has to be signed, None before the all-clear and once it is.
        changed: it was signed, and is not what was signed any more.
        now: the incident's own time.
    """

    text: str
    findings: tuple[Finding, ...]
    conflicts: tuple[str, ...]
    items: tuple[Item, ...]
    state: IncidentState
    due: datetime | None
    changed: bool
    now: datetime


class Writer:
    """Opens, edits, signs and hands out postmortems as one person; every call may block."""

    def __init__(
        self,
        opened: Callable[[], AbstractContextManager[Journal]],
        data: Path,
        actor: str,
        gate: Asks = lambda events, playbook: None,
        folder: Path | None = None,
    ) -> None:
        """`gate` asks the golden set; `folder` is where exports go, the working folder when not given."""
        self._opened, self._data, self.actor, self._gate = opened, data, actor, gate
        self._folder = folder

    def open(self, incident: str) -> Page:
        """Bring the document up to the journal, keeping what people wrote."""
        with self._opened() as journal:
            return self._page(journal, incident)

    def save(self, incident: str, given: str, new: str) -> Page:
        """Keep what a person made of `given`, merged with what others wrote meanwhile."""
        with self._opened() as journal:
            store.taken_over(journal, incident, self._data, given, new, self.actor)
            return self._page(journal, incident)

    def copy(self, incident: str, text: str) -> Path:
        """Return a copy for an editor."""
        return store.editing(self._data, incident, text)

    def sign(self, incident: str, seen: str) -> Page:
        """Sign what was read.

        Raises:
            ActionRefused: it has changed since.
        """
        with self._opened() as journal:
            now = self._page(journal, incident)
            if now.text != seen:
                raise ActionRefused("it has changed since you read it: look at it again")
            signing.sign(journal, incident, seen, self.actor)
            return self._page(journal, incident)

    def export(self, incident: str, form: str) -> Path:
        """Write it beside where the cockpit was started, masked, never over another file."""
        with self._opened() as journal:
            text = leaving(journal, incident, self._page(journal, incident).text, self.actor, form=form)
        suffix = ".html" if form == HTML else ".md"
        return write_new(self._folder or Path.cwd(), f"postmortem-{incident}", text, suffix)

    def put(self, incident: str, item: Item) -> Page:
        """Add an action item, or change one."""
        with self._opened() as journal:
            followups.put(journal, incident, item, self.actor)
            return self._page(journal, incident)

    def finish(self, incident: str, item: str) -> Page:
        """Say that an action item is done."""
        with self._opened() as journal:
            followups.finish(journal, incident, item, self.actor)
            return self._page(journal, incident)

    def left(self) -> list[Left]:
        """Return what is left to do of every incident that is over, the newest first; damaged ones are left out."""
        found = []
        with suppress(UnknownIncident), self._opened() as journal:
            for line in journal.incidents():
                with suppress(JournalDamaged):
                    found.append(left(journal.events(line.id)))
        return [one for one in found if one]

    def _page(self, journal: Journal, incident: str) -> Page:
        events = journal.events(incident)
        playbook = playbook_of(events[0])
        gate = self._gate(events, playbook)
        made = store.refresh(journal, incident, self._data, playbook, self.actor, gate, events)
        events += journal.events(incident, after_seq=events[-1].seq)
        state, signed = fold(events), signing.signed_version(events)
        return Page(
            made.text, tuple(lint(made.text)), made.conflicts, tuple(items(state)), state,
            postmortem_due(state, playbook.profile.postmortem_due_s),
            bool(signed) and signed != store.digest(made.text), store.moment_of(events),
        )  # fmt: skip
