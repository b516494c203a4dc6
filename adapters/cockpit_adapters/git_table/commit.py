"""One file changed by a commit made beside the user's checkout, and the branch moved only from where it was seen."""

from __future__ import annotations

import os
import re
import tempfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cockpit.domain.text import clean
from cockpit.errors import Moved, Refused, WorldError
from cockpit.world.contract import Deadline
from cockpit_adapters.git_table.git import Git

TRAILER = "Cockpit-Key"
ADDRESS = "cockpit@localhost"
LOOKED_BACK = 2000
"""A repeat of a change is looked for in so many commits."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A file in a tree: its mode and the id of its content."""

    mode: str
    blob: str


def entry(git: Git, tip: str, path: str, deadline: Deadline) -> Entry | None:
    """Return a file as a commit has it, None when it has none.

    Raises:
        Refused: it is a folder, a link or a submodule.
    """
    said = git.run("ls-tree", "-z", tip, "--", path, deadline=deadline).decode("utf-8", "replace")
    if not said:
        return None
    mode, kind, blob = said.split("\t", 1)[0].split(" ")
    if kind != "blob" or mode not in ("100644", "100755"):
        raise Refused(f"{path} is no ordinary file in the repository", hint="Name the file itself.")
    return Entry(mode, blob)


def has_key(git: Git, tip: str, key: str, deadline: Deadline) -> bool:
    """Whether a change with this key is in the branch already."""
    words = ("log", f"-n{LOOKED_BACK}", "--format=%(trailers:key=Cockpit-Key,valueonly)", tip, "--")
    return key in git.text(*words, deadline=deadline).split()


def committed(
    git: Git, tip: str, path: str, new: Entry, message: str, author: str, now: datetime, deadline: Deadline
) -> str:
    """Make a commit that differs from `tip` in one file; no branch moves and no checkout changes."""
    with tempfile.TemporaryDirectory(prefix="cockpit-git-") as folder:
        env = {"GIT_INDEX_FILE": str(Path(folder) / "index")}
        git.run("read-tree", tip, deadline=deadline, env=env)
        # By -z --index-info a path needs no quoting, whatever is in it.
        line = f"{new.mode} {new.blob}\t{path}\0".encode()
        git.run("update-index", "-z", "--index-info", deadline=deadline, given=line, env=env)
        tree = git.text("write-tree", deadline=deadline, env=env)
    stamp = f"{int(now.timestamp())} +0000"
    people = {
        "GIT_AUTHOR_NAME": author, "GIT_AUTHOR_EMAIL": ADDRESS, "GIT_AUTHOR_DATE": stamp,
        "GIT_COMMITTER_NAME": "cockpit", "GIT_COMMITTER_EMAIL": ADDRESS, "GIT_COMMITTER_DATE": stamp,
    }  # fmt: skip
    return git.text("commit-tree", tree, "-p", tip, deadline=deadline, given=message.encode(), env=people)


def message(what: str, why: str, key: str) -> str:
    """Return a commit's message: what and why, and the key by which a repeat is known."""
    subject = clean(what, multiline=False, limit=100)
    reason = clean(why, multiline=False, limit=300)
    body = f"{reason}\n\n" if reason else ""
    return f"{subject}\n\n{body}{TRAILER}: {key}\n"


def author_of(why: str) -> str:
    """Return who asked for a change, from its reason (`INC-1, ann`); the cockpit when it names nobody."""
    _, _, name = why.rpartition(",")
    kept = re.sub(r"[<>\s]+", " ", name).strip(" .") if "," in why else ""
    return clean(kept, multiline=False, limit=80) or "cockpit"


def move(git: Git, branch: str, old: str, new: str, deadline: Deadline) -> None:
    """Move a branch of this repository, and the checkouts that are on it.

    Raises:
        Refused: a checkout of the branch has changes of its own.
        Moved: somebody else moved the branch meanwhile.
    """
    ref = f"refs/heads/{branch}"
    trees = checkouts(git, ref, deadline)
    for tree in trees:
        if git.run("status", "--porcelain", "-z", "--untracked-files=no", deadline=deadline, folder=tree).strip(
            b"\0"
        ):
            raise Refused(
                f"{branch} is checked out in {tree} with changes of its own", hint="Commit or put them aside first."
            )
    try:
        git.run("update-ref", "-m", "cockpit", ref, new, old, deadline=deadline)
    except Refused as problem:
        raise Moved(f"somebody else moved {branch} just now ({problem.message})") from None
    for tree in trees:
        _follow(git, ref, tree, old, new, deadline)


def _follow(git: Git, ref: str, tree: Path, old: str, new: str, deadline: Deadline) -> None:
    try:
        git.run("read-tree", "-m", "-u", old, new, deadline=deadline, folder=tree)
    except WorldError as problem:
        git.run("update-ref", "-m", "cockpit: taken back", ref, old, new, deadline=deadline)
        raise Refused(f"the checkout {tree} could not follow: {problem.message}") from None


def checkouts(git: Git, ref: str, deadline: Deadline) -> list[Path]:
    """Return the folders in which a branch is checked out."""
    said = os.fsdecode(git.run("worktree", "list", "--porcelain", "-z", deadline=deadline))
    found = []
    for record in said.split("\0\0"):
        fields = dict(line.partition(" ")[::2] for line in record.split("\0") if line)
        if fields.get("branch") == ref and "worktree" in fields:
            found.append(Path(fields["worktree"]))
    return found


def push(git: Git, remote: str, branch: str, old: str, new: str, deadline: Deadline) -> None:
    """Move a branch of a remote, from exactly where it was seen.

    Raises:
        Moved: somebody else moved it meanwhile.
        Refused: the remote does not take it: a protected branch, no right to push.
    """
    ref = f"refs/heads/{branch}"
    try:
        # The new commit has the old one as its parent: this never takes anybody's commit away.
        words = ("push", "--porcelain", "--no-verify", f"--force-with-lease={ref}:{old}")
        git.run(*words, "--", remote, f"{new}:{ref}", deadline=deadline)
    except Refused as problem:
        now = git.text("ls-remote", "--", remote, ref, deadline=deadline).split("\t")[0]
        if now and now != old:
            raise Moved(f"somebody else pushed to {branch} of {remote} just now") from None
        raise Refused(problem.message, hint=f"May you push to {branch} of {remote}?") from None
