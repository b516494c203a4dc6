"""Where a system listens: every socket it accepts connections on has to be on the machine's own address."""

from __future__ import annotations

import contextlib
import os
import random
import socket
from collections.abc import Iterable, Iterator
from ipaddress import IPv4Address, IPv6Address, ip_address
from pathlib import Path
from typing import NamedTuple

PROC = Path("/proc")
HOST = "127.0.0.1"
LISTENING = "0A"
PORTS = range(20_000, 32_000)
"""Below the range from which outgoing connections draw theirs, so that none takes a port before its server does."""


class Listener(NamedTuple):
    """An address that accepts connections."""

    host: str
    port: int
    inode: str

    @property
    def private(self) -> bool:
        """Tell whether only this machine can reach it."""
        address = ip_address(self.host)
        mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
        return (mapped or address).is_loopback

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


def address_of(digits: str) -> IPv4Address | IPv6Address:
    """Read an address as /proc/net/tcp writes it: words of four bytes, each in the machine's little-endian order."""
    raw = bytes.fromhex(digits)
    ordered = b"".join(raw[at : at + 4][::-1] for at in range(0, len(raw), 4))
    return ip_address(ordered)


def read_table(text: str) -> Iterator[Listener]:
    """Read what listens from the text of /proc/net/tcp or tcp6."""
    for line in text.splitlines()[1:]:
        fields = line.split()
        if len(fields) > 9 and fields[3] == LISTENING:
            host, _, port = fields[1].partition(":")
            yield Listener(str(address_of(host)), int(port, 16), fields[9])


def sockets_of(pid: int) -> set[str]:
    """Return the numbers of a process's sockets; none when it is gone or somebody else's."""
    found = set()
    with contextlib.suppress(OSError):
        for entry in os.scandir(PROC / str(pid) / "fd"):
            with contextlib.suppress(OSError):
                found.add(os.readlink(entry.path))
    return {name[len("socket:[") : -1] for name in found if name.startswith("socket:[")}


def listeners(pids: Iterable[int]) -> list[Listener]:
    """Return every TCP address that these processes listen on, in order and once; empty where there is no /proc."""
    found: set[Listener] = set()
    for pid in pids:
        mine = sockets_of(pid)
        for table in ("tcp", "tcp6"):
            with contextlib.suppress(OSError):
                text = (PROC / str(pid) / "net" / table).read_text("utf-8")
                found |= {one for one in read_table(text) if one.inode in mine}
    return sorted(found)


def exposed(pids: Iterable[int]) -> list[Listener]:
    """Return the addresses of these processes that other machines could reach; has to be empty."""
    return [one for one in listeners(pids) if not one.private]


def free_port() -> int:
    """Return a port of 127.0.0.1 that nobody listens on now."""
    for port in random.sample(PORTS, len(PORTS)):
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind((HOST, port))
            return port
    raise OSError(f"no port of {HOST} from {PORTS.start} to {PORTS.stop} is free")
