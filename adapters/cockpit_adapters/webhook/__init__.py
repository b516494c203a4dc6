"""Any address that takes a JSON body: automations, chat bots, in-house services."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import Field

from cockpit.errors import BadInput
from cockpit.world.contract import Capability, How, Place, Tested
from cockpit.world.options import SecretRef, SystemOptions

if TYPE_CHECKING:
    from cockpit_adapters.webhook.system import Webhook


class WebhookChannelOptions(SystemOptions):
    """What a webhook's table of cockpit.toml may say."""

    address: SecretRef = ""
    """Where its whole address is found, when the address itself is the secret; in place of url."""
    signing_secret: SecretRef = ""
    """Where the secret is found that bodies are signed with."""
    once: bool = False
    """Whether the receiver takes each Idempotency-Key once: only then is an unsure message sent again."""
    headers: dict[str, str] = Field(default_factory=dict)
    """More headers; none that holds a secret."""


class WebhookAdapter:
    """Sends updates as JSON to an address."""

    name = "webhook"
    capabilities = frozenset({Capability.CHANNEL})
    tested = (
        Tested(How.REAL, "an HTTP receiver of the tests: bodies, signatures, keys, and everything going wrong"),
    )
    options = WebhookChannelOptions

    def connect(self, options: Any, place: Place) -> Webhook:
        """Make the system; raises BadInput when the address is missing."""
        from cockpit.world.http import Line
        from cockpit_adapters.webhook.system import Webhook, split

        token, path = place.secret(options.token), ""
        if options.address and options.url:
            raise BadInput(f"{place.name}: it has both url and address", hint="Keep one of them.")
        if options.address:
            url, path = split(place.secret(options.address))
            options = options.model_copy(update={"url": url})
        key = place.secret(options.signing_secret)
        headers = {**options.headers, **({"authorization": f"Bearer {token}"} if token else {})}
        line = Line(options, headers, secrets=tuple(one for one in (token, key, path) if one),
                    monotonic=place.monotonic)  # fmt: skip
        return Webhook(line, key, path, place.now, once=options.once)
