"""One field of a block of traces as bytes that can be searched in C: no index, and a million rows in a blink.

Few different values (as most fields have) are a dictionary and one byte a row; many are texts separated by NUL.
Both hold folded values only, so that case never matters.
"""

from __future__ import annotations

from collections.abc import Sequence

from cockpit.domain.traces import Term, Wanted, fold

_NUL = b"\0"
_DICTIONARY, _TEXTS = b"D", b"T"
_CODES = 255
_FLIP = bytes([1, 0]) + bytes(254)
_TO_DIGITS = bytes.maketrans(b"\0\1", b"01")
_FROM_DIGITS = bytes.maketrans(b"01", b"\0\1")


def pack(values: Sequence[str]) -> bytes:
    """Write one field of all rows of a block."""
    distinct = {value: code for code, value in enumerate(dict.fromkeys(values))}
    if len(distinct) > _CODES:
        return _TEXTS + _encode(values)
    table = _encode(tuple(distinct))
    codes = bytes([distinct[value] for value in values])
    return _DICTIONARY + len(table).to_bytes(4, "little") + table + codes


def unpack(packed: bytes) -> list[str]:
    """Read back the folded values."""
    if packed.startswith(_TEXTS):
        return _decode(packed[1:])
    values, codes = _parts(packed)
    return [values[code] for code in codes]


def mask(packed: bytes, size: int, term: Term) -> bytes:
    """Return one byte a row: 1 where the condition holds, else 0."""
    if packed.startswith(_TEXTS):
        found = any_of([_search(packed, size, one) for one in term.wanted], size)
        return found.translate(_FLIP) if term.negated else found
    values, codes = _parts(packed)
    return codes.translate(bytes([term.holds(value) for value in values]).ljust(256, _NUL))


def any_of(masks: Sequence[bytes], size: int) -> bytes:
    """Return 1 where any of the masks has one."""
    if len(masks) == 1:
        return masks[0]
    merged = 0
    for one in masks:
        merged |= int.from_bytes(one, "little")
    return merged.to_bytes(size, "little")


def bits(mask: bytes) -> int:
    """Write a mask as one bit a row, the first row's the highest."""
    return int(mask.translate(_TO_DIGITS) or b"0", 2)


def mask_of(bits: int, size: int) -> bytes:
    """Read back the mask that `bits` wrote."""
    return format(bits, f"0{size}b").encode().translate(_FROM_DIGITS) if size else b""


def _search(packed: bytes, size: int, wanted: Wanted) -> bytes:
    needle = wanted.text.encode("utf-8", "surrogatepass")
    if packed.find(needle, 1) < 0:
        return bytes(size)
    texts = packed[1:].split(_NUL)
    if wanted.whole:
        return bytes([text == needle for text in texts])
    return bytes([needle in text for text in texts])


def _parts(packed: bytes) -> tuple[list[str], bytes]:
    end = 5 + int.from_bytes(packed[1:5], "little")
    return _decode(packed[5:end]), packed[end:]


def _encode(values: Sequence[str]) -> bytes:
    # Lone surrogates are kept as they came: they are evidence.
    return "\0".join([fold(value) for value in values]).encode("utf-8", "surrogatepass")


def _decode(content: bytes) -> list[str]:
    return content.decode("utf-8", "surrogatepass").split("\0")
