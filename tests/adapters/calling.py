"""What the tests of pagers send, and how they call each thing a pager does."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from cockpit.world.contract import Deadline
from cockpit.world.contract_channels import Receipt
from cockpit.world.contract_pager import ACKNOWLEDGE, NOTE, PAGE, RESOLVE, Pager, PageRef, Summons, Word

AT = datetime(2026, 11, 21, 3, 14, tzinfo=UTC)


def summons(**told: Any) -> Summons:
    """Return a page, of the moment unless said otherwise."""
    usual: dict[str, Any] = {
        "key": "INC-0007-ab12cd34-9-oncall", "incident": "INC-0007", "title": "answers leak orders",
        "service": "support", "severity": "SEV1", "text": "We need the owner of retrieval.", "by": "ada", "at": AT,
    }  # fmt: skip
    return Summons(**{**usual, **told})


def word(**told: Any) -> Word:
    """Return what is said with a page."""
    usual: dict[str, Any] = {"mark": "INC-0007-9-ab12cd34", "by": "ada", "text": "We look.", "at": AT}
    return Word(**{**usual, **told})


Call = Callable[[Pager, PageRef, Deadline], Receipt]

CALLS: Mapping[str, Call] = {
    PAGE: lambda pager, page, deadline: pager.page(summons(), deadline),
    ACKNOWLEDGE: lambda pager, page, deadline: pager.acknowledge(page, word(), deadline),
    NOTE: lambda pager, page, deadline: pager.note(page, word(), deadline),
    RESOLVE: lambda pager, page, deadline: pager.resolve(page, word(), deadline),
}
