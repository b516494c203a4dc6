"""Looks an update over before it is sent: what is missing, unproven, personal or blaming, each with its place."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cockpit.detect import personal
from cockpit.domain.comms import missing_parts
from cockpit.domain.incident import IncidentState
from cockpit.domain.lint_words import Flaw, blame, unproven_causes

KINDS = ("missing status", "missing impact", "missing action", "missing next update", "cause", "personal", "blame")
_OWN = re.compile(
    r"(?i)(support|status|help|helpdesk|security|privacy|dpo|press|no-?reply|contact|info|incidents?|trust)@.*"
    r"|(10|127|192\.168|172\.(1[6-9]|2\d|3[01]))\.[\d.]+"
)
"""Addresses of a business itself: mail boxes of an office, machines of an inner network."""
_HONOURED = re.compile(r"\b(?:Mr|Mrs|Ms|Miss|Dr|Prof|Herr|Frau|Mme)\b\.? [A-Z][\w'-]+(?: [A-Z][\w'-]+)?")
_NAMED = re.compile(
    r"\b(?i:customer|user|patient|client|subscriber|member|caller|account holder|complainant)s? "
    r"(?:named |called )?[A-Z][a-z'-]+ (?:[A-Z]\. )?[A-Z][\w'-]+"
)
_NUMBERED = re.compile(
    r"(?i)\b(?:customer|account|patient|member|policy|passport|user|client|subscriber)"
    r"(?: (?:id|number|no\.?|record))?[ :#]{1,3}[A-Z]{0,3}-?\d{5,}\b"
)
_STREET = re.compile(
    r"\b\d{1,5} [A-Z]\w+ (?:Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Drive|Dr|Way|Court|Boulevard|Blvd)\b"
)
_BORN = re.compile(
    r"(?i)\b(?:born(?: on)?|date of birth|dob)[ :]{1,3}\d{1,4}[./ -](?:\d{1,2}|[a-z]{3,9})[./ -]\d{1,4}\b"
)
_MORE = (_HONOURED, _NAMED, _NUMBERED, _STREET, _BORN)
_STAND_IN = {"email": "[address]", "phone": "[phone]", "card": "[card]", "iban": "[account]", "ssn": "[number]"}


def lint_update(text: str, *, proven_cause: bool = False) -> list[Flaw]:
    """Return everything wrong with an update, what is missing first, then in the order of the text.

    Args:
        proven_cause: whether the record holds the cause as proven, so that it may be stated as fact.
    """
    missing = [Flaw(f"missing {part}", 0, 0, "", f"say the {part}") for part in missing_parts(text)]
    return [*missing, *said_wrong(text, proven_cause=proven_cause)]


def said_wrong(text: str, *, proven_cause: bool = False) -> list[Flaw]:
    """Return what a text says that it should not; leaves out what it does not say."""
    causes = () if proven_cause else unproven_causes(text)
    return sorted((*causes, *blame(text), *personal_data(text)), key=lambda flaw: flaw.start)


def personal_data(text: str) -> Iterator[Flaw]:
    """Find what tells who somebody is: addresses, numbers, names beside a title or as a customer's."""
    for start, end, stand_in in _apart(text):
        yield Flaw("personal", start, end, text[start:end], f"leave it out; it is sent as {stand_in}")


def mask(text: str) -> tuple[str, int]:
    """Replace personal data by what kind it is; return the text, and how often something was replaced."""
    found = list(_apart(text))
    for start, end, stand_in in reversed(found):
        text = text[:start] + stand_in + text[end:]
    return text, len(found)


def _apart(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield the places in order, none of them overlapping."""
    taken = 0
    for start, end, stand_in in sorted(_personal(text)):
        if start >= taken:
            taken = end
            yield start, end, stand_in


def _personal(text: str) -> Iterator[tuple[int, int, str]]:
    for one in personal.find(text):
        if not _OWN.fullmatch(one.value):
            yield one.start, one.end, _STAND_IN.get(one.kind, "[number]")
    for pattern in _MORE:
        for match in pattern.finditer(text):
            yield match.start(), match.end(), "[person]"


def cause_proven(state: IncidentState) -> bool:
    """Tell whether the record holds a cause that may be stated as fact: a hypothesis that was supported."""
    return "supported" in state.triage.hypotheses.values()
