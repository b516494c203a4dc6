"""The catch-up pack: what somebody who joins has to know, on one screen."""

from __future__ import annotations

from collections.abc import Sequence

from cockpit.domain.catchup import catch_up
from cockpit.session.snapshot import Snapshot
from cockpit.tui.panes.rows import Row, paragraph
from cockpit.tui.screens.sheet import Sheet
from cockpit.tui.text import line


class CatchUpScreen(Sheet):
    """What, how bad, who, what is in force, what was last said, and what is due."""

    HEADING = "Catch-up"

    def rows_of(self, snapshot: Snapshot, width: int) -> Sequence[Row]:
        """Write each line of the pack."""
        pack = catch_up(snapshot.state, snapshot.playbook.profile.cadence, snapshot.now)
        return [
            one
            for number, (name, words) in enumerate(pack)
            for one in paragraph(line((name.ljust(13), "bold"), words), width, hang=13, key=str(number))
        ]
