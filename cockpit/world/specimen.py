"""What an adapter shows of itself to the one contract suite: a fake of its system, and what to change there.

A module `specimen` beside the adapter offers `specimens() -> Sequence[Specimen]`; whoever writes an adapter of their
own writes one too, and the suite finds it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class Asked:
    """One request as the fake receives it; header names are lower case, `query` holds lists."""

    method: str
    path: str
    query: Mapping[str, Sequence[str]]
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        """Return the body as JSON, None when it is empty."""
        return json.loads(self.body) if self.body else None


@dataclass(frozen=True, slots=True)
class Said:
    """One answer of the fake: `body` is sent as it is when it is bytes, else as JSON."""

    status: int = 200
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)

    def content(self) -> bytes:
        """Return the body as it goes out."""
        if isinstance(self.body, bytes):
            return self.body
        return b"" if self.body is None else json.dumps(self.body).encode()


class Fake(Protocol):
    """A system in memory: it keeps state, answers as the vendor's does, and counts the changes it made."""

    @property
    def applied(self) -> int:
        """How many times a value was really changed."""
        ...

    def answer(self, asked: Asked) -> Said:
        """Answer one request; called from several threads, one at a time."""
        ...


@dataclass(frozen=True, slots=True)
class Specimen:
    """One adapter ready to be tried.

    Attributes:
        adapter: its name; `label` tells several specimens of one adapter apart.
        fake: makes a fresh fake that is served over HTTP; None for an adapter that works on files.
        prepare: for one that works on files: puts them into an empty folder and returns the options that name it.
        options: its table of cockpit.toml without `adapter` and `url`; secrets are named `env:SPECIMEN_TOKEN`.
        address: a control; `first` the value the fresh fake holds, `want` another one as it is written to it, and
            `text` the same as people write it. Empty for an adapter without controls.
        elsewhere: changes the value behind the adapter's back, as a colleague would: takes the fake (or the folder)
            and a value.
        bad_addresses: texts that are no address of it.
        carries_version: whether readings carry a version that changes with every write.
    """

    adapter: str
    label: str = ""
    fake: Callable[[], Fake] | None = None
    prepare: Callable[[Path], Mapping[str, Any]] | None = None
    options: Mapping[str, Any] = field(default_factory=dict)
    address: str = ""
    first: Any = None
    want: Any = None
    text: str = ""
    elsewhere: Callable[[Any, Any], None] | None = None
    carries_version: bool = False
    bad_addresses: tuple[str, ...] = ()
