"""Looks an update over before it is sent: what is missing, unproven, withheld or blaming, each with its place."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from cockpit.detect.answer import personal, secret
from cockpit.domain.blame import blame
from cockpit.domain.comms import missing_parts
from cockpit.domain.incident import IncidentState
from cockpit.domain.lint_words import Flaw, unproven_causes

KINDS = (
    "missing status", "missing impact", "missing action", "missing next update", "cause", "personal", "secret",
    "blame",
)  # fmt: skip
_OWN = re.compile(
    r"(?i)(support|status|help|helpdesk|security|privacy|dpo|press|no-?reply|contact|info|incidents?|"
    r"trust|billing|sales|"
    r"service|feedback|team|office|hello|legal|hr|accounts?|orders?|abuse|noc|postmaster|webmaster|marketing)@.*"
    r"|(10|127|192\.168|172\.(1[6-9]|2\d|3[01]))\.[\d.]+"
)
"""Addresses of a business itself: mail boxes of an office, machines of an inner network."""
_HONOURED = re.compile(r"\b(?:Mr|Mrs|Ms|Miss|Dr|Prof|Herr|Frau|Mme)\b\.? [A-Z][\w'-]+(?: [A-Z][\w'-]+)?")
_NAMED = re.compile(
    r"\b(?i:customer|user|patient|client|subscriber|member|caller|account holder|complainant|affected|"
    r"reporter|reported by|victim)s?[:,]? "
    r"(?:named |called )?[A-Z][a-z'-]+ (?:[A-Z]\. )?[A-Z][\w'-]+"
)
_NUMBERED = re.compile(
    r"(?i)\b(?:customer|account|patient|member|policy|passport|user|client|subscriber)"
    r"(?: (?:id|number|no\.?|record))?[ :#]{1,3}[A-Z]{0,3}-?\d{5,}\b"
    r"|\b(?:passport|licen[cs]e|identity card)(?: (?:id|number|no\.?))?[ :#]{1,3}(?=[A-Z]*\d)[A-Z\d]{6,}\b"
)
_STREET = re.compile(
    r"\b\d{1,5} [A-Z]\w+ (?:Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Drive|Dr|Way|Court|Boulevard|Blvd|"
    r"Grove|Close|Terrace|Crescent|Place|Square|Gardens|Hill|Row|Walk|Mews|Park)\b"
)
_BORN = re.compile(
    r"(?i)\b(?:born(?: on)?|date of birth|dob)[ :]{1,3}\d{1,4}[./ -](?:\d{1,2}|[a-z]{3,9})[./ -]\d{1,4}\b"
)
_MORE = (_HONOURED, _NAMED, _NUMBERED, _STREET, _BORN)
_STAND_IN = {"email": "[address]", "phone": "[phone]", "card": "[card]", "iban": "[account]", "ssn": "[number]"}
_SECRET = "[secret]"  # noqa: S105  this is what stands in for one
_KEY_FILE = re.compile(
    r"-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----[\s\S]*?(?:-----END [A-Z0-9 ]{3,50}-----|\Z)"
)
_FULL_NAME = re.compile(r"[^\W\d_][\w'.-]+( [^\W\d_][\w'.-]*)+")


def lint_update(text: str, *, proven_cause: bool = False, names: Collection[str] = ()) -> list[Flaw]:
    """Return everything wrong with an update, what is missing first, then in the order of the text.

    Args:
        proven_cause: whether the record holds the cause as proven, so that it may be stated as fact.
        names: of people who must not be named (see `who_wrote_in`).
    """
    missing = [Flaw(f"missing {part}", 0, 0, "", f"say the {part}") for part in missing_parts(text)]
    return [*missing, *said_wrong(text, proven_cause=proven_cause, names=names)]


def said_wrong(text: str, *, proven_cause: bool = False, names: Collection[str] = ()) -> list[Flaw]:
    """Return what a text says that it should not; leaves out what it does not say."""
    causes = () if proven_cause else unproven_causes(text)
    return sorted((*causes, *blame(text), *withheld(text, names)), key=lambda flaw: flaw.start)


def withheld(text: str, names: Collection[str] = ()) -> Iterator[Flaw]:
    """Find what is masked before it is sent: who somebody is (addresses, numbers, names), and secrets."""
    for start, end, stand_in in _apart(text, names):
        kind = "secret" if stand_in == _SECRET else "personal"
        words = f"{text[start : start + 4]}…" if kind == "secret" else text[start:end]
        yield Flaw(kind, start, end, words, f"leave it out; it is sent as {stand_in}")


def mask(text: str, names: Collection[str] = ()) -> tuple[str, int]:
    """Replace personal data and secrets by their kind; return the text, and how often something was replaced."""
    found = list(_apart(text, names))
    for start, end, stand_in in reversed(found):
        text = text[:start] + stand_in + text[end:]
    return text, len(found)


def who_wrote_in(state: IncidentState, colleagues: Collection[str] = ()) -> tuple[str, ...]:
    """Return the full names of users who wrote in about an answer, as they stand before any parenthesis."""
    mails = (one for one in state.injects if one.channel == "email" and one.about)
    names = {mail.sender.split("(")[0].split("<")[0].strip() for mail in mails} - set(colleagues)
    return tuple(sorted(name for name in names if _FULL_NAME.fullmatch(name)))


def _apart(text: str, names: Collection[str]) -> Iterator[tuple[int, int, str]]:
    """Yield the places in order, none of them overlapping; of two that begin together the longer one."""
    taken = 0
    found = (*_secrets(text), *_personal(text), *_names(text, names))
    for start, end, stand_in in sorted(found, key=lambda one: (one[0], -one[1])):
        if start >= taken:
            taken = end
            yield start, end, stand_in


def _secrets(text: str) -> Iterator[tuple[int, int, str]]:
    yield from ((*found.span(), _SECRET) for found in _KEY_FILE.finditer(text))
    yield from ((*sign.where, _SECRET) for sign in secret.signs(text) if sign.where)


def _personal(text: str) -> Iterator[tuple[int, int, str]]:
    for one in personal.find(text):
        if not _OWN.fullmatch(one.value):
            yield one.start, one.end, _STAND_IN.get(one.kind, "[number]")
    for pattern in _MORE:
        for match in pattern.finditer(text):
            yield match.start(), match.end(), "[person]"


def _names(text: str, names: Collection[str]) -> Iterator[tuple[int, int, str]]:
    for name in names:
        for match in re.finditer(rf"(?i)(?<!\w){re.escape(name)}(?!\w)", text):
            yield match.start(), match.end(), "[person]"


def cause_proven(state: IncidentState) -> bool:
    """Tell whether the record holds a cause that may be stated as fact: a hypothesis that was supported."""
    return "supported" in state.triage.hypotheses.values()
