"""Names that point to one version of a prompt: how they are written, and what a move of one says.

Registries differ in words (tag, alias, label) and agree in the matter: a name is moved from one version to another,
the registry keeps no trace of the move, and no request can carry the version that is expected to be there.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from cockpit.domain.text import clean
from cockpit.errors import BadInput, Moved
from cockpit.world.contract import Deadline, Reading, Write

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


def note_of(write: Write) -> str:
    """Return why a change is made, fit to be left in a registry."""
    return clean(write.why or "cockpit", multiline=False, limit=NOTE_CHARS)


def described(number: object, words: str) -> str:
    """Name a version as people know it: `v2 (friendlier)`."""
    told = clean(words, multiline=False, limit=80).strip()
    return f"v{number} ({told})" if told else f"v{number}"


def briefly(deadline: Deadline, seconds: float, monotonic: Callable[[], float]) -> Deadline:
    """Return a deadline for what only adds to an answer, so that it never costs the answer itself."""
    return Deadline(min(seconds, deadline.left()), monotonic)
