"""Conversations in whatever shape they were recorded: OpenAI, Anthropic, Gemini, LangChain, OTel, plain text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from cockpit.intake.content import ROLES, Call, Said, call_of, content, is_call, is_part, role_of
from cockpit.intake.values import MAX_DEPTH, opened, text

MAX_MESSAGES = 2_000

ASKING = ("messages", "chat_history", "new_message", "input", "inputs", "prompt", "contents", "question", "query",
          "user_input", "request", "args", "kwargs", "value")  # fmt: skip
"""Where a request keeps what was said."""
TELLING = ("messages", "choices", "output", "outputs", "generations", "candidates", "message", "response", "content",
           "text", "answer", "completion", "result", "return_values", "generated_text", "reply", "value")  # fmt: skip
"""Where an answer keeps what was said."""
SYSTEM = ("system", "system_prompt", "instructions", "systemPrompt", "system_instruction")


@dataclass(slots=True)
class Talk:
    """What was said on one side of a span.

    Attributes:
        sure: whether it was recognised as a conversation, or as a plain text; else it is data shown as it is.
    """

    said: list[Said] = field(default_factory=list)
    sure: bool = False

    def __bool__(self) -> bool:
        return bool(self.said)


NOTHING = Talk()


def read_talk(value: Any, role: str) -> Talk:
    """Read a conversation; what names no role of its own is said by `role` (`user` or `assistant`)."""
    said = _read(value, role, 0)
    if said is not None:
        return Talk(said[:MAX_MESSAGES], True)
    shown = text(opened(value))
    return Talk([Said(role, shown)], False) if shown and shown not in ("{}", "[]") else Talk()


def _read(value: Any, role: str, depth: int) -> list[Said] | None:
    """Return what was said, None where nothing was recognised."""
    if depth > MAX_DEPTH:
        return None
    value = opened(value)
    if isinstance(value, str):
        return [Said(role, text(value))] if value.strip() and not value.lstrip().startswith(("{", "[")) else None
    if isinstance(value, list):
        return _read_list(value, role, depth) if value else None
    return _read_dict(value, role, depth) if isinstance(value, dict) and value else None


def _read_list(items: Sequence[Any], role: str, depth: int) -> list[Said] | None:
    first = opened(items[0])
    if isinstance(first, dict) and not _speaks(first):
        dicts = [one for one in map(opened, items) if isinstance(one, dict)]
        if not any(map(_speaks, dicts)):  # else calls stand between messages, each for itself
            if is_call(first):
                return [Said("assistant", "", tuple(map(call_of, dicts)))]
            if is_part(first):
                return _spoken(role, items)
    if not isinstance(first, dict | list | str):
        return None
    said: list[Said] = []
    for item in items[:MAX_MESSAGES]:
        said.extend(_read(item, role, depth + 1) or ())
    return said or None


def _read_dict(value: Mapping[str, Any], role: str, depth: int) -> list[Said] | None:
    inner = value.get("message")
    if _speaks(value):
        return _message(value, role)
    if isinstance(inner, dict) and _speaks(inner):
        return _message(inner, role)
    if _is_langchain(value):
        return _message({"type": str(value["id"][-1]), **value["kwargs"]}, role)
    if is_call(value):
        return [Said("assistant", "", (call_of(value),))]
    if is_part(value):
        return _spoken(role, [value])
    return _unwrap(value, role, depth)


def _unwrap(value: Mapping[str, Any], role: str, depth: int) -> list[Said] | None:
    said: list[Said] | None = None
    for key in ASKING if role == "user" else TELLING:
        if value.get(key) and (said := _read(value[key], role, depth + 1)):
            break
    if said is None:
        return None
    told = next((value[key] for key in SYSTEM if isinstance(value.get(key), str)), "") if role == "user" else ""
    return [Said("system", text(told)), *said] if told and said[0].role != "system" else said


def _speaks(value: Mapping[str, Any]) -> bool:
    """Whether a dict is one message: it says who speaks, and has something to say."""
    return role_of(value) is not None and not _TOLD.isdisjoint(value)


_TOLD = frozenset({"content", "parts", "tool_calls", "text", "function_call", "toolCalls", "contents", "blocks"})


def _is_langchain(value: Mapping[str, Any]) -> bool:
    return isinstance(value.get("kwargs"), dict) and isinstance(value.get("id"), list) and bool(value["id"])


def _message(value: Mapping[str, Any], role: str) -> list[Said]:
    speaker = role_of(value) or role
    told = next((value[key] for key in ("content", "parts", "contents", "text", "blocks") if value.get(key)), None)
    if _is_tool_definition(told):
        return []
    said = _spoken(speaker, told)
    calls = _calls_of(value)
    if calls:
        main = next((one for one in said if one.role == speaker), None)
        if main is None:
            main = Said(speaker, "")
            said.append(main)
        main.calls = (*main.calls, *(call for call in calls if not _known(call, main.calls)))
    if speaker == "tool" and said:
        _mark_answer(said[-1], value)
    return said or [Said(speaker, "")]


def _mark_answer(said: Said, value: Mapping[str, Any]) -> None:
    said.answers = said.answers or str(value.get("tool_call_id") or value.get("id") or value.get("call_id") or "")
    said.name = said.name or str(value.get("name") or "")
    said.failed = said.failed or value.get("status") == "error" or value.get("is_error") is True


def _known(call: Call, calls: Sequence[Call]) -> bool:
    return any(call.id == one.id if call.id else call == one for one in calls)


def _calls_of(value: Mapping[str, Any]) -> list[Call]:
    extra = value.get("additional_kwargs")
    places: list[Mapping[str, Any]] = [value, extra] if isinstance(extra, dict) else [value]
    for place in places:
        for key in ("tool_calls", "toolCalls", "function_call"):
            listed = opened(place.get(key))
            listed = [listed] if isinstance(listed, dict) else listed
            if isinstance(listed, list) and listed:
                return [call_of(one) for one in map(opened, listed) if isinstance(one, dict)]
    return []


def _is_tool_definition(told: Any) -> bool:
    inner = told.get("function") if isinstance(told, dict) else None
    return isinstance(inner, dict) and "parameters" in inner and "arguments" not in inner


def _spoken(role: str, told: Any) -> list[Said]:
    if isinstance(told, str):
        # A text that happens to be JSON is a text, unless it is a list of parts that was written as one.
        inner = opened(told)
        is_parts = isinstance(inner, list) and inner and isinstance(inner[0], dict) and is_part(inner[0])
        told = inner if is_parts and role != "tool" else told
    return content(role, told) if told is not None else []


__all__ = ["NOTHING", "ROLES", "Call", "Said", "Talk", "read_talk"]
