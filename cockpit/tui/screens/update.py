"""Write an update: from a template, looked over, then posted."""

from __future__ import annotations

from typing import Any, ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import TextArea

from cockpit.domain.comms import likely_state
from cockpit.domain.parts import UPDATE_STATES
from cockpit.domain.text import clean
from cockpit.session.lint_update import mask
from cockpit.session.snapshot import Controller, Snapshot
from cockpit.tui.messages import Wish
from cockpit.tui.panes.words import BAD, DIM, GOOD
from cockpit.tui.screens.confirm import AskModal
from cockpit.tui.screens.fields import Cycle, Field, Picks
from cockpit.tui.screens.unsent import Unsent, forget, put_away, unsent
from cockpit.tui.screens.update_words import (
    audience_choices,
    filled,
    flaws_line,
    masked_words,
    timing_line,
    where_words,
    withheld_names,
)
from cockpit.tui.text import Plain, line, untrusted

LONGEST = 4_000
"""Characters an update may have; a longer one nobody reads at 2 a.m."""
STATE_WORDS = {"identified": "identified, not stopped yet", "monitoring": "mitigation applied, monitoring"}
SNOOZE_MIN = 10.0
"""For how long ctrl+t puts the reminder off."""


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
    HINT: ClassVar[str] = "◂ ▸ turn · ctrl+s review, post · ctrl+r refill · ctrl+t snooze · esc back"
    AUTO_FOCUS = "Draft"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "forward", "Review, post", show=False, priority=True),
        Binding("ctrl+r", "again", "Template again", show=False, priority=True),
        Binding("ctrl+o", "raw", "Unmasked", show=False, priority=True),
        Binding("ctrl+t", "snooze", "Put the reminder off", show=False, priority=True),
    ]

    def __init__(self, snapshot: Snapshot, controller: Controller) -> None:
        super().__init__(snapshot, controller)
        self.reviewing = False
        self.raw = False
        self._filled = ""

    def body(self) -> ComposeResult:
        """Audience, state, channels, text, what is missing, and when it is due."""
        yield Field("audience", Cycle(audience_choices(self.snapshot), _next_audience(self.snapshot), id="audience"))
        states = [(one, STATE_WORDS.get(one, one)) for one in UPDATE_STATES]
        yield Field("state", Cycle(states, _likely_state(self.snapshot), id="state"))
        yield Field("goes out by", Picks(id="channels"))
        yield Draft("", soft_wrap=True, id="draft")
        yield Plain("", id="review")
        yield Plain("", id="missing")
        yield Plain("", id="due")

    def on_mount(self) -> None:
        kept = unsent(self.controller, self.snapshot)
        self._fill()
        if kept:
            self._bring_back(kept)

    def _bring_back(self, kept: Unsent) -> None:
        """Show what was written before and not posted."""
        self.query_one("#audience", Cycle).choose(kept.audience)
        self.query_one("#state", Cycle).choose(kept.state)
        draft = self.query_one(Draft)
        draft.load_text(kept.text)
        draft.border_title = Content("not posted before · ctrl+r begins anew")
        self.redraw()

    @property
    def draft(self) -> str:
        """The text as it stands."""
        return self.query_one(Draft).text

    @property
    def _picks(self) -> Picks:
        return self.query_one("#channels", Picks)

    def action_again(self) -> None:
        """Fill the template in again, for the audience and the state chosen; what was written goes."""
        forget(self.controller)
        self.query_one(Draft).border_title = None
        self._fill()

    def _fill(self) -> None:
        self._back_to_draft()
        self._filled = filled(self.snapshot, *self._chosen())
        self.query_one(Draft).load_text(self._filled)
        self.redraw()

    def _chosen(self) -> tuple[str, str]:
        return self.query_one("#audience", Cycle).value, self.query_one("#state", Cycle).value

    def redraw(self) -> None:
        """Say what is wrong with it, where it can go, and when it is due."""
        audience, state = self._chosen()
        wired = [one.name for one in self.snapshot.channels if audience in one.audiences]
        self._picks.offer(wired)
        self._picks.parent.display = bool(wired)  # type: ignore[union-attr]
        self.query_one("#missing", Plain).update(flaws_line(self.draft, self.snapshot))
        self.query_one("#due", Plain).update(timing_line(self.snapshot, audience, state))

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
            self.redraw()

    def on_picks_turned(self, event: Picks.Turned) -> None:
        """Review it again where it goes elsewhere now."""
        self._back_to_draft()

    def _back_to_draft(self) -> None:
        self.reviewing = self.raw = False
        self.remove_class("-review")

    def action_forward(self) -> None:
        """First show it as it will be read, then post it."""
        if not self.draft.strip():
            self.query_one("#missing", Plain).update(line(("an empty update tells nobody anything", BAD)))
        elif self.reviewing:
            put_away(self.controller, self.snapshot, self.draft, *self._chosen())
            self.dismiss((Wish("post_update", self._words()),))
        else:
            self._review()

    def _words(self) -> dict[str, Any]:
        audience, state = self._chosen()
        words: dict[str, Any] = {"audience": audience, "state": state, "text": self.draft.strip()}
        if self.raw:
            words["raw"] = True
        if self._picks.left_out:
            words["channels"] = self._picks.taken
        return words

    def _review(self) -> None:
        """Show it as people will read it, with where it goes and what is masked."""
        self.reviewing = True
        self.add_class("-review")
        text, (audience, state) = self.draft.strip(), self._chosen()
        sent, hidden = (text, 0) if self.raw else mask(text, withheld_names(self.snapshot))
        where = where_words(self.snapshot, self._picks.values, self._picks.taken, audience)
        head = line(("To ", DIM), (audience, "bold"), (" · ", DIM), (state, "bold"), (" · ", DIM), where, "\n\n")
        foot = line(
            ("\n\nctrl+s posts it · esc goes back to the text", f"bold {GOOD}"), masked_words(hidden, self.raw)
        )
        review = self.query_one("#review", Plain)
        review.update(head + untrusted(sent, multiline=True) + foot)
        review.can_focus = True
        review.focus()

    def action_raw(self) -> None:
        """In the review: send personal data as it is, or masked again; the journal says who sent it so."""
        if self.reviewing:
            self.raw = not self.raw
            self._review()

    def action_snooze(self) -> None:
        """Put the reminder off and leave."""
        if "snooze_update" not in self.snapshot.refusals:
            self.dismiss((Wish("snooze_update", {"minutes": SNOOZE_MIN}),))

    def action_leave(self) -> None:
        """Back from the review to the text, or leave."""
        if self.reviewing:
            self._back_to_draft()
            self.query_one(Draft).focus()
        else:
            if self.draft.strip() not in ("", self._filled.strip()):
                put_away(self.controller, self.snapshot, self.draft, *self._chosen())
            self.dismiss(None)


def _next_audience(snapshot: Snapshot) -> str:
    return snapshot.state.updates[-1].audience if snapshot.state.updates else "team"


def _likely_state(snapshot: Snapshot) -> str:
    return likely_state(snapshot.state, snapshot.now, snapshot.playbook.profile.contain_window_s)
