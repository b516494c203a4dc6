"""Where columns are kept: in memory while they are short, in files without a name once they are long.

A long column is mapped, so that it reads like any other; between two looks at it, its pages are given back. What is
resident is then what is being looked at, and the system may write the rest out and use the memory for others.
"""

from __future__ import annotations

import mmap
import os
import tempfile
from pathlib import Path
from typing import Any, TypeVar
from weakref import WeakSet

import numpy as np
from numpy.typing import NDArray

_ON_DISK = Path("/var/tmp")  # noqa: S108 the file has no name: nobody else can open it
"""Where long-lived temporary files belong; /tmp is often kept in memory."""

Kept = TypeVar("Kept", bound=np.generic)


class Shelf:
    """Makes room for columns; those of more than `short` rows lie in files, as long as there is a disk for them."""

    def __init__(self, short: int) -> None:
        self._short = short
        self._maps: WeakSet[mmap.mmap] = WeakSet()

    def room(self, shape: tuple[int, ...], dtype: Any) -> NDArray[Any]:
        """Return a column to be filled; what is in it at first is not defined."""
        size = int(np.prod(shape)) * np.dtype(dtype).itemsize
        found = _mapped(size) if shape[0] > self._short and size else None
        if found is None:
            return np.empty(shape, dtype=dtype)
        self._maps.add(found)
        return np.ndarray(shape, dtype=dtype, buffer=found)

    def keep(self, column: NDArray[Kept]) -> NDArray[Kept]:
        """Return the same column, to be kept: a long one is copied to the shelf."""
        if len(column) <= self._short:
            return column
        kept: NDArray[Kept] = self.room(column.shape, column.dtype)
        kept[...] = column
        self.release()
        return kept

    def release(self) -> None:
        """Give back the memory of what was looked at; the next look brings it in again."""
        for one in list(self._maps):
            one.madvise(mmap.MADV_DONTNEED)


def _mapped(size: int) -> mmap.mmap | None:
    """Map a new file of a size; None where that can't be done, or where pages could not be given back."""
    if not hasattr(os, "posix_fallocate") or not hasattr(mmap, "MADV_DONTNEED"):
        return None
    try:
        with tempfile.TemporaryFile(dir=_folder()) as file:
            # Room is taken now: a disk that is full later would end the program.
            os.posix_fallocate(file.fileno(), 0, size)
            return mmap.mmap(file.fileno(), size)
    except (OSError, ValueError):
        return None


def _folder() -> Path | None:
    """Return where the files are made: where the user wants temporary files, else on the disk."""
    return _ON_DISK if "TMPDIR" not in os.environ and os.access(_ON_DISK, os.W_OK | os.X_OK) else None
