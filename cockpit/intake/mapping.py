"""Plain JSON of one's own: a mapping file says where in each object the fields of a trace are.

```yaml
trace: request.id            # names on the left are fields of a trace, on the right is where they are
started: time
model: llm.model
input: messages              # a text, or a conversation in any usual shape
output: reply.text
tokens_in: usage.prompt
prompt: labels.prompt_version
scores: {grounding: judge.grounding}
```
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cockpit.errors import BadInput
from cockpit.intake.raw import Batch, Header, RawSpan, Unreadable
from cockpit.intake.values import moment, number, text, word
from cockpit.yaml import read_text, read_yaml

ATTRIBUTE = {
    "model": "gen_ai.response.model", "requested_model": "gen_ai.request.model", "input": "input", "output": "output",
    "system": "gen_ai.system_instructions", "tokens_in": "gen_ai.usage.input_tokens",
    "tokens_out": "gen_ai.usage.output_tokens", "cost_usd": "cost_usd", "ttft_ms": "ttft_ms",
    "finish": "finish_reason", "session": "session.id", "user": "user.id", "service": "service.name",
    "prompt": "prompt.version", "tenant": "tenant", "route": "route", "tier": "tier", "config_id": "config.id",
    "chunks": "retrieval.documents", "tools": "ai.response.toolCalls", "parameters": "llm.invocation_parameters",
    "kind": "openinference.span.kind", "tool_name": "gen_ai.tool.name",
    "tool_arguments": "gen_ai.tool.call.arguments",
    "tool_result": "gen_ai.tool.call.result",
}  # fmt: skip
"""Fields of a mapping, and the attribute each becomes."""
OWN = ("trace", "span", "parent", "name", "started", "ended", "duration_ms", "error", "scores")


@dataclass(frozen=True, slots=True)
class Mapped:
    """A mapping file: where each field is, as a path of names and numbers."""

    fields: Mapping[str, tuple[str, ...]]
    scores: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def read(self, value: Any) -> Batch:
        """Read one object, or every object of a list.

        Raises:
            Unreadable: it is neither.
        """
        batch = Batch()
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, dict):
                self._take(batch, one)
            elif isinstance(value, list):
                batch.reasons.append("an entry is no object")
            else:
                raise Unreadable("it is no object")
        return batch

    def _take(self, batch: Batch, one: Mapping[str, Any]) -> None:
        found = {name: at(one, path) for name, path in self.fields.items()}
        if not any(found[name] is not None for name in found if name in ATTRIBUTE):
            batch.reasons.append("nothing stands where the mapping says")
            return
        attributes = {
            ATTRIBUTE[name]: value for name, value in found.items() if name in ATTRIBUTE and value is not None
        }
        attributes.setdefault("openinference.span.kind", "LLM")
        trace = (
            word(found.get("trace")) or hashlib.sha256(text(dict(one)).encode("utf-8", "replace")).hexdigest()[:32]
        )
        start, end = moment(found.get("started")), moment(found.get("ended"))
        spent = number(found.get("duration_ms"))
        if start and end is None and spent is not None:
            end = moment(start.timestamp() + min(spent, 1e9) / 1000)
        error = text(found.get("error"))[:500] if found.get("error") else ""
        span = word(found.get("span")) or (trace[:16] if not found.get("parent") else "")
        batch.spans.append(
            RawSpan(
                trace, span, word(found.get("parent")), word(found.get("name")), start, end, attributes, error=error
            )
        )
        scores = {name: score for name, path in self.scores.items() if (score := number(at(one, path))) is not None}
        if scores:
            batch.headers.append(Header(trace, {}, scores))


def at(value: Any, path: tuple[str, ...]) -> Any:
    """Return what stands at a path; None where nothing does."""
    for name in path:
        if isinstance(value, dict):
            value = value.get(name)
        elif isinstance(value, list) and name.removeprefix("-").isdecimal() and -len(value) <= int(name) < len(value):
            value = value[int(name)]
        else:
            return None
    return value


def read_mapping(file: Path) -> Mapped:
    """Read a mapping file.

    Raises:
        BadInput: it is no YAML, names an unknown field, or maps nothing.
    """
    document = read_yaml(read_text(file), str(file))
    if not isinstance(document.data, dict) or not document.data:
        raise BadInput(f"{file}: it maps nothing.", hint="For example: model: llm.model")
    fields = {}
    for name, where in document.data.items():
        place = f"{file}:{document.line((name,))}"
        if name not in ATTRIBUTE and name not in OWN:
            raise BadInput(f"{place}: there is no field {name!r}.", hint=f"Fields: {', '.join((*OWN, *ATTRIBUTE))}.")
        if name != "scores":
            fields[name] = _path(where, place)
    scores = document.data.get("scores") or {}
    if not isinstance(scores, dict):
        raise BadInput(f"{file}:{document.line(('scores',))}: scores are a table.", hint="scores: {grounding: a.b}")
    return Mapped(fields, {name: _path(where, str(file)) for name, where in scores.items()})


def _path(where: Any, place: str) -> tuple[str, ...]:
    if not isinstance(where, str | int) or isinstance(where, bool) or not str(where).strip("$. "):
        raise BadInput(f"{place}: a path is a text such as usage.prompt or choices.0.text.")
    plain = str(where).removeprefix("$").replace("[", ".").replace("]", "")
    return tuple(part.strip("'\"") for part in plain.split(".") if part)
