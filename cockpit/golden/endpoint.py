"""Asking a model over any OpenAI-compatible endpoint, and telling apart why one gave no answer."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from cockpit.domain.cases import Heard, Input
from cockpit.errors import EndpointFailed, Refused, Throttled, Unreachable, Unsure, WorldError
from cockpit.golden.chat import messages_of, tools_of
from cockpit.world.contract import Deadline

if TYPE_CHECKING:
    from cockpit.world.http import Answer, Line

PATH = "/chat/completions"
TIMEOUT_S = 60.0
PATIENCE_S = 20.0
"""How long one question may wait in all when it is told to come again later."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a model is asked.

    Attributes:
        key: where its token is found, such as `env:OPENAI_API_KEY`; never the token.
        headers: further ones, by which a gateway may be told which configuration to use.
    """

    url: str
    model: str
    key: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    allow_http: bool = False
    timeout_s: float = TIMEOUT_S

    @property
    def name(self) -> str:
        """What the endpoint is called in a proof."""
        more = " ".join(f"{name}={value}" for name, value in self.headers.items())
        return f"{self.model} at {self.url}{f' ({more})' if more else ''}"


class Asker:
    """Asks one endpoint; may be used by several threads."""

    def __init__(
        self,
        endpoint: Endpoint,
        secret: Callable[[str], str],
        *,
        line: Line | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """Make ready to ask.

        Raises:
            BadInput: the address or the key's name can't be used.
        """
        self.endpoint = endpoint
        self._line = line or _line(endpoint, secret)
        self._sleep = sleep

    def ask(self, given: Input, parameters: Mapping[str, float | int]) -> Heard:
        """Ask once and return what came back.

        Raises:
            EndpointFailed: no answer that can be judged; `reason` says which failure it was.
        """
        body: dict[str, Any] = {"model": self.endpoint.model, "messages": messages_of(given), **parameters}
        if given.tools:
            body["tools"] = tools_of(given)
        try:
            return heard_of(self._answer(body))
        except Throttled as problem:
            raise _throttled(problem) from None
        except Unreachable as problem:
            raise EndpointFailed("dead", str(problem), hint="Is it running, and is the address right?") from None
        except Refused as problem:
            raise EndpointFailed("refused", str(problem), hint=problem.hint or "Check model and key.") from None
        except WorldError as problem:
            raise EndpointFailed(_reason(str(problem)), str(problem)) from None

    def _answer(self, body: Mapping[str, Any]) -> Answer:
        waited = 0.0
        while True:
            try:
                return self._line.ask("POST", PATH, Deadline(self.endpoint.timeout_s), json=body)
            except Throttled as problem:
                pause = problem.retry_after_s if problem.retry_after_s is not None else 1.0
                if waited + pause > PATIENCE_S:
                    raise
                self._sleep(pause)
                waited += max(pause, 0.1)


def heard_of(answer: Answer) -> Heard:
    """Read a chat completion. Raises Unsure when it is none."""
    table = answer.table()
    choices = table.get("choices")
    first = choices[0] if isinstance(choices, list) and choices else None
    message = first.get("message") if isinstance(first, dict) else None
    if not isinstance(message, dict):
        raise Unsure(f"the answer is no chat completion: {answer.beginning}")
    calls, content = message.get("tool_calls"), message.get("content")
    if not message or not isinstance(content, str | list | None):
        raise Unsure(f"the answer is no chat completion: {answer.beginning}")
    text = _text(content) or str(message.get("refusal") or "")
    return Heard(text, tuple(_called(calls if isinstance(calls, list) else [])))


def _text(content: str | list[Any] | None) -> str:
    if isinstance(content, str):
        return content
    return "".join(str(one.get("text", "")) for one in content or [] if isinstance(one, dict))


def _called(calls: list[Any]) -> list[str]:
    functions = [one.get("function") for one in calls if isinstance(one, dict)]
    return [str(one.get("name", "")) for one in functions if isinstance(one, dict)]


def _line(endpoint: Endpoint, secret: Callable[[str], str]) -> Line:
    from pydantic import ValidationError

    from cockpit.errors import BadInput
    from cockpit.world.http import Line
    from cockpit.world.options import SystemOptions, is_reference

    if endpoint.key and not is_reference(endpoint.key):
        raise BadInput("a key is named, not written", hint="Use --key env:NAME, file:PATH or keyring:SERVICE/NAME.")
    url = endpoint.url.rstrip("/").removesuffix(PATH)
    try:
        options = SystemOptions(adapter="endpoint", url=url, allow_http=endpoint.allow_http)
    except ValidationError:
        raise BadInput(f"{endpoint.url!r} is no address", hint="For instance http://127.0.0.1:4000/v1") from None
    token = secret(endpoint.key)
    headers = {**endpoint.headers, **({"authorization": f"Bearer {token}"} if token else {})}
    return Line(options, headers, secrets=(token,) if token else ())


_REASONS = {
    "no answer within": "late",
    "no time was left": "late",
    "Timeout)": "late",
    "was answered 5": "failed",
    "half-way": "dead",
}
"""What the line says when nobody can tell what became of a request; for a question that is all there is to tell."""


def _reason(message: str) -> str:
    return next((reason for words, reason in _REASONS.items() if words in message), "unreadable")


def _throttled(problem: Throttled) -> EndpointFailed:
    after = problem.retry_after_s
    hint = f"Try again in {after:.0f} s." if after is not None else "Try again later, or with fewer samples."
    return EndpointFailed("throttled", str(problem), hint=hint)
