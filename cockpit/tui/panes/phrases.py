"""Every kind of event as a short sentence for people."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from cockpit.domain.events import Event, Kind
from cockpit.domain.pages import in_words
from cockpit.tui.panes.words import BAD, DIM, GOOD, WARN


@dataclass(frozen=True, slots=True)
class Phrase:
    """What a line of the log says; the words may hold outside text and are not clean."""

    glyph: str
    who: str
    text: str
    style: str = ""


@dataclass(frozen=True, slots=True)
class _Form:
    glyph: str
    text: str
    style: str = ""
    who: str = ""


_FORMS: Mapping[Kind, _Form] = {
    Kind.INCIDENT_OPENED: _Form("◇", "opened: {title}", DIM, "cockpit"),
    Kind.SIGNAL_FIRED: _Form("▲", "{label} at {value}, line {threshold} {text}", WARN, "signal"),
    Kind.PAGED: _Form("☎", "{text}", BAD, "pager"),
    Kind.ALERT_RECEIVED: _Form("☎", "{status}: {title} {session}", WARN),
    Kind.ALERT_MOVED: _Form("⇄", "{source} {key} goes on in {to}"),
    Kind.INCIDENT_MERGED: _Form("■", "goes on in {into}", DIM),
    Kind.INCIDENT_ABSORBED: _Form("⇄", "{merged} goes on here: {title}"),
    Kind.ACKNOWLEDGED: _Form("✔", "acknowledged"),
    Kind.DECLARED: _Form("!", "declared an incident {title}"),
    Kind.SEVERITY_SET: _Form("!", "calls it {severity} {reason}", "bold"),
    Kind.CLASS_SET: _Form("·", "class {class}"),
    Kind.LAYER_SET: _Form("·", "layer {layer} {component} {change}"),
    Kind.CHARACTERISED: _Form("·", "characterises: {all}"),
    Kind.SCOPE_SET: _Form("·", "scope: {all}"),
    Kind.QUESTION_ANSWERED: _Form("?", "{question}: {answer}  ({evidence})"),
    Kind.HYPOTHESIS_SET: _Form("?", "hypothesis {status}: {hypothesis}"),
    Kind.EVIDENCE_FROZEN: _Form("❄", "froze the evidence {digest}"),
    Kind.LEVER_PROPOSED: _Form("⚖", "proposes {title} {before} → {target}: a second person has to approve", "bold"),
    Kind.LEVER_WITHDRAWN: _Form("⚖", "withdraws {title}, proposed by {proposer}: {reason}"),
    Kind.LEVER_APPLIED: _Form("◐", "{op} stored, read back: {value}", WARN, "lever"),
    Kind.LEVER_REFUSED: _Form("✖", "{op} REFUSED, nothing changed: {reason}", BAD, "lever"),
    Kind.LEVER_UNKNOWN: _Form(
        "?", "{op} UNKNOWN whether it arrived; asked again with the same key: {reason}", f"bold {BAD}", "lever"
    ),
    Kind.LEVER_PROVEN: _Form("●", "{op} proven on the wire: {matched}/{of} answers, {config_id}", GOOD, "lever"),
    Kind.LEVER_NOT_PROVEN: _Form("✖", "{op} NOT PROVEN, {matched}/{of} answers: {reason}", BAD, "lever"),
    Kind.LEVER_KEPT: _Form("∞", "keeps {op} for good, owner {owner}"),
    Kind.CONTAINED: _Form("✔", "CONTAINED: {signals} under the line for {window_s} s", GOOD, "watch"),
    Kind.CONTAINMENT_LOST: _Form("▲", "harm is back: {signal} {value}, line {threshold}", BAD, "watch"),
    Kind.CANARY_OPENED: _Form("◔", "canary open at {percent} %", WARN),
    Kind.CANARY_WIDENED: _Form("◑", "canary widened to {percent} %", WARN),
    Kind.CANARY_PASSED: _Form("●", "canary passed at {percent} %", GOOD, "watch"),
    Kind.CANARY_ABORTED: _Form("✖", "canary closed at {percent} %: {reason}", BAD, "watch"),
    Kind.ROLE_TAKEN: _Form("♟", "takes {role}"),
    Kind.ROLE_OFFERED: _Form("♟", "offers {role} to {to}"),
    Kind.ROLE_ACCEPTED: _Form("♟", "accepts {role} from {giver}"),
    Kind.ROLE_DECLINED: _Form("♟", "declines {role}, {giver} holds it still: {reason}", WARN),
    Kind.ROLE_RELEASED: _Form("♟", "gives up {role}"),
    Kind.UPDATE_SENDING: _Form("✉", "sending update {update} to {channel}", DIM),
    Kind.UPDATE_DELIVERED: _Form("✔", "update {update} taken by {channel} {url} {note}", GOOD),
    Kind.UPDATE_DELIVERY_FAILED: _Form("✖", "update {update} NOT taken by {channel}: {reason} {next_try}", BAD),
    Kind.UPDATE_DELIVERY_UNKNOWN: _Form("?", "UNKNOWN whether {channel} took update {update}: {reason}", BAD),
    Kind.UPDATE_SNOOZED: _Form("☾", "puts the reminder of the update off until {until}: {reason}"),
    Kind.UPDATE_RETRIED: _Form("✉", "sends update {update} to {channel} again"),
    Kind.TASK_ADDED: _Form("☐", "{task} for {owner}, {minutes} min: {text}"),
    Kind.TASK_ACKNOWLEDGED: _Form("☐", "says yes to {task}"),
    Kind.TASK_DONE: _Form("☑", "{task} is done"),
    Kind.CLOCK_STARTED: _Form("◷", "starts the clock {title}: {aware} was aware at {anchor_at}", WARN),
    Kind.CLOCK_STOPPED: _Form("◷", "stops the clock {clock} {duty}: {reason}"),
    Kind.TRACE_PINNED: _Form("⌖", "pinned trace {trace} {verdict} {note}"),
    Kind.NOTED: _Form("✎", "{text}"),
    Kind.FIXTURE_ADDED: _Form("✎", "made trace {trace} an eval case"),
    Kind.FIXTURE_PROVEN: _Form("·", "tried the case {case}: {verdict}, {why}"),
    Kind.FIXTURE_WAIVED: _Form("⚖", "WAIVES the {what}: {reason} {until}", WARN),
    Kind.ALERT_ADDED: _Form("☎", "names the new alert {name}: {rule}"),
    Kind.TICKET_SENDING: _Form("✉", "asks {tracker} for a ticket of {item}", DIM),
    Kind.TICKET_MADE: _Form("✔", "{item} is {ticket} in {tracker} {url}", GOOD),
    Kind.TICKET_FAILED: _Form("✖", "NO ticket of {item} in {tracker}: {reason} {next_try}", BAD),
    Kind.TICKET_UNKNOWN: _Form("?", "UNKNOWN whether {tracker} has a ticket of {item}: {reason}", BAD),
    Kind.TICKET_TOLD: _Form("✉", "said on {ticket} in {tracker}: {text}", DIM),
    Kind.INCIDENT_CLOSED: _Form("■", "CLOSED  {cases} {alerts}", GOOD),
    Kind.ATTACHED: _Form("⇄", "joined {where}", DIM),
    Kind.ACTION_REFUSED: _Form("✖", "{action} refused: {reason}", DIM),
    Kind.DRILL_PAUSED: _Form("‖", "stopped the clock", DIM),
    Kind.DRILL_RESUMED: _Form("▶", "let the clock go on", DIM),
    Kind.SPEED_CHANGED: _Form("»", "speed ×{speed}", DIM),
    Kind.DRILL_REATTACHED: _Form("⇄", "back at the drill", DIM),
    Kind.DRILL_ENDED: _Form("■", "the drill is over: {reason}", DIM),
    Kind.RANGE_PREPARED: _Form("◇", "staging is noted as it was before: {text}", DIM),
    Kind.RANGE_MEASURED: _Form("■", "counted on the wire: {users} users harmed, {requests} requests sent", DIM),
}
_PAGES = {
    Kind.PAGE_ASKED: ("☎", BAD), Kind.PAGE_ANSWERED: ("✔", ""), Kind.PAGER_ASKED: ("☎", DIM),
    Kind.PAGER_DONE: ("✔", GOOD), Kind.PAGER_FAILED: ("✖", BAD), Kind.PAGER_UNKNOWN: ("?", BAD),
}  # fmt: skip
"""How lines about pages are drawn; `in_words` says what they tell."""
ROLES = {"ic": "IC", "operations": "Operations", "communications": "Communications"}
_CANARY = {
    Kind.CANARY_OPENED: "canary",
    Kind.CANARY_WIDENED: "wider canary",
    Kind.CANARY_ABORTED: "closed canary",
}
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")
_CHANNELS = {"email": "✉", "chat": "✎", "status": "◇", "phone": "☎", "pager": "☎"}


def names_of(log: Iterable[Event]) -> dict[str, str]:
    """Name every order of a journal as people know it: by the lever's title, or as a step of the canary."""
    names: dict[str, str] = {}
    for event in log:
        op = str(event.payload.get("op", ""))
        if event.kind is Kind.LEVER_PULLED:
            names[op] = f"{'undo ' if event.get('undoes') else ''}{event.get('title', '') or op}"
        elif event.kind in _CANARY:
            names[op] = _CANARY[event.kind]
    return names


