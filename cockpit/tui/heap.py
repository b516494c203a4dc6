"""The heap after opening: what stands is left alone, so that no key waits for a full collection."""

from __future__ import annotations

import gc

PATIENCE = (10_000, 10, 10)
"""How many new things make Python look for garbage; its own 700 let one key in six wait a twentieth of a second."""


def settle() -> None:
    """Take everything that has just been opened out of the collector's sight; takes about a tenth of a second."""
    gc.set_threshold(*PATIENCE)
    gc.unfreeze()
    gc.collect()
    gc.freeze()
