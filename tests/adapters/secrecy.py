"""Whether a secret got out: into a message, a traceback, a log record, a picture of an object."""

from __future__ import annotations

import logging
import traceback
from base64 import b64encode
from collections.abc import Iterable
from urllib.parse import quote

from tests.adapters.subjects import TOKEN

FORMS = (TOKEN, quote(TOKEN, safe=""), b64encode(TOKEN.encode()).decode().rstrip("="), TOKEN[:16])
"""The token as it may be written; its first half, since what is cut in two is half a secret."""


def told(problem: BaseException) -> str:
    """Return everything an error can show, with its causes."""
    shown = "".join(traceback.format_exception(problem))
    return "\n".join((str(problem), repr(problem), repr(vars(problem)), shown))


def logged(records: Iterable[logging.LogRecord]) -> str:
    """Return what was logged."""
    return "\n".join(f"{record.getMessage()} {record.args!r}" for record in records)


def leaks(text: str) -> bool:
    """Whether a text holds the token in any form."""
    return any(form in text for form in FORMS)
