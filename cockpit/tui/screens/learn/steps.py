"""The five steps of station 5 as they stand, and which comes next."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from cockpit.domain.incident import IncidentState
from cockpit.domain.learning import ALERT, FIXTURE, Waiver

CASE, PROVE, NAME, POSTMORTEM, CLOSE, WAIVE, KEEP = "c", "p", "a", "m", "x", "w", "g"
"""The key of each step, of a waiver in its place, and of writing the case into the golden set."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step: its key and name, whether it is done or waived, how it stands, and what keeps it from being done."""

    key: str
    name: str
    words: str
    done: bool = False
    waived: bool = False
    blocked: str = ""

    @property
    def settled(self) -> bool:
        """Whether nothing is left to do in it."""
        return self.done or self.waived


def steps_of(state: IncidentState, refusals: Mapping[str, str]) -> list[Step]:
    """Return the steps in their order; `refusals` are the reasons why actions may not run."""
    steps = [_case(state, refusals), _prove(state), _alert(state, refusals), _postmortem(state)]
    return [*steps, _close(state, refusals)]


def next_of(steps: list[Step]) -> Step | None:
    """Return the first step that is not settled, None when the incident is closed."""
    return next((one for one in steps if not one.settled), None)


def extras_of(state: IncidentState) -> Iterator[tuple[str, str]]:
    """Yield what else can be done: its key, and what it does."""
    if not state.learning.closed_at and state.learning.missing:
        yield WAIVE, f"waive: leave the {' or the '.join(state.learning.missing)} out, and sign why; it stays visible"
    if state.learning.fixtures:
        yield KEEP, "golden set: write the case into ./golden, where CI runs it"


def _case(state: IncidentState, refusals: Mapping[str, str]) -> Step:
    learning = state.learning
    if learning.fixtures:
        last = learning.fixtures[-1]
        more = f", and {len(learning.fixtures) - 1} more" if len(learning.fixtures) > 1 else ""
        return Step(CASE, "case", f"{last.id}, of trace {last.trace}{more}", done=True)
    words = "make the worst answer an eval case"
    return _or_waived(Step(CASE, "case", words, blocked=refusals.get("add_fixture", "")), learning.waived(FIXTURE))


def _prove(state: IncidentState) -> Step:
    learning = state.learning
    if learning.proven:
        last = learning.proven[-1]
        return Step(PROVE, "proven", f"{last.id}: {last.why}", done=True)
    if waiver := learning.waived(FIXTURE):
        return _or_waived(Step(PROVE, "proven", ""), waiver)
    if not learning.fixtures:
        return Step(
            PROVE, "proven", "see it fail on the bad configuration, and pass on the fixed", blocked="first the case"
        )
    last = learning.fixtures[-1]
    how = "on the simulator" if state.simulated else "by asking your endpoint"
    # The simulator gives the same answers again.
    again = (
        "Is the class right (i)? c makes another case" if state.simulated else "Ask more often, or c: another case"
    )
    tried = f"{last.verdict}: {last.why}. {again}." if last.verdict else ""
    return Step(PROVE, "proven", tried or f"see {last.id} fail on the bad configuration and pass on the fixed, {how}")


def _alert(state: IncidentState, refusals: Mapping[str, str]) -> Step:
    learning = state.learning
    if learning.alerts:
        last = learning.alerts[-1]
        return Step(NAME, "alert", f"{last.name}: {last.rule}", done=True)
    step = Step(NAME, "alert", "name what pages somebody next time", blocked=refusals.get("name_alert", ""))
    return _or_waived(step, learning.waived(ALERT))


def _postmortem(state: IncidentState) -> Step:
    written = state.learning.written
    if written.done_at:
        return Step(POSTMORTEM, "postmortem", f"signed by {written.done_by}", done=True)
    return Step(POSTMORTEM, "postmortem", "it is written already: read it, and sign it there with s")


def _close(state: IncidentState, refusals: Mapping[str, str]) -> Step:
    if closed := state.learning.closed_at:
        return Step(CLOSE, "close", f"closed {closed:%d %b %Y %H:%M}", done=True)
    return Step(CLOSE, "close", "close the incident", blocked=refusals.get("close_incident", ""))


def _or_waived(step: Step, waiver: Waiver | None) -> Step:
    if waiver is None:
        return step
    until = f" until {waiver.until}" if waiver.until else ""
    return Step(step.key, step.name, f"waived by {waiver.actor}{until}: {waiver.reason}", waived=True)
