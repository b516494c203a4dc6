"""Cases in other people's formats, and back: files for pytest, promptfoo and Inspect, datasets of servers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from typing import cast

from cockpit.domain.cases import Case

TARGETS = ("pytest", "promptfoo", "inspect", "jsonl", "phoenix", "mlflow", "langfuse")
SERVERS = ("phoenix", "mlflow", "langfuse")


@dataclass(frozen=True, slots=True)
class Place:
    """Where cases go, or come from: a path, or a server's address with the name of a dataset and a token."""

    where: str
    dataset: str = "golden"
    token: str = field(default="", repr=False)
    allow_http: bool = False


@dataclass(frozen=True, slots=True)
class Written:
    """What was written: the files, or what a server said."""

    files: tuple[str, ...] = ()
    said: str = ""
    how: str = ""


Writer = Callable[[Sequence[Case], Place], Written]
Reader = Callable[[Place], list[Case]]


def writer(target: str) -> Writer:
    """Return what writes cases in a format."""
    return cast(Writer, import_module(f"cockpit.golden.export.{_module(target)}").write)


def reader(target: str) -> Reader:
    """Return what reads cases of a format."""
    return cast(Reader, import_module(f"cockpit.golden.export.{_module(target)}").read)


def _module(target: str) -> str:
    return {"pytest": "for_pytest", "inspect": "for_inspect"}.get(target, target)
