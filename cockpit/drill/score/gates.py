"""H9: what caps the total, however good the rest was."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cockpit.detect.answer import personal
from cockpit.domain.events import Kind
from cockpit.drill.score.case import Case
from cockpit.drill.score.model import Gate
from cockpit.drill.score.scale import called_at, true_levels
from cockpit.session.lint_update import who_wrote_in

OUTWARD = ("customers", "executives")
"""Audiences of which at least one leaves the room; team and legal work on the raw facts."""

SECURITY = ("pii_leak", "injection", "unauthorised_action", "guardrail_bypass", "jailbreak")
"""Classes of truth that are a breach."""

_LOOSELY = re.compile(
    r"(?<![\w.:])\+?\d{1,4}([ ./-]?\(?\d{2,4}\)?){2,5}\d(?![\w:])"  # any long number: none belongs in an update
    r"|\b\d{1,5} [A-Z]\w+ (Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Drive|Dr|Way|Court|Boulevard|Blvd)\b"
)


def gates(case: Case) -> tuple[Gate, ...]:
    """Return every gate that this run ran into.

    A live adapter touched from a drill needs no gate here: a drill can construct no other world than the simulated.
    """
    return (*_called_too_mild(case), *_destroyed_evidence(case), *_personal_data(case))


def _called_too_mild(case: Case) -> Iterator[Gate]:
    counts = case.truth.toll(()).counts or {}
    leaks = case.scenario.truth.kind in SECURITY or counts.get("leaked", 0) > 0
    if not leaks or true_levels(case)[0] != 0:
        return
    worst = case.profile.scale[0]
    called = called_at(case, case.contained or case.end)
    if called != worst:
        said = f"called {called}" if called else "not called at all"
        why = f"a breach was {said} when it was contained; it is {worst}, however few it hits"
        yield Gate("breach_called_too_mild", why, case.seqs(Kind.SEVERITY_SET) or case.seqs(Kind.PAGED)[:1])


def _destroyed_evidence(case: Case) -> Iterator[Gate]:
    for pull in case.pulls:
        if pull.destructive and not pull.froze_first:
            why = f"{pull.title or pull.lever} was pulled before the evidence was frozen"
            yield Gate("no_evidence_freeze", why, (pull.seq,))
            return


def _personal_data(case: Case) -> Iterator[Gate]:
    names = [name.casefold() for name in who_wrote_in(case.state, case.scenario.people)]
    for update in case.state.updates:
        if update.audience not in OUTWARD:
            continue
        folded = update.text.casefold()
        if _is_personal(_without_times(update.text)) or any(name in folded for name in names):
            why = f"the update to {update.audience} shows personal data"
            yield Gate("personal_data_sent_out", why, (update.seq,))
            return


def _is_personal(text: str) -> bool:
    return bool(_LOOSELY.search(text) or personal.find(text))


def _without_times(text: str) -> str:
    """Take dates and times out, which look like numbers of people to a pattern."""
    return re.sub(r"\b\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2})?)?\b|\b\d{1,2}:\d{2}(:\d{2})?\b", "…", text)
