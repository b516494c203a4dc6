"""Who holds what: take, hand over, say yes or no, give up. There is exactly one incident commander."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Input

from cockpit.domain.clock import mmss
from cockpit.domain.expertise import tagged
from cockpit.domain.offers import waits_long
from cockpit.domain.parts import ROLES, Declined, Offer
from cockpit.domain.text import clean
from cockpit.session.pulls import REASON_LENGTH
from cockpit.session.snapshot import Controller, Snapshot
from cockpit.tui.messages import Wish
from cockpit.tui.panes.rows import Row, Rows, paragraph, row
from cockpit.tui.panes.words import BAD, DIM, GOOD, WARN, person, stamp
from cockpit.tui.screens.confirm import AskModal
from cockpit.tui.screens.fields import text_field
from cockpit.tui.text import Part, Plain, line

TITLES = {
    "ic": ("Incident commander", "decides; always exactly one person"),
    "operations": ("Operations", "hands on the levers"),
    "communications": ("Communications", "the voice to everybody else"),
}

QUESTIONS = {
    "other": "who should be {title}? then enter",
    "over": "why can't {name} hand it over? then enter",
    "decline": "why can't you take it? {name} reads it (may be empty); then enter",
}
"""What the field asks for, by what is to be done."""


class RolesModal(AskModal):
    """Every role with what you can do about it now."""

    HEADING = "Roles"
    HINT: ClassVar[str] = "↑↓ choose · enter do it · n say no to an offer · esc leave"
    AUTO_FOCUS = "Rows"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("n", "decline", "Say no", show=False)]

    def __init__(self, snapshot: Snapshot, controller: Controller) -> None:
        super().__init__(snapshot, controller)
        self.asked = ("", "")
        """What the field is for (a key of QUESTIONS) and which role; empty while it is for nothing."""

    def body(self) -> ComposeResult:
        """The roles, a name to hand over to, and one sentence."""
        yield Rows(id="roles", spare=8)
        yield text_field("to / why", "", "for a name, or a reason: choose above first", id="to")
        hats = "one person may hold several" if self.snapshot.playbook.profile.many_hats else "one person, one role"
        sentence = f"A hand-over counts when the other says yes; until then you hold it. In this profile {hats}."
        yield Plain(line((sentence, DIM)))
        yield Plain(present(self.snapshot), id="present")
        yield Plain("", id="trouble")

    def redraw(self) -> None:
        """Draw holders, offers, and what can be done."""
        self.query_one(Rows).set_rows([one for role in ROLES for one in self._role_rows(role)])
        self.query_one("#to", Input).disabled = not self.asked[0]

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
            yield _doing("decline", role, offer.giver, f"say no to {offer.giver} … (n)")
        elif offer:
            yield from self._told(self._waiting(offer))
        if role in command.declined:
            yield from self._told(self._declined(command.declined[role], holder))
        yield from self._deeds(role, holder)

    def _deeds(self, role: str, holder: str) -> Iterator[Row]:
        """Offer what can be done about a role that somebody holds, or nobody."""
        if not holder:
            yield _doing("take", role, "", "take it", self._why_not_take(role))
        elif holder == self.snapshot.actor:
            for name in self.snapshot.people:
                yield _doing("hand", role, name, f"hand it to {tagged(name, self.snapshot.expertise)}")
            yield _doing("other", role, "", "hand it to somebody else …")
            if role != "ic":
                yield _doing("release", role, "", "give it up")
        elif self._gone(holder):
            yield _doing("over", role, holder, f"take it over: {holder} is at no terminal")
        else:
            yield row((f"    {holder} holds it and can hand it over to you", DIM))

    def _told(self, words: str) -> Iterator[Row]:
        yield from paragraph(line((words, WARN)), self.room, indent=4, hang=6)

    def _waiting(self, offer: Offer) -> str:
        """Say that an offer has no answer yet, and who holds the role meanwhile."""
        now, me = self.snapshot.now, self.snapshot.actor
        again = "; ask again, or hand it to somebody else" if waits_long(offer, now) else ""
        holds = "you hold" if offer.giver == me else f"{offer.giver} holds"
        return f"offered to {offer.to} {mmss(now - offer.at)} ago, no answer yet: {holds} it{again}"

    def _declined(self, one: Declined, holder: str) -> str:
        """Say who said no and why, and who holds the role still."""
        me = self.snapshot.actor
        why = f": {one.reason}" if one.reason else ""
        holds = "you hold" if holder == me else f"{holder or 'nobody'} holds"
        return f"{person(one.offer.to, me)} said no at {stamp(one.at, seconds=False)}{why} ({holds} it)"

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
        elif doing in QUESTIONS:
            self._ask(doing, role, name)
        elif doing == "hand":
            self.dismiss((Wish("hand_over_role", {"role": role, "to": name}),))
        else:
            action = {"take": "take_role", "accept": "accept_role", "release": "release_role"}[doing]
            self.dismiss((Wish(action, {"role": role}),))

    def action_decline(self) -> None:
        """Ask why the first role that is offered to you is declined."""
        offers = self.snapshot.state.command.offers
        mine = next((offers[role] for role in ROLES if role in offers and self._for_me(offers[role])), None)
        if mine:
            self._ask("decline", mine.role, mine.giver)
        else:
            self.query_one("#trouble", Plain).update(line(("✖ nobody is handing you a role", BAD)))

    def _for_me(self, offer: Offer) -> bool:
        return offer.to == self.snapshot.actor

    def _ask(self, doing: str, role: str, name: str) -> None:
        """Ask for the name or the reason that is needed for it."""
        self.asked = (doing, role)
        self.redraw()
        field = self.query_one("#to", Input)
        what = QUESTIONS[doing].format(name=name, title=TITLES[role][0].lower())
        field.placeholder = clean(what, multiline=False, limit=80)
        field.focus()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Do what the name or the reason was asked for."""
        (doing, role), typed = self.asked, event.value.strip()
        if doing == "over" and len(typed) < REASON_LENGTH:
            self.query_one("#trouble", Plain).update(line((f"✖ say why in {REASON_LENGTH} characters", BAD)))
        elif doing == "over":
            self.dismiss((Wish("take_over_role", {"role": role, "reason": typed}),))
        elif doing == "decline":
            self.dismiss((Wish("decline_role", {"role": role, **({"reason": typed} if typed else {})}),))
        elif doing and typed:
            self.dismiss((Wish("hand_over_role", {"role": role, "to": typed}),))


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
