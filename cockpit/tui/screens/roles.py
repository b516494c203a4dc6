"""Who holds what: take, hand over, accept, give up. There is exactly one incident commander."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Input

from cockpit.domain.clock import mmss
from cockpit.domain.parts import ROLES
from cockpit.domain.text import clean
from cockpit.session.pulls import REASON_LENGTH
from cockpit.session.snapshot import Controller, Snapshot
from cockpit.tui.messages import Wish
from cockpit.tui.panes.rows import Row, Rows, row
from cockpit.tui.panes.words import BAD, DIM, GOOD, WARN, person
from cockpit.tui.screens.confirm import AskModal
from cockpit.tui.screens.fields import text_field
from cockpit.tui.text import Part, Plain, line

TITLES = {
    "ic": ("Incident commander", "decides; always exactly one person"),
    "operations": ("Operations", "hands on the levers"),
    "communications": ("Communications", "the voice to everybody else"),
}


class RolesModal(AskModal):
    """Every role with what you can do about it now."""

    HEADING = "Roles"
    HINT: ClassVar[str] = "↑↓ choose · enter do it · tab another name · esc leave"
    AUTO_FOCUS = "Rows"

    def __init__(self, snapshot: Snapshot, controller: Controller) -> None:
        super().__init__(snapshot, controller)
        self.handing = ""
        self.overtaking = False

    def body(self) -> ComposeResult:
        """The roles, a name to hand over to, and one sentence."""
        yield Rows(id="roles", spare=8)
        yield text_field("to / why", "", "choose “hand it to somebody else” first", id="to")
        hats = "one person may hold several" if self.snapshot.playbook.profile.many_hats else "one person, one role"
        sentence = f"A hand-over counts when the other says yes; until then you hold it. In this profile {hats}."
        yield Plain(line((sentence, DIM)))
        yield Plain(present(self.snapshot), id="present")
        yield Plain("", id="trouble")

    def redraw(self) -> None:
        """Draw holders, offers, and what can be done."""
        self.query_one(Rows).set_rows([one for role in ROLES for one in self._role_rows(role)])
        self.query_one("#to", Input).disabled = not self.handing

    def _role_rows(self, role: str) -> Iterator[Row]:
        snapshot, command = self.snapshot, self.snapshot.state.command
        title, meaning = TITLES[role]
        holder, offer = command.holders.get(role, ""), command.offers.get(role)
        since = next((hold.since for hold in command.holds if hold.role == role and hold.until is None), None)
        held = f" for {mmss(snapshot.now - since)}" if since else ""
        who: Part = (person(holder, snapshot.actor) + held, f"bold {GOOD}") if holder else ("nobody", f"bold {WARN}")
        yield row((f"{title}: ", "bold"), who, (f"   {meaning}", DIM))
        if offer and offer.to == snapshot.actor:
            yield _doing("accept", role, "", f"accept it from {offer.giver}")
        elif offer:
            yield row((f"    offered to {offer.to}, who has not said yes", WARN))
        if not holder:
            yield _doing("take", role, "", "take it", self._why_not_take(role))
        elif holder == snapshot.actor:
            for name in snapshot.people:
                yield _doing("hand", role, name, f"hand it to {name}")
            yield _doing("other", role, "", "hand it to somebody else …")
            if role != "ic":
                yield _doing("release", role, "", "give it up")
        elif self._gone(holder):
            yield _doing("over", role, holder, f"take it over: {holder} is at no terminal")
        else:
            yield row((f"    {holder} holds it and can hand it over to you", DIM))

    def _gone(self, holder: str) -> bool:
        """Tell whether it is known who is here, and somebody is not."""
        here = {one.who for one in self.snapshot.here}
        return bool(here) and holder not in here and not self.snapshot.state.simulated

    def _why_not_take(self, role: str) -> str:
        held = self.snapshot.state.command.roles_of(self.snapshot.actor)
        if refused := self.snapshot.refusals.get("take_role"):
            return refused
        if held and not self.snapshot.playbook.profile.many_hats:
            return f"you hold {TITLES[held[0]][0]}, and here one person has one role"
        return ""

    def on_rows_chosen(self, event: Rows.Chosen) -> None:
        """Do it, or ask for a name first."""
        doing, role, name, why_not = event.key.split("\x1f")
        if why_not:
            self.query_one("#trouble", Plain).update(line((f"✖ {why_not}", BAD)))
        elif doing in ("other", "over"):
            self._ask(role, name)
        elif doing == "hand":
            self.dismiss((Wish("hand_over_role", {"role": role, "to": name}),))
        else:
            action = {"take": "take_role", "accept": "accept_role", "release": "release_role"}[doing]
            self.dismiss((Wish(action, {"role": role}),))

    def _ask(self, role: str, gone: str) -> None:
        """Ask whom to hand a role to, or why it is taken from somebody who is gone."""
        self.handing, self.overtaking = role, bool(gone)
        self.redraw()
        field = self.query_one("#to", Input)
        what = f"why can't {gone} hand it over?" if gone else f"who should be {TITLES[role][0].lower()}?"
        field.placeholder = clean(f"{what} then enter", multiline=False, limit=80)
        field.focus()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Hand over to the name that was typed, or take over for the reason that was."""
        name = event.value.strip()
        if self.handing and self.overtaking:
            if len(name) < REASON_LENGTH:
                self.query_one("#trouble", Plain).update(line((f"✖ say why in {REASON_LENGTH} characters", BAD)))
            else:
                self.dismiss((Wish("take_over_role", {"role": self.handing, "reason": name}),))
        elif self.handing and name:
            self.dismiss((Wish("hand_over_role", {"role": self.handing, "to": name}),))


def present(snapshot: Snapshot) -> Content:
    """Write who is on the incident right now, where, and which terminal drives; nothing where nobody keeps count."""
    if not snapshot.here:
        return Content("")
    told = [
        f"{one.who}{' (you)' if one.mine else ''} on {one.host}{', drives' if one.drives else ''}"
        for one in snapshot.here[:6]
    ]
    more = f" · and {len(snapshot.here) - 6} more" if len(snapshot.here) > 6 else ""
    return line(("Here now: ", DIM), " · ".join(told) + more)


def _doing(doing: str, role: str, name: str, words: str, why_not: str = "") -> Row:
    style = DIM if why_not else ""
    aside = f"  ({why_not})" if why_not else ""
    return row("    ", (words + aside, style), key="\x1f".join((doing, role, name.replace("\x1f", ""), why_not)))
