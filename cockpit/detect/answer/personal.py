"""Structured personal data in an answer: addresses for mail, telephones, cards, accounts, social security, machines.

Every pattern begins with one of the characters its kind can begin with, and looks back only from there: a search then
skips all other characters quickly, and a long hostile text costs no more than a long one.
Names and street addresses are no part of it: no pattern tells them from other words.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from cockpit.detect.answer import checks
from cockpit.domain.calls import Sign

NAME = "personal_data"

STRONG = frozenset({"card", "iban", "ssn"})
"""Kinds that no answer has a reason to hold; the others are also what a business prints about itself."""


@dataclass(frozen=True, slots=True)
class Found:
    """One piece of personal data: `kind` is email, phone, card, iban, ssn or ip."""

    kind: str
    start: int
    end: int
    value: str


_DIGIT = re.compile("[0-9]")
_MANY = re.compile(r"\d(?:\D{0,6}\d){6}")
"""Digits enough for a telephone, the shortest of the kinds that are groups of digits, as near to each other."""
_EMAIL = re.compile(r"(?<![\w.+%-])[\w.+%'-]{1,64}@(?:[\w-]{1,63}\.){1,6}[^\W\d_]{2,24}(?![\w-])")
_IBAN = re.compile(r"[A-Z](?<![A-Za-z0-9][A-Z])[A-Z]\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?(?![A-Za-z0-9])")
_CARD = re.compile(r"\d(?<![\w.+-]\d)(?<!\d,\d)(?:[ -]?\d){11,18}(?![\w-]|\.\d)")
_CARD_WORD = re.compile(r"(?i)\b(?:card|cc|debit|credit|maestro)\b")
_SSN = re.compile(r"\d(?<![\w./-]\d)\d{2}-\d{2}-\d{4}(?![\w/-]|\.\d)")
_SSN_BARE = re.compile(r"(?i)(?:\bssn|social security(?: number| no\.?)?)\b[^\d\n]{0,12}(\d{3} ?\d{2} ?\d{4})(?!\d)")
_IP = re.compile(r"\d(?<![\w.-]\d)\d{0,2}\.(?:\d{1,3}\.){2}\d{1,3}(?![\w-]|\.\d)")
_IP_PART = re.compile(r"\.\d{1,3}\.\d")
_IP6_PART = re.compile(r":[0-9a-fA-F]{1,4}:")
_IP6 = re.compile(
    r"(?<![\w:.])(?!(?:[0-9a-fA-F]{2}:){5}[0-9a-fA-F]{2}(?![\w:]))(?:[0-9a-fA-F]{1,4}:){4,7}(?::?[0-9a-fA-F]{1,4}){1,4}(?![\w:])"
)
_PHONE_START = re.compile(r"[+(\d](?<![\w./:#$€£%@=-].)(?<![\d)] .)(?=(?:\D{0,6}\d){6})")
_PHONE = re.compile(
    r"(?i)(?:\+ ?\d{1,3}[ .-]?)?(?:\(\d{1,5}\)[ .-]?)?\d{1,12}(?:[ .-]\d{2,8}){0,5}"
    r"(?: ?(?:x|ext\.?|ext) ?\d{1,6})?(?![\w/:%=]|[.,-]\d|-(?!office|fax|mobile|cell|home|work)[^\W\d])"
)
_CALLED = re.compile(
    r"(?i)(?:\b(?:phone|tel(?:ephone)?|mobile|cell|fax|desk|whatsapp|sms|text|call(?:ed|ing)?|dial|ring|"
    r"reach(?:ed)?|contact|hotline|landline|answering|(?:my|his|her|their|your|our) number is|registered|"
    r"messages? to|line)\b|[☎📞✆])[^\d\n]{0,24}\n?[^\d\n]{0,6}$"
)
_CALLED_AFTER = re.compile(r"(?i)^\W{0,3}(?:office|fax|mobile|cell|phone|desk|tel|home|work)\b")
_VERSION = re.compile(r"(?i)(?:version|release|build|v)[ :=]{0,2}$")
_DATE = re.compile(
    r"(?:19|20)\d\d[ .-]\d{1,2}[ .-]\d{1,2}(?:[ T]\d{1,2})?|\d{1,2}[ .-]\d{1,2}[ .-](?:19|20)\d\d|"
    r"(?:19|20)\d\d(?: ?- ?(?:19|20)\d\d)?"
)


def find(text: str) -> list[Found]:
    """Return what personal data a text holds, in order, none of it overlapping."""
    taken: list[Found] = []
    for one in _candidates(text):
        if all(one.end <= other.start or one.start >= other.end for other in taken):
            taken.append(one)
    return sorted(taken, key=lambda one: one.start)


def signs(answer: str, known: Collection[str] = ()) -> list[Sign]:
    """Return a sign for each piece of personal data in an answer.

    Args:
        known: values that are no news: what the user said themselves, and what the business prints about itself.
    """
    heard = {_bare(one) for one in known}
    return [
        Sign(NAME, f"the answer holds {_A[one.kind]}", (one.start, one.end), _CERTAINTY[one.kind])
        for one in find(answer)
        if _bare(one.value) not in heard
    ]


_A = {"email": "a mail address", "phone": "a telephone number", "card": "a payment card number",
      "iban": "a bank account number", "ssn": "a social security number", "ip": "a machine's address"}  # fmt: skip
_CERTAINTY = {"email": 0.99, "phone": 0.9, "card": 0.99, "iban": 0.999, "ssn": 0.97, "ip": 0.9}


def kind_of(sign: Sign) -> str:
    """Return which kind of personal data a sign of this module is about."""
    return next((kind for kind, words in _A.items() if sign.why.endswith(words)), "")


def _bare(value: str) -> str:
    return value.lower() if "@" in value else checks.digits_of(value) or value.lower()


def _candidates(text: str) -> Iterator[Found]:
    """Yield finds, the surest kind first, so that a card is no telephone."""
    if "@" in text:
        yield from (_of("email", found) for found in _EMAIL.finditer(text))
    if not _DIGIT.search(text):
        return
    yield from (_of("iban", found) for found in _ibans(text))
    many = _MANY.search(text)
    if many:
        yield from (_of("card", found) for found in _CARD.finditer(text) if _is_card(text, found))
        yield from (_of("ssn", found) for found in _SSN.finditer(text) if checks.social_security(found[0]))
        yield from (Found("ssn", found.start(1), found.end(1), found[1]) for found in _SSN_BARE.finditer(text))
    if _IP_PART.search(text):
        yield from (_of("ip", found) for found in _IP.finditer(text) if _is_address(text, found))
    if _IP6_PART.search(text):
        yield from (_of("ip", found) for found in _IP6.finditer(text))
    if many:
        yield from (_of("phone", found) for found in _numbers(text) if _is_phone(text, found))


def _of(kind: str, found: re.Match[str]) -> Found:
    return Found(kind, found.start(), found.end(), found[0])


def _ibans(text: str) -> Iterator[re.Match[str]]:
    """Yield account numbers; a word that follows one may look like its last group, so shorter ones are tried too."""
    for found in _IBAN.finditer(text):
        size = checks.IBAN_LENGTHS.get(found[0][:2], 0)
        end, count = found.start(), 0
        while end < found.end() and count < size:
            count += text[end] != " "
            end += 1
        exact = re.compile(r"[A-Z0-9 ]+").fullmatch(text, found.start(), end)
        if exact and checks.iban(exact[0]):
            yield exact


def _numbers(text: str) -> Iterator[re.Match[str]]:
    """Yield numbers written as telephones are, of at least seven digits."""
    start = _PHONE_START.search(text)
    while start:
        found = _PHONE.match(text, start.start())
        if found:
            yield found
        start = _PHONE_START.search(text, found.end() if found else start.end())


def _is_card(text: str, found: re.Match[str]) -> bool:
    digits = checks.digits_of(found[0])
    if checks.card(digits):
        return True
    return checks.debit_card(digits) and bool(_CARD_WORD.search(text, max(0, found.start() - 60), found.start()))


def _is_address(text: str, found: re.Match[str]) -> bool:
    return checks.address(found[0]) and not _VERSION.search(text, max(0, found.start() - 10), found.start())


def _is_phone(text: str, found: re.Match[str]) -> bool:
    """Tell a telephone from dates, amounts, ids and moments: by its plus, by how it is grouped, or by who says so."""
    value = found[0]
    digits = checks.digits_of(value.split("x")[0])
    if not 7 <= len(digits) <= 14 or _DATE.fullmatch(value.strip()):
        return False
    if value.startswith("+"):
        return len(digits) >= 8
    called = _called(text, found)
    groups = re.split(r"[ .()-]+", value.strip("( "))
    if len(groups) == 1:
        return called and len(digits) <= 12
    if called:
        return True
    return len(digits) >= 8 and _grouped_like_a_phone(value, [group for group in groups if group])


def _grouped_like_a_phone(value: str, groups: list[str]) -> bool:
    if value.startswith("("):
        return True
    local = groups[1:] if groups[0] == "1" else groups
    if [len(group) for group in local[:2]] == [3, 3] and len(local) == 3:
        return len(local[2]) > 3 and local[2][:4].isdigit()
    return value.startswith("0") and len(groups) >= 3


def _called(text: str, found: re.Match[str]) -> bool:
    before = text[max(0, found.start() - 48) : found.start()]
    return bool(_CALLED.search(before)) or bool(_CALLED_AFTER.match(text[found.end() : found.end() + 12]))
