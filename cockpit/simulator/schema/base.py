"""What all parts of a scenario have in common: strict, frozen, no unknown fields."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field


class Part(BaseModel):
    """One part of a scenario file."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


Share = Annotated[float, Field(ge=0.0, le=1.0)]
"""A part of a whole, 0…1."""

Positive = Annotated[float, Field(gt=0.0, le=1e9)]
"""A number above zero."""

Count = Annotated[int, Field(ge=0, le=10_000_000)]
"""A whole number, not negative."""

Name = Annotated[str, Field(min_length=1, max_length=80)]
"""A name that other parts refer to."""

Text = Annotated[str, Field(max_length=4000)]
"""Words for people."""

Condition = dict[str, Any]
"""`key: value` or `key: [values]`; all keys must hold. Keys are listed in docs/writing-scenarios.md."""
