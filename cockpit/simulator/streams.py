"""Counter-based randomness: request i draws the same numbers whatever else is asked for.

Every stream is named. A stream is cut into blocks of `BLOCK` numbers, and each block has a Philox generator of its
own, keyed by seed, stream and block; so any stretch can be drawn without drawing what comes before it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

BLOCK = 16_384

Floats = NDArray[np.float32]


def _key(seed: int, name: str) -> int:
    return int.from_bytes(hashlib.blake2b(f"{seed}\0{name}".encode(), digest_size=16).digest(), "big")


def generator(seed: int, name: str, block: int = 0) -> np.random.Generator:
    """Return the generator of one block of a stream."""
    return np.random.Generator(np.random.Philox(key=_key(seed, name), counter=block << 128))


def _drawn(seed: int, name: str, start: int, stop: int, draw: Callable[[np.random.Generator], Floats]) -> Floats:
    first, last = start // BLOCK, max(start, stop - 1) // BLOCK
    blocks = [draw(generator(seed, name, block)) for block in range(first, last + 1)]
    whole = blocks[0] if len(blocks) == 1 else np.concatenate(blocks)
    return whole[start - first * BLOCK : stop - first * BLOCK]


def uniforms(seed: int, name: str, start: int, stop: int) -> Floats:
    """Return the numbers `start`…`stop` of a stream, uniform in [0, 1)."""
    return _drawn(seed, name, start, stop, lambda source: source.random(BLOCK, dtype=np.float32))


def normals(seed: int, name: str, start: int, stop: int) -> Floats:
    """Return the numbers `start`…`stop` of a stream, standard normal."""
    return _drawn(seed, name, start, stop, lambda source: source.standard_normal(BLOCK, dtype=np.float32))


def one(seed: int, name: str, count: int = 1) -> list[float]:
    """Return a few numbers of a small stream, uniform in [0, 1)."""
    return [float(value) for value in generator(seed, name).random(count)]
