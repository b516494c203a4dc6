"""The heap after opening: what stands is left alone, what was only needed on the way is given back."""

from __future__ import annotations

import gc


def settle() -> None:
    """Tidy up once, behind the first frame; takes about a tenth of a second.

    A full collection of what has just been opened would stall a key for 100 ms later, and the C library keeps what
    opening had borrowed until it is asked (glibc; other libraries have nothing to ask).
    """
    import ctypes  # not needed before the first frame

    gc.unfreeze()
    gc.collect()
    gc.freeze()
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)
