"""What an action is: a name, typed arguments, and a check whether it may run now."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from difflib import get_close_matches
from keyword import iskeyword
from math import isfinite
from typing import Any

from cockpit.domain.events import Kind, NewEvent, Source
from cockpit.domain.incident import IncidentState
from cockpit.domain.levers import LeverPlan
from cockpit.domain.playbook import Fact, Playbook
from cockpit.errors import BadInput
from cockpit.world.port import SignalFrame, World


@dataclass(frozen=True, slots=True)
class Context:
    """What an action may look at when it decides."""

    state: IncidentState
    playbook: Playbook
    world: World
    now: datetime
    actor: str
    facts: Callable[[], Mapping[str, Fact]]
    frame: Callable[[], SignalFrame]
    plans: dict[str, LeverPlan] = field(default_factory=dict)

    def planned(self, name: str, make: Callable[[], LeverPlan]) -> LeverPlan:
        """Plan once: what is checked and what is journalled are one and the same plan."""
        if name not in self.plans:
            self.plans[name] = make()
        return self.plans[name]

    def event(self, kind: Kind, **payload: Any) -> NewEvent:
        """Make an event of this person at this moment, leaving out what was not given."""
        given = {key: value for key, value in payload.items() if value not in (None, "")}
        return NewEvent(kind, self.now, self.actor, Source.PERSON, given)


@dataclass(frozen=True, slots=True)
class Nothing:
    """No arguments."""


Check = Callable[[Context, Any], str]
"""Returns why the action may not run, or an empty text; arguments are None when only the action is meant."""

Run = Callable[[Context, Any], list[NewEvent]]
"""Returns the events that the action writes."""


@dataclass(frozen=True, slots=True)
class Action:
    """One thing a responder can do.

    Attributes:
        arguments: a dataclass whose fields are the typed arguments.
        keys: the keys that ask for it in the cockpit; a team may remap them by the action's name.
        station: 1–5, the station of the loop it belongs to; 0 for the run itself.
        when: when it may run, as one sentence for people.
        needs: the arguments a person at a key is asked for, so that a key alone does not carry it out.
    """

    name: str
    title: str
    help: str
    when: str
    station: int
    check: Check
    run: Run
    arguments: type = Nothing
    keys: tuple[str, ...] = ()
    needs: tuple[str, ...] = field(default=())


def parse(action: Action, given: Mapping[str, Any] | None) -> Any:
    """Make an action's typed arguments from plain values.

    Raises:
        BadInput: an argument is missing, unknown or of the wrong type.
    """
    given = dict(given or {})
    known = [one.name.rstrip("_") for one in fields(action.arguments)]
    for name in given:
        if name not in known:
            raise BadInput(_unknown(action.name, name, known))
    if not known:
        return Nothing()
    from pydantic import TypeAdapter, ValidationError

    try:
        made: Any = TypeAdapter(action.arguments).validate_python(_in_code(given))
    except ValidationError as problem:
        first = problem.errors()[0]
        place = ".".join(str(part).rstrip("_") for part in first["loc"]) or "arguments"
        raise BadInput(f"{action.name}: {place}: {first['msg']}") from None
    for one in fields(made):
        if not _finite(getattr(made, one.name)):
            raise BadInput(f"{action.name}: {one.name.rstrip('_')}: infinity and NaN are no numbers to act on")
    return made


def schema(action: Action) -> dict[str, Any]:
    """Return the JSON schema of an action's arguments."""
    from pydantic import TypeAdapter

    made = TypeAdapter(action.arguments).json_schema()
    made.pop("description", None)
    made["properties"] = {name.rstrip("_"): shape for name, shape in made.get("properties", {}).items()}
    if "required" in made:
        made["required"] = [name.rstrip("_") for name in made["required"]]
    made["additionalProperties"] = False
    return made


def _in_code(given: Mapping[str, Any]) -> dict[str, Any]:
    """Spell the arguments whose names are words of Python's own (`class`) as code spells them (`class_`)."""
    return {f"{name}_" if iskeyword(name) else name: value for name, value in given.items()}


def _finite(value: Any) -> bool:
    """Whether every number inside can be written to the journal."""
    if isinstance(value, float):
        return isfinite(value)
    if isinstance(value, Mapping):
        return all(_finite(item) for item in value.values())
    return all(_finite(item) for item in value) if isinstance(value, (list, tuple)) else True


def _unknown(action: str, name: str, known: list[str]) -> str:
    close = get_close_matches(name, known, n=1)
    meant = f"; did you mean {close[0]}?" if close else ""
    takes = f"it takes {', '.join(known)}" if known else "it takes no arguments"
    return f"{action} has no argument {name!r}: {takes}{meant}"
