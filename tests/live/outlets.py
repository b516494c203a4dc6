"""A channel that a test holds in its hand."""

from __future__ import annotations

from collections.abc import Sequence

from cockpit.errors import CockpitError
from cockpit.world.contract import Deadline, Finding
from cockpit.world.contract_channels import Message, Receipt


class Paper:
    """Keeps what it was sent; what it answers is said beforehand; implements `Channel`."""

    def __init__(self, *, once: bool = False) -> None:
        self.once = once
        self.taken: list[Message] = []
        self.problems: list[CockpitError] = []

    def send(self, message: Message, deadline: Deadline) -> Receipt:
        """Take a message, or fail as was said."""
        problem = self.problems.pop(0) if self.problems else None
        if problem is None or getattr(problem, "arrived", False):
            self.taken.append(message)
        if problem is not None:
            raise problem
        return Receipt(f"m{len(self.taken)}")

    def check(self, deadline: Deadline) -> Sequence[Finding]:
        """Find nothing."""
        return ()

    def close(self) -> None:
        """Do nothing."""
