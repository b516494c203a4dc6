"""Opening the journal's file: read and write where it is sound, read-only where it is not, never over it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError

from cockpit.domain.clock import Clock
from cockpit.errors import JournalDamaged, JournalError, JournalReadOnly
from cockpit.journal.chain import file_fault
from cockpit.journal.engine import FAULTS, make_engine, writing
from cockpit.journal.faults import SPACE_HINT, damaged, explain, explained, is_busy
from cockpit.journal.migrations import migrate, refuse_newer
from cockpit.journal.sqlite import Mode, create_private


@dataclass(frozen=True, slots=True)
class Opened:
    """An engine on the file, and why nothing can be written to it (None: it can)."""

    engine: Engine
    mode: Mode
    trouble: JournalError | None = None


def open_file(path: Path, clock: Clock, *, read_only: bool, anchored: bool) -> Opened:
    """Open, check and migrate the file.

    Args:
        anchored: whether lines were recorded there before, so that an empty file is a loss and not a beginning.

    Raises:
        JournalError: there is none to read, or a newer cockpit wrote it.
        JournalReadOnly: there is none, and none can be made.
    """
    emptied = anchored and path.is_file() and path.stat().st_size == 0
    loss = damaged(path, "it is empty, but lines were recorded in it") if emptied else None
    if read_only:
        _settle(path)
        return _open_to_read(path, loss or JournalReadOnly(f"The journal {path} was opened for reading only."))
    with explained(path, FAULTS):
        create_private(path)
    if loss:
        return _open_to_read(path, loss)
    try:
        return _open_to_write(path, clock)
    except (JournalDamaged, JournalReadOnly) as trouble:
        return _open_to_read(path, trouble)


def _open_to_write(path: Path, clock: Clock) -> Opened:
    if not (os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)):
        raise JournalReadOnly(
            f"Can't write the journal {path}: the file or its folder is read-only.", hint=SPACE_HINT
        )
    engine = make_engine(path, "rw")
    try:
        with explained(path, FAULTS):
            _check(engine, path)
            with writing(engine).begin() as connection:
                migrate(connection, clock)
    except JournalError:
        engine.dispose()
        raise
    return Opened(engine, "rw")


def _check(engine: Engine, path: Path) -> None:
    with engine.connect() as connection:
        fault = file_fault(connection, "quick_check")
    if fault:
        raise damaged(path, fault)


def _open_to_read(path: Path, trouble: JournalError) -> Opened:
    if not path.exists():
        raise JournalError(
            f"There is no journal at {path}.", hint="Open a drill first (`cockpit drill NAME`), or check --data."
        )
    if not path.is_file():
        raise JournalError(f"{path} is no file.", hint="Name another folder by --data DIR.")
    # A WAL file in a folder that can't be written is readable only when nothing can change it.
    mode: Mode = "ro" if _readable(path, "ro") or not _readable(path, "immutable") else "immutable"
    if mode == "immutable" and _broken_off(path):
        raise JournalReadOnly(
            f"The journal {path} was broken off in the middle of a write, and can't be put right in a folder that "
            "can't be written.",
            hint="Make the folder writable, or copy it to one that is, and name that one by --data DIR.",
        )
    engine = make_engine(path, mode)
    if not isinstance(trouble, JournalDamaged):
        trouble = _damage_in(engine, path) or trouble
    return Opened(engine, mode, trouble)


def _damage_in(engine: Engine, path: Path) -> JournalError | None:
    try:
        with engine.connect() as connection:
            refuse_newer(connection)
            fault = file_fault(connection, "quick_check")
    except FAULTS as problem:
        told = explain(problem, path)
        return told if isinstance(told, JournalDamaged) else None
    return damaged(path, fault) if fault else None


def _broken_off(path: Path) -> bool:
    """Whether a write was cut short by a kill or a power cut: its way back lies beside the file."""
    beside = path.with_name(path.name + "-journal")
    return beside.is_file() and beside.stat().st_size > 0


def _settle(path: Path) -> None:
    """Let SQLite take back a write that was cut short: who only reads can't, and would see half of it."""
    if path.is_file() and _broken_off(path) and os.access(path, os.W_OK) and os.access(path.parent, os.W_OK):
        _readable(path, "rw")


def _readable(path: Path, mode: Mode) -> bool:
    engine = make_engine(path, mode)
    try:
        with engine.connect() as connection:
            connection.exec_driver_sql("SELECT COUNT(*) FROM sqlite_master")
    except OperationalError as fault:
        return is_busy(fault)
    except FAULTS:
        return True  # damaged, not locked away: another mode would not help
    finally:
        engine.dispose()
    return True
