"""What one message holds: texts, tool calls and tool results, in the parts that providers and frameworks write."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from cockpit.intake.values import opened, text, word

MAX_PARTS = 2_000

ROLES = {
    "user": "user", "human": "user", "humanmessage": "user", "humanmessagechunk": "user", "usermessage": "user",
    "assistant": "assistant", "ai": "assistant", "aimessage": "assistant", "aimessagechunk": "assistant",
    "model": "assistant", "bot": "assistant", "assistantmessage": "assistant", "chatbot": "assistant",
    "system": "system", "systemmessage": "system", "developer": "system", "tool": "tool", "toolmessage": "tool",
    "function": "tool", "functionmessage": "tool", "functionexecutionresultmessage": "tool",
}  # fmt: skip
"""Who speaks, as frameworks write it in lower case."""

_ID = ("id", "call_id", "callId", "toolCallId", "tool_call_id", "tool_use_id", "toolUseId")
_NAME = ("name", "toolName", "tool_name")
_ARGUMENTS = ("arguments", "args", "input", "parameters", "raw_arguments")
_RESULT = ("result", "output", "response", "content", "text")


@dataclass(slots=True)
class Call:
    """One tool call; `id` is the provider's own and may be empty."""

    name: str
    arguments: str = ""
    result: str = ""
    id: str = ""
    failed: bool = False


@dataclass(slots=True)
class Said:
    """One message; a tool's answer names the call it answers, where that is known, and the tool."""

    role: str
    text: str
    calls: tuple[Call, ...] = ()
    answers: str = ""
    name: str = ""
    failed: bool = False


def role_of(value: Mapping[str, Any]) -> str | None:
    """Return who speaks in a message; None where it does not say so."""
    named = value.get("role") or value.get("author")
    if isinstance(named, str) and named:
        return ROLES.get(named.lower(), named[:60])
    kind = value.get("type") or value.get("kind")
    return ROLES.get(kind.lower()) if isinstance(kind, str) and len(kind) < 40 else None


def is_call(value: Mapping[str, Any]) -> bool:
    """Whether a dict is a tool call: it names a tool, and what it is given."""
    inner = _inner(value)
    named = any(isinstance(inner.get(key), str) for key in _NAME)
    return named and ("arguments" in inner or "args" in inner or "toolName" in inner or _type(value) in _CALLS)


def call_of(value: Mapping[str, Any]) -> Call:
    """Read a tool call; a result that stands beside it is taken along."""
    inner = _inner(value)
    arguments = next((inner[key] for key in _ARGUMENTS if inner.get(key) is not None), "")
    name = next((word(inner[key]) for key in _NAME if inner.get(key)), "")
    result = value.get("result", value.get("output"))
    return Call(name, text(arguments), text(result), _id(value) or _id(inner), _failed(value))


def is_part(value: Mapping[str, Any]) -> bool:
    """Whether a dict is a part of a message, rather than a message."""
    return _type(value) in _PARTS or isinstance(value.get("message_content"), dict) or set(value) in _BARE


def content(role: str, told: Any) -> list[Said]:
    """Read what a message holds; texts of one speaker become one message, tool results messages of their own."""
    if isinstance(told, dict):
        told = [told]
    if not isinstance(told, list):
        return [Said(role, text(told))] if told not in (None, "") else []
    spoken = _Spoken(role)
    for part in told[:MAX_PARTS]:
        spoken.take(opened(part) if isinstance(part, str) and part[:1] == "{" else part)
    return spoken.all()


