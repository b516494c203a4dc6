"""The application under drill: it asks the flag service and the prompt registry, then the team's gateway.

Levers are pulled on the real systems; the application reads them as any application would, every second or so, and
what its users get is what the gateway lets through.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import TYPE_CHECKING, Any

from cockpit.errors import CockpitError, WorldError
from cockpit.range.observed import Glossary
from cockpit.range.played import Made, Played
from cockpit.range.upstream import Quiet, Upstream, serve
from cockpit.simulator.vocabulary import BLOCKED, LOOPING, STATIC
from cockpit.world.contract import Deadline, Reading
from cockpit.world.listening import end_serving
from cockpit.world.planner import value_in_words

if TYPE_CHECKING:
    from cockpit.range.recorder import Recorder
    from cockpit.world.exchange import Exchange
    from cockpit.world.http import Answer

READ_S = 1.0
"""How often the flag service and the registry are asked, in seconds of the drill."""

LEAST_PAUSE_S = 0.2
"""A fast drill leaves them alone for so long at least, in real seconds: they are real, and no faster than ever."""

TURNS = 8
"""So many times a looping agent calls again before it gives up by itself."""

STOPPED = (400, 402, 422, 429, 446)
"""A gateway that answers so has stopped a request by a guardrail, a budget or a rate limit."""


@dataclass(frozen=True, slots=True)
class Switches:
    """Where the application looks before it asks: (system, address), or None where it does not."""

    flag: tuple[str, str] | None = None
    share: tuple[str, str] | None = None
    prompt: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Served:
    """What a user got: status as the application gave it, the text, and the headers that tell how it came about."""

    status: int
    text: str
    headers: Mapping[str, str] = field(default_factory=dict)


class Application:
    """Answers its users, and probes at its front door."""

    def __init__(
        self,
        front: str,
        played: Played,
        glossary: Glossary,
        upstream: Upstream,
        gateway: Exchange,
        model: str,
        switches: Switches,
        read: Callable[[str, str], Reading],
        *,
        speed: float = 1.0,
        deadline_s: float = 30.0,
        recorder: Recorder | None = None,
    ) -> None:
        self._played = played
        self._recorder = recorder
        self._glossary = glossary
        self._upstream = upstream
        self._gateway = gateway
        self._model = model
        self._switches = switches
        self._read = read
        self._speed = speed
        self._deadline_s = deadline_s
        self._known: dict[tuple[str, str], Reading] = {}
        self._stop = threading.Event()
        self.look()
        self._server = serve(front, self._handler())
        threading.Thread(target=self._keep_looking, name="application", daemon=True).start()

    def close(self) -> None:
        """Stop answering."""
        self._stop.set()
        end_serving(self._server)

    def look(self, failing: type[CockpitError] = WorldError) -> None:
        """Ask flag service and registry; what does not answer keeps its last value, as client libraries do."""
        for place in (self._switches.flag, self._switches.share, self._switches.prompt):
            if place:
                with suppress(failing):
                    self._known[place] = self._read(*place)

    def serve_one(self, place: int) -> None:
        """Answer one of the scenario's requests, and write down what the user got."""
        began = time.monotonic()
        share = self._share() if self._open_for(0.0) else 0.0
        self._played.let_in(share)
        canary = 0.0 < share < 100.0
        if not self._open_for(self._played.queue(place)):
            self._played.turned_away(place)
            return
        self._played.asked(place)
        answer = self._ask_recorded(place)
        made = self._upstream.made(place)
        if made is None:
            self._played.turned_away(place, stopped=answer is not None and answer.status in STOPPED)
            return
        outcome = made.outcome if _came_through(answer, made) else BLOCKED if _stopped(answer) else STATIC
        turns = self._turns(place, made) if outcome == LOOPING else 1
        took = made.total_s * turns + _overhead(time.monotonic() - began, made.total_s * turns / self._speed)
        self._played.delivered(place, outcome, made.table, took, made.cost * turns, canary=canary, made=made.outcome)

    def ask(self, text: str) -> Served:
        """Answer somebody at the front door; nothing of it is counted."""
        told = {"x-flag": "on" if self._open_for(0.0) else "off", "x-share": f"{self._share():g}",
                "x-prompt-version": self._shown(), "x-prompt-id": self._prompt_id()}  # fmt: skip
        if not self._open_for(0.0):
            return Served(200, self._played.scenario.texts.static, {**told, "x-tier": "static"})
        answer = self._ask_gateway(self._body(text, self._prompt(), None))
        if answer is None:
            return Served(502, "the gateway did not answer", told)
        passed = {name: value for name, value in answer.headers.items() if name.startswith("x-")}
        return Served(answer.status, answer.text, {**passed, **told, "x-tier": "primary"})

    def _turns(self, place: int, made: Made) -> int:
        """Call again and again, as an agent does that never gets what it asks for; a gateway may end it."""
        for turn in range(2, TURNS + 1):
            answer = self._ask_recorded(place)
            if not _came_through(answer, made):
                return turn
        return TURNS

    def _body(self, text: str, prompt: str, place: int | None) -> dict[str, Any]:
        route = self._played.scenario.routes[self._played.route]
        messages = [{"role": "user", "content": text}]
        if prompt:
            messages.insert(0, {"role": "system", "content": self._glossary.system_text(prompt)})
        body: dict[str, Any] = {
            "model": self._model,
            "messages": messages,
            "temperature": route.temperature,
            "max_tokens": route.max_tokens,
        }
        if route.tools:
            body["tools"] = [_tool(name) for name in route.tools]
        if place is not None:
            body |= {"seed": place, "user": f"u{self._played.user(place)}"}
        return body

    def _ask_recorded(self, place: int) -> Answer | None:
        """Ask for one of the scenario's users, and record the answer where traces are wanted."""
        body, prompt = self._body(self._played.ask(place), self._prompt(), place), self._shown().partition(" ")[0]
        if self._recorder is None:
            return self._ask_gateway(body)
        began = self._recorder.now_ns()
        answer = self._ask_gateway(body)
        self._recorder.record(place, self._upstream.made(place), body, answer, began, prompt)
        return answer

    def _ask_gateway(self, body: dict[str, Any]) -> Answer | None:
        try:
            return self._gateway.ask("POST", "", Deadline(self._deadline_s), json=body)
        except WorldError:
            return None

    def _open_for(self, queue: float) -> bool:
        """Whether a user at a place in the queue (0 to 100) is let in to the AI."""
        flag = self._known.get(self._switches.flag) if self._switches.flag else None
        if flag is not None and not flag.value:
            return False
        return queue < self._share() or self._share() >= 100.0

    def _share(self) -> float:
        reading = self._known.get(self._switches.share) if self._switches.share else None
        return float(reading.value) if reading and isinstance(reading.value, int | float) else 100.0

    def _prompt(self) -> str:
        """Return the scenario's prompt that is in force: the registry's word, else the scenario's."""
        if self._switches.prompt and (reading := self._known.get(self._switches.prompt)):
            return self._glossary.prompt(str(reading.value)) or self._glossary.prompt(self._shown())
        return ""

    def _prompt_id(self) -> str:
        reading = self._known.get(self._switches.prompt) if self._switches.prompt else None
        return value_in_words(reading.value) if reading else ""

    def _shown(self) -> str:
        reading = self._known.get(self._switches.prompt) if self._switches.prompt else None
        return (reading.shown or str(reading.value)) if reading else ""

    def _keep_looking(self) -> None:
        while not self._stop.wait(max(READ_S / self._speed, LEAST_PAUSE_S)):
            self.look(CockpitError)  # also an address that is no longer one

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        application = self

        class Handler(Quiet):
            def do_POST(self) -> None:
                body = self.body() or {}
                served = application.ask(str(body.get("question", "hello")))
                self.say(served.status, {"answer": served.text}, dict(served.headers))

            def do_GET(self) -> None:
                served = application.ask("hello")
                self.say(served.status, {"answer": served.text}, dict(served.headers))

        return Handler


def _overhead(real_s: float, slept_s: float) -> float:
    """Return what gateway and network took: real seconds, which a fast drill doesn't make longer."""
    return max(real_s - slept_s, 0.0)


def _tool(name: str) -> dict[str, Any]:
    return {"type": "function", "function": {"name": name, "parameters": {"type": "object", "properties": {}}}}


def _came_through(answer: Answer | None, made: Made) -> bool:
    """Whether the user got what the provider made: a gateway may stop it, mask it, or answer something else."""
    if answer is None or answer.status != 200:
        return False
    if made.outcome == LOOPING:
        return b"tool_calls" in answer.body
    try:
        return bool(answer.table()["choices"][0]["message"]["content"] == made.text)
    except (WorldError, LookupError, TypeError):
        return False


def _stopped(answer: Answer | None) -> bool:
    return answer is not None and (answer.status in STOPPED or answer.status == 200)
