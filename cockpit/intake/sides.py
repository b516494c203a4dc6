"""The two sides of a call: what the model was given, and what it answered, wherever a framework writes them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from cockpit.intake import names
from cockpit.intake.attributes import Attributes
from cockpit.intake.raw import RawEvent, RawSpan
from cockpit.intake.talk import Said, Talk, read_talk
from cockpit.intake.values import opened


def asked_of(raw: RawSpan, attributes: Attributes) -> Talk:
    """Return what the model was given; instructions that stand apart come first."""
    talk = _talk(attributes, "user", names.INPUT_MESSAGES, names.INDEXED_IN)
    if not talk:
        talk = _from_events(raw, _EVENTS_IN, "user")
    if not talk:
        talk = _plain(attributes, names.INPUT, "user")
    told = attributes.take(names.INSTRUCTIONS)
    if told is not None and not any(said.role == "system" for said in talk.said):
        talk = Talk([*read_talk(opened(told), "system").said, *talk.said], talk.sure or not talk.said)
    return talk


def told_of(raw: RawSpan, attributes: Attributes) -> Talk:
    """Return what the model answered, tool calls included."""
    talk = _talk(attributes, "assistant", names.OUTPUT_MESSAGES, names.INDEXED_OUT)
    if not talk:
        talk = _from_events(raw, _EVENTS_OUT, "assistant")
    if not talk:
        talk = _plain(attributes, names.OUTPUT, "assistant")
    calls = read_talk(opened(attributes.take(names.OUTPUT_CALLS)), "assistant")
    if calls.sure and not any(said.calls for said in talk.said):
        talk = Talk([*talk.said, *calls.said], True)
    return talk


def _talk(attributes: Attributes, role: str, whole: tuple[str, ...], indexed: tuple[str, ...]) -> Talk:
    told = attributes.take(whole)
    if told is not None and (talk := read_talk(told, role)):
        return talk
    listed = attributes.indexed(indexed)
    return read_talk([_lift(one) for one in listed], role) if listed else Talk()


def _lift(one: Any) -> Any:
    """Take a message out of its `message` folder, and give one without a role nothing it does not say."""
    return one["message"] if isinstance(one, dict) and isinstance(one.get("message"), dict) else one


def _plain(attributes: Attributes, choices: tuple[str, ...], role: str) -> Talk:
    """Read the first choice that is recognised, else show the first there is."""
    first = Talk()
    for name in choices:
        value = attributes.given.get(name)
        if value is None or not (talk := read_talk(value, role)):
            continue
        if talk.sure:
            attributes.hold(name)
            return talk
        first = first or talk
    return first


def _from_events(raw: RawSpan, wanted: frozenset[str], role: str) -> Talk:
    said: list[Said] = []
    sure = False
    for event in raw.events:
        if event.name in wanted:
            for told in _told_by(event):
                talk = read_talk(told, names.EVENT_ROLES.get(event.name, role))
                said.extend(talk.said)
                sure = sure or talk.sure
    return Talk(said, sure)


def _told_by(event: RawEvent) -> Iterator[Any]:
    told: Mapping[str, Any] = event.attributes
    whole = names.CONTENT_EVENTS.get(event.name)
    if whole:
        yield told.get(whole)
        return
    body = opened(told.get("gen_ai.event.content") or told.get("body") or told.get("event.body"))
    inner: Mapping[str, Any] = body if isinstance(body, dict) else told
    message = opened(inner.get("message", inner.get("gen_ai.choice.message")))
    if isinstance(message, dict):
        inner = message
    shown = {
        key: opened(inner[key]) for key in ("content", "tool_calls", "id", "name") if inner.get(key) not in (None, "")
    }
    role = names.EVENT_ROLES.get(event.name, "assistant")
    yield {"role": inner.get("role") if isinstance(inner.get("role"), str) else role, **shown} if shown else message


_EVENTS_IN = frozenset((*names.EVENT_ROLES, "gen_ai.content.prompt"))
_EVENTS_OUT = frozenset((names.CHOICE_EVENT, "gen_ai.content.completion"))
