"""What the world does by itself: the page, mails, people, alarms that go off, levers that are read back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from cockpit.domain.events import Kind, NewEvent, Source
from cockpit.simulator.conditions import COMPARE, condition_of
from cockpit.simulator.meter import GRID_S, Where
from cockpit.simulator.panel import Cells, Panel, Values
from cockpit.simulator.schema.scenario import Scenario
from cockpit.simulator.schema.story import Inject, Signal
from cockpit.simulator.timeline import Timeline
from cockpit.simulator.traces import Tracer
from cockpit.simulator.vocabulary import OUTCOMES

HOLD_CELLS = 3
"""A signal has to stay over its line for this many cells (15 s) before it is announced."""
QUIET_CELLS = 60
"""And has to be back for this many (5 min) before it is announced again."""


class Story:
    """Everything that happens by itself under one run, each with its moment."""

    def __init__(self, panel: Panel, tracer: Tracer, timeline: Timeline) -> None:
        self.panel = panel
        self.tracer = tracer
        self.timeline = timeline
        self.scenario: Scenario = panel.scenario

    @cached_property
    def happenings(self) -> list[tuple[float, NewEvent]]:
        """Every happening of the whole horizon, in order of time (seconds after the start)."""
        found = [*self._injects(), *self._complaints(), *self._alarms(), *self._read_backs(), *self._landed()]
        ends = self.scenario.horizon_s
        return sorted((pair for pair in found if pair[0] <= ends), key=lambda pair: pair[0])

    def _event(self, at: float, kind: Kind, actor: str, payload: Mapping[str, object]) -> tuple[float, NewEvent]:
        moment = self.scenario.start + timedelta(seconds=at)
        return at, NewEvent(kind, moment, actor, Source.WORLD, dict(payload))

    @cached_property
    def times(self) -> dict[str, float]:
        """When each inject is delivered, in seconds after the start; those that never are, are missing."""
        found: dict[str, float] = {}
        for _ in self.scenario.injects:
            for inject in self.scenario.injects:
                if inject.id not in found:
                    at = self._time_of(inject, found)
                    if at is not None:
                        found[inject.id] = at
        return found

    def _time_of(self, inject: Inject, found: Mapping[str, float]) -> float | None:
        since = self.scenario.page_s + inject.at if inject.at is not None else None
        if inject.after is not None:
            if inject.after not in found:
                return None
            since = max(found[inject.after], since if since is not None else 0.0)
        if inject.when:
            since = self._first_cell(inject.when, since if since is not None else self.scenario.page_s)
        return since + inject.delay if since is not None else None

    def _first_cell(self, conditions: list[str], since: float) -> float | None:
        cells = np.arange(int(np.ceil(since / GRID_S)), int(self.scenario.horizon_s // GRID_S) + 1)
        met = np.ones(len(cells), dtype=bool)
        for text in conditions:
            condition = condition_of(text)
            if condition is not None:
                met &= COMPARE[condition.sign](self._values(condition.name, cells), condition.value)
        here = np.flatnonzero(met)
        return float(cells[here[0]] * GRID_S) if len(here) else None

    def _values(self, name: str, cells: Cells) -> Values:
        signal = next((item for item in self.scenario.signals if item.name == name), None)
        if signal is not None:
            return np.nan_to_num(self._signal(signal, cells))
        return self.panel.fact(name, cells)

    def _signal(self, signal: Signal, cells: Cells) -> Values:
        where = Where(tuple(signal.routes), tuple(signal.tenants), tuple(signal.kinds))
        return self.panel.values(signal.metric, where, cells, signal.smooth)

    def _injects(self) -> list[tuple[float, NewEvent]]:
        found = []
        for number, inject in enumerate(self.scenario.injects):
            at = self.times.get(inject.id)
            if at is None:
                continue
            known = self._about(inject, at)
            payload: dict[str, object] = {
                "inject": inject.id,
                "text": self.tracer.texts.filled(inject.text, number, known),
            }
            if "trace" in known:
                payload["trace"] = int(known["trace"])
            if inject.channel == "pager":
                found.append(self._event(at, Kind.PAGED, inject.sender, payload))
                continue
            payload |= {"channel": inject.channel, "sender": inject.sender}
            found.append(self._event(at, Kind.INJECT_DELIVERED, inject.sender, payload))
        return found

    def _about(self, inject: Inject, at: float) -> dict[str, str]:
        """Return whom and what an inject speaks of: the latest such answer by then, an ordinary user's first."""
        if inject.about is None:
            return {}
        seen = self.panel.seen
        places = np.flatnonzero(seen.run.columns.outcome == OUTCOMES.index(inject.about))
        places = places[seen.finish(places) <= at]
        if not len(places):
            return {}
        ordinary = places[~seen.attacks(places)]
        return self._facts_of(int((ordinary if len(ordinary) else places)[-1]))

    def _facts_of(self, place: int) -> dict[str, str]:
        tenant = self.tracer.tenants[self.panel.seen.run.ground.requests.tenant[place]]
        session = self.tracer.sessions(np.asarray([place]))[0]
        return {
            "user": self.tracer.user_name(place),
            "tenant": tenant,
            "trace": str(place + 1),
            "session": session,
        }

    def _complaints(self) -> list[tuple[float, NewEvent]]:
        seen, feedback = self.panel.seen, self.scenario.feedback
        if not feedback.texts:
            return []
        late = seen.complained_at >= self.scenario.page_s
        order = np.argsort(seen.complained_at[late], kind="stable")[: feedback.at_most]
        found = []
        for place, at in zip(
            seen.complained[late][order].tolist(), seen.complained_at[late][order].tolist(), strict=True
        ):
            known = self._facts_of(place)
            text = self.tracer.texts.filled(feedback.texts[place % len(feedback.texts)], place, known)
            sender = f"{known['user']} ({known['tenant']})"
            payload: dict[str, object] = {"inject": f"mail-{place + 1}", "channel": "email", "sender": sender}
            payload |= {"text": text, "trace": place + 1, "session": known["session"]}
            found.append(self._event(at, Kind.INJECT_DELIVERED, sender, payload))
        return found

    def _alarms(self) -> list[tuple[float, NewEvent]]:
        found = []
        cells = np.arange(int(self.scenario.quiet // GRID_S), int(self.scenario.horizon_s // GRID_S) + 1)
        for signal in self.scenario.signals:
            if signal.threshold is None or not signal.alert:
                continue
            values = self._signal(signal, cells)
            with np.errstate(invalid="ignore"):
                over = values < signal.threshold if signal.floor else values > signal.threshold
            for place in _crossings(over):
                value = round(float(values[place]), 2)
                side = "under" if signal.floor else "over"
                text = f"{signal.label}: {value:g}{signal.unit}, {side} {signal.threshold:g}{signal.unit}"
                payload = {"signal": signal.name, "label": signal.label, "value": value}
                payload |= {"threshold": signal.threshold, "text": text}
                found.append(self._event(float(cells[place] * GRID_S), Kind.SIGNAL_FIRED, "world", payload))
        return found

    def _read_backs(self) -> list[tuple[float, NewEvent]]:
        found = []
        for entry in self.timeline.entries:
            if entry.order is None:
                continue
            if entry.refused:
                payload = {"op": entry.order.op, "reason": entry.refused}
                found.append(self._event(entry.stored, Kind.LEVER_REFUSED, "world", payload))
                continue
            value = f"{entry.percent:g} %" if entry.sort == "canary" else entry.order.target
            payload = {"op": entry.order.op, "value": "undone" if entry.sort == "undo" else value}
            found.append(self._event(entry.stored, Kind.LEVER_APPLIED, "world", payload))
        return found

    def _landed(self) -> list[tuple[float, NewEvent]]:
        found = []
        for entry in self.timeline.entries:
            fix = next((item for item in self.scenario.fixes if item.id == entry.fix), None)
            if fix is None:
                continue
            sender = fix.by or "deploy bot"
            payload = {"inject": f"fix:{fix.id}", "channel": "chat", "sender": sender, "text": f"Shipped: {fix.what}"}
            found.append(self._event(entry.stored, Kind.INJECT_DELIVERED, sender, payload))
        return found


def _crossings(over: NDArray[np.bool_]) -> list[int]:
    """Return the cells in which a signal has held over its line long enough, after having been back."""
    found: list[int] = []
    run, back = 0, QUIET_CELLS
    for place, bad in enumerate(over.tolist()):
        run = run + 1 if bad else 0
        if run == HOLD_CELLS and back >= QUIET_CELLS:
            found.append(place)
        back = 0 if run >= HOLD_CELLS else back + 1
    return found
