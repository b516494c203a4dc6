"""LangSmith as a source of traces: the runs of one project, with the feedback on them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import Field

from cockpit.world.contract import Capability, How, Place, Tested
from cockpit.world.options import SystemOptions, Url

if TYPE_CHECKING:
    from cockpit_adapters.langsmith.system import LangSmith


class LangSmithOptions(SystemOptions):
    """What the table of a LangSmith project may say."""

    url: Url = "https://api.smith.langchain.com"
    """LangSmith's address: `eu.api.smith.langchain.com` in the EU, `https://HOST/api/v1` of your own."""
    project: str = Field(min_length=1, max_length=200)
    """The tracing project whose runs are read, by its name."""
    workspace: str = Field(default="", pattern="^[A-Za-z0-9-]*$")
    """The id of the workspace, where a key is good for several."""


class LangSmithAdapter:
    """Reads the runs of a LangSmith project."""

    name = "langsmith"
    capabilities = frozenset({Capability.TRACES})
    tested = (Tested(How.CONTRACT, "langsmith-sdk as of bc8dd672: source of its client and schema; no real project"),)
    options = LangSmithOptions

    def connect(self, options: LangSmithOptions, place: Place) -> LangSmith:
        """Make a system; opens no connection yet."""
        from cockpit.world.http import Line
        from cockpit_adapters.hosted import token_of
        from cockpit_adapters.langsmith.system import LangSmith

        token = token_of(options, place)
        headers = {"x-api-key": token} | ({"X-Tenant-Id": options.workspace} if options.workspace else {})
        return LangSmith(Line(options, headers, secrets=(token,), monotonic=place.monotonic), options)
