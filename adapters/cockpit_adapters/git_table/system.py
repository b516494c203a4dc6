"""One branch of one repository."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cockpit.errors import BadInput, Moved, Refused
from cockpit.world.contract import Control, Deadline, Expectation, Finding, Place, Reading, Value, Version, Write
from cockpit.world.port import Change
from cockpit_adapters.documents import MISSING, at, edit, format_of, load
from cockpit_adapters.documents.secrecy import holds_secret
from cockpit_adapters.git_table import history
from cockpit_adapters.git_table.addresses import Where, where
from cockpit_adapters.git_table.checks import findings
from cockpit_adapters.git_table.commit import Entry, author_of, committed, entry, has_key, message, move, push
from cockpit_adapters.git_table.git import Git
from cockpit_adapters.git_table.history import Commit, contents, introduced

if TYPE_CHECKING:
    from cockpit_adapters.git_table import GitTableOptions

PARSE_S = 5.0
_NAME = re.compile(r"[A-Za-z0-9_][\w./+-]*", re.ASCII)
_COMMIT = re.compile(r"[0-9a-f]{4,64}|[A-Za-z0-9_][\w./~^+-]*", re.ASCII)


class GitTableSystem:
    """Files and single values, as the branch has them."""

    def __init__(self, options: GitTableOptions, place: Place) -> None:
        if not options.repository:
            raise BadInput(f"{place.name} names no repository", hint='Add a line: repository = "/srv/prompts"')
        for name in filter(None, (options.branch, options.push)):
            if not _NAME.fullmatch(name) or ".." in name or name.endswith((".lock", "/")):
                raise BadInput(f"{place.name}: {name!r} is no name of a branch or remote")
        if not options.branch:
            raise BadInput(f"{place.name} names no branch", hint='Add a line: branch = "main"')
        self._git = Git(Path(options.repository).expanduser())
        self._branch, self._remote = options.branch, options.push
        self._effect_s = options.effect_s
        self._now = place.now

    def close(self) -> None:
        """Nothing is held."""

    def check(self, deadline: Deadline) -> Sequence[Finding]:
        """Prove that the branch is there and can be moved."""
        return findings(self._git, self._branch, self._remote, lambda: self._tip(deadline), deadline)

    def control(self, address: str) -> Control:
        """Understand an address, without asking git."""
        place = where(address)
        return Control(
            address=address,
            capability=place.capability,
            what=f"{place.words} on {self._branch}",
            reach=f"everything that is deployed from {self._branch}",
            effect_s=(0.0, self._effect_s),
            fenced=True,
            leaves="whatever was deployed before, until it is deployed again",
        )

    def parse(self, address: str, text: str) -> Value:
        """Turn a commit (`a1b2c3d`, `HEAD~2`, a tag) or, for a key, JSON or a plain word into the value to write."""
        place = where(address)
        if place.keys:
            try:
                value: Value = json.loads(text)
            except (ValueError, RecursionError):
                value = text
            return value
        return self._content_at(place, text.strip(), Deadline(PARSE_S)).sha

    def read(self, address: str, deadline: Deadline) -> Reading:
        """Read what the branch has; with `push`, the branch of the remote, asked just now."""
        place = where(address)
        tip = self._tip(deadline)
        here = self._entry(tip, place, deadline)
        log = contents(self._git, tip, place.path, deadline)
        newest = _newest(log, place)
        value: Value
        if place.keys:
            value, shown = self._value(place, self._text(here, deadline)), ""
        else:
            found = _of_content(log, here.blob, place)
            value, shown = found.sha, found.shown
        return Reading(value, newest.sha, shown, newest.by, newest.at)

    def write(self, write: Write, deadline: Deadline) -> None:
        """Commit one change on top of what the branch has, and move the branch, if it is still there."""
        place = where(write.address)
        tip = self._tip(deadline)
        if write.key and has_key(self._git, tip, write.key, deadline):
            return
        here = self._entry(tip, place, deadline)
        new = self._wanted(place, tip, here, write.value, deadline)
        if new == here:
            return
        newest = _newest(contents(self._git, tip, place.path, deadline, most=1), place)
        if write.version and newest.sha != write.version:
            raise Moved(f"{place.path} was changed since this was planned: {newest.shown}, by {newest.by}")
        told = message(f"{place.words}: {_words(place, write.value)}", write.why, write.key)
        author = author_of(write.why)
        made = committed(self._git, tip, place.path, new, told, author, self._now(), deadline)
        if self._remote:
            push(self._git, self._remote, self._branch, tip, made, deadline)
        else:
            move(self._git, self._branch, tip, made, deadline)

    def versions(self, address: str, deadline: Deadline) -> Sequence[Version]:
        """Return the contents a file had, or the values of a key, newest first."""
        place = where(address)
        tip = self._tip(deadline)
        log = contents(self._git, tip, place.path, deadline)
        if place.keys:
            return self._values(place, log[:50], deadline)
        now = self._entry(tip, place, deadline).blob
        return [
            Version(one.sha, one.shown, one.at, one.by, one.subject, current=one.blob == now)
            for one in introduced(log)
        ]

    def expectation(self, address: str, value: Value, deadline: Deadline) -> Expectation | None:
        """Nothing: what an answer carries is up to the application; see `proof` in the page of this adapter."""
        where(address)
        return None

    def changes(self, since: datetime, deadline: Deadline) -> Sequence[Change]:
        """Return what was committed to the branch since a moment, newest first."""
        return history.changes(self._git, self._tip(deadline), since, deadline)

    def _tip(self, deadline: Deadline) -> str:
        ref = f"refs/heads/{self._branch}"
        if self._remote:
            kept = f"refs/cockpit/{self._remote}/{self._branch}"
            words = ("fetch", "--quiet", "--no-tags", "--no-write-fetch-head", "--no-auto-maintenance")
            self._git.run(*words, "--", self._remote, f"+{ref}:{kept}", deadline=deadline)
            ref = kept
        return self._git.text("rev-parse", "--verify", "--end-of-options", f"{ref}^{{commit}}", deadline=deadline)

    def _entry(self, tip: str, place: Where, deadline: Deadline) -> Entry:
        found = entry(self._git, tip, place.path, deadline)
        if found is None:
            raise Refused(f"{self._branch} has no file {place.path}", hint="Check the path, from the top.")
        return found

    def _text(self, here: Entry, deadline: Deadline) -> str:
        try:
            return self._git.run("cat-file", "blob", here.blob, deadline=deadline).decode("utf-8")
        except UnicodeDecodeError:
            raise Refused("the file is no UTF-8 text", hint="Save it as UTF-8.") from None

    def _value(self, place: Where, text: str) -> Any:
        found = at(load(text, format_of(place.path), place.path), place.keys)
        if found is MISSING:
            raise Refused(f"there is no {'.'.join(place.keys)} in {place.path}", hint="Levers change what is there.")
        if holds_secret(place.keys, found):
            raise Refused(f"{place.words} holds a secret, which no lever may", hint="Name a deeper place.")
        try:
            json.dumps(found, allow_nan=False)
        except (TypeError, ValueError):
            raise Refused(f"{place.words} is a {type(found).__name__}, which no lever holds") from None
        return found

    def _wanted(self, place: Where, tip: str, here: Entry, value: Value, deadline: Deadline) -> Entry:
        if not place.keys:
            if not isinstance(value, str):
                raise BadInput(f"{value!r} is no commit")
            return Entry(here.mode, self._content_at(place, value, deadline, tip).blob)
        text = self._text(here, deadline)
        now = self._value(place, text)
        if json.dumps(now, sort_keys=True) == json.dumps(value, sort_keys=True):
            return here
        changed = edit(text, format_of(place.path), place.path, [(place.keys, value)])
        words = ("hash-object", "-w", "--stdin", "--no-filters")
        return Entry(here.mode, self._git.text(*words, deadline=deadline, given=changed.encode()))

    def _content_at(self, place: Where, text: str, deadline: Deadline, tip: str = "") -> Commit:
        """Return the commit that brought the content a file had at some commit of the branch."""
        if not _COMMIT.fullmatch(text):
            raise BadInput(f"{text!r} is no commit", hint="Write its short id, as `git log` shows it.")
        tip = tip or self._tip(deadline)
        try:
            sha = self._git.text("rev-parse", "--verify", "--end-of-options", f"{text}^{{commit}}", deadline=deadline)
        except Refused:
            raise BadInput(f"there is no commit {text}", hint="Write its short id, as `git log` shows it.") from None
        found = entry(self._git, sha, place.path, deadline)
        if found is None:
            raise BadInput(f"there was no {place.path} at {text}")
        return _of_content(contents(self._git, tip, place.path, deadline), found.blob, place)

    def _values(self, place: Where, log: list[Commit], deadline: Deadline) -> list[Version]:
        found: list[Version] = []
        for number, commit in enumerate(reversed([one for one in log if one.blob])):
            try:
                value = self._value(place, self._text(Entry("", commit.blob), deadline))
            except Refused:
                continue
            shown = value if isinstance(value, str) else json.dumps(value)
            if not number or not found or found[0].value != value:
                found.insert(0, Version(value, shown, commit.at, commit.by, commit.shown))
        if found:
            new = found[0]
            found[0] = Version(new.value, new.shown, new.at, new.by, new.note, current=True)
        return found


def _newest(log: list[Commit], place: Where) -> Commit:
    """Return the last commit that touched a file: another one with each write, even back to an old content."""
    if not log:
        raise Refused(f"the branch has no history of {place.path}", hint="Is the repository a shallow clone?")
    return log[0]


def _of_content(log: list[Commit], blob: str, place: Where) -> Commit:
    for commit in introduced(log):
        if commit.blob == blob:
            return commit
    raise Refused(f"that content of {place.path} was never on this branch", hint="Name a commit of its own history.")


def _words(place: Where, value: Value) -> str:
    if not place.keys:
        return f"as at {str(value)[:9]}"
    return json.dumps(value)[:60]
