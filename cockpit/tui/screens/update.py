"""Write an update: from a template, looked over, then posted."""

from __future__ import annotations

from datetime import timedelta
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import TextArea

from cockpit.domain.clock import mmss
from cockpit.domain.comms import fill, next_after
from cockpit.domain.text import clean
from cockpit.session.lint_update import cause_proven, lint_update, mask
from cockpit.session.snapshot import Controller, Snapshot
from cockpit.session.telling import AUDIENCES, STATES
from cockpit.tui.messages import Wish
from cockpit.tui.panes.words import BAD, DIM, GOOD, WARN, stamp
from cockpit.tui.screens.confirm import AskModal
from cockpit.tui.screens.fields import Cycle, Field
from cockpit.tui.text import Part, Plain, line, untrusted

LONGEST = 4_000
"""Characters an update may have; a longer one nobody reads at 2 a.m."""
MOST_FLAWS = 3
STATE_WORDS = {"monitoring": "mitigation applied, monitoring"}


class Draft(TextArea):
    """The text; what is pasted is cleaned and cut, since a terminal may paste what nobody chose."""

    async def _on_paste(self, event: events.Paste) -> None:
        event.stop()
        event.prevent_default()
        room = max(0, LONGEST - len(self.text))
        self.insert(clean(event.text, limit=LONGEST)[:room])


class UpdateModal(AskModal):
    """Audience and state choose a template; ctrl+s shows it for review, ctrl+s again posts it."""

    DEFAULT_CSS = """
    UpdateModal Draft { height: 9; max-height: 40vh; border: round $frame; }
    UpdateModal Draft:focus { border: round $accent; }
    UpdateModal #review { display: none; border: round $success; padding: 0 1; max-height: 50vh; overflow-y: auto; }
    UpdateModal.-review #review { display: block; }
    UpdateModal.-review Draft { display: none; }
    """
    HEADING = "Post an update"
    HINT: ClassVar[str] = "tab next · ◂ ▸ turn · ctrl+s review, then post · ctrl+r refill · esc back"
    AUTO_FOCUS = "Draft"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "forward", "Review, post", show=False, priority=True),
        Binding("ctrl+r", "again", "Template again", show=False, priority=True),
        Binding("ctrl+o", "raw", "Unmasked", show=False, priority=True),
    ]

    def __init__(self, snapshot: Snapshot, controller: Controller) -> None:
        super().__init__(snapshot, controller)
        self.reviewing = False
        self.raw = False
        self._filled = ""

    def body(self) -> ComposeResult:
        """Audience, state, text, what is missing, and when it is due."""
        audiences = _audiences(self.snapshot)
        yield Field("audience", Cycle(audiences, _next_audience(self.snapshot), id="audience"))
        yield Field(
            "state",
            Cycle([(one, STATE_WORDS.get(one, one)) for one in STATES], _likely_state(self.snapshot), id="state"),
        )
        yield Draft("", soft_wrap=True, id="draft")
        yield Plain("", id="review")
        yield Plain("", id="missing")
        yield Plain("", id="due")

    def on_mount(self) -> None:
        self.action_again()

    @property
    def draft(self) -> str:
        """The text as it stands."""
        return self.query_one(Draft).text

    def action_again(self) -> None:
        """Fill the template in again, for the audience and the state chosen."""
        self._back_to_draft()
        audience, state = self._chosen()
        template = self.snapshot.playbook.template(audience, state)
        snapshot = self.snapshot
        due = next_after(snapshot.now, snapshot.playbook.profile.cadence) if snapshot.next_due else None
        self._filled = fill(template, snapshot.state, snapshot.facts, snapshot.now, due) if template else ""
        self.query_one(Draft).load_text(self._filled)
        self.redraw()

    def _chosen(self) -> tuple[str, str]:
        return self.query_one("#audience", Cycle).value, self.query_one("#state", Cycle).value

    def redraw(self) -> None:
        """Say what is wrong with it and when it is due."""
        self.query_one("#missing", Plain).update(flaws_line(self.draft, cause_proven(self.snapshot.state)))
        self.query_one("#due", Plain).update(_due(self.snapshot))

    def on_text_area_changed(self, event: TextArea.Changed) -> None:
        """Look at the text again; what is too long is cut."""
        if len(self.draft) > LONGEST:
            self.query_one(Draft).load_text(self.draft[:LONGEST])
        self.redraw()

    def on_cycle_turned(self, event: Cycle.Turned) -> None:
        """Another template, unless the text was edited."""
        if self.draft.strip() in ("", self._filled.strip()):
            self.action_again()
        else:
            self._back_to_draft()

    def _back_to_draft(self) -> None:
        self.reviewing = self.raw = False
        self.remove_class("-review")

    def action_forward(self) -> None:
        """First show it as it will be read, then post it."""
        text = self.draft.strip()
        audience, state = self._chosen()
        sent, hidden = (text, 0) if self.raw else mask(text)
        if not text:
            self.query_one("#missing", Plain).update(line(("an empty update tells nobody anything", BAD)))
        elif self.reviewing:
            words = {"audience": audience, "state": state, "text": text}
            self.dismiss((Wish("post_update", {**words, "raw": True} if self.raw else words),))
        else:
            self.reviewing = True
            self.add_class("-review")
            head = line(("To ", DIM), (audience, "bold"), (" · ", DIM), (state, "bold"), "\n\n")
            foot = line(
                ("\n\nctrl+s posts it · esc goes back to the text", f"bold {GOOD}"), _masked(hidden, self.raw)
            )
            self.query_one("#review", Plain).update(head + untrusted(sent, multiline=True) + foot)
            self.query_one("#review").can_focus = True
            self.query_one("#review").focus()

    def action_raw(self) -> None:
        """In the review: send personal data as it is, or masked again; the journal says who sent it so."""
        if self.reviewing:
            self.raw = not self.raw
            self.reviewing = False
            self.action_forward()

    def action_leave(self) -> None:
        """Back from the review to the text, or leave."""
        if self.reviewing:
            self._back_to_draft()
            self.query_one(Draft).focus()
        else:
            self.dismiss(None)


