"""A repository to try the adapter on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from cockpit.world.contract import Deadline
from cockpit.world.specimen import Specimen
from cockpit_adapters.git_table.git import Git

PROMPT, ROUTES = "prompts/support.txt", "routes.yaml"
_ROUTES = "# who answers\nroutes:\n  support: {model: support-v2, rpm: 60}  # pinned\n"
_HISTORY = (
    ({PROMPT: "You help.\n", ROUTES: _ROUTES}, "Support prompt"),
    ({PROMPT: "You help, and refund everything.\n"}, "Friendlier support prompt"),
)
_BAD = (
    "support.txt", "file:", "file:../secrets", "file:.git/config", "file:/etc/passwd", "key:routes.yaml",
    "key:a.txt#b",
)  # fmt: skip
SECONDS = 60.0
FIRST, SECOND = "edaf02a3803dec8457c7448c2967b38da97f0ee8", "c8412496132fe7557b3d6fd3c144853ef2d1ad27"
"""The two commits: the same each time, since nothing of them is left to the moment or the machine."""


def specimens() -> Sequence[Specimen]:
    """Return a prompt that is reverted, and a value of a document."""
    return (
        Specimen(
            adapter="git_table", label="file", prepare=_prepared, address=f"file:{PROMPT}",
            first=SECOND, want=FIRST, text=FIRST[:9], elsewhere=_by_hand, carries_version=True, bad_addresses=_BAD,
        ),
        Specimen(
            adapter="git_table", label="key", prepare=_prepared, address=f"key:{ROUTES}#routes.support.model",
            first="support-v2", want="support-v1", text="support-v1", elsewhere=_by_hand_key, carries_version=True,
            bad_addresses=_BAD,
        ),
    )  # fmt: skip


def commit(folder: Path, files: Mapping[str, str], subject: str, *, by: str = "bob", at: int = 1_763_600_000) -> str:
    """Commit some files as a colleague does who works in the checkout; return the commit."""
    git, deadline = Git(folder), Deadline(SECONDS)
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content, "utf-8")
    git.run("add", "--", *files, deadline=deadline)
    people = {
        f"GIT_{role}_{what}": text
        for role in ("AUTHOR", "COMMITTER")
        for what, text in (("NAME", by), ("EMAIL", f"{by}@example.com"), ("DATE", f"{at} +0000"))
    }
    git.run("commit", "-q", "-m", subject, deadline=deadline, env=people)
    return git.text("rev-parse", "HEAD", deadline=deadline)


def repository(folder: Path) -> list[str]:
    """Make the repository; return its commits, oldest first."""
    git, deadline = Git(folder), Deadline(SECONDS)
    git.run("init", "-q", "-b", "main", "--object-format=sha1", "--template=", deadline=deadline)
    return [
        commit(folder, files, subject, at=1_763_600_000 + number) for number, (files, subject) in enumerate(_HISTORY)
    ]


def _prepared(folder: Path) -> Mapping[str, Any]:
    repository(folder)
    return {"repository": str(folder)}


def _by_hand(folder: Path, value: Any) -> None:
    content = Git(folder).run("cat-file", "blob", f"{value}:{PROMPT}", deadline=Deadline(SECONDS)).decode()
    commit(folder, {PROMPT: content}, "By hand", at=1_763_700_000)


def _by_hand_key(folder: Path, value: Any) -> None:
    text = (folder / ROUTES).read_text("utf-8")
    old = text.partition("model: ")[2].partition(",")[0]
    commit(folder, {ROUTES: text.replace(f"model: {old}", f"model: {value}")}, "By hand", at=1_763_700_000)
