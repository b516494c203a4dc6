"""LiteLLM without a database: levers of our own in a hook beside its config.yaml, over HTTP or by their file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from cockpit.errors import BadInput
from cockpit.world.contract import Capability, How, Place, System, Tested
from cockpit.world.options import SystemOptions

HOOK = Path(__file__).resolve().parent / "hook"
"""The two files to put beside the proxy's config.yaml."""


class HookOptions(SystemOptions):
    """How the levers are reached: by the proxy's address, or by their file."""

    file: str = ""
    """The levers' file, where the cockpit runs on the proxy's machine; instead of url and token."""


class LiteLLMHookAdapter:
    """Speaks to the hook; nothing is opened before `connect`."""

    name = "litellm_hook"
    capabilities = frozenset({
        Capability.ROUTING, Capability.FLAG, Capability.CANARY, Capability.CAPS, Capability.TOOLS,
        Capability.GUARDRAIL, Capability.CHANGES,
    })  # fmt: skip
    tested = (Tested(How.REAL, "LiteLLM proxy 1.106.2 without a database, one and two workers"),)
    options = HookOptions

    def connect(self, options: Any, place: Place) -> System:
        """Make the system; raises BadInput when it is not clear how the levers are reached."""
        from cockpit_adapters.litellm_hook.system import HookSystem

        if bool(options.url) == bool(options.file):
            raise BadInput(
                f"{place.name}: say either url or file",
                hint='url = "https://proxy" with a token, or file = "/etc/litellm/levers.json" on the same machine.',
            )
        if options.file:
            from cockpit_adapters.litellm_hook.stores import FileStore

            return HookSystem(FileStore(Path(options.file).expanduser()))
        return HookSystem(_over_http(options, place))


def _over_http(options: Any, place: Place) -> Any:
    from cockpit.world.http import Line
    from cockpit_adapters.litellm_hook.stores import HttpStore

    if not options.token:
        raise BadInput(f"{place.name}: the admin key is missing", hint='Add a line: token = "env:LITELLM_ADMIN_KEY"')
    token = place.secret(options.token)
    return HttpStore(Line(options, {"Authorization": f"Bearer {token}"}, secrets=(token,)))
