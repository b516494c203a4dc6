"""What httpx logs of requests: where they went, and not what was asked for there, which may be a secret."""

from __future__ import annotations

import logging

import httpx


class HostsOnly(logging.Filter):
    """Leaves of every address in a record only scheme and host."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Change the record; it is logged all the same."""
        if isinstance(record.args, tuple):
            record.args = tuple(_host(one) if isinstance(one, httpx.URL) else one for one in record.args)
        return True


def _host(url: httpx.URL) -> str:
    return f"{url.scheme}://{url.netloc.decode('ascii', 'replace')}/…"


def be_discreet() -> None:
    """Let httpx log no paths; doing it again changes nothing."""
    logger = logging.getLogger("httpx")
    if not any(isinstance(one, HostsOnly) for one in logger.filters):
        logger.addFilter(HostsOnly())
