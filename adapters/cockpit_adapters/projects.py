"""What sources that keep traces in projects have in common: the project is found by its name, once."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import TYPE_CHECKING

from cockpit.domain.text import clean
from cockpit.errors import Refused
from cockpit.world.contract import Deadline, Finding, Verdict
from cockpit_adapters.answers import words
from cockpit_adapters.findings import attempt
from cockpit_adapters.tracing import PageSize

if TYPE_CHECKING:
    from cockpit.world.http import Line


class Project(ABC):
    """One project of a source of traces."""

    step = "Check url, token and `project`."
    """What to do where it is not found."""

    def __init__(self, line: Line, project: str, page: int) -> None:
        self._line = line
        self._called = project
        self._project = ""
        self._size = PageSize(page)

    def close(self) -> None:
        """Let go of connections."""
        self._line.close()

    def check(self, deadline: Deadline) -> Sequence[Finding]:
        """Find the project by the key."""
        return [attempt("project", self.step, lambda: self._found(deadline))]

    @abstractmethod
    def _candidates(self, name: str, deadline: Deadline) -> Sequence[object]:
        """Ask for the projects of a name; others may be among them."""

    @abstractmethod
    def _id_of(self, row: object) -> str:
        """Read a project's id, which may be written into further questions."""

    def _project_id(self, deadline: Deadline) -> str:
        if not self._project:
            found = [one for one in self._candidates(self._called, deadline) if words(one, "name") == self._called]
            if not found:
                step = "Correct `project`, or see whose key it is."
                raise Refused(f"{self._line.base} has no project {self._name}", hint=step)
            self._project = self._id_of(found[0])
        return self._project

    @property
    def _name(self) -> str:
        return clean(self._called, multiline=False, limit=80)

    def _found(self, deadline: Deadline) -> Finding:
        number = self._project_id(deadline)
        return Finding("project", Verdict.FINE, f"{self._name} ({number})")