def phrase(event: Event, names: Mapping[str, str] | None = None) -> Phrase:
    """Say what one event is about; total, whatever wrote the event.

    Args:
        names: of orders (see `names_of`); one without a name is called by its op.
    """
    if event.kind is Kind.INJECT_DELIVERED:
        return _inject(event)
    if event.kind is Kind.LEVER_PULLED:
        return _pulled(event)
    if event.kind is Kind.UPDATE_POSTED:
        return _posted(event)
    if event.kind is Kind.ALL_CLEAR_GIVEN:
        return _cleared(event)
    if event.kind is Kind.ROLE_TAKEN and event.get("giver"):
        role = ROLES.get(str(event.get("role", "")), str(event.get("role", "")))
        words = f"TAKES OVER {role} from {event.get('giver')}, who was gone: {event.get('reason', '')}"
        return Phrase("♟", event.actor, words, f"bold {WARN}")
    if event.kind is Kind.RANGE_PUT_BACK:
        return _put_back(event)
    if event.kind in _PAGES:
        glyph, style = _PAGES[event.kind]
        return Phrase(glyph, event.actor, in_words(event), style)
    form = _FORMS.get(event.kind) or _Form("·", event.kind.value.replace("_", " "))
    values = defaultdict(str, {key: _shown(key, value) for key, value in event.payload.items()})
    if op := values.get("op"):
        values["op"] = (names or {}).get(op, op)
    if "{all}" in form.text:
        values["all"] = ", ".join(f"{key} {value}" for key, value in values.items())
    text = " ".join(form.text.format_map(values).replace("()", "").split(" "))
    by_hand = event.kind is Kind.INCIDENT_OPENED and event.get("mode", "drill") != "drill"
    who = event.actor if by_hand else form.who or event.actor
    return Phrase(form.glyph, who, text.rstrip(" :,"), form.style)


