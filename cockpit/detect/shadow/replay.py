"""The same questions put to two OpenAI-compatible endpoints, at a bounded pace; their answers become traces.

Both are asked one after the other, A first and B first in turn, so that a slow minute hits both alike. A question is
never asked twice: nobody knows what an answer that got lost has cost.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from cockpit.domain.calls import CallTrace, Message
from cockpit.domain.clock import Clock
from cockpit.errors import Throttled, Unauthorised, Unreachable, WorldError
from cockpit.world.contract import Deadline
from cockpit.world.exchange import Answer, Exchange, safe_address

A, B = "A", "B"
LOST_IN_A_ROW = 5
"""After so many failures of one side in a row nothing more is asked."""
_NOT_LET_IN = (401, 403)
_TOO_MANY = 429


@dataclass(frozen=True, slots=True)
class Question:
    """One input: the messages to send, and the exact answer expected where there is one."""

    messages: tuple[Message, ...]
    expected: str | None = None


class Asker(Protocol):
    """What carries a request; `cockpit.world.exchange.Exchange` does."""

    def ask(self, method: str, path: str, deadline: Deadline, **sent: Any) -> Answer: ...


@dataclass(frozen=True, slots=True)
class Side:
    """One configuration: who carries its requests, its model, and parameters to send with every question."""

    name: str
    line: Asker
    model: str
    parameters: Mapping[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Pace:
    """At most so many questions a second, over both sides together."""

    a_second: float
    sleep: Callable[[float], None] = time.sleep
    monotonic: Callable[[], float] = time.monotonic
    _next: float = 0.0

    def wait(self) -> None:
        """Wait until the next question may be asked."""
        now = self.monotonic()
        if self._next > now:
            self.sleep(self._next - now)
        self._next = max(now, self._next) + 1.0 / self.a_second


def side_at(name: str, url: str, model: str, token: str, *, allow_http: bool = False) -> Side:
    """Return a side at a base address such as `https://gateway.example/v1`; the token is the secret itself.

    Raises:
        BadInput: the token would travel in clear, or can't be sent.
    """
    headers = {"authorization": f"Bearer {token}"} if token else {}
    base = (safe_address(url, allow_http) if token else url).rstrip("/")
    return Side(name, Exchange(base, headers, secrets=(token,) if token else ()), model)


def replay(
    questions: Sequence[Question], a: Side, b: Side, *, clock: Clock, pace: Pace, deadline_s: float = 60.0
) -> Iterator[CallTrace]:
    """Ask both sides every question; yields traces with the side's name as `source`, failures as their `error`.

    Raises:
        Unauthorised: a side does not let us in.
        Unreachable: a side failed `LOST_IN_A_ROW` times in a row.
        Throttled: a side said too often that there are too many requests.
    """
    lost = {a.name: 0, b.name: 0}
    for number, question in enumerate(questions):
        for side in (a, b) if number % 2 == 0 else (b, a):
            pace.wait()
            trace = _ask(number, question, side, clock, deadline_s)
            yield trace
            lost[side.name] = lost[side.name] + 1 if trace.error else 0
            if lost[side.name] >= LOST_IN_A_ROW:
                raise _given_up(side.name, trace.error)


def _given_up(side: str, error: str) -> WorldError:
    if error.startswith(f"HTTP {_TOO_MANY}"):
        return Throttled(f"{side} keeps saying that there are too many requests", hint="Ask more slowly: --rate 0.5.")
    return Unreachable(
        f"{side} failed {LOST_IN_A_ROW} times in a row: {error}", hint="Check the address and the name of the model."
    )


def _ask(number: int, question: Question, side: Side, clock: Clock, deadline_s: float) -> CallTrace:
    began, deadline = clock.now(), Deadline(deadline_s)
    body = {
        **side.parameters,
        "model": side.model,
        "messages": [{"role": one.role, "content": one.text} for one in question.messages],
    }
    found: dict[str, Any] = {}
    try:
        answer = side.line.ask("POST", "/chat/completions", deadline, json=body)
        found = _read(answer, side)
    except Unauthorised:
        raise
    except WorldError as problem:
        found = {"error": str(problem)}
    asked = next((one.text for one in reversed(question.messages) if one.role == "user"), "")
    labels = {} if question.expected is None else {"expected": question.expected}
    return CallTrace(
        f"{side.name}-{number}", side.name, began, clock.now(), requested_model=side.model, asked=asked,
        messages=question.messages, labels=labels, parameters=side.parameters, **found,
    )  # fmt: skip


def _read(answer: Answer, side: Side) -> dict[str, Any]:
    """Return what an answer says, as fields of a trace; raises Unauthorised, or Unsure where it is none."""
    if answer.status in _NOT_LET_IN:
        raise Unauthorised(
            f"{side.name} does not let us in (HTTP {answer.status})",
            hint="Name its token: --token-a, --token-b env:NAME.",
        )
    if answer.status != 200:
        return {"error": f"HTTP {answer.status}: {answer.beginning}"}
    table = answer.table()
    choice = _first(table.get("choices"))
    text = _table(choice.get("message")).get("content")
    if not isinstance(text, str):
        return {"error": "the answer holds no text"}
    usage = _table(table.get("usage"))
    return {
        "answered": text,
        "model": str(table.get("model") or ""),
        "finish": str(choice.get("finish_reason") or ""),
        "tokens_in": _count(usage.get("prompt_tokens")),
        "tokens_out": _count(usage.get("completion_tokens")),
        "cost_usd": _cost(answer.headers.get("x-litellm-response-cost")),
    }


def _first(value: Any) -> dict[str, Any]:
    return _table(value[0]) if isinstance(value, list) and value else {}


def _table(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _count(value: Any) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else 0


def _cost(told: str | None) -> float | None:
    try:
        cost = float(told) if told else None
    except ValueError:
        return None
    return cost if cost is not None and 0 <= cost < float("inf") else None
