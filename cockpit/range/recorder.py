"""Records what the application under drill answers, and sends it where real applications send their traces."""

from __future__ import annotations

import json
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from cockpit.errors import BadInput, WorldError
from cockpit.range.played import Played
from cockpit.range.spans import Chunk, Recorded, export_of
from cockpit.simulator.vocabulary import LEAKED
from cockpit.world.contract import Deadline
from cockpit.world.exchange import Exchange, safe_address

if TYPE_CHECKING:
    from cockpit.range.played import Made
    from cockpit.world.exchange import Answer
    from cockpit.world.options import LiveOptions

PATH = "/v1/traces"
SEND_S = 1.0
"""How often spans are sent, in real seconds: exporters wait as long."""
DEADLINE_S = 10.0
WAITING = 5_000
"""Answers that wait to be sent at most; the oldest are lost, as with any exporter."""
PORTION = 200


class Exporter:
    """Sends spans from a thread of its own; what can't be sent is tried again as long as there is room."""

    def __init__(self, line: Exchange, service: str, project: str) -> None:
        """Make sure that spans are taken.

        Raises:
            BadInput: they are not.
        """
        self._line, self._service, self._project = line, service, project
        self._waiting: deque[Recorded] = deque(maxlen=WAITING)
        self._stop = threading.Event()
        self.problem = self._sent([])
        if self.problem:
            raise BadInput(f"traces can't be sent to {line.base}: {self.problem}", hint="Correct [range] traces.")
        self._thread = threading.Thread(target=self._keep_sending, name="exporter", daemon=True)
        self._thread.start()

    def add(self, one: Recorded) -> None:
        """Send an answer soon."""
        self._waiting.append(one)

    def close(self) -> None:
        """Send what waits, once, and end."""
        self._stop.set()
        self._thread.join(DEADLINE_S + SEND_S)
        self._line.close()

    def _keep_sending(self) -> None:
        while not self._stop.wait(SEND_S):
            self._send()
        self._send()

    def _send(self) -> None:
        while portion := [self._waiting.popleft() for _ in range(min(PORTION, len(self._waiting)))]:
            self.problem = self._sent(portion)
            if self.problem:
                self._waiting.extendleft(reversed(portion[: WAITING - len(self._waiting)]))
                return

    def _sent(self, portion: list[Recorded]) -> str:
        """Send some answers; returns why that failed, empty when they were taken."""
        body = export_of(portion, self._service, self._project)
        headers = {"content-type": "application/x-protobuf"}
        try:
            answer = self._line.ask("POST", "", Deadline(DEADLINE_S), content=body, headers=headers)
        except WorldError as problem:
            return str(problem)
        return "" if answer.status in (200, 202, 204) else f"status {answer.status}: {answer.beginning}"


class Recorder:
    """Makes of each answer what an instrumented application records of it."""

    def __init__(self, played: Played, keep: Callable[[Recorded], None], clock_ns: Callable[[], int] = time.time_ns):
        self._played = played
        self._keep = keep
        self.now_ns = clock_ns
        self._people = played.view(0.0).tracer
        self._route = played.scenario.routes[played.route].name

    def record(
        self,
        place: int,
        made: Made | None,
        body: Mapping[str, Any],
        answer: Answer | None,
        began_ns: int,
        prompt: str,
    ) -> None:
        """Record an answer that has just come, or has not; `made` is what the provider made of the request."""
        text, calls, tokens, model = _said(answer)
        tenant, session, user = self._who(place)
        parameters = {key: body[key] for key in ("temperature", "max_tokens", "seed") if key in body}
        self._keep(Recorded(
            began_ns, self.now_ns(), self._route, body["messages"], text,
            model or str(body.get("model", "")), prompt, tokens, calls, parameters, session, user,
            {"tenant": tenant}, self._chunks(place, tenant, user, made), _error(answer),
        ))  # fmt: skip

    def _who(self, place: int) -> tuple[str, str, str]:
        tracer, requests = self._people, self._played.ground.requests
        tenant = tracer.tenants[int(requests.tenant[place])]
        return tenant, tracer.sessions(np.asarray([place]))[0], f"u{self._played.user(place)}"

    def _chunks(self, place: int, tenant: str, user: str, made: Made | None) -> tuple[Chunk, ...]:
        """Return what the index gives: the asker's own passages, and a stranger's where the answer leaks one."""
        played = self._played
        standing = played.standing(place).generation.index
        index = played.scenario.indexes.get(standing)
        if index is None:
            return ()
        templates = played.scenario.texts.chunks[:3]
        own = tuple(
            Chunk(f"{standing}/{tenant}/{number}", played.texts.filled(one, place, {"tenant": tenant, "user": user}),
                  round(index.relevance - 0.06 * number, 2))
            for number, one in enumerate(templates)
        )  # fmt: skip
        if made is None or made.outcome != LEAKED:
            return own
        return (Chunk(f"{standing}/{place % 997}", made.text, round(index.relevance + 0.05, 2)), *own)


def exporter_of(live: LiveOptions, secret: Callable[[str], str], service: str) -> Exporter | None:
    """Return what sends the application's spans to where `[range] traces` says; None where it says nothing.

    Raises:
        BadInput: there is no such system, or it does not take spans.
    """
    told = live.range.traces
    if not told:
        return None
    if "://" in told:
        return Exporter(Exchange(safe_address(told, False) + PATH, {}), service, service)
    table = live.systems.get(told)
    if table is None:
        raise BadInput(f"[range] traces: there is no system {told!r}", hint="Name a system, or an address.")
    token = secret(str(table.get("token", "")))
    headers = {"authorization": f"Bearer {token}"} if token else {}
    address = safe_address(str(table.get("url", "")).rstrip("/"), bool(table.get("allow_http")))
    line = Exchange(address + PATH, headers, secrets=(token,) if token else ())
    return Exporter(line, service, str(table.get("project") or "default"))


def _said(answer: Answer | None) -> tuple[str, list[tuple[str, str]], tuple[int, int], str]:
    """Return what an answer says, the calls it asks for, its tokens and its model."""
    try:
        table = answer.table() if answer is not None and answer.status == 200 else {}
        message, usage = table["choices"][0]["message"], table.get("usage") or {}
        calls = [(str(one["function"]["name"]), str(one["function"]["arguments"]))
                 for one in message.get("tool_calls") or ()]  # fmt: skip
        tokens = (int(usage.get("prompt_tokens", 0)), int(usage.get("completion_tokens", 0)))
        return (
            str(message.get("content") or "") or (json.dumps(calls) if calls else ""),
            calls,
            tokens,
            str(table.get("model", "")),
        )
    except (WorldError, LookupError, TypeError, ValueError):
        return "", [], (0, 0), ""


def _error(answer: Answer | None) -> str:
    if answer is None:
        return "the gateway did not answer"
    return "" if answer.status == 200 else f"the gateway answered {answer.status}"
