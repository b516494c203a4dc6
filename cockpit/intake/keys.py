"""Which attributes carry what no convention names; the settings' `[intake]`, without their library."""

from __future__ import annotations

from dataclasses import dataclass

from cockpit.intake import names


@dataclass(frozen=True, slots=True)
class Keys:
    """Attribute names in order of preference; those of the settings come before the usual ones."""

    prompt: tuple[str, ...] = names.PROMPT_VERSION
    tenant: tuple[str, ...] = names.TENANT
    route: tuple[str, ...] = names.ROUTE
    tier: tuple[str, ...] = names.TIER
    config_id: tuple[str, ...] = names.CONFIG_ID

    @classmethod
    def preferring(
        cls,
        prompt: tuple[str, ...] = (),
        tenant: tuple[str, ...] = (),
        route: tuple[str, ...] = (),
        tier: tuple[str, ...] = (),
        config_id: tuple[str, ...] = (),
    ) -> Keys:
        """Return the usual names with others before them."""
        usual = cls()
        return cls(
            prompt + usual.prompt, tenant + usual.tenant, route + usual.route, tier + usual.tier,
            config_id + usual.config_id,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Limits:
    """How much is taken in at once.

    Attributes:
        body_bytes: of one request, compressed or not.
        file_bytes: of one file, unpacked.
        requests_a_second: of all senders of the receiver together.
        held_spans, held_bytes: spans that wait for the rest of their traces, and what they took as they came.
        pause_s: how long a trace without a root is waited for.
    """

    body_bytes: int = 16 * 1024 * 1024
    file_bytes: int = 2 * 1024**3
    requests_a_second: float = 200.0
    held_spans: int = 50_000
    held_bytes: int = 256 * 1024 * 1024
    pause_s: float = 10.0
