"""Facts that are worked out when somebody asks for the first of them; most looks at the signals ask for none."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property

Fact = float | bool | str


class LateFacts(Mapping[str, Fact]):
    """Facts by their names, as `work` returns them."""

    def __init__(self, work: Callable[[], Mapping[str, Fact]]) -> None:
        self._work = work

    @cached_property
    def _found(self) -> Mapping[str, Fact]:
        return self._work()

    def __getitem__(self, name: str) -> Fact:
        return self._found[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._found)

    def __len__(self) -> int:
        return len(self._found)

    def __repr__(self) -> str:
        return repr(self._found)
