"""The events of an incident: what is written to the journal and folded into everything else."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

GENESIS = "0" * 64
"""The `prev` of an incident's first event."""


class Kind(StrEnum):
    """What happened. Names are past tense; payload keys are listed beside each."""

    # mode (drill, live, range), title, service, scenario?, seed?, profile, start, split_from?,
    # opened_by? (the source whose alert opened it: nobody has seen it yet)
    INCIDENT_OPENED = "incident_opened"
    ATTACHED = "attached"  # name, where: somebody joined a live incident
    # source, key, delivery, status (firing, resolved, news), title, service, severity, group, started?, text, labels,
    # annotations, links, session?, digest, moved_from?: another system told of an alert
    ALERT_RECEIVED = "alert_received"
    ALERT_MOVED = "alert_moved"  # source, key, to: it goes on in another incident
    INCIDENT_MERGED = "incident_merged"  # into: this one is over and goes on there
    INCIDENT_ABSORBED = "incident_absorbed"  # merged, title: another one goes on here
    SIGNAL_FIRED = "signal_fired"  # signal, label, value, threshold, text
    PAGED = "paged"  # inject, text, signal?
    INJECT_DELIVERED = "inject_delivered"  # inject, channel, sender, text, trace?, by? (the trainer who sent it)
    ACKNOWLEDGED = "acknowledged"
    DECLARED = "declared"  # title?
    SEVERITY_SET = "severity_set"  # severity, suggested?, rules, reason?
    CLASS_SET = "class_set"  # class
    LAYER_SET = "layer_set"  # layer, component?, change?
    CHARACTERISED = "characterised"  # since?, fraction?, shape?, reproducible?, changed?
    SCOPE_SET = "scope_set"  # routes?, prompt?, tenants?
    QUESTION_ANSWERED = "question_answered"  # question, answer, evidence?
    HYPOTHESIS_SET = "hypothesis_set"  # hypothesis, status
    EVIDENCE_FROZEN = "evidence_frozen"  # digest, config, traces, signals
    LEVER_PROPOSED = "lever_proposed"  # as lever_pulled, without op: it takes a second person
    LEVER_WITHDRAWN = "lever_withdrawn"  # lever, proposer, reason?
    # op, lever, target, scope, before, rung, title, destructive, undoes?, intent?, version?, proposer?, approver?,
    # alone? (why nobody else was waited for), once? (done and over: there is nothing to undo)
    LEVER_PULLED = "lever_pulled"
    LEVER_APPLIED = "lever_applied"  # op, value
    LEVER_REFUSED = "lever_refused"  # op, reason
    LEVER_UNKNOWN = "lever_unknown"  # op, reason
    LEVER_PROVEN = "lever_proven"  # op, matched, of, config_id
    LEVER_NOT_PROVEN = "lever_not_proven"  # op, matched, of, reason
    LEVER_KEPT = "lever_kept"  # op, owner: made permanent, so no debt any more
    CONTAINED = "contained"  # window_s, signals, harmed? (users who were visibly harmed by then)
    CONTAINMENT_LOST = "containment_lost"  # signal, value, threshold
    CANARY_OPENED = "canary_opened"  # percent, op, reopens (ops of the levers it opens), intent?
    CANARY_WIDENED = "canary_widened"  # percent, op, reopens, intent?
    CANARY_PASSED = "canary_passed"  # percent, watched_s, reopened
    CANARY_ABORTED = "canary_aborted"  # percent, op, reason, intent?
    ROLE_TAKEN = "role_taken"  # role, giver? and reason? (taken over from somebody who is gone, and why)
    ROLE_OFFERED = "role_offered"  # role, to
    ROLE_ACCEPTED = "role_accepted"  # role, giver
    ROLE_DECLINED = "role_declined"  # role, giver, reason?: whoever offered it holds it still
    ROLE_RELEASED = "role_released"  # role
    # audience, state, text, missing, flaws? (kinds the linter found), masked? (pieces of personal data and secrets
    # replaced), raw? (they went out as they are: the actor said so), channels? (chosen for it; all without)
    UPDATE_POSTED = "update_posted"
    UPDATE_SNOOZED = "update_snoozed"  # until, minutes, reason?: the reminder is put off, the cadence goes on
    UPDATE_RETRIED = "update_retried"  # update (its line), channel: a person asked for another try
    # update (its line), channel, try, wait_s, system: written before it is sent
    UPDATE_SENDING = "update_sending"
    UPDATE_DELIVERED = "update_delivered"  # update, channel, try, ref?, url?, note?
    UPDATE_DELIVERY_FAILED = "update_delivery_failed"  # update, channel, try, reason, next_try? (final without)
    UPDATE_DELIVERY_UNKNOWN = "update_delivery_unknown"  # update, channel, try, reason: it may have arrived
    PAGE_ASKED = "page_asked"  # to (a pager of cockpit.toml), text: somebody is called
    PAGE_ANSWERED = "page_answered"  # pages: the actor is on the open pages that nobody was on
    # line (that asks for it), pager, what (page, acknowledge, note, resolve), page, attempt, wait_s: written before
    PAGER_ASKED = "pager_asked"
    PAGER_DONE = "pager_done"  # line, pager, what, page, attempt, ref?, url?, note?
    PAGER_FAILED = "pager_failed"  # line, pager, what, page, attempt, reason, next_try? (final without)
    PAGER_UNKNOWN = "pager_unknown"  # line, pager, what, page, attempt, reason: it may have been done
    # clock, title, anchor, anchor_at, aware (who), duties (each what and due), source, checked: started by the actor
    CLOCK_STARTED = "clock_started"
    TASK_ADDED = "task_added"  # task, text, owner, minutes
    TASK_ACKNOWLEDGED = "task_acknowledged"  # task
    TASK_DONE = "task_done"  # task
    CLOCK_STOPPED = "clock_stopped"  # clock, reason, duty?: one duty of it, or all
    TRACE_PINNED = "trace_pinned"  # trace, verdict?, note?
    NOTED = "noted"  # text
    # open_points, overridden? (for each open point: point, words, reason), judged? (how it is known where nothing
    # measured it)
    ALL_CLEAR_GIVEN = "all_clear_given"
    FIXTURE_ADDED = "fixture_added"  # case (whole, with stand-ins for people unless raw), trace, digest, hide?, raw?
    # case, verdict (proven, not, flaky), why, how, samples, runs, bad, fixed and neighbours (each passed and of),
    # bad_config?, fixed_config?, document? (the whole case, where somebody has changed it since)
    FIXTURE_PROVEN = "fixture_proven"
    FIXTURE_WAIVED = "fixture_waived"  # what (fixture, alert), reason, until?: signed by the actor, stays visible
    ALERT_ADDED = "alert_added"  # name, rule, where?, case?: what pages next time
    INCIDENT_CLOSED = "incident_closed"  # cases, alerts, waivers
    POSTMORTEM_DRAFTED = "postmortem_drafted"  # digest, conflicts?, gate? (what the golden set said)
    POSTMORTEM_EDITED = "postmortem_edited"  # digest
    POSTMORTEM_EXPORTED = "postmortem_exported"  # digest, format, raw: personal data was left in, the actor said so
    # digest, findings (what the lint still found), sections, timeline, actions (H10's shares): the actor signs it
    POSTMORTEM_DONE = "postmortem_done"
    ACTION_ADDED = "action_added"  # item, text, owner, due (a date)
    ACTION_DONE = "action_done"  # item, note?, ticket? (it was closed there)
    # item, tracker, attempt, mark, wait_s, raw?: written before a ticket is asked for
    TICKET_SENDING = "ticket_sending"
    TICKET_MADE = "ticket_made"  # item, tracker, attempt, ticket, url, found? (an earlier try had made it)
    TICKET_FAILED = "ticket_failed"  # item, tracker, attempt, reason, next_try? (final without): none was made
    TICKET_UNKNOWN = "ticket_unknown"  # item, tracker, attempt, reason: looked for before another one is made
    TICKET_TOLD = "ticket_told"  # item, tracker, ticket, what (done, link), text: said on the ticket
    ACTION_REFUSED = "action_refused"  # action, arguments, reason
    DRILL_PAUSED = "drill_paused"  # held?: by a trainer, who lets it go on
    DRILL_RESUMED = "drill_resumed"
    SPEED_CHANGED = "speed_changed"  # speed
    DRILL_REATTACHED = "drill_reattached"  # after a quit, a lost connection or a kill
    DRILL_ENDED = "drill_ended"  # reason
    # before (what every wired value was: system, address, value, shown), start (what it is set to), tidied, text
    RANGE_PREPARED = "range_prepared"
    RANGE_PUT_BACK = "range_put_back"  # left (what was not: system, address, before, why, again), text
    RANGE_MEASURED = "range_measured"  # j, harm, lost, excess_cost, users, counts, contained_s, requests: on the wire


