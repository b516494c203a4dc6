"""Call the severity: the rubric beside the scale, and how low a person may go."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Input

from cockpit.domain.severity import RuleCheck
from cockpit.tui.messages import Wish
from cockpit.tui.panes.rows import Row, Rows, digit_of, paragraph, row
from cockpit.tui.panes.severity import rule_rows
from cockpit.tui.panes.words import BAD, DIM, GOOD, KEY, severity_word, span
from cockpit.tui.screens.confirm import AskModal
from cockpit.tui.screens.fields import text_field
from cockpit.tui.text import Plain, line, untrusted


class SeverityModal(AskModal):
    """Choose with ↑ ↓ or a number, enter calls it; below a fired security rule nobody may go."""

    HEADING = "Call the severity"
    HINT: ClassVar[str] = "↑↓ or number choose · enter call it · tab reason · esc leave"
    AUTO_FOCUS = "Rows"

    def body(self) -> ComposeResult:
        """The scale with its rules, and a reason for the record."""
        yield Rows(id="scale", spare=6)
        yield text_field("reason", "", "optional, goes on record", id="reason")
        yield Plain("", id="trouble")

    def redraw(self) -> None:
        """Draw the scale; the first time the cursor stands on what is in force, or what the rubric says instead."""
        scale = self.query_one("#scale", Rows)
        first = not scale.drawn
        severities = self.snapshot.playbook.profile.scale
        called = self.snapshot.state.severity
        here = scale.cursor or ("" if self._held(called) else called) or self.snapshot.suggested or severities[0]
        scale.set_rows([one for name in severities for one in self._severity_rows(name, details=name == here)])
        if first:
            scale.select(here)

    def on_rows_moved(self, event: Rows.Moved) -> None:
        """Show the rules of the severity the cursor came to."""
        self.redraw()

    def _severity_rows(self, severity: str, *, details: bool) -> Iterator[Row]:
        profile = self.snapshot.playbook.profile
        checks = [check for check in self.snapshot.checks if check.rule.severity == severity]
        number = (f"{profile.scale.index(severity) + 1} ", KEY)
        head = line(number, severity_word(profile, severity), *self._marks(severity, checks))
        yield from paragraph(head, self.room, hang=2, key=severity)
        if not details:
            return
        for check in checks:
            if check.fired:
                yield from rule_rows(check, Content(""), self.room)
        quiet = [check.rule.text for check in checks if not check.fired]
        if quiet:
            yield from paragraph(untrusted("not fired: " + " · ".join(quiet), DIM), self.room, indent=4)

    def _marks(self, severity: str, checks: Sequence[RuleCheck]) -> Iterator[tuple[str, str]]:
        if severity == self.snapshot.state.severity:
            yield " ● in force", GOOD
        if severity == self.snapshot.suggested:
            yield " ◀ the rubric suggests", "bold"
        if held := self._held(severity):
            yield f" ✖ not below {held.rule.severity}: {held.rule.text}", BAD
            return
        fired = sum(check.fired for check in checks)
        yield f"  {fired} of {len(checks)} rules fired", DIM
        target = self.snapshot.playbook.profile.targets_s.get(severity)
        if target:
            yield f" · contain within {span(target)}", DIM

    def _held(self, severity: str) -> RuleCheck | None:
        profile = self.snapshot.playbook.profile
        floor = self.snapshot.floor
        if floor is None or severity not in profile.scale or not profile.worse(floor, severity):
            return None
        fired = [check for check in self.snapshot.checks if check.fired and check.rule.floor]
        return next((check for check in fired if check.rule.severity == floor), None)

    def on_key(self, event: events.Key) -> None:
        """A number puts the cursor on that severity."""
        scale = self.snapshot.playbook.profile.scale
        number = digit_of(event)
        if isinstance(self.focused, Rows) and 1 <= number <= len(scale):
            event.stop()
            self.query_one("#scale", Rows).select(scale[number - 1])

    def on_rows_chosen(self, event: Rows.Chosen) -> None:
        """Call it, or say why not."""
        self._call(event.key)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter in the reason calls what the cursor stands on."""
        self._call(self.query_one("#scale", Rows).cursor)

    def _call(self, severity: str) -> None:
        if held := self._held(severity):
            why = f"{held.rule.text} ({held.evidence.replace('_', ' ')})"
            self._say(f"can't be called {severity}: {why}; not below {held.rule.severity}")
            return
        if severity == self.snapshot.state.severity:
            self._say(f"it is called {severity} already")
            return
        reason = self.query_one("#reason", Input).value.strip()
        arguments = {"severity": severity, "reason": reason} if reason else {"severity": severity}
        self.dismiss((Wish("set_severity", arguments),))

    def _say(self, text: str) -> None:
        self.query_one("#trouble", Plain).update(row((text, BAD)).content)
