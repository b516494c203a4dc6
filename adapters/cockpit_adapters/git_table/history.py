"""The log of a branch, read as the contents a file had and as changes for the what-changed board."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice

from cockpit.domain.text import clean
from cockpit.errors import Unsure
from cockpit.world.contract import Deadline
from cockpit.world.port import Change
from cockpit_adapters.documents.secrecy import without_secret
from cockpit_adapters.git_table.git import Git

MOST = 500
"""No more commits than these are looked at."""

LINES = 3
"""So many changed lines of a file are shown."""

_FORMAT = "--format=%x01%H%x00%cI%x00%an%x00%s%x00"
_HUNK = re.compile(r"@@ -\d+(?:,(\d+))? \+\d+(?:,(\d+))? @@")


@dataclass(frozen=True, slots=True)
class Commit:
    """One commit, and the content (`blob`) a file had after it; empty when the file was gone."""

    sha: str
    at: datetime
    by: str
    subject: str
    blob: str = ""

    @property
    def shown(self) -> str:
        """The commit as people know it."""
        return f"{self.sha[:9]} {self.subject}".strip()


def contents(git: Git, tip: str, path: str, deadline: Deadline, most: int = MOST) -> list[Commit]:
    """Return the commits that changed a file, newest first, each with the content it left."""
    words = ("log", f"-n{most}", "--no-renames", "--first-parent", "-m", "--raw", "--no-abbrev", _FORMAT)
    said = git.run(*words, tip, "--", path, deadline=deadline).decode("utf-8", "replace")
    found = []
    for head, rest in _records(said):
        raw = re.search(r"^:\d+ \d+ [0-9a-f]+ ([0-9a-f]+) ", rest, re.MULTILINE)
        blob = raw[1] if raw and raw[1].strip("0") else ""
        found.append(Commit(head.sha, head.at, head.by, head.subject, blob))
    return found


def introduced(commits: list[Commit]) -> list[Commit]:
    """Return each content once, newest first, by the commit that brought it first: a revert brings no new one."""
    first: dict[str, Commit] = {}
    for commit in reversed(commits):
        if commit.blob:
            first.setdefault(commit.blob, commit)
    return sorted(first.values(), key=commits.index)


def changes(git: Git, tip: str, since: datetime, deadline: Deadline) -> list[Change]:
    """Return what was committed since a moment, newest first, one line per file."""
    words = (
        "log", f"-n{MOST}", f"--since={since.astimezone(UTC).isoformat()}", "--first-parent", "-m", "-p", "-U0",
        "--no-renames", "--no-ext-diff", "--no-textconv", "--src-prefix=a/", "--dst-prefix=b/", _FORMAT,
    )  # fmt: skip
    said = git.run(*words, tip, "--", deadline=deadline).decode("utf-8", "replace")
    found = []
    for head, rest in _records(said):
        for path, before, after in _files(rest):
            kind = "config" if path.endswith((".json", ".yaml", ".yml", ".toml")) else "file"
            ref, what = f"git:{head.sha[:12]}:{path}", f"{path}: {head.subject}"
            found.append(Change(ref, head.at, what, kind, before, after, head.by, head.sha[:12]))
    return [one for one in found if one.at >= since]


def _records(said: str) -> Iterator[tuple[Commit, str]]:
    for record in said.split("\x01")[1:]:
        parts = record.split("\0", 4)
        if len(parts) < 5:
            # A subject can hold neither character; a changed line can, and then belongs to the record before.
            continue
        try:
            at = datetime.fromisoformat(parts[1]).astimezone(UTC)
        except ValueError:
            raise Unsure("git's log has an unreadable date") from None
        yield Commit(parts[0], at, parts[2], clean(parts[3], multiline=False, limit=100)), parts[4]


def _files(patch: str) -> Iterator[tuple[str, str, str]]:
    """Return (path, lines before, lines after) of each file of a patch."""
    lines = iter(patch.split("\n"))
    old, path, before, after = "", "", list[str](), list[str]()
    for line in lines:
        if line.startswith("diff --git "):
            if path:
                yield path, _some(before), _some(after)
            path, before, after = line.rpartition(" b/")[2].rstrip('"'), [], []
        elif line.startswith("--- "):
            old = _named(line)
        elif line.startswith("+++ "):
            path = _named(line) or old or path
        elif hunk := _HUNK.match(line):
            gone, come = (int(count) if count is not None else 1 for count in hunk.groups())
            before += [one[1:] for one in islice(lines, gone)]
            after += [one[1:] for one in _unmarked(lines, come)]
    if path:
        yield path, _some(before), _some(after)


def _unmarked(lines: Iterator[str], count: int) -> Iterator[str]:
    """Return the next lines, without git's remark on a missing newline, which is not counted."""
    while count:
        line = next(lines, None)
        if line is None:
            return
        if not line.startswith("\\"):
            count -= 1
            yield line


def _named(line: str) -> str:
    name = line[4:].rstrip("\t").strip('"')
    return "" if name == "/dev/null" else name[2:]


def _some(lines: list[str]) -> str:
    more = [f"+{len(lines) - LINES} lines"] if len(lines) > LINES else []
    return " / ".join([without_secret(line.strip())[:120] for line in lines[:LINES]] + more)
