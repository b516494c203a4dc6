"""Stand-ins: made-up people in the place of real ones, the same one for the same one wherever they turn up.

What a stand-in is follows from a key and from what it stands for. The key is not kept beside the cases, so that
nobody can try out names against them.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property, partial
from typing import TYPE_CHECKING

from cockpit.detect.answer import names, personal, secret

if TYPE_CHECKING:
    from faker import Faker

_KEY_END = re.compile(r"-----END [A-Z0-9 ]{0,60}-----|\Z")

SHORTEST_PART = 3
"""Letters of a part of a name that is replaced where it stands alone."""


class StandIns:
    """Replaces personal data in the texts of one incident."""

    def __init__(self, key: str, texts: Iterable[str], *, hide: Iterable[str] = (), raw: bool = False) -> None:
        """Look through all texts once; a name found in one is replaced in every one.

        Args:
            hide: further words that are replaced, as names are.
            raw: whether nothing is replaced, because somebody answers for it.
        """
        self._key = key.encode()
        self._raw = raw
        self._made: dict[str, str] = {}
        for text in texts:
            self._learn(text)
        for word in hide:
            if word.strip():
                self._name(word.strip())

    @property
    def replaced(self) -> Mapping[str, str]:
        """What stands for what; this is what must never leave with the cases."""
        return dict(self._made)

    def over(self, text: str) -> str:
        """Return a text with everybody in it replaced."""
        self._learn(text)
        if not self._made:
            return text
        longest_first = sorted(self._made, key=len, reverse=True)
        pattern = re.compile("|".join(rf"(?<!\w){re.escape(one)}(?!\w)" for one in longest_first))
        return pattern.sub(lambda found: self._made[found[0]], text)

    def _learn(self, text: str) -> None:
        for found in _secrets(text):
            self._put(found, "secret", partial(_secret_like, found))
        for one in personal.find(text):
            self._put(one.value, one.kind, _STRUCTURED[one.kind])
        for reference in names.references(text):
            self._put(reference, "reference", partial(_same_shape, reference))
        for place in names.streets(text):
            street = any(letter.isdigit() for letter in place)
            self._put(place, "street", _street if street else _city)
            text = text.replace(place, " … ")  # a street that is called after somebody is nobody
        for person in names.people(text):
            self._name(person)

    def _name(self, person: str) -> None:
        self._put(person, "name", lambda fake: f"{fake.first_name()} {fake.last_name()}")
        if self._raw:
            return
        parts, stand_in = person.split(), self._made[person].split()
        if len(parts) < 2:
            self._made[person] = stand_in[0]
            return
        for part, other in ((parts[-2], stand_in[0]), (parts[-1], stand_in[-1])):
            if len(part) >= SHORTEST_PART and part[0].isupper():
                self._made.setdefault(part, other)

    def _put(self, value: str, kind: str, make: Callable[[Faker], str]) -> None:
        if value in self._made or value in self._made.values():
            return
        if self._raw:
            self._made[value] = value
            return
        digest = hmac.new(self._key, f"{kind}\0{value.lower()}".encode(), hashlib.sha256).digest()
        self._faker.seed_instance(int.from_bytes(digest[:8], "big"))
        self._made[value] = make(self._faker)

    @cached_property
    def _faker(self) -> Faker:
        from faker import Faker

        return Faker("en_US")


def _secrets(text: str) -> list[str]:
    """Return the secrets in a text; of a private key the whole block."""
    found = []
    for sign in secret.signs(text):
        start, end = sign.where or (0, 0)
        closing = _KEY_END.search(text, end) if text.startswith("-----BEGIN", start) else None
        found.append(text[start : closing.end() if closing else end])
    return found


def _secret_like(value: str, fake: Faker) -> str:
    """Return what begins like a secret and is none."""
    return f"{value[:3]}standin-{fake.random.getrandbits(64):016x}"


def _same_shape(value: str, fake: Faker) -> str:
    """Return other digits in the same places."""
    return "".join(str(fake.random.randrange(10)) if one.isdigit() else one for one in value)


def _street(fake: Faker) -> str:
    return f"{fake.random.randrange(1, 999)} {fake.last_name()} Street"


def _city(fake: Faker) -> str:
    return str(fake.city())


_STRUCTURED: Mapping[str, Callable[[Faker], str]] = {
    "email": lambda fake: f"{fake.first_name().lower()}.{fake.last_name().lower()}@example.org",
    "phone": lambda fake: f"+1 202 555 01{fake.random.randrange(10, 99)}",
    "card": lambda fake: str(fake.credit_card_number("visa16")),
    "iban": lambda fake: str(fake.iban()),
    "ssn": lambda fake: str(fake.ssn()),
    "ip": lambda fake: f"203.0.113.{fake.random.randrange(1, 255)}",
}
