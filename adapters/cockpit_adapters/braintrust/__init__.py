"""Braintrust as a source of traces: the logs of one project, with their scores."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import Field

from cockpit.world.contract import Capability, How, Place, Tested
from cockpit.world.options import SystemOptions, Url

if TYPE_CHECKING:
    from cockpit_adapters.braintrust.system import Braintrust


class BraintrustOptions(SystemOptions):
    """What the table of a Braintrust project may say."""

    url: Url = "https://api.braintrust.dev"
    """The address of your data plane: `api-eu.braintrust.dev` in the EU, or your own."""
    project: str = Field(min_length=1, max_length=200)
    """The project whose logs are read, by its name."""


class BraintrustAdapter:
    """Reads the logs of a Braintrust project."""

    name = "braintrust"
    capabilities = frozenset({Capability.TRACES})
    tested = (Tested(How.CONTRACT, "Braintrust's API reference and its client's source of 2026; no real project"),)
    options = BraintrustOptions

    def connect(self, options: BraintrustOptions, place: Place) -> Braintrust:
        """Make a system; opens no connection yet."""
        from cockpit.world.http import Line
        from cockpit_adapters.braintrust.system import Braintrust
        from cockpit_adapters.hosted import token_of

        token = token_of(options, place)
        line = Line(options, {"Authorization": f"Bearer {token}"}, secrets=(token,), monotonic=place.monotonic)
        return Braintrust(line, options)