def flaws_line(text: str, proven: bool) -> Content:
    """Say what is missing from a text, and where it says what it should not."""
    flaws = lint_update(text, proven_cause=proven)
    if not flaws:
        return line(("✔ says status, impact, action and when they hear next", GOOD))
    missing = ", ".join(flaw.kind.removeprefix("missing ") for flaw in flaws if not flaw.end)
    parts: list[Part] = [("○ missing: ", f"bold {WARN}"), missing] if missing else []
    for number, flaw in enumerate([flaw for flaw in flaws if flaw.end][:MOST_FLAWS]):
        gap = "\n" if number or missing else ""
        parts += [f"{gap}", (f"▲ {flaw.place(text)} {flaw.kind}: ", f"bold {WARN}"), f"“{flaw.words}”  "]
        parts.append((flaw.advice, DIM))
    return line(*parts)


def _masked(hidden: int, raw: bool) -> Part:
    if raw:
        return ("\nPERSONAL DATA GOES OUT AS IT IS, and the journal says that you said so · ctrl+o masks it", BAD)
    return (f"\n{hidden} × personal data masked · ctrl+o sends it as it is", WARN) if hidden else ""


def _audiences(snapshot: Snapshot) -> list[tuple[str, str]]:
    told = {one.audience: one for one in snapshot.state.updates}
    return [
        (name, f"{name}  (told {stamp(told[name].at, seconds=False)})" if name in told else name)
        for name in AUDIENCES
    ]


def _next_audience(snapshot: Snapshot) -> str:
    return snapshot.state.updates[-1].audience if snapshot.state.updates else "team"


def _likely_state(snapshot: Snapshot) -> str:
    state = snapshot.state
    if state.all_clear_at:
        return "resolved"
    return "monitoring" if any(pull.in_force for pull in state.pulls) else "investigating"


def _due(snapshot: Snapshot) -> Content:
    if snapshot.next_due is None:
        return line(("no update is due", DIM))
    left = snapshot.next_due - snapshot.now
    if left < timedelta(0):
        return line((f"OVERDUE by {mmss(-left)}", f"bold {BAD}"))
    return line((f"next update due in {mmss(left)}", DIM))
