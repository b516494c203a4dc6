"""git, called so that nothing of a repository runs: no hooks, no prompts, no pager, and back in time."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from cockpit.domain.text import clean
from cockpit.errors import Refused, Unreachable, Unsure
from cockpit.world.contract import Deadline

LONGEST = 32 * 1024 * 1024
"""No answer of git is read beyond so many bytes."""

_SETTINGS = (
    "core.hooksPath=/dev/null", "core.fsmonitor=false", "core.quotePath=false", "protocol.ext.allow=never",
    "gc.auto=0", "maintenance.auto=false", "commit.gpgSign=false", "push.gpgSign=false", "push.followTags=false",
    "push.recurseSubmodules=no", "fetch.recurseSubmodules=no", "submodule.recurse=false", "log.showSignature=false",
    "color.ui=false", "core.logAllRefUpdates=true",
)  # fmt: skip
_ENVIRONMENT = {
    "GIT_TERMINAL_PROMPT": "0", "GIT_ASKPASS": "false", "SSH_ASKPASS": "false", "SSH_ASKPASS_REQUIRE": "force",
    "GIT_NO_REPLACE_OBJECTS": "1", "GIT_PAGER": "cat", "GIT_EDITOR": "false", "LC_ALL": "C",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Git:
    """One repository."""

    folder: Path

    def run(
        self,
        *words: str,
        deadline: Deadline,
        given: bytes = b"",
        env: Mapping[str, str] | None = None,
        folder: Path | None = None,
    ) -> bytes:
        """Run one command of git and return what it printed.

        Raises:
            Refused: git said no; its own words are in the message.
            Unreachable: git is not installed, or the folder is not there.
            Unsure: it was not done in time, and was ended.
        """
        deadline.check(f"calling git {words[0]}")
        with self._started(words, env or {}, folder or self.folder) as process:
            try:
                said, complained = process.communicate(given, timeout=max(deadline.left(), 0.01))
            except subprocess.TimeoutExpired:
                _end(process)
                raise Unsure(f"git {words[0]} was not done in time") from None
        if process.returncode:
            told = clean(" ".join(complained.decode("utf-8", "replace").split()), multiline=False, limit=300)
            raise Refused(f"git {words[0]} in {self.folder} failed: {told or process.returncode}")
        if len(said) > LONGEST:
            raise Refused(f"git {words[0]} answered more than {LONGEST >> 20} MB")
        return said

    def text(self, *words: str, deadline: Deadline, given: bytes = b"", env: Mapping[str, str] | None = None) -> str:
        """Run one command and return what it printed, without the space around it."""
        return self.run(*words, deadline=deadline, given=given, env=env).decode("utf-8", "replace").strip()

    def _started(self, words: tuple[str, ...], env: Mapping[str, str], folder: Path) -> subprocess.Popen[bytes]:
        program = shutil.which("git")
        if program is None:
            raise Unreachable("git is not installed here", hint="Debian, Ubuntu: apt install git")
        settings = [part for setting in _SETTINGS for part in ("-c", setting)]
        command = [program, "--no-pager", "--literal-pathspecs", *settings, *words]
        try:
            return subprocess.Popen(  # noqa: S603 - a list, no shell; what comes from people follows `--` or a prefix
                command, cwd=folder, env={**_inherited(), **_ENVIRONMENT, **env}, start_new_session=True,
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            )  # fmt: skip
        except OSError as problem:
            raise Unreachable(f"{folder} can't be entered: {problem.strerror}", hint="Check `repository`.") from None


def _inherited() -> dict[str, str]:
    """Return our environment without git's own variables: they would point to another repository."""
    return {name: text for name, text in os.environ.items() if not name.startswith("GIT_")}


def _end(process: subprocess.Popen[bytes]) -> None:
    """End git and what it started: ssh, for one, which would keep the pipes open."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
