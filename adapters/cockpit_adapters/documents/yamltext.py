"""YAML edited in place where the value is a scalar or stands on one line; else only where nothing can get lost."""

from __future__ import annotations

import json
import re
from typing import Any

import yaml
from yaml import YAMLError

from cockpit.errors import Refused
from cockpit_adapters.documents.paths import MISSING, with_value

__all__ = ["YAMLError", "load", "put", "reason"]

_COMMENT = re.compile(r"(^|\s)#", re.MULTILINE)


class _Loader(yaml.SafeLoader):
    """Refuses anchors, which make a small file grow without end, and keys that are there twice."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            raise YAMLError("it holds an alias (*name), which can't be edited by itself")
        return super().compose_node(parent, index)

    def construct_mapping(self, node: Any, deep: bool = False) -> Any:
        made = super().construct_mapping(node, deep=True)
        if len(made) < len(node.value):
            raise YAMLError(f"a key is there twice in the mapping of line {node.start_mark.line + 1}")
        return made


def load(text: str) -> Any:
    """Read a document; raises YAMLError."""
    return yaml.load(text, _Loader)  # noqa: S506 - a SafeLoader


def reason(problem: YAMLError) -> str:
    """Say what is wrong and where, without the line itself: there may be a secret in it."""
    mark = getattr(problem, "problem_mark", None)
    told = getattr(problem, "problem", None) or (str(problem) if mark is None else "it can't be read")
    return f"{told} (line {mark.line + 1})" if mark else str(told)


def put(text: str, path: tuple[str, ...], value: Any, name: str) -> str:
    """Return a text with another value at a place.

    Raises:
        Refused: that would lose comments.
    """
    node = _node(yaml.compose(text, _Loader), path)
    if node is not None and value is not MISSING and _on_one_line(node):
        return text[: node.start_mark.index] + _flow(value) + text[node.end_mark.index :]
    if _COMMENT.search(text):
        raise Refused(
            f"{name}: {'.'.join(path)} can't be changed without losing the comments of the file",
            hint="Write the value on one line ({a: 1} or [1, 2]), use JSON, or change it by hand.",
        )
    return yaml.safe_dump(with_value(load(text), path, value), sort_keys=False, allow_unicode=True, width=10_000)


def _node(node: Any, path: tuple[str, ...]) -> Any:
    for part in path:
        if isinstance(node, yaml.MappingNode):
            node = next((value for key, value in node.value if key.value == part), None)
        elif isinstance(node, yaml.SequenceNode) and part.isdecimal() and int(part) < len(node.value):
            node = node.value[int(part)]
        else:
            return None
    return node


def _on_one_line(node: Any) -> bool:
    if node.start_mark.line != node.end_mark.line or node.start_mark.index == node.end_mark.index:
        return False
    return isinstance(node, yaml.ScalarNode) or bool(node.flow_style)


def _flow(value: Any) -> str:
    """Write a value on one line: JSON is YAML, and plain words need no quotes."""
    if (
        isinstance(value, str)
        and re.fullmatch(r"[A-Za-z][\w./-]*", value, re.ASCII)
        and yaml.safe_load(value) == value
    ):
        return value
    return json.dumps(value, ensure_ascii=False)