def _posted(event: Event) -> Phrase:
    """Say whom an update is for, loudly where it holds what is withheld otherwise."""
    head, chosen = f"to {event.get('audience', '')}", event.get("channels")
    if isinstance(chosen, list | tuple):
        head += f" by {_joined(chosen)}" if chosen else ", kept here"
    if event.get("raw"):
        return Phrase("✉", event.actor, f"{head}, WITH PERSONAL DATA OR SECRETS: {event.get('text')}", BAD)
    return Phrase("✉", event.actor, f"{head}, {event.get('state', '')}: {event.get('text', '')}")


def _cleared(event: Event) -> Phrase:
    """Say that it is over, and every point that somebody left open with their reason."""
    judged = f"harm judged to have stopped: {event.get('judged')}" if event.get("judged") else ""
    told = [one for one in event.get("overridden", ()) if isinstance(one, Mapping)]
    words = [f"{one.get('words', '')} (because: {one.get('reason', '')})" for one in told]
    open_points = words or [str(one) for one in event.get("open_points", ())]
    rest = "; ".join(one for one in (judged, *open_points) if one)
    text = f"ALL CLEAR, overriding {len(told)}: {rest}" if told else f"ALL CLEAR  {rest}".rstrip()
    return Phrase("✔", event.actor, text, WARN if told else GOOD)


def _pulled(event: Event) -> Phrase:
    """Say who pulled what; going alone where it takes two is the loudest line there is."""
    undo = "undo " if event.get("undoes") else ""
    text = f"{undo}{event.get('title', '')} {event.get('before', '')} → {event.get('target', '')}"
    if alone := event.get("alone"):
        return Phrase("⇩", event.actor, f"{text}  ALONE, without a second person: {alone}", f"bold {BAD}")
    if proposer := event.get("proposer"):
        text += f"  proposed by {proposer}, approved by {event.actor}"
    return Phrase("⇩", event.actor, text, "bold")


def _put_back(event: Event) -> Phrase:
    """Say whether staging is as it was, loudly where it is not."""
    if left := event.get("text"):
        return Phrase("✖", event.actor, f"NOT PUT BACK: {left}", f"bold {BAD}")
    return Phrase("✔", event.actor, "staging is as it was before the drill", GOOD)


def _inject(event: Event) -> Phrase:
    channel = str(event.get("channel", "pager"))
    sender, text = str(event.get("sender", "")), str(event.get("text", ""))
    return Phrase(_CHANNELS.get(channel, "✉"), channel, f"“{text}” — {sender}" if sender else f"“{text}”", "italic")


def _shown(key: str, value: object) -> str:
    if key == "role":
        return ROLES.get(str(value), str(value))
    if key in ("question", "evidence", "signal", "signals", "lever"):
        return _joined(value).replace("_", " ").replace(" True", " yes").replace(" False", " no")
    if key == "digest":
        return str(value)[:12]
    if isinstance(value, str) and _MOMENT.fullmatch(value):
        return f"{value[:10]} {value[11:16]} UTC"
    if isinstance(value, Mapping):
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.1%}" if key == "fraction" else f"{value:.3g}"
    return _joined(value)


def _joined(value: object) -> str:
    return ", ".join(str(one) for one in value) if isinstance(value, list | tuple) else str(value)
