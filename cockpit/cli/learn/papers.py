"""What the screens write after an incident; nothing of it is imported before somebody asks for it."""

from __future__ import annotations

from argparse import Namespace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from cockpit.cli.places import open_journal, paths_of, settings_of
from cockpit.errors import BadInput

if TYPE_CHECKING:
    from cockpit.postmortem.left import Left
    from cockpit.postmortem.todo import Item
    from cockpit.postmortem.writer import Page, Writer

GOLDEN = "golden"
"""The golden set, a folder where the cockpit was started, unless a command names another."""


class DeskPapers:
    """The postmortems and the golden set of one data folder; every call may block."""

    def __init__(self, given: Namespace) -> None:
        self._given = given
        self._golden = Path(getattr(given, "golden", None) or GOLDEN)

    @cached_property
    def _writer(self) -> Writer:
        from cockpit.cli.learn.postmortem import gate_of
        from cockpit.postmortem.writer import Writer

        given = self._given
        return Writer(
            lambda: open_journal(given),
            paths_of(given).data,
            settings_of(given).responder,
            lambda events, playbook: gate_of(self._golden, events, playbook),
        )

    def open(self, incident: str) -> Page:
        """Bring a postmortem up to its journal."""
        return self._writer.open(incident)

    def save(self, incident: str, given: str, new: str) -> Page:
        """Keep what a person made of `given`."""
        return self._writer.save(incident, given, new)

    def copy(self, incident: str, text: str) -> Path:
        """Return a copy for an editor."""
        return self._writer.copy(incident, text)

    def sign(self, incident: str, seen: str) -> Page:
        """Sign what was read."""
        return self._writer.sign(incident, seen)

    def export(self, incident: str, form: str) -> Path:
        """Write it to a file, masked."""
        return self._writer.export(incident, form)

    def put(self, incident: str, item: Item) -> Page:
        """Add an action item, or change one."""
        return self._writer.put(incident, item)

    def finish(self, incident: str, item: str) -> Page:
        """Say that an action item is done."""
        return self._writer.finish(incident, item)

    def track(self, incident: str, item: str) -> Page:
        """Make a ticket of an action item."""
        from cockpit.cli.learn.tickets import track

        track(self._given, incident, item)
        return self._writer.open(incident)

    def left(self) -> list[Left]:
        """Return what is left to do of every incident that is over."""
        return self._writer.left()

    def keep_case(self, incident: str, case: str) -> Path:
        """Write a case into the golden set."""
        from cockpit.cli.traces.known import known_of
        from cockpit.golden import desk
        from cockpit.golden.files import changed_by_hand, file_of, write_case
        from cockpit.golden.keeping import keep_raw

        given, data = self._given, paths_of(self._given).data
        with (
            open_journal(given) as journal,
            desk.learning_session(journal, incident, data, lambda: known_of(given)) as session,
        ):
            fixture = session.state.learning.fixture(case)
            if fixture is None:
                raise BadInput(f"{incident} has no case {case}")
            made = desk.case_of(fixture)
            if changed_by_hand(self._golden, made):
                where = file_of(self._golden, case)
                raise BadInput(
                    f"{where} was changed by hand, and is left as it is", hint=f"cockpit fixture prove {case}"
                )
            keep_raw(session, made, data)
        return write_case(self._golden, made).absolute()
