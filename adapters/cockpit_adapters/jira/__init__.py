"""Jira Cloud: action items become issues of a project."""

from __future__ import annotations

from base64 import b64encode
from typing import TYPE_CHECKING, Any

from pydantic import Field

from cockpit.world.contract import Capability, How, Place, Tested
from cockpit.world.options import Url
from cockpit_adapters.ticketing import TrackerOptions

if TYPE_CHECKING:
    from cockpit_adapters.jira.system import Jira


class JiraOptions(TrackerOptions):
    """What Jira's table of cockpit.toml may say; `people` holds account ids."""

    user: str = ""
    """Whose token it is: the mail address of an account; empty for a token that is sent as Bearer."""
    project: str = Field(pattern=r"^[A-Z][A-Z0-9_]{1,19}$")
    """The project's key, such as OPS."""
    issue_type: str = Field(default="Task", min_length=1, max_length=60)
    """What kind of issue they become."""
    due_field: bool = False
    """Whether the project's issues have a due date: it is always in the text, and then in its own field too."""
    site: Url = ""
    """Where people read issues, where that is another address than url."""


class JiraAdapter:
    """Makes issues with an account's API token."""

    name = "jira"
    capabilities = frozenset({Capability.TRACKER})
    tested = (
        Tested(How.CLIENT, "jira 3.10.5 for Python at REST v3: the same method, path, credentials and body"),
        Tested(How.CONTRACT, "Atlassian's description of ADF, of permissions and of search after a write, 2026"),
    )
    options = JiraOptions

    def connect(self, options: Any, place: Place) -> Jira:
        """Make the system; raises BadInput when no token is named."""
        from cockpit.world.http import Line
        from cockpit_adapters.hosted import token_of
        from cockpit_adapters.jira.system import Jira

        token = token_of(options, place)
        pair = b64encode(f"{options.user}:{token}".encode()).decode()
        headers = {
            "authorization": f"Basic {pair}" if options.user else f"Bearer {token}", "accept": "application/json",
        }  # fmt: skip
        return Jira(Line(options, headers, secrets=(token, pair), monotonic=place.monotonic), options)
