"""Processes as the kernel knows them: who started whom, how old they are, how much memory they hold.

Needs /proc; elsewhere nothing is known and the answers are empty.
"""

from __future__ import annotations

import os
from collections import defaultdict
from pathlib import Path

PROC = Path("/proc")
PARENT, BORN = 1, 19
"""Places in /proc/<pid>/stat, counted behind the name of the program (see proc(5))."""


def stat(pid: int) -> list[str]:
    """Return the fields of a process behind its name, beginning with its state; empty when it is gone."""
    try:
        text = (PROC / str(pid) / "stat").read_text("utf-8", errors="replace")
    except OSError:
        return []
    return text.rpartition(")")[2].split()


def born(pid: int) -> str:
    """Return a mark that tells a process from a later one with the same number; empty when it is gone."""
    fields = stat(pid)
    return fields[BORN] if fields and fields[0] != "Z" else ""


def children() -> dict[int, list[int]]:
    """Return every process by the one that started it."""
    found: dict[int, list[int]] = defaultdict(list)
    for entry in os.listdir(PROC) if PROC.is_dir() else ():
        if entry.isdigit() and (fields := stat(int(entry))):
            found[int(fields[PARENT])].append(int(entry))
    return found


def descendants(pid: int) -> tuple[int, ...]:
    """Return all processes below one, nearest first, those that have ended but are not collected left out."""
    below, found = children(), [pid]
    for one in found:
        found += below.get(one, [])
    return tuple(one for one in found[1:] if born(one))


def resident(pid: int) -> int:
    """Return how many bytes of memory a process holds; 0 when it is gone."""
    try:
        pages = (PROC / str(pid) / "statm").read_text("utf-8").split()[1]
    except (OSError, IndexError):
        return 0
    return int(pages) * os.sysconf("SC_PAGE_SIZE")
