"""Statuspage's API of incidents: what was told stands in an incident's metadata, and is looked for before telling."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from cockpit.domain.text import clean
from cockpit.errors import Refused, Throttled, Unsure, WorldError
from cockpit.world.contract import Deadline, Finding, Verdict
from cockpit.world.contract_channels import Message, Receipt
from cockpit_adapters.answers import part, tables, words
from cockpit_adapters.findings import attempt, until_wrong
from cockpit_adapters.hosted import looked
from cockpit_adapters.telling import tame

if TYPE_CHECKING:
    from cockpit.world.http import Line
    from cockpit_adapters.statuspage_own import OwnPageOptions

SETTLES_S = 30.0
"""So long after an unsure try nothing is sent with its key again: a late one would be seen by customers twice."""

STATES = ("investigating", "identified", "monitoring", "resolved")
OURS = "cockpit"
MOST_PAGES, PAGE = 10, 100

NEXT_STEP = "Take the page's id and a key from the API info of Statuspage's user menu."

_ID = re.compile(r"[a-z0-9]{4,40}")


class OwnPage:
    """The incidents of one page; implements `Channel`."""

    once = True
    """What was told is looked for first, and an unsure try is given time to be seen."""

    def __init__(self, line: Line, options: OwnPageOptions, monotonic: Callable[[], float]) -> None:
        self._line = line
        self._options = options
        self._monotonic = monotonic
        self._path = f"/pages/{options.page}/incidents"
        self._unsure: dict[str, float] = {}

    def send(self, message: Message, deadline: Deadline) -> Receipt:
        """Open the incident, or add an update to it; one that is there already is not told again."""
        if message.test:
            hint = "`cockpit doctor` proves key, page and components without telling anybody."
            raise Refused("a status page is public: customers would read the test", hint=hint)
        told, mark = tame(message), _mark(message.key)
        with _told_apart():
            found = looked(lambda: self._incident(message, deadline))
        if found is not None and mark in _known(found):
            return _receipt(found)
        self._patience(mark)
        try:
            with _told_apart():
                return _receipt(self._write(told, found, mark, deadline))
        except Unsure:
            self._unsure[mark] = self._monotonic() + SETTLES_S
            raise

    def check(self, deadline: Deadline) -> Sequence[Finding]:
        """Look at the page and its components; nothing is told."""
        checks = (lambda: attempt("authorised", NEXT_STEP, lambda: self._page(deadline)),
                  lambda: attempt("components", NEXT_STEP, lambda: self._components(deadline)))  # fmt: skip
        return until_wrong(checks)

    def close(self) -> None:
        """Let go of connections."""
        self._line.close()

    def _incident(self, message: Message, deadline: Deadline) -> dict[str, Any] | None:
        """Return the incident there, by the name it gave us or among those that are unresolved."""
        if _ID.fullmatch(message.thread):
            return self._line.ask("GET", f"{self._path}/{message.thread}", deadline).table()
        ours = _ours(message)
        for page in range(1, MOST_PAGES + 1):
            asked = {"page": page, "per_page": PAGE}
            rows = self._line.ask("GET", f"{self._path}/unresolved", deadline, params=asked).rows()
            found = next((one for one in tables(rows) if _meta(one).get("incident") == ours), None)
            if found is not None or len(rows) < PAGE:
                return found
        raise Refused(f"the page has more than {PAGE * MOST_PAGES} unresolved incidents")

    def _patience(self, mark: str) -> None:
        left = self._unsure.get(mark, 0.0) - self._monotonic()
        if left > 0:
            raise Throttled("an earlier try may still be seen on the page", retry_after_s=left)

    def _write(self, told: Message, found: dict[str, Any] | None, mark: str, deadline: Deadline) -> dict[str, Any]:
        sent = {**self._update(told), "metadata": _metadata(told, found, mark)}
        if found is not None:
            place = f"{self._path}/{_ident(found)}"
            return self._line.ask("PATCH", place, deadline, json={"incident": sent}).table()
        name = self._options.incident_name.replace("{service}", told.service or "the service")
        sent["name"] = clean(name, multiline=False, limit=255)
        return self._line.ask("POST", self._path, deadline, json={"incident": sent}).table()

    def _update(self, told: Message) -> dict[str, Any]:
        given = self._options
        status = told.state if told.state in STATES else STATES[0]
        sent: dict[str, Any] = {"status": status, "body": told.text, "deliver_notifications": given.notify}
        if given.impact:
            sent["impact_override"] = given.impact
        if given.components:
            over = status == "resolved"
            sent["components"] = {one: "operational" if over else how for one, how in given.components.items()}
            sent["component_ids"] = list(given.components)
        return sent

    def _page(self, deadline: Deadline) -> Finding:
        with _told_apart():
            found = self._line.read(f"/pages/{self._options.page}", deadline).table()
        name = clean(part(found, "name", str), multiline=False, limit=80)
        return Finding("authorised", Verdict.FINE, f"{name}; whether incidents may be written only one shows")

    def _components(self, deadline: Deadline) -> Finding:
        known: set[str] = set()
        for page in range(1, MOST_PAGES + 1):
            asked = {"page": page, "per_page": PAGE}
            with _told_apart():
                rows = self._line.read(f"/pages/{self._options.page}/components", deadline, params=asked).rows()
            known |= {words(one, "id") for one in tables(rows)}
            if len(rows) < PAGE:
                break
        if missing := sorted(set(self._options.components) - known):
            what = f"the page has no component {', '.join(missing)}"
            return Finding("components", Verdict.WRONG, what, "Correct components in cockpit.toml: they are ids.")
        return Finding("components", Verdict.FINE, f"{len(self._options.components)} of {len(known)}")


def _mark(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()[:16]


def _ours(message: Message) -> str:
    """Return what the incident is known by there; it tells nobody its name here."""
    return _mark(f"{message.incident} {message.since.isoformat()}")


def _meta(found: dict[str, Any]) -> dict[str, Any]:
    """Return what the cockpit keeps in an incident there."""
    metadata = found.get("metadata")
    ours = metadata.get(OURS) if isinstance(metadata, dict) else None
    return ours if isinstance(ours, dict) else {}


def _known(found: dict[str, Any]) -> tuple[str, ...]:
    told = _meta(found).get("told")
    return tuple(one for one in told.split() if one) if isinstance(told, str) else ()


def _metadata(told: Message, found: dict[str, Any] | None, mark: str) -> dict[str, Any]:
    """Return the metadata with this update in it, and everything that others keep there."""
    others = (found or {}).get("metadata")
    kept = dict(others) if isinstance(others, dict) else {}
    marks = (*(_known(found) if found else ()), mark)
    return {**kept, OURS: {"incident": _ours(told), "told": " ".join(marks[-50:])}}


def _ident(found: dict[str, Any]) -> str:
    ident = part(found, "id", str)
    if not _ID.fullmatch(ident):
        raise Unsure("Statuspage named no incident")
    return ident


def _receipt(found: dict[str, Any]) -> Receipt:
    return Receipt(_ident(found), words(found, "shortlink"))


@contextmanager
def _told_apart() -> Iterator[None]:
    """Tell its limit, which Statuspage answers with 420 as well, from a no."""
    try:
        yield
    except WorldError as problem:
        if isinstance(problem, Refused) and "was answered 420" in problem.message:
            raise Throttled(problem.message) from None
        raise
