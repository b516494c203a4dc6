"""What a control of a repository is called: `file:PATH` or `key:PATH#a.b.c`."""

from __future__ import annotations

import re
from dataclasses import dataclass

from cockpit.errors import BadInput
from cockpit.world.contract import Capability
from cockpit_adapters.documents import format_of, parse_path
from cockpit_adapters.documents.secrecy import holds_secret

GRAMMAR = "file:PATH for a whole file, as in file:prompts/support.txt, or key:PATH#a.b.c for one value of a document"
_CAPS = re.compile(r"(?i)(max|limit|budget|cap|rpm|tpm|temperature|tokens|quota)")
_MODEL = re.compile(r"(?i)(^|_)model(_id|_name)?$")


@dataclass(frozen=True, slots=True)
class Where:
    """One control; `keys` is empty for a whole file."""

    path: str
    keys: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """The place as people write it."""
        return f"{self.path}#{'.'.join(self.keys)}" if self.keys else self.path

    @property
    def capability(self) -> Capability:
        """What the place decides, by its name."""
        if not self.keys:
            return Capability.PROMPT
        if _MODEL.search(self.keys[-1]):
            return Capability.MODEL_PIN
        return Capability.CAPS if _CAPS.search(self.keys[-1]) else Capability.ROUTING


def where(address: str) -> Where:
    """Understand an address.

    Raises:
        BadInput: it is none.
    """
    kind, _, rest = address.partition(":")
    path, mark, keys = rest.partition("#") if kind == "key" else (rest, "", "")
    if kind not in ("file", "key") or bool(mark) != (kind == "key") or not _inside(path):
        raise BadInput(f"{address!r} is no control of a repository", hint=f"Write {GRAMMAR}.")
    if kind == "key":
        format_of(path)
        found = Where(path, parse_path(keys))
        if holds_secret(found.keys, None):
            raise BadInput(f"{address!r} names a secret, which no lever may hold", hint=f"Write {GRAMMAR}.")
        return found
    return Where(path)


def _inside(path: str) -> bool:
    """Whether a path stays within the repository and out of git's own folder."""
    parts = path.split("/")
    odd = any(part in ("", ".", "..") or part.lower() == ".git" for part in parts)
    return not odd and path.isprintable() and not path.startswith("-")
