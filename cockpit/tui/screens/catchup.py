"""The catch-up pack: what somebody who joins has to know, on one screen."""

from __future__ import annotations

from collections.abc import Sequence

from cockpit.domain.catchup import catch_up
from cockpit.domain.similar import in_a_line
from cockpit.domain.text import clean
from cockpit.session.snapshot import Snapshot
from cockpit.tui.panes.rows import Row, paragraph
from cockpit.tui.remembering import Remembering
from cockpit.tui.screens.sheet import Sheet
from cockpit.tui.text import line

ALIKE = 3
"""Earlier incidents that somebody who joins is told of."""


class CatchUpScreen(Sheet):
    """What, how bad, who, what is in force, what was last said, and what is due."""

    HEADING = "Catch-up"

    def _alike(self) -> list[tuple[str, str]]:
        found = self.app.alike if isinstance(self.app, Remembering) else None
        likes = found.likes[:ALIKE] if found else ()
        return [("looks like", clean(in_a_line(one), multiline=False, limit=400)) for one in likes]

    def rows_of(self, snapshot: Snapshot, width: int) -> Sequence[Row]:
        """Write each line of the pack."""
        pack = catch_up(snapshot.state, snapshot.playbook.profile.cadence, snapshot.now) + self._alike()
        return [
            one
            for number, (name, words) in enumerate(pack)
            for one in paragraph(line((name.ljust(13), "bold"), words), width, hang=13, key=str(number))
        ]
