"""The forms of station 5: a trace becomes a case, an alert gets its name, something is left out by signature."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar, cast

from textual.app import ComposeResult
from textual.widgets import Input

from cockpit.domain.learning import ALERT, FIXTURE
from cockpit.errors import CockpitError
from cockpit.session.snapshot import Controller, Snapshot
from cockpit.tui.messages import Wish
from cockpit.tui.panes.words import BAD, DIM
from cockpit.tui.screens.confirm import AskModal, note
from cockpit.tui.screens.fields import Cycle, Field, text_field
from cockpit.tui.text import Plain, line, untrusted

if TYPE_CHECKING:
    from cockpit.tui.controller import CockpitController
    from cockpit.world.port import TraceDetail

SHOWN = 260
"""Characters of a question and of an answer that are shown."""
MOST_DIGITS = 15


class Form(AskModal):
    """Lines to fill in; enter hands them over."""

    HINT: ClassVar[str] = "tab next field · enter do it · esc back"
    AUTO_FOCUS = "Input"

    def typed(self, name: str) -> str:
        """Return what stands in a field."""
        return self.query_one(f"#learn-{name}", Input).value.strip()

    def trouble(self, words: str, field: str = "") -> None:
        """Say what is wrong, with the cursor where it is."""
        self.query_one("#learn-trouble", Plain).update(line((f"▲ {words}", BAD)))
        if field:
            self.query_one(f"#learn-{field}", Input).focus()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Check it, and hand it over."""
        event.stop()
        self.submit()

    def submit(self) -> None:
        """Hand over what was filled in, or say what is wrong with it."""


class CaseForm(Form):
    """Which trace becomes the case; the one pinned last, or else the worst one, is looked up and shown."""

    HEADING = "Make a bad answer an eval case"

    def body(self) -> ComposeResult:
        """The trace, its name, and the answer."""
        yield text_field("trace", "", "looking for the worst answer …", id="learn-trace")
        yield text_field("called", "", "made up if empty; such as inj-2026-06-tenant-leak", id="learn-id")
        yield note(("People's names and numbers are replaced by stand-ins.", DIM))
        yield Plain("", id="learn-seen")
        yield Plain("", id="learn-trouble")

    def on_mount(self) -> None:
        super().on_mount()
        self.query_one("#learn-trace", Input).restrict = rf"\d{{0,{MOST_DIGITS}}}"
        self.run_worker(self._propose, thread=True, group="propose", exclusive=True)

    def _propose(self) -> None:
        pins = self.snapshot.state.pins
        trace = pins[-1].trace if pins else _worst(self.controller)
        words = "pinned last" if pins else "the worst one"
        self.app.call_from_thread(self._proposed, trace, words)

    def _proposed(self, trace: int, words: str) -> None:
        if not self.is_mounted:
            return
        box = self.query_one("#learn-trace", Input)
        box.placeholder = "its number, as the pane of traces shows it"
        if trace and not box.value:
            box.value = str(trace)
            self.query_one("#learn-seen", Plain).update(line((f"Trace {trace}, {words}: opening it …", DIM)))

    def on_input_changed(self, event: Input.Changed) -> None:
        """Show the trace that is named now."""
        event.stop()
        number = self.typed("trace")
        if event.input.id == "learn-trace" and number.isdecimal() and len(number) <= MOST_DIGITS:
            self.run_worker(partial(self._open, int(number)), thread=True, group="open", exclusive=True)

    def _open(self, trace: int) -> None:
        try:
            detail = self.controller.trace(trace).result()
        except CockpitError:
            detail = None
        self.app.call_from_thread(self._seen, trace, detail)

    def _seen(self, trace: int, detail: TraceDetail | None) -> None:
        if not self.is_mounted or self.typed("trace") != str(trace):
            return
        seen = line((f"there is no trace {trace} yet", BAD))
        if detail:
            asked = next((text for role, text in reversed(detail.messages) if role == "user"), "")
            given = next((text for role, text in reversed(detail.messages) if role == "assistant"), "")
            seen = line(
                ("asked    ", DIM), untrusted(asked, limit=SHOWN), "\n",
                ("answered ", DIM), untrusted(given, limit=SHOWN), (f"\n({detail.row.verdict or 'not judged'})", DIM),
            )  # fmt: skip
        self.query_one("#learn-seen", Plain).update(seen)

    def submit(self) -> None:
        """Make it a case."""
        trace, name = self.typed("trace"), self.typed("id")
        if not trace.isdecimal() or len(trace) > MOST_DIGITS:
            self.trouble("a trace has a number; the pane of traces (4) shows it", "trace")
            return
        given: dict[str, Any] = {"trace": int(trace)}
        self.dismiss((Wish("add_fixture", {**given, "id": name} if name else given),))


class AlertForm(Form):
    """What pages somebody when it happens again."""

    HEADING = "Name the new alert"

    def body(self) -> ComposeResult:
        """Name, rule, and where it lives."""
        yield note(("What would have paged you before a customer wrote?", DIM))
        yield text_field("name", "", "such as: answers that name another tenant", id="learn-name")
        yield text_field("rule", "", "from where on it pages, such as: any in one minute", id="learn-rule")
        yield text_field("where", "", "the system that holds it; may stay empty", id="learn-where")
        yield Plain("", id="learn-trouble")

    def submit(self) -> None:
        """Name it."""
        given = {name: self.typed(name) for name in ("name", "rule", "where")}
        for name, words in (("name", "an alert has a name"), ("rule", "its rule: what is measured, from where on")):
            if not given[name]:
                self.trouble(words, name)
                return
        self.dismiss((Wish("name_alert", {name: value for name, value in given.items() if value}),))


class WaiverForm(Form):
    """What is left out, why, and until when somebody looks at it again."""

    HEADING = "Sign a waiver"

    def __init__(self, snapshot: Snapshot, controller: Controller) -> None:
        super().__init__(snapshot, controller)
        self._missing: Sequence[str] = snapshot.state.learning.missing or (FIXTURE, ALERT)

    def body(self) -> ComposeResult:
        """What, why, until when."""
        words = {FIXTURE: "the proven case", ALERT: "the new alert"}
        yield note(("It stays visible, with your name. A drill scores 0 for what was waived.", DIM))
        yield Field("leave out", Cycle([(one, words.get(one, one)) for one in self._missing], id="learn-what"))
        yield text_field("because", "", "a sentence that somebody can read in a year", id="learn-reason")
        yield text_field("until", "", "a date such as 2026-12-01; may stay empty", id="learn-until")
        yield Plain("", id="learn-trouble")

    def submit(self) -> None:
        """Sign it."""
        reason, until = self.typed("reason"), self.typed("until")
        if not reason:
            self.trouble("a waiver says why", "reason")
            return
        given = {"what": self.query_one("#learn-what", Cycle).value, "reason": reason}
        self.dismiss((Wish("waive_fixture", {**given, "until": until} if until else given),))


def _worst(controller: Controller) -> int:
    """Return the worst trace there is, 0 where none failed; may be slow."""
    from cockpit.domain.traces import TraceFilter
    from cockpit.tui.traces.worst import ranked

    rows, _ = ranked(cast("CockpitController", controller).traces, TraceFilter())
    return rows[0].id if rows else 0
