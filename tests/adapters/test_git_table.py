"""A git-backed table: commits beside the checkout, repeats known by their key, nothing of the repository run."""

from __future__ import annotations

import json
import subprocess
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from cockpit_adapters.git_table import GitTableAdapter, GitTableOptions
from cockpit_adapters.git_table.commit import author_of, push
from cockpit_adapters.git_table.specimen import FIRST, PROMPT, ROUTES, SECOND, commit, repository
from cockpit_adapters.git_table.system import GitTableSystem

from cockpit.domain.clock import ManualClock
from cockpit.domain.levers import Stage
from cockpit.errors import BadInput, CockpitError, Moved, Refused, Unreachable, Unsure
from cockpit.world.contract import Capability, Deadline, Place, Value, Verdict, Write
from cockpit.world.saga import carry_out

NOW = datetime(2026, 11, 20, 2, 14, tzinfo=UTC)
FILE, MODEL = f"file:{PROMPT}", f"key:{ROUTES}#routes.support.model"


def git(folder: Path, *words: str) -> str:
    """Run git as a colleague."""
    people = ("-c", "user.name=bob", "-c", "user.email=bob@example.com")
    done = subprocess.run(["git", *people, *words], cwd=folder, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def connected(folder: Path, **options: Any) -> GitTableSystem:
    """Connect to a repository."""
    made = GitTableOptions(adapter="git_table", repository=str(folder), **options)
    system = GitTableAdapter().connect(made, Place("table", lambda _: "", ManualClock(NOW).now))
    assert isinstance(system, GitTableSystem)
    return system


def soon() -> Deadline:
    return Deadline(20)


def planned(system: GitTableSystem, address: str, value: Value, key: str = "key-1") -> Write:
    """Plan a write on what is there now."""
    reading = system.read(address, soon())
    return Write(address, value, key, reading.version, reading.value, "INC-1 revert_prompt, Ann Lee")


def pull(system: GitTableSystem, address: str, value: Value, key: str = "key-1") -> Value:
    """Carry out a change and return what was there before."""
    write = planned(system, address, value, key)
    result = carry_out(system, write, 30, call_s=15)
    assert result.stage is Stage.APPLIED, result.reason
    return write.before


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A repository with a checkout of main."""
    assert repository(tmp_path) == [FIRST, SECOND]
    return tmp_path


def test_a_prompt_is_reverted_by_a_commit_that_names_who_and_why(folder: Path) -> None:
    system = connected(folder)
    before = pull(system, FILE, system.parse(FILE, FIRST[:9]))
    assert before == SECOND
    assert (folder / PROMPT).read_text("utf-8") == "You help.\n"
    assert git(folder, "status", "--porcelain") == ""
    assert git(folder, "log", "-1", "--format=%an|%cn|%cI|%B") == (
        "Ann Lee|cockpit|2026-11-20T02:14:00+00:00|prompts/support.txt: as at "
        f"{FIRST[:9]}\n\nINC-1 revert_prompt, Ann Lee\n\nCockpit-Key: key-1"
    )
    reading = system.read(FILE, soon())
    assert (reading.value, reading.shown, reading.by) == (FIRST, f"{FIRST[:9]} Support prompt", "Ann Lee")
    assert [(one.value, one.current) for one in system.versions(FILE, soon())] == [(SECOND, False), (FIRST, True)]
    pull(system, FILE, before, "key-2")
    assert git(folder, "diff", SECOND, "HEAD") == ""


def test_one_value_changes_and_the_comments_stay(folder: Path) -> None:
    system = connected(folder)
    text = (folder / ROUTES).read_text("utf-8")
    before = pull(system, MODEL, "support-v1")
    assert (folder / ROUTES).read_text("utf-8") == text.replace("support-v2", "support-v1")
    pull(system, MODEL, before, "key-2")
    assert (folder / ROUTES).read_text("utf-8") == text
    assert [one.value for one in system.versions(MODEL, soon())] == ["support-v2", "support-v1", "support-v2"]
    assert system.control(MODEL).capability is Capability.MODEL_PIN
    assert system.control(f"key:{ROUTES}#routes.support.rpm").capability is Capability.CAPS


def test_a_repeat_is_known_by_its_key_even_after_others_went_on(folder: Path) -> None:
    system = connected(folder)
    write = planned(system, MODEL, "support-v1")
    system.write(write, soon())
    system.write(write, soon())
    assert git(folder, "rev-list", "--count", "HEAD") == "3"
    commit(folder, {ROUTES: "routes: {support: {model: other}}\n"}, "Another model")
    system.write(write, soon())
    assert system.read(MODEL, soon()).value == "other"


def test_a_colleague_s_commit_is_not_overwritten_but_one_to_another_file_is_no_matter(folder: Path) -> None:
    system = connected(folder)
    write = planned(system, MODEL, "support-v1")
    commit(folder, {"README": "hello\n"}, "A readme")
    system.write(write, soon())
    with pytest.raises(Moved, match="was changed since this was planned"):
        system.write(replace(write, key="key-2", value="support-v0"), soon())


def test_a_checkout_with_changes_of_its_own_is_left_alone(folder: Path) -> None:
    system = connected(folder)
    (folder / PROMPT).write_text("in the middle of it", "utf-8")
    with pytest.raises(Refused, match="changes of its own"):
        system.write(planned(system, FILE, FIRST), soon())
    assert (folder / PROMPT).read_text("utf-8") == "in the middle of it"
    assert git(folder, "rev-parse", "HEAD") == SECOND
    assert [one.verdict for one in system.check(soon())] == [Verdict.FINE, Verdict.FINE, Verdict.WARNING]


def test_another_branch_s_checkout_is_not_touched(folder: Path) -> None:
    git(folder, "checkout", "-q", "-b", "mine")
    (folder / PROMPT).write_text("in the middle of it", "utf-8")
    pull(connected(folder), FILE, FIRST)
    assert (folder / PROMPT).read_text("utf-8") == "in the middle of it"
    assert git(folder, "show", f"main:{PROMPT}") == "You help."
    assert git(folder, "status", "--porcelain") == f"M {PROMPT}"


def test_with_a_remote_its_branch_counts_and_no_local_one_moves(folder: Path, tmp_path_factory: Any) -> None:
    bare, other = tmp_path_factory.mktemp("bare"), tmp_path_factory.mktemp("other") / "clone"
    git(bare, "init", "-q", "--bare", "-b", "main")
    git(folder, "remote", "add", "origin", str(bare))
    git(folder, "push", "-q", "origin", "main")
    system = connected(folder, push="origin")
    before = pull(system, FILE, FIRST)
    assert git(bare, "show", f"main:{PROMPT}") == "You help."
    assert git(folder, "rev-parse", "main") == SECOND
    stale = planned(system, FILE, before, "key-2")
    git(bare.parent, "clone", "-q", str(bare), str(other))
    commit(other, {PROMPT: "You help a lot.\n"}, "Another prompt")
    git(other, "push", "-q", "origin", "main")
    with pytest.raises(Moved):
        system.write(stale, soon())
    assert system.read(FILE, soon()).shown.endswith("Another prompt")
    assert [one.verdict for one in system.check(soon())] == [Verdict.FINE, Verdict.FINE]


def test_a_push_that_comes_second_loses(folder: Path, tmp_path_factory: Any) -> None:
    bare = tmp_path_factory.mktemp("bare")
    git(bare, "init", "-q", "--bare", "-b", "main")
    git(folder, "remote", "add", "origin", str(bare))
    git(folder, "push", "-q", "origin", "main")
    system = connected(folder, push="origin")
    commit(folder, {PROMPT: "Meanwhile.\n"}, "Meanwhile")
    git(folder, "push", "-q", "origin", "main")
    late = git(folder, "commit-tree", f"{SECOND}^{{tree}}", "-p", SECOND, "-m", "late")
    with pytest.raises(Moved, match="just now"):
        push(system._git, "origin", "main", SECOND, late, soon())
    assert git(bare, "log", "-1", "--format=%s", "main") == "Meanwhile"


def test_a_remote_that_refuses_says_so(folder: Path, tmp_path_factory: Any) -> None:
    bare = tmp_path_factory.mktemp("bare")
    git(bare, "init", "-q", "--bare", "-b", "main")
    git(folder, "remote", "add", "origin", str(bare))
    git(folder, "push", "-q", "origin", "main")
    (bare / "hooks" / "pre-receive").write_text("#!/bin/sh\necho protected branch >&2\nexit 1\n", "utf-8")
    (bare / "hooks" / "pre-receive").chmod(0o755)
    system = connected(folder, push="origin")
    with pytest.raises(Refused, match="push"):
        system.write(planned(system, FILE, FIRST), soon())
    assert git(bare, "rev-parse", "main") == SECOND


def test_the_log_tells_lines_before_and_after(folder: Path) -> None:
    commit(folder, {ROUTES: "-- a/x\n@@ -1 +1 @@\n", "späte datei.txt": "no newline"}, "Odd \x02 lines", by="eve")
    newest, *rest = connected(folder).changes(datetime(2025, 1, 1, tzinfo=UTC), soon())
    assert newest.what == f"{ROUTES}: Odd ␂ lines"
    assert (newest.before, newest.after) == (
        "# who answers / routes: / support: {model: support-v2, rpm: 60}  # pinned", "-- a/x / @@ -1 +1 @@",
    )  # fmt: skip
    assert [one.what.partition(":")[0] for one in rest] == ["späte datei.txt", PROMPT, PROMPT, ROUTES]
    assert (newest.by, rest[0].after) == ("eve", "no newline")
    assert connected(folder).changes(datetime(2027, 1, 1, tzinfo=UTC), soon()) == []


def test_nothing_of_the_repository_is_run(folder: Path) -> None:
    ran = folder.parent / f"{folder.name}-ran"
    script = folder.parent / f"{folder.name}-script"
    script.write_text(f"#!/bin/sh\ntouch '{ran}'\nexit 0\n", "utf-8")
    script.chmod(0o755)
    hooks = folder / ".git" / "hooks"
    hooks.mkdir(exist_ok=True)
    for name in ("pre-commit", "post-commit", "reference-transaction", "post-checkout", "post-index-change"):
        (hooks / name).write_bytes(script.read_bytes())
        (hooks / name).chmod(0o755)
    for setting in ("core.fsmonitor", "core.pager", "core.editor", "gpg.program", "diff.external", "core.sshCommand"):
        git(folder, "config", setting, str(script))
    git(folder, "config", "commit.gpgSign", "true")
    ran.unlink(missing_ok=True)
    system = connected(folder)
    pull(system, FILE, FIRST)
    system.changes(datetime(2025, 1, 1, tzinfo=UTC), soon())
    system.check(soon())
    assert not ran.exists()


@pytest.mark.parametrize(
    ("address", "value", "told"),
    [
        ("file:nowhere.txt", FIRST, "no file"),
        ("file:prompts", FIRST, "no ordinary file"),
        (f"key:{ROUTES}#routes.nobody", 1, "no routes.nobody"),
        (FILE, "--output=x", "no commit"),
        (FILE, "f" * 40, "no commit"),
        (FILE, 5, "no commit"),
    ],
)
def test_what_is_not_there_is_said(folder: Path, address: str, value: Value, told: str) -> None:
    with pytest.raises(CockpitError, match=told):
        connected(folder).write(Write(address, value, "key"), soon())
    assert git(folder, "rev-parse", "HEAD") == SECOND


def test_links_are_not_followed(folder: Path) -> None:
    (folder / "link.txt").symlink_to("/etc/passwd")
    git(folder, "add", "link.txt")
    git(folder, "commit", "-q", "-m", "A link")
    with pytest.raises(Refused, match="no ordinary file"):
        connected(folder).read("file:link.txt", soon())


def test_a_repository_that_can_t_be_used_says_why(tmp_path: Path) -> None:
    with pytest.raises(Unreachable, match="can't be entered"):
        connected(tmp_path / "none").read(FILE, soon())
    with pytest.raises(Refused, match="failed"):
        connected(tmp_path).read(FILE, soon())
    assert connected(tmp_path).check(soon())[0].verdict is Verdict.WRONG
    for wrong in ({"branch": "-x"}, {"push": "ext::sh -c x"}, {"branch": "a..b"}, {"branch": ""}):
        with pytest.raises(BadInput):
            connected(tmp_path, **wrong)


def test_a_git_that_hangs_is_ended(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = folder.parent / f"{folder.name}-bin"
    program.mkdir()
    (program / "git").write_text("#!/bin/sh\nsleep 60 & wait\n", "utf-8")
    (program / "git").chmod(0o755)
    monkeypatch.setenv("PATH", str(program), prepend=":")
    with pytest.raises(Unsure, match="in time"):
        connected(folder).read(FILE, Deadline(0.3))


@pytest.mark.parametrize(
    ("why", "author"),
    [("INC-1 kill, Ann", "Ann"), ("", "cockpit"), ("INC-1 op kill", "cockpit"), ("x, <a@b>\nBcc: c", "a@b Bcc: c")],
)
def test_authors_are_taken_from_the_reason(why: str, author: str) -> None:
    assert author_of(why) == author


def test_values_of_json_stay_json(folder: Path) -> None:
    commit(folder, {"caps.json": json.dumps({"max": {"rpm": 1}}, indent=4)}, "Caps")
    system = connected(folder)
    pull(system, "key:caps.json#max.rpm", system.parse("key:caps.json#max.rpm", "0.5"))
    assert (folder / "caps.json").read_text("utf-8") == json.dumps({"max": {"rpm": 0.5}}, indent=4)


def test_secrets_get_neither_into_values_nor_onto_the_board(folder: Path) -> None:
    commit(folder, {"app.yaml": "app:\n  api_key: very-secret-1\n  max_tokens: 5\n"}, "Settings")
    commit(folder, {"app.yaml": "app:\n  api_key: very-secret-2\n  max_tokens: 6\n"}, "A new key")
    system = connected(folder)
    board = system.changes(datetime(2025, 1, 1, tzinfo=UTC), soon())
    assert "very-secret" not in str(board)
    assert board[0].after == "(not shown: it names a secret) / max_tokens: 6"
    assert system.read("key:app.yaml#app.max_tokens", soon()).value == 6
    with pytest.raises(Refused, match="holds a secret"):
        system.read("key:app.yaml#app", soon())
    with pytest.raises(BadInput, match="names a secret"):
        system.control("key:app.yaml#app.api_key")
