"""What cockpit.toml says about traces that come in: `[intake]`.

Importing this brings pydantic: do it where settings are read.
"""

from __future__ import annotations

from pydantic import Field

from cockpit.intake.keys import Keys, Limits
from cockpit.world.options import Table

_MB = 1024 * 1024


class IntakeOptions(Table):
    """Names of attributes that no convention settles, and how much is taken in at once."""

    prompt: list[str] = Field(default_factory=list)
    """Attributes that hold the prompt's version, looked for before the usual ones."""
    tenant: list[str] = Field(default_factory=list)
    """Attributes that name the tenant."""
    route: list[str] = Field(default_factory=list)
    """Attributes that name the route, feature or endpoint."""
    tier: list[str] = Field(default_factory=list)
    """Attributes that hold the tier an answer was served from."""
    config_id: list[str] = Field(default_factory=list)
    """Attributes that hold the id of the configuration in force."""
    body_mb: float = Field(default=16.0, gt=0, le=1024)
    """The largest request the receiver takes, in MB, before and after unpacking."""
    file_mb: float = Field(default=2048.0, gt=0, le=65536)
    """The most that is read of one file, in MB, unpacked."""
    requests_a_second: float = Field(default=200.0, gt=0, le=100_000)
    """How many requests a second the receiver takes, of all senders together."""
    pause_s: float = Field(default=10.0, gt=0, le=3600)
    """How many seconds a trace is waited for whose root has not come."""

    @property
    def keys(self) -> Keys:
        """The attribute names to look for, these before the usual ones."""
        return Keys.preferring(
            tuple(self.prompt), tuple(self.tenant), tuple(self.route), tuple(self.tier), tuple(self.config_id)
        )

    @property
    def limits(self) -> Limits:
        """How much is taken in at once."""
        return Limits(
            body_bytes=int(self.body_mb * _MB),
            file_bytes=int(self.file_mb * _MB),
            requests_a_second=self.requests_a_second,
            pause_s=self.pause_s,
        )
