"""What the doctor asks a repository."""

from __future__ import annotations

from collections.abc import Callable

from cockpit.errors import WorldError
from cockpit.world.contract import Deadline, Finding, Verdict
from cockpit_adapters.git_table.commit import checkouts
from cockpit_adapters.git_table.git import Git


def findings(git: Git, branch: str, remote: str, tip: Callable[[], str], deadline: Deadline) -> list[Finding]:
    """Prove that a branch is there and may be moved, as far as that can be told without moving it."""
    try:
        version = git.text("version", deadline=deadline)
        found = tip()
    except WorldError as problem:
        step = problem.hint or "Check `repository`, `branch` and `push`, and that git itself can do this there."
        return [Finding("reached", Verdict.WRONG, problem.message, step)]
    place = f"{branch} of {remote}" if remote else branch
    reached = Finding("reached", Verdict.FINE, f"{version}, {place} at {found[:9]}")
    return [
        reached,
        *(_may_push(git, branch, remote, found, deadline) if remote else _may_move(git, branch, deadline)),
    ]


def _may_push(git: Git, branch: str, remote: str, tip: str, deadline: Deadline) -> list[Finding]:
    try:
        words = ("push", "--dry-run", "--no-verify", "--porcelain", "--")
        git.run(*words, remote, f"{tip}:refs/heads/{branch}", deadline=deadline)
    except WorldError as problem:
        return [Finding("rights", Verdict.WRONG, problem.message, f"Get the right to push to {branch} of {remote}.")]
    told = "may push, as far as can be told without pushing: a protected branch refuses only then"
    return [Finding("rights", Verdict.FINE, told)]


def _may_move(git: Git, branch: str, deadline: Deadline) -> list[Finding]:
    found = [Finding("rights", Verdict.FINE, "a commit here is in force where something reads this repository")]
    for tree in checkouts(git, f"refs/heads/{branch}", deadline):
        try:
            said = git.run("status", "--porcelain", "-z", "--untracked-files=no", deadline=deadline, folder=tree)
        except WorldError as problem:
            found.append(Finding("checkout", Verdict.WARNING, problem.message, f"Look at {tree}."))
            continue
        if said:
            told = f"{branch} is checked out in {tree} with changes of its own: levers will be refused"
            found.append(Finding("checkout", Verdict.WARNING, told, "Commit them, or put them aside."))
    return found
