"""Everything that home lists, and what stands behind each of its rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cockpit.tui.panes.rows import Row, row
from cockpit.tui.panes.words import DIM
from cockpit.tui.ports import HomeData, RunLine, ScenarioLine
from cockpit.tui.screens.home.left import Reminder, reminder_rows, standing_of
from cockpit.tui.text import line, untrusted

if TYPE_CHECKING:
    from cockpit.postmortem.left import Left


@dataclass(frozen=True, slots=True)
class HomeList:
    """Scenarios and runs, and what is left to do after incidents once that is known."""

    data: HomeData = field(default_factory=HomeData)
    left: Mapping[str, Left] = field(default_factory=dict)
    reminders: Sequence[Reminder] = ()

    def scenario(self, key: str) -> ScenarioLine | None:
        """Find the scenario behind a row."""
        return next((one for one in self.data.scenarios if f"new:{one.name}" == key), None)

    def run(self, key: str) -> RunLine | None:
        """Find the run behind a row."""
        return next((one for one in self.data.runs if f"run:{one.incident}" == key), None)

    def reminder(self, key: str) -> Reminder | None:
        """Find the reminder behind a row."""
        return next((one for one in self.reminders if one.key == key), None)

    def rows(self, width: int) -> Iterator[Row]:
        """Draw everything, what is urgent first."""
        runs, standing = self.data.runs, self.standing
        real = [run for run in runs if run.mode == "live"]
        open_runs = [run for run in runs if not run.ended and run.mode != "live"]
        over = [run for run in runs if run.ended and run.mode != "live"]
        if real:
            yield row(("Live incidents", "bold $text-error"))
            ordered = sorted(real, key=lambda run: run.ended)
            yield from (_real_row(run, standing(run), width) for run in ordered)
        yield from reminder_rows(self.reminders, width)
        if open_runs:
            yield row(("Go on where it was", "bold $text-accent"))
            yield from (_run_row(run, standing(run), width) for run in open_runs)
        if self.data.scenarios:
            yield row(("New drill", "bold $text-accent"))
            yield from (_scenario_row(scenario, width) for scenario in self.data.scenarios)
        if over:
            yield row(("Over: read the debrief", "bold $text-accent"))
            yield from (_run_row(run, standing(run), width) for run in over)

    def standing(self, run: RunLine) -> str:
        """Say in a few words how a run stands, and what enter does."""
        after = standing_of(self.left.get(run.incident))
        if run.mode == "live":
            return (after or "all clear") + ": enter reads it" if run.ended else "open: enter joins"
        if not run.ended:
            return "still open: enter goes on"
        score = "over" if run.score is None else f"score {run.score:.0f} of 100"
        return f"{score}, {after}" if after else score


def _scenario_row(scenario: ScenarioLine, width: int) -> Row:
    words = line("  ", (scenario.name.ljust(22), "bold"), " ", untrusted(scenario.title, limit=200))
    return Row(words.truncate(width, ellipsis=True), f"new:{scenario.name}")


def _run_row(run: RunLine, standing: str, width: int) -> Row:
    place = "on staging  " if run.mode == "range" else ""
    played = f"{run.opened_at:%d %b %H:%M}  {run.scenario.ljust(20)} seed {run.seed}  {place}"
    stands = (standing, "bold" if run.ended else "")
    left = line("  ", (run.incident.ljust(10), "bold"), played, stands)
    if left.cell_length > width:
        left = line("  ", (run.incident, "bold"), f"  {run.scenario} #{run.seed}  {place}", stands)
    return Row(left.truncate(width, ellipsis=True), f"run:{run.incident}")


def _real_row(run: RunLine, standing: str, width: int) -> Row:
    opened = f"{run.opened_at:%d %b %H:%M}  "
    title = untrusted(run.title, "" if run.ended else "bold", limit=120)
    mark = (" live ", DIM) if run.ended else (" LIVE ", "bold $live-text on $live")
    words = line("  ", (run.incident.ljust(10), "bold"), opened, mark, " ", title, (f"  {standing}", DIM))
    return Row(words.truncate(width, ellipsis=True), f"run:{run.incident}")
