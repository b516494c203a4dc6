"""Check digits and network addresses: what tells a card, an account or an address from any other number."""

from __future__ import annotations

CARD_PREFIXES: tuple[tuple[int, int, int, tuple[int, ...]], ...] = (
    (4, 4, 1, (13, 16, 19)),  # Visa
    (51, 55, 2, (16,)), (2221, 2720, 4, (16,)),  # Mastercard
    (34, 34, 2, (15,)), (37, 37, 2, (15,)),  # American Express
    (300, 305, 3, (14, 16)), (36, 36, 2, (14,)), (38, 39, 2, (14, 16)),  # Diners Club
    (6011, 6011, 4, (16, 19)), (644, 659, 3, (16, 19)),  # Discover
    (35, 35, 2, (16,)), (3528, 3589, 4, (19,)), (2131, 2131, 4, (15,)), (1800, 1800, 4, (15,)),  # JCB
    (3088, 3099, 4, (16,)), (3112, 3120, 4, (16,)), (3158, 3159, 4, (16,)), (3337, 3349, 4, (16,)),
    (62, 62, 2, (16, 17, 18, 19)),  # old JCB; UnionPay
)  # fmt: skip
"""First and last issuer number, its digits, and the lengths it comes in; ISO/IEC 7812 and the schemes' own pages."""

DEBIT_PREFIXES = ("0604", "50", "56", "57", "58", "6")
"""How Maestro and other debit cards of 12 to 19 digits begin; so loose that the words around must speak of a card."""

IBAN_LENGTHS = {
    "AD": 24, "AE": 23, "AL": 28, "AT": 20, "AZ": 28, "BA": 20, "BE": 16, "BG": 22, "BH": 22, "BR": 29, "BY": 28,
    "CH": 21, "CR": 22, "CY": 28, "CZ": 24, "DE": 22, "DK": 18, "DO": 28, "EE": 20, "EG": 29, "ES": 24, "FI": 18,
    "FO": 18, "FR": 27, "GB": 22, "GE": 22, "GI": 23, "GL": 18, "GR": 27, "GT": 28, "HR": 21, "HU": 28, "IE": 22,
    "IL": 23, "IQ": 23, "IS": 26, "IT": 27, "JO": 30, "KW": 30, "KZ": 20, "LB": 28, "LC": 32, "LI": 21, "LT": 20,
    "LU": 20, "LV": 21, "LY": 25, "MC": 27, "MD": 24, "ME": 22, "MK": 19, "MR": 27, "MT": 31, "MU": 30, "NL": 18,
    "NO": 15, "PK": 24, "PL": 28, "PS": 29, "PT": 25, "QA": 29, "RO": 24, "RS": 22, "SA": 24, "SC": 31, "SE": 24,
    "SI": 19, "SK": 24, "SM": 27, "ST": 25, "SV": 28, "TL": 23, "TN": 24, "TR": 26, "UA": 29, "VA": 22, "VG": 24,
    "XK": 20,
}  # fmt: skip
"""Characters of an account number by country (SWIFT IBAN registry)."""


def digits_of(text: str) -> str:
    """Return the ASCII digits of a text."""
    return "".join(one for one in text if "0" <= one <= "9")


def luhn(digits: str) -> bool:
    """Tell whether the last digit is the check digit of ISO/IEC 7812-1."""
    total = 0
    for place, one in enumerate(reversed(digits)):
        value = int(one) * (1 + place % 2)
        total += value - 9 if value > 9 else value
    return bool(digits) and total % 10 == 0


def issued(digits: str) -> bool:
    """Tell whether a card scheme issues numbers that begin like this and are this long."""
    return any(
        len(digits) in lengths and first <= int(digits[:width]) <= last
        for first, last, width, lengths in CARD_PREFIXES
    )


def card(digits: str) -> bool:
    """Tell whether digits are a payment card's number."""
    return 13 <= len(digits) <= 19 and len(set(digits)) > 1 and issued(digits) and luhn(digits)


def debit_card(digits: str) -> bool:
    """Tell whether digits can be a debit card's number; one number in a hundred can, so ask the context too."""
    return 12 <= len(digits) <= 19 and digits.startswith(DEBIT_PREFIXES) and luhn(digits)


def iban(text: str) -> bool:
    """Tell whether a text is an account number: the length of its country, and 1 modulo 97 (ISO 13616)."""
    packed = text.replace(" ", "").replace("-", "").upper()
    if IBAN_LENGTHS.get(packed[:2]) != len(packed):
        return False
    turned = packed[4:] + packed[:4]
    return turned.isascii() and turned.isalnum() and int("".join(str(int(one, 36)) for one in turned)) % 97 == 1


def social_security(text: str) -> bool:
    """Tell whether a number can be a social security (or taxpayer) number of the United States."""
    area, group, serial = text[:3], text[4:6], text[7:]
    return area not in ("000", "666") and group != "00" and serial != "0000"


def address(text: str) -> bool:
    """Tell whether four numbers are the address of somebody's machine: neither a version nor a reserved address."""
    parts = [int(part) for part in text.split(".")]
    if any(part > 255 for part in parts) or parts[0] in (0, 10, 127) or parts[0] >= 224:
        return False
    private = (parts[0] == 192 and parts[1] == 168) or (parts[0] == 172 and 16 <= parts[1] < 32)
    return not private and not (parts[0] == 169 and parts[1] == 254) and max(parts) > 20
