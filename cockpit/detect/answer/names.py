"""Names, streets and reference numbers of people in a text, as far as words and their order tell.

No list tells every name: whoever puts a text into a shared place looks at it once more. First names come from Faker's
lists of a dozen languages.
"""

from __future__ import annotations

import re
from functools import cache

LANGUAGES = ("en_US", "en_GB", "de_DE", "fr_FR", "es_ES", "it_IT", "nl_NL", "pl_PL", "pt_PT", "sv_SE")

_UP = r"[^\W\d_a-z]"
_CAPITAL = rf"{_UP}(?:[^\W\d_]|['’-]){{1,24}}"
_FULL = re.compile(
    rf"(?<![\w-])(?=((?P<first>{_CAPITAL}) (?:(?:{_UP}\.|de|van|von|da|di|del|la|le|den|der) ){{0,3}}"
    rf"(?P<last>{_CAPITAL})(?:-{_CAPITAL})?)(?!\w))"
)
_TITLED = re.compile(rf"\b(?:Dr|Mr|Mrs|Ms|Mx|Herr|Frau|Prof)\.? (?P<name>{_CAPITAL}(?: {_CAPITAL})?)(?!\w)")
_SAID = re.compile(
    r"\b(?i:my name is|i am called|this is|customer|patient|signed|regards,?|cheers,?|dear) "
    rf"(?P<name>{_CAPITAL}(?: {_CAPITAL})?)"
)
_UNIT = r"(?:Apt|Suite|Unit)\b"
_STREET = re.compile(
    rf"\b\d{{1,6}}[a-z]? (?!{_UNIT}){_CAPITAL}(?: (?!{_UNIT}){_CAPITAL}){{0,4}}(?:\.? {_UNIT}\.? ?\d{{1,5}})?"
    rf"|\b{_CAPITAL}(?:straße|strasse|str\.|weg|allee|platz|gasse) \d{{1,4}}[a-z]?\b"
)
_CITY = re.compile(rf", ({_CAPITAL}(?: {_CAPITAL}){{0,2}})")
_REFERENCE = re.compile(
    r"(?i)\b(?:order|customer|account|ticket|invoice|patient|member|policy|booking|reference|mrn|contract|client)"
    r"(?: (?:no\.?|number|id))?[ :#]{1,3}([a-z]{0,4}-?\d{3,12})\b"
)
_NUMBERED = re.compile(r"(?<![\w-])[A-Z]{1,4}-\d{4,12}(?![\w-])")


def people(text: str) -> list[str]:
    """Return the names of people in a text, in the order in which they stand."""
    known = _first_names()
    found = [one[1] for one in _FULL.finditer(text) if one["first"].split("-")[0].lower() in known]
    titled = [one["name"] for one in _TITLED.finditer(text)]
    said = [one["name"] for one in _SAID.finditer(text) if one["name"].split()[0].lower() in known]
    return list(dict.fromkeys([*found, *titled, *said]))


def streets(text: str) -> list[str]:
    """Return the street addresses in a text, and the town after a comma."""
    found: list[str] = []
    for one in _STREET.finditer(text):
        street = one[0].strip()
        if not (_german(street) or _english(street)):
            continue
        found.append(street)
        city = _CITY.match(text, one.end())
        if city:
            found.append(city[1])
    return list(dict.fromkeys(found))


def references(text: str) -> list[str]:
    """Return the numbers by which somebody's order, account or the like is called."""
    found = [*(one[1] for one in _REFERENCE.finditer(text)), *(one[0] for one in _NUMBERED.finditer(text))]
    return list(dict.fromkeys(found))


def _german(street: str) -> bool:
    return street[0].isalpha()


def _english(street: str) -> bool:
    words = [
        word for word in street.split() if word[0].isalpha() and word.rstrip(".") not in ("Apt", "Suite", "Unit")
    ]
    return bool(words) and words[-1].rstrip(".").lower() in _suffixes()


@cache
def _first_names() -> frozenset[str]:
    from importlib import import_module

    names: set[str] = set()
    for language in LANGUAGES:
        provider = import_module(f"faker.providers.person.{language}").Provider
        for attribute in ("first_names", "first_names_male", "first_names_female"):
            names |= {str(name).lower() for name in getattr(provider, attribute, ())}
    return frozenset(names)


@cache
def _suffixes() -> frozenset[str]:
    from faker.providers.address.en_US import Provider

    short = ("st", "rd", "ave", "blvd", "ln", "dr", "ct", "sq", "hwy", "pkwy")
    return frozenset({*(str(one).lower() for one in Provider.street_suffixes), *short})
