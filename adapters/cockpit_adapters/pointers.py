"""Names that point to one version of a prompt: what the adapters of prompt registries have in common.

Registries differ in words (tag, alias, label) and agree in the matter: a name is moved from one version to another,
the registry keeps no trace of the move, and no request can carry the version that is expected to be there.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from cockpit.domain.text import clean
from cockpit.errors import BadInput, Moved, Unreachable, Unsure, WorldError
from cockpit.world.contract import Deadline, Finding, Reading, Verdict, Write

if TYPE_CHECKING:
    from cockpit.world.http import Answer

T = TypeVar("T")


class Ask(Protocol):
    """Sends one request: a line's `repeat`, or its `ask` right before a change, which no breaker may hold up."""

    def __call__(self, method: str, path: str, deadline: Deadline, **sent: Any) -> Answer:
        """Return the answer; raises a WorldError."""
        ...


_NUMBER = re.compile(r"[vV]?([1-9][0-9]{0,8})")

NOTE_CHARS = 200
"""No longer a note is left in a registry, in characters."""

MOST_PAGES = 1000
"""A list that never ends is not read for ever."""


@dataclass(frozen=True, slots=True)
class Pointer:
    """A name on a prompt: the tag `production` of `support-system`."""

    prompt: str
    name: str

    def __str__(self) -> str:
        return f"{self.prompt}@{self.name}"


@dataclass(frozen=True, slots=True)
class Grammar:
    """How one registry's addresses are written.

    Attributes:
        kind: the word before the colon: `tag`, `alias`, `label`.
        prompts: what a prompt may be called, `names` what may point to a version of it.
        rule: both in words, for whoever wrote something else.
        reserved: names that the registry keeps for itself.
    """

    kind: str
    prompts: re.Pattern[str]
    names: re.Pattern[str]
    rule: str
    reserved: re.Pattern[str] | None = None

    def read(self, address: str) -> Pointer:
        """Understand an address; raises BadInput, which shows what they look like."""
        kind, _, rest = address.partition(":")
        prompt, _, name = rest.rpartition("@")
        if kind != self.kind or not self.prompts.fullmatch(prompt) or not self.names.fullmatch(name):
            raise BadInput(
                f"{clean(address, multiline=False, limit=80)!r} is no address of a prompt here",
                hint=f"It looks like {self.kind}:support-system@production. {self.rule}",
            )
        if self.reserved and self.reserved.fullmatch(name):
            raise BadInput(
                f"{address}: the {self.kind} {name} is the registry's own and can't be moved",
                hint=f"Let the application read a {self.kind} of your own, such as production.",
            )
        return Pointer(prompt, name)


def version_number(text: str) -> int:
    """Read a version as people say it: `3` or `v3`; raises BadInput for anything else."""
    found = _NUMBER.fullmatch(text.strip())
    if not found:
        raise BadInput(
            f"{clean(text, multiline=False, limit=40)!r} is no version of a prompt",
            hint="Write its number, 3 or v3, or `previous`.",
        )
    return int(found[1])


def in_force(write: Write, current: Reading) -> bool:
    """Tell whether the wanted version is in force already, so that nothing need be sent.

    The registries know no precondition: comparing right before the request is the best there is.

    Raises:
        Moved: a third version is in force; both are named.
    """
    if current.value == write.value:
        return True
    if write.before is not None and current.value != write.before:
        now = f"{current.value} ({current.shown})" if current.shown else current.value
        raise Moved(f"{write.address} was {write.before} when this was planned, it is {now} now")
    return False


def looked(look: Callable[[], T]) -> T:
    """Return what is in force right before a change is sent.

    Raises:
        Unreachable: the look got no clear answer; the change itself was not sent, and that is certain.
    """
    try:
        return look()
    except Unsure as problem:
        raise Unreachable(f"it could not be read first, so the change was not sent: {problem.message}") from None


def note_of(write: Write) -> str:
    """Return why a change is made, fit to be left in a registry."""
    return clean(write.why or "cockpit", multiline=False, limit=NOTE_CHARS)


def described(number: object, words: str) -> str:
    """Name a version as people know it: `v2 (friendlier)`."""
    told = clean(words, multiline=False, limit=80).strip()
    return f"v{number} ({told})" if told else f"v{number}"


def part(row: Any, name: str, kind: type[T]) -> T:
    """Return one field of somebody's answer; raises Unsure when it is not there or something else."""
    found = row.get(name) if isinstance(row, dict) else None
    if not isinstance(found, kind) or (isinstance(found, bool) and kind is int):
        raise Unsure(f"the answer has no {name}: {clean(row, multiline=False, limit=120)}")
    return found


def words(row: Any, name: str) -> str:
    """Return a text of somebody's answer that may be missing."""
    found = row.get(name) if isinstance(row, dict) else None
    return found if isinstance(found, str) else ""


def moment(text: str) -> datetime | None:
    """Read a moment in ISO 8601; one without a zone is in UTC; None for anything else."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)


def briefly(deadline: Deadline, seconds: float, monotonic: Callable[[], float]) -> Deadline:
    """Return a deadline for what only adds to an answer, so that it never costs the answer itself."""
    return Deadline(min(seconds, deadline.left()), monotonic)


def attempt(what: str, next_step: str, work: Callable[[], Finding]) -> Finding:
    """Return what a check found, or why it could not be made."""
    try:
        return work()
    except WorldError as problem:
        return Finding(what, Verdict.WRONG, problem.message, problem.hint or next_step)


def until_wrong(checks: Sequence[Callable[[], Finding]]) -> list[Finding]:
    """Make checks one after the other, and none after one that came out wrong."""
    found: list[Finding] = []
    for check in checks:
        found.append(check())
        if found[-1].verdict is Verdict.WRONG:
            break
    return found
