"""Every error a user can meet, in one tree.

CockpitError
├── BadInput               wrong use, or a file that does not say what it must   (exit 2)
│   ├── ScenarioError      a scenario, playbook or script, with file and line
│   ├── SettingsError      a setting or environment variable
│   └── EndpointFailed     a model's endpoint gave no answer that can be judged
├── JournalError           the journal could not be read or written             (exit 1)
│   ├── JournalConflict    somebody appended first; fold again and decide again
│   ├── JournalDamaged     the chain is broken; what is sound stays readable
│   ├── JournalReadOnly    full disk, read-only folder, or a damaged file
│   └── JournalUnreachable the database of the journal does not answer
├── UnknownIncident        no incident of that id                                (exit 2)
├── ActionRefused          the action may not run now; the reason is the message (exit 1)
├── Stumbled               an error of the cockpit's own, or of an adapter's, that nobody foresaw (exit 1)
└── WorldError             the system behind the levers did not answer           (exit 1)
    ├── Unreachable        nothing was sent: no name, no connection, no TLS, a breaker that is open
    ├── Refused            the system said no, and is certain that nothing was changed
    │   └── Unauthorised   because of who asks
    ├── Moved              somebody else changed the value since it was read
    ├── Throttled          too many requests; nothing was changed, try again later
    └── Unsure             a time-out, a cut or unreadable answer: it may have happened or not
        └── TooLong        an answer longer than anything that is read
"""

from __future__ import annotations

from typing import ClassVar


class CockpitError(Exception):
    """Something a person has to know about: what is wrong, and what to do next.

    Attributes:
        title: what went wrong, in a few words.
        hint: the next step for the person who reads it; may be empty.
        exit_code: what a command that fails with it returns to the shell.
    """

    title = "Something went wrong"
    hint = ""
    exit_code = 1

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        if hint:
            self.hint = hint

    def __str__(self) -> str:
        return self.message


class BadInput(CockpitError):
    """What was asked for, or the file that was given, can't be used."""

    title = "That can't be used"
    exit_code = 2


class ScenarioError(BadInput):
    """A scenario, playbook or script is wrong at a place that can be named.

    Attributes:
        file: where the text came from; `line` counts from 1, or is None where no line can be named.
    """

    title = "The file is not right"

    def __init__(self, message: str, *, file: str = "", line: int | None = None, hint: str = "") -> None:
        place = f"{file}:{line}: " if file and line else f"{file}: " if file else ""
        super().__init__(f"{place}{message}", hint=hint)
        self.file = file
        self.line = line


class SettingsError(BadInput):
    """A setting or an environment variable is wrong."""

    title = "The settings are not right"


class EndpointFailed(BadInput):
    """A model's endpoint gave no answer that can be judged: which of the reasons is in the title."""

    TITLES: ClassVar[dict[str, str]] = {
        "dead": "The endpoint can't be reached",
        "unreadable": "The endpoint's answer can't be read",
        "throttled": "The endpoint asks for patience",
        "refused": "The endpoint refused",
        "late": "The endpoint did not answer in time",
        "failed": "The endpoint failed",
    }

    def __init__(self, reason: str, message: str, *, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.reason = reason
        self.title = self.TITLES[reason]


class JournalError(CockpitError):
    """The journal could not be read or written."""

    title = "The journal can't be used"


class NoTraces(JournalError):
    """There is no archive of traces yet."""

    title = "There are no traces yet"


class JournalConflict(JournalError):
    """Another process appended first: read the news, fold again, and decide again."""

    title = "Somebody was faster"


class JournalDamaged(JournalError):
    """The chain of events is broken; the sound part before it stays readable."""

    title = "The journal is damaged"


class JournalReadOnly(JournalError):
    """Nothing can be written: a full disk, a read-only folder, or a damaged file."""

    title = "The journal can't be written"


class JournalUnreachable(JournalError):
    """The journal's database does not answer.

    Attributes:
        unsure: whether what was to be recorded may be recorded all the same: the connection was lost while the
            database was writing it. `lines` holds the hashes it would have.
    """

    title = "The journal's database can't be reached"
    unsure = False
    lines: tuple[str, ...] = ()


class UnknownIncident(CockpitError):
    """There is no incident of that id in this data folder."""

    title = "No such incident"
    exit_code = 2


class ActionRefused(CockpitError):
    """The action may not run now; the message is the reason."""

    title = "Not now"


class Stumbled(CockpitError):
    """What was asked for failed in a way that nobody foresaw; whoever asked goes on.

    Attributes:
        problem: what it was; its text may hold what nobody should read.
    """

    title = "An error of its own"
    hint = "What was recorded is intact. Try again; `cockpit doctor` looks at every system."

    def __init__(self, problem: Exception) -> None:
        super().__init__(f"the cockpit, or an adapter, failed over this ({type(problem).__name__}).")
        self.problem = problem


class WorldError(CockpitError):
    """The system behind the levers did not answer, or refused."""

    title = "The system did not answer"


class Unreachable(WorldError):
    """Nothing was sent: no such name, no connection, no trust in the certificate, or a breaker that is open."""

    title = "The system can't be reached"


class Refused(WorldError):
    """The system said no; nothing was changed, and asking again the same way will not help."""

    title = "The system refused"


class Unauthorised(Refused):
    """The token is not known there, or may not do this."""

    title = "The system does not allow it"


class Moved(WorldError):
    """The value is not what it was when the change was planned: somebody else wrote it."""

    title = "Somebody else changed it"


class Throttled(WorldError):
    """Too many requests: nothing was changed.

    Attributes:
        retry_after_s: how long the system asks to be left alone, in seconds; None when it does not say.
    """

    title = "The system asks for patience"

    def __init__(self, message: str, *, hint: str = "", retry_after_s: float | None = None) -> None:
        super().__init__(message, hint=hint)
        self.retry_after_s = retry_after_s


class Unsure(WorldError):
    """A time-out, a broken connection, or an answer that can't be read: it may have happened or not."""

    title = "Nobody can tell what the system did"


class TooLong(Unsure):
    """The answer is longer than anything that is read; asked for less, the system may well answer."""
