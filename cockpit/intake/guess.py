"""Traces of a framework nobody knows: model, tokens, conversation and tool calls wherever they are in a span.

Only names and shapes are looked at. A text counts as an answer only in a span that shows by something else that a
model was called, so that ordinary spans of web servers stay what they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from cockpit.intake.content import Call, call_of, is_call, role_of
from cockpit.intake.talk import Talk, read_talk
from cockpit.intake.values import MAX_DEPTH, count, opened, word

MAX_NODES = 20_000
"""Values of one span that are looked at."""

_FAMILY = re.compile(
    r"(^|[/:._-])(gpt|chatgpt|o[134]|claude|gemini|gemma|llama|mi[sx]tral|qwen|deepseek|command|grok|phi|nova|sonnet|"
    r"haiku|opus|titan|jamba|text-embedding|palm|kimi|glm|yi|codestral|davinci)",
    re.IGNORECASE,
)
_MODEL = {"model", "modelname", "modelid", "responsemodel", "requestmodel", "llmmodel", "deployment", "engine",
          "deploymentname", "modelslug", "modelversion"}  # fmt: skip
_IN = {"inputtokens", "prompttokens", "tokensin", "inputtokencount", "prompttokencount", "ntokensin",
    "numinputtokens",
       "tokensprompt", "inputtokensused", "numprompttokens", "prompteval", "promptevalcount"}  # fmt: skip
_OUT = {"outputtokens", "completiontokens", "tokensout", "outputtokencount", "completiontokencount",
    "candidatestokencount",
        "ntokensout", "numoutputtokens", "tokenscompletion", "evalcount", "generatedtokens",
        "numcompletiontokens"}  # fmt: skip
_ASKED = {
    "prompt",
    "question",
    "query",
    "userinput",
    "usermessage",
    "input",
    "inputs",
    "request",
    "messages",
    "instruction",
}
_ANSWERED = {"output", "outputs", "response", "completion", "answer", "result", "reply", "generation",
    "assistant", "text",
             "generatedtext", "finalanswer", "content"}  # fmt: skip
_BESIDE = ("meta", "metadata", "_meta", "response_metadata", "usage_metadata", "usage")
_PLAIN = re.compile(r"[^a-z0-9]")


@dataclass(slots=True)
class Guess:
    """What was found; empty where nothing was."""

    model: str = ""
    tokens_in: int | None = None
    tokens_out: int | None = None
    asked: Talk = field(default_factory=Talk)
    answered: Talk = field(default_factory=Talk)
    calls: list[Call] = field(default_factory=list)


def guess(values: Mapping[str, Any]) -> Guess:
    """Look everywhere for what a call of a model leaves behind."""
    found = Guess()
    weak: dict[str, Any] = {}
    models: list[str] = []
    for key, value in _walk(values):
        _number(found, key, value)
        if key in _MODEL and isinstance(value, str) and value:
            models.append(word(value))
        elif isinstance(value, list) and _is_talk(value):
            _conversation(found, key, value)
        elif isinstance(value, dict) and is_call(value):
            _call(found, call_of(value))
        elif isinstance(value, str) and key in _ASKED | _ANSWERED:
            weak.setdefault(key, value)
    known = found.tokens_in is not None or found.tokens_out is not None or bool(found.asked or found.answered)
    found.model = next((name for name in models if known or _FAMILY.search(name)), "")
    if known or found.model:
        _plain_texts(found, weak)
    return found


def _walk(values: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Go through everything, outermost first, with the last part of its name; strings of JSON are opened."""
    waiting: list[tuple[str, Any, int]] = [("", dict(values), 0)]
    seen = 0
    while waiting and seen < MAX_NODES:
        level, waiting = waiting, []
        for key, value, depth in level:
            seen += 1
            value = opened(value)
            if depth:
                yield key, value
            if depth >= MAX_DEPTH or not isinstance(value, dict | list):
                continue
            if isinstance(value, list) and _is_talk(value):
                value = _around(value)
            pairs = value.items() if isinstance(value, dict) else ((key, one) for one in value)
            waiting.extend((_key(name), one, depth + 1) for name, one in list(pairs)[: MAX_NODES - seen])


def _around(talk: list[Any]) -> list[Any]:
    """Return what stands beside the words of messages: some frameworks write model and tokens there."""
    messages = [one for one in talk[:MAX_NODES] if isinstance(one, dict)]
    return [one[name] for one in messages for name in _BESIDE if isinstance(one.get(name), dict)]


def _key(name: Any) -> str:
    return _PLAIN.sub("", str(name)[-60:].lower().rsplit(".", 1)[-1])


def _number(found: Guess, key: str, value: Any) -> None:
    if key in _IN and found.tokens_in is None:
        found.tokens_in = count(value)
    elif key in _OUT and found.tokens_out is None:
        found.tokens_out = count(value)


def _is_talk(value: list[Any]) -> bool:
    first = opened(value[0]) if value else None
    if not isinstance(first, dict):
        return False
    told = first.get("message")
    inner = told if isinstance(told, dict) else first
    return role_of(inner) is not None and any(key in inner for key in ("content", "parts", "tool_calls", "text"))


def _conversation(found: Guess, key: str, value: list[Any]) -> None:
    talk = read_talk(value, "user")
    only_assistant = all(one.role == "assistant" for one in talk.said)
    if (key in _ANSWERED and not found.answered) or (only_assistant and not found.answered):
        found.answered = talk
    elif len(talk.said) > len(found.asked.said):
        found.asked = talk
    for said in talk.said:
        for call in said.calls:
            _call(found, call)


def _call(found: Guess, call: Call) -> None:
    if (
        call.name
        and len(found.calls) < 1_000
        and not any(call.id == one.id if call.id else call == one for one in found.calls)
    ):
        found.calls.append(call)


def _plain_texts(found: Guess, weak: Mapping[str, Any]) -> None:
    if not found.asked:
        told = next((weak[key] for key in weak if key in _ASKED), "")
        found.asked = read_talk(told, "user") if told else found.asked
    if not found.answered:
        told = next((weak[key] for key in weak if key in _ANSWERED), "")
        found.answered = read_talk(told, "assistant") if told else found.answered
