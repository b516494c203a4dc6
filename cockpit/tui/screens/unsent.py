"""An update that was written and not posted comes back when the dialog is opened again, while the app runs."""

from __future__ import annotations

from dataclasses import dataclass
from weakref import WeakKeyDictionary

from cockpit.session.snapshot import Controller, Snapshot


@dataclass(frozen=True, slots=True)
class Unsent:
    """A text, for whom and in which state it is, and the journal's last line when it was put away."""

    text: str
    audience: str
    state: str
    after: int


_kept: WeakKeyDictionary[Controller, Unsent] = WeakKeyDictionary()


def put_away(controller: Controller, snapshot: Snapshot, text: str, audience: str, state: str) -> None:
    """Keep a text that may not be posted: the dialog was left, or the journal may refuse it."""
    _kept[controller] = Unsent(text, audience, state, snapshot.state.last_seq)


def forget(controller: Controller) -> None:
    """Keep nothing any more."""
    _kept.pop(controller, None)


def unsent(controller: Controller, snapshot: Snapshot) -> Unsent | None:
    """Return what was put away, unless those people have been told that state since."""
    found = _kept.get(controller)
    if found is None:
        return None
    since = (one for one in snapshot.state.updates if one.seq > found.after)
    if any((one.audience, one.state) == (found.audience, found.state) for one in since):
        forget(controller)
        return None
    return found
