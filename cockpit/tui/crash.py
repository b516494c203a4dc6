"""What is kept of an error of the cockpit's own: where it happened, and nothing of the incident's words."""

from __future__ import annotations

import os
import re
import traceback
from datetime import UTC, datetime
from pathlib import Path

from rich.text import Text

from cockpit.domain.text import clean

_SECRETS = re.compile(
    r"(?i)(bearer\s+|authorization\s*[:=]\s*|api[_-]?key\s*[:=]\s*|token\s*[:=]\s*|password\s*[:=]\s*)\S+"
    r"|\b(?:sk|pk|ghp|gho|xox[a-z]|AKIA)[-_A-Za-z0-9]{8,}"
    r"|[\w.+-]+@[\w-]+\.[\w.]+"
    r"|\b(?=[A-Za-z_-]*\d)[A-Za-z0-9_-]{24,}\b"
)
MESSAGE_CHARS = 200


def redact(text: str) -> str:
    """Replace what looks like a secret or an address, and bound the length."""
    return clean(_SECRETS.sub("‹redacted›", text[:4000]), multiline=False, limit=MESSAGE_CHARS)


def report(error: BaseException) -> str:
    """Write down the kind of an error and the lines of code it passed; no values of variables."""
    lines = [f"cockpit stopped at {datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}", ""]
    seen: BaseException | None = error
    while seen is not None:
        lines.append(f"{type(seen).__name__}: {redact(str(seen))}")
        lines += [
            f"  {frame.filename}:{frame.lineno} in {frame.name}" for frame in traceback.extract_tb(seen.__traceback__)
        ]
        seen = seen.__cause__ or seen.__context__
        lines.append("")
    return "\n".join(lines)


def keep(error: BaseException, folder: Path | None) -> Path | None:
    """Write a report into a folder (made 0700, the file 0600) and return its path; None when that fails."""
    if folder is None:
        return None
    path = folder / f"crash-{datetime.now(UTC):%Y%m%d-%H%M%S-%f}.txt"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(report(error))
    except OSError:
        return None
    return path


def last_words(text: str) -> Text:
    """Make a line for the terminal after the app has gone."""
    return Text(clean(text))