class _Spoken:
    """The parts of one message, while they are read."""

    def __init__(self, role: str) -> None:
        self._role = role
        self._texts: list[str] = []
        self._calls: list[Call] = []
        self._others: list[Said] = []

    def take(self, part: Any) -> None:
        """Take the next part."""
        if not isinstance(part, dict):
            self._texts.append(text(part))
            return
        part = part["message_content"] if isinstance(part.get("message_content"), dict) else part
        read = _PARTS.get(_type(part)) or _by_keys(part)
        read(self, part)

    def all(self) -> list[Said]:
        """Return what was said: the message itself, then what tools answered."""
        told = "\n".join(one for one in self._texts if one)
        main = [Said(self._role, told, tuple(self._calls))] if told or self._calls else []
        if self._role == "tool" and self._others and not self._calls:
            return self._others
        return [*main, *self._others]

    def text(self, part: Mapping[str, Any]) -> None:
        """Take a text."""
        told = part.get("text", part.get("content", part.get("value")))
        self._texts.append(text(told.get("value") if isinstance(told, dict) and "value" in told else told))

    def call(self, part: Mapping[str, Any]) -> None:
        """Take a tool call."""
        self._calls.append(call_of(part))

    def result(self, part: Mapping[str, Any]) -> None:
        """Take what a tool answered."""
        found = opened(next((part[key] for key in _RESULT if part.get(key) is not None), ""))
        if isinstance(found, dict) and found.get("result") is not None:
            found = found["result"]
        names = [word(part[key]) for key in _NAME if part.get(key)]
        self._others.append(
            Said("tool", _plain(found), answers=_id(part), name=names[0] if names else "", failed=_failed(part))
        )

    def thought(self, part: Mapping[str, Any]) -> None:
        """Take what a model thought: it is no part of the answer."""
        told = part.get("thinking") or part.get("text") or part.get("content") or part.get("summary")
        if told:
            self._others.append(Said("reasoning", _plain(told)))

    def media(self, part: Mapping[str, Any]) -> None:
        """Take a picture or a file: only that it was there."""
        self._texts.append(f"[{_type(part) or 'data'}]")

    def user(self, part: Mapping[str, Any]) -> None:
        """Take what a user said, in a request that holds several speakers."""
        self._others.extend(content("user", part.get("content")))

    def system(self, part: Mapping[str, Any]) -> None:
        """Take an instruction, in a request that holds several speakers."""
        self._others.extend(content("system", part.get("content")))

    def unknown(self, part: Mapping[str, Any]) -> None:
        """Take what nobody knows as it is."""
        self._texts.append(text(dict(part)))


_Reader = Callable[[_Spoken, Mapping[str, Any]], None]
_CALLS = frozenset({"tool_use", "tool_call", "function_call", "functioncall", "server_tool_use", "mcp_call"})
_BARE = ({"text"}, {"functionCall"}, {"functionResponse"}, {"toolUse"}, {"toolResult"})
_WRAPPED: Mapping[str, Callable[[_Spoken, Mapping[str, Any]], None]] = {
    "functionCall": _Spoken.call, "functionResponse": _Spoken.result,
    "toolUse": _Spoken.call, "toolResult": _Spoken.result,
}  # fmt: skip
"""Parts that are named by their one key, as Google's and Amazon's are."""
_PARTS: dict[str, _Reader] = {
    **dict.fromkeys(("text", "input_text", "output_text", "refusal"), _Spoken.text),
    **dict.fromkeys(_CALLS, _Spoken.call),
    **dict.fromkeys(
        ("tool_result", "tool_call_response", "function_call_output", "tool_return", "function_response",
         "tool_call_result", "retry_prompt"), _Spoken.result),
    **dict.fromkeys(("reasoning", "thinking", "redacted_thinking"), _Spoken.thought),
    **dict.fromkeys(
        ("image", "image_url", "input_image", "audio", "input_audio", "file", "input_file", "document", "blob", "uri",
         "video", "media"), _Spoken.media),
    "user_prompt": _Spoken.user, "system_prompt": _Spoken.system,
}  # fmt: skip


def _by_keys(part: Mapping[str, Any]) -> _Reader:
    if isinstance(part.get("text"), str):
        return _Spoken.text
    for key, read in _WRAPPED.items():
        inner = part.get(key)
        if key in part:
            return lambda spoken, _: read(spoken, inner if isinstance(inner, dict) else {})
    return _Spoken.unknown


def _type(part: Mapping[str, Any]) -> str:
    kind = part.get("type") or part.get("part_kind") or part.get("block_type")
    return kind.lower().replace("-", "_")[:40] if isinstance(kind, str) else ""


def _inner(value: Mapping[str, Any]) -> Mapping[str, Any]:
    for key in ("tool_call", "function"):
        if isinstance(value.get(key), dict):
            return _inner(value[key])
    return value


def _id(value: Mapping[str, Any]) -> str:
    named = _ID[1:] + _ID[:1] if "call_id" in value else _ID
    return next((word(value[key]) for key in named if isinstance(value.get(key), str) and value[key]), "")


def _failed(value: Mapping[str, Any]) -> bool:
    return value.get("is_error") is True or value.get("status") == "error" or bool(value.get("error"))


def _plain(value: Any) -> str:
    """Return a tool's answer: the texts of its parts, or what it is."""
    parts = value.get("content") if isinstance(value, dict) and set(value) <= {"content", "is_error"} else value
    if isinstance(parts, list) and parts and all(isinstance(one, dict) and "text" in one for one in parts):
        return "\n".join(text(one["text"]) for one in parts)
    return text(parts)
