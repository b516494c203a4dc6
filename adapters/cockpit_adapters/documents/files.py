"""Files of this machine, changed whole or not at all, by one writer at a time."""

from __future__ import annotations

import contextlib
import fcntl
import os
import stat
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from cockpit.errors import Refused, Throttled, Unreachable
from cockpit.world.contract import Deadline

LONGEST = 16 * 1024 * 1024
"""No file is read beyond so many bytes."""


def read_text(path: Path) -> str:
    """Return a file's text.

    Raises:
        Unreachable: it is not there, or may not be read.
        Refused: it is no ordinary file, too long, or no UTF-8.
    """
    try:
        # A pipe of that name would otherwise keep the reader waiting for ever.
        with open(os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC), "rb") as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise Refused(f"{path} is no ordinary file", hint="Name the file itself.")
            content = file.read(LONGEST + 1)
    except OSError as problem:
        raise Unreachable(
            f"{path} can't be read: {problem.strerror}", hint="Check the path and its rights."
        ) from None
    if len(content) > LONGEST:
        raise Refused(f"{path} is longer than {LONGEST >> 20} MB", hint="Is that the right file?")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        raise Refused(f"{path} is no UTF-8 text", hint="Save it as UTF-8.") from None


def change(path: Path, deadline: Deadline, made: Callable[[str], str]) -> None:
    """Replace a file's text by what `made` makes of it, atomically, its date newer than before; links are followed.

    Raises:
        WorldError: Unreachable and Refused as in `read_text`; Refused when the folder can't be written; Throttled
            when another writer holds the lock. In each case nothing was changed.
    """
    target = path.resolve()
    with _locked(target, deadline):
        old = read_text(target)
        new = made(old)
        if new != old:
            _replace(target, new)


@contextlib.contextmanager
def _locked(target: Path, deadline: Deadline) -> Iterator[None]:
    # The folder itself is locked: a lock file would be met by whatever reads that folder.
    try:
        descriptor = os.open(target.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except OSError as problem:
        raise Unreachable(f"{target.parent} can't be opened: {problem.strerror}", hint="Check the path.") from None
    try:
        while not _taken(descriptor):
            if deadline.left() < 0.05:
                raise Throttled(f"another cockpit is writing {target}", hint="Try again.")
            time.sleep(0.02)
        yield
    finally:
        os.close(descriptor)


def _taken(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _replace(target: Path, text: str) -> None:
    """Put a text in a file's place; whoever watches it by its date sees a later one, even within the same tick."""
    before = target.stat()
    descriptor, name = -1, ""
    try:
        if not os.access(target, os.W_OK):
            raise PermissionError(13, "it may not be written")
        descriptor, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
        with os.fdopen(descriptor, "wb") as file:
            file.write(text.encode("utf-8"))
            os.fchmod(file.fileno(), stat.S_IMODE(before.st_mode))
            _keep_owner(file.fileno(), before)
            file.flush()
            os.fsync(file.fileno())
        _date(name, before.st_mtime_ns)
        os.replace(name, target)
    except OSError as problem:
        if name:
            with contextlib.suppress(OSError):
                os.unlink(name)
        raise Refused(
            f"{target} can't be written: {problem.strerror}", hint="Check the rights of its folder."
        ) from None


def _keep_owner(descriptor: int, before: os.stat_result) -> None:
    made = os.fstat(descriptor)
    if (made.st_uid, made.st_gid) != (before.st_uid, before.st_gid):
        with contextlib.suppress(OSError):
            os.fchown(descriptor, before.st_uid, before.st_gid)


def _date(name: str, before_ns: int) -> None:
    made = os.stat(name).st_mtime_ns
    if made <= before_ns:
        os.utime(name, ns=(before_ns + 1_000_000, before_ns + 1_000_000))