class Source(StrEnum):
    """Who says so: a person at a key, the cockpit's own watch, the world behind the levers, or an import."""

    PERSON = "person"
    SYSTEM = "system"
    WORLD = "world"
    IMPORT = "import"


@dataclass(frozen=True, slots=True)
class NewEvent:
    """Something to be appended: an event that has no place in the journal yet.

    `at` is when it happened (aware, UTC; in a drill, the drill's own clock); when it was recorded is the
    journal's to say.
    """

    kind: Kind
    at: datetime
    actor: str
    source: Source = Source.PERSON
    payload: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Event:
    """One line of the journal.

    `seq` counts from 1 within its incident; `prev` and `hash` chain it to the line before (SHA-256, hex).
    """

    incident: str
    seq: int
    at: datetime
    recorded_at: datetime
    actor: str
    source: Source
    kind: Kind
    payload: Mapping[str, Any]
    prev: str
    hash: str

    def get(self, key: str, default: Any = None) -> Any:
        """Return one value of the payload."""
        return self.payload.get(key, default)


def iso(moment: datetime) -> str:
    """Write an aware moment as UTC ISO-8601 with microseconds and a `Z`."""
    if moment.tzinfo is None:
        raise ValueError("a moment without a time zone can't be stored")
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def from_iso(text: str) -> datetime:
    """Read what `iso` wrote."""
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC)


def canonical(payload: Mapping[str, Any]) -> str:
    """Write a payload as the one JSON text that is stored and hashed (sorted keys, ASCII, no spaces)."""
    return json.dumps(payload, sort_keys=True, ensure_ascii=True, separators=(",", ":"), allow_nan=False)


def chain_hash(
    incident: str,
    seq: int,
    at: str,
    recorded_at: str,
    actor: str,
    source: str,
    kind: str,
    payload: str,
    prev: str,
) -> str:
    """Hash one line together with the hash of the line before it.

    All arguments are the texts as stored, so that verifying needs no parsing.
    """
    body = json.dumps([incident, seq, at, recorded_at, actor, source, kind, payload, prev], ensure_ascii=True)
    return hashlib.sha256(body.encode("ascii")).hexdigest()
