"""Which hosts are this machine."""

from __future__ import annotations

import ipaddress


def on_this_machine(host: str) -> bool:
    """Whether a host is this machine by its very name, so that nobody else can reach it or listen to it."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"
