"""GitHub: action items become issues of a repository."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import Field

from cockpit.world.contract import Capability, How, Place, Tested
from cockpit.world.options import Url
from cockpit_adapters.ticketing import TrackerOptions

if TYPE_CHECKING:
    from cockpit_adapters.github.system import GitHub


class GitHubOptions(TrackerOptions):
    """What GitHub's table of cockpit.toml may say; `people` holds login names."""

    url: Url = "https://api.github.com"
    """GitHub's own address; https://HOST/api/v3 for an Enterprise Server."""
    repository: str = Field(pattern=r"^[A-Za-z0-9-]{1,39}/\.?[A-Za-z0-9_-][A-Za-z0-9._-]{0,98}$")
    """Whose issues they become, as owner/name."""


class GitHubAdapter:
    """Makes issues with a token that may write issues of one repository."""

    name = "github"
    capabilities = frozenset({Capability.TRACKER})
    tested = (Tested(How.CLIENT, "PyGithub 2.10.0: the same method, path, query and body, against a local server"),)
    options = GitHubOptions

    def connect(self, options: Any, place: Place) -> GitHub:
        """Make the system; raises BadInput when no token is named."""
        from cockpit.world.http import Line
        from cockpit_adapters.github.system import GitHub
        from cockpit_adapters.hosted import token_of

        token = token_of(options, place)
        headers = {
            "authorization": f"Bearer {token}", "accept": "application/vnd.github+json",
            "x-github-api-version": "2022-11-28", "user-agent": "llm-cockpit",
        }  # fmt: skip
        return GitHub(Line(options, headers, secrets=(token,), monotonic=place.monotonic), options)
