"""The shape of clocks.yaml: clocks of law and regulation as dated data with their sources."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, model_validator

from cockpit.domain.legal import Duty, LegalClock

Words = Annotated[str, Field(min_length=1, max_length=400)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class DutyFile(_Strict):
    """What is due, and how long after the anchor: in one unit."""

    what: Words
    hours: int = Field(0, ge=0, le=10_000)
    days: int = Field(0, ge=0, le=1_000)
    business_days: int = Field(0, ge=0, le=300)
    months: int = Field(0, ge=0, le=120)

    @model_validator(mode="after")
    def check_one_unit(self) -> DutyFile:
        """Refuse a duty with no time, or with several."""
        if sum(map(bool, (self.hours, self.days, self.business_days, self.months))) != 1:
            raise ValueError("give one of hours, days, business_days, months")
        return self

    def value(self) -> Duty:
        """Return the plain value."""
        return Duty(self.what, self.hours + 24.0 * self.days, self.business_days, self.months)


class ClockFile(_Strict):
    """One clock."""

    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
    title: Words
    anchor: Words
    who: Words
    duties: Annotated[list[DutyFile], Field(min_length=1)]
    source: Words
    checked: date
    note: str = ""

    def value(self) -> LegalClock:
        """Return the plain value."""
        duties = tuple(duty.value() for duty in self.duties)
        checked = self.checked.isoformat()
        return LegalClock(self.id, self.title, self.anchor, self.who, duties, self.source, checked, self.note)


class ClocksFile(_Strict):
    """All clocks."""

    clocks: list[ClockFile]

    @model_validator(mode="after")
    def check_ids(self) -> ClocksFile:
        """Refuse two clocks with one id."""
        ids = [one.id for one in self.clocks]
        twice = next((one for one in ids if ids.count(one) > 1), None)
        if twice:
            raise ValueError(f"two clocks are called {twice!r}")
        return self

    def value(self) -> tuple[LegalClock, ...]:
        """Return the plain values."""
        return tuple(one.value() for one in self.clocks)
