"""Bringing traces in while an incident runs: configured sources are read into the archive that the eyes follow."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from cockpit.errors import CockpitError
from cockpit.live.trace_pull.pulling import Pulled, Puller, Pulling
from cockpit.world.fleet import Fleet

if TYPE_CHECKING:
    from cockpit.intake.options import IntakeOptions
    from cockpit.world.options import TracesOptions


class Inflow:
    """Reads sources in threads of its own; of several processes one reads each source."""

    def __init__(
        self, fleet: Fleet, traces: TracesOptions, intake: IntakeOptions, data: Path, now: Callable[[], datetime]
    ) -> None:
        from cockpit.archive.store import NAME, Archive

        self._archive = Archive.open(data / NAME)
        puller = Puller(fleet, traces, self._archive, data, now, intake.keys, intake.limits)
        self._pulling = Pulling(puller, self._index).start()

    @property
    def problem(self) -> str:
        """Why a source can't be read, or an empty text."""
        return "; ".join(f"{one.source}: {one.problem}" for one in self._pulling.latest.values() if one.problem)

    def close(self) -> None:
        """Read nothing any more."""
        self._pulling.close()
        self._archive.close()

    def _index(self, pulled: Pulled) -> None:
        """Make the words of what was read searchable; where that fails they are found all the same, only later."""
        with suppress(CockpitError):
            self._archive.index()
