"""Writing in a person's own editor."""

from __future__ import annotations

import shlex
import subprocess
from collections.abc import Mapping
from pathlib import Path

from cockpit.errors import BadInput
from cockpit.postmortem.store import read


def editor_of(environ: Mapping[str, str]) -> str:
    """Return what $VISUAL or else $EDITOR says.

    Raises:
        BadInput: neither names an editor.
    """
    editor = environ.get("VISUAL") or environ.get("EDITOR") or ""
    if not editor.strip():
        raise BadInput("neither VISUAL nor EDITOR names an editor", hint="For instance: export EDITOR=nano")
    return editor


def edit(editor: str, copy: Path) -> str:
    """Hand a file to an editor, and return what it left.

    Raises:
        BadInput: it can't be run, ended with an error, or left nothing.
    """
    try:
        # Whoever sets EDITOR chooses the program; no shell reads it, and no outside text is in it.
        code = subprocess.run([*shlex.split(editor), str(copy)], check=False).returncode  # noqa: S603
    except (OSError, ValueError) as problem:
        raise BadInput(f"the editor {editor!r} can't be run: {problem}") from None
    if code:
        raise BadInput(f"the editor ended with {code}: what it left is in {copy}, nothing was taken over")
    new = read(copy)
    if new is None or not new.strip():
        raise BadInput("the editor left nothing: the document stays as it was")
    return new
