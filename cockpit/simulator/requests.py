"""The requests of a drill as columns: all that no lever can change."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cockpit.simulator.arrivals import Arrivals, Counts, Seconds, made_up, replayed
from cockpit.simulator.schema import Scenario
from cockpit.simulator.schema_service import Campaign
from cockpit.simulator.streams import BLOCK, Floats, normals, uniforms

KEEP_ROWS = 200_000
"""Up to this many requests drawn columns are kept; above, they are drawn again when needed."""

Bytes = NDArray[np.uint8]


class Requests:
    """Columns over all requests in order of arrival; request i has the id i + 1."""

    def __init__(self, scenario: Scenario, seed: int) -> None:
        self.scenario = scenario
        self.seed = seed
        parts = self._arrivals()
        at = np.concatenate([part.at for part in parts])
        order = np.argsort(at, kind="stable")
        self.at: Seconds = at[order]
        self.tokens_in: Counts = np.concatenate([part.tokens_in for part in parts])[order]
        self.tokens_out: Counts = np.concatenate([part.tokens_out for part in parts])[order]
        self.route: Bytes = self._routes(parts)[order]
        self.count = len(self.at)
        self.tenant: Bytes = self._tenants()
        self.user: NDArray[np.integer[Any]] = self._users()
        self.kind: Bytes = self._kinds()
        self.worker: Bytes = (self.uniform("worker") * scenario.workers).astype(np.uint8)
        self._kept: dict[str, Floats] = {}

    def _arrivals(self) -> list[Arrivals]:
        csv = self.scenario.traffic.csv
        if csv is not None:
            return [replayed(self.scenario, csv)]
        return [made_up(self.scenario, route, self.seed) for route in self.scenario.routes]

    def _routes(self, parts: list[Arrivals]) -> Bytes:
        routes = self.scenario.routes
        if self.scenario.traffic.csv is None:
            return np.repeat(np.arange(len(parts), dtype=np.uint8), [len(part.at) for part in parts])
        edges = np.cumsum([route.rate for route in routes])
        drawn = uniforms(self.seed, "route", 0, len(parts[0].at)) * edges[-1]
        found = np.minimum(np.searchsorted(edges, drawn, side="right"), len(routes) - 1)
        return np.asarray(found, dtype=np.uint8)

    def uniform(self, name: str, start: int = 0, stop: int | None = None) -> Floats:
        """Return a stretch of the requests' own uniform numbers of a stream."""
        return self._stretch("u", name, start, self.count if stop is None else stop)

    def normal(self, name: str, start: int = 0, stop: int | None = None) -> Floats:
        """Return a stretch of the requests' own normal numbers of a stream."""
        return self._stretch("n", name, start, self.count if stop is None else stop)

    def normal_of(self, name: str, places: NDArray[np.int64]) -> Floats:
        """Return some requests' own normal numbers of a stream."""
        if self.count <= KEEP_ROWS:
            return self.normal(name)[places]
        found = np.empty(len(places), dtype=np.float32)
        blocks = places // BLOCK
        for block in np.unique(blocks).tolist():
            mine = blocks == block
            found[mine] = normals(self.seed, name, block * BLOCK, (block + 1) * BLOCK)[places[mine] - block * BLOCK]
        return found

    def _stretch(self, sort: str, name: str, start: int, stop: int) -> Floats:
        draw = uniforms if sort == "u" else normals
        if self.count > KEEP_ROWS or not hasattr(self, "_kept"):
            return draw(self.seed, name, start, stop)
        key = sort + name
        if key not in self._kept:
            self._kept[key] = draw(self.seed, name, 0, self.count)
        return self._kept[key][start:stop]

    def _tenants(self) -> Bytes:
        shares = np.cumsum([tenant.share for tenant in self.scenario.tenants])
        found = np.searchsorted(shares / shares[-1], self.uniform("tenant"), side="right")
        return np.minimum(found, len(shares) - 1).astype(np.uint8)

    def _users(self) -> NDArray[np.integer[Any]]:
        sizes = np.asarray([tenant.users for tenant in self.scenario.tenants], dtype=np.int32)
        offsets = np.concatenate([[0], np.cumsum(sizes)[:-1]]).astype(np.int32)
        own = (self.uniform("user") ** 1.5 * sizes[self.tenant]).astype(np.int32)
        return (offsets[self.tenant] + own).astype(np.uint16 if self.users <= 65_536 else np.int32)

    def _kinds(self) -> Bytes:
        names = self.scenario.kind_names
        kind = np.zeros(self.count, dtype=np.uint8)
        drawn = self.uniform("kind")
        for place, route in enumerate(self.scenario.routes):
            edges = np.cumsum([0.0, *route.kinds.values()])
            mine = self.route == place
            for at, name in enumerate(route.kinds):
                kind[mine & (drawn >= edges[at]) & (drawn < edges[at + 1])] = names.index(name)
        for number, campaign in enumerate(self.scenario.campaigns):
            hit = self.uniform(f"campaign:{number}") < self._campaign_share(campaign)
            kind[hit] = names.index(campaign.kind)
        return kind

    def _campaign_share(self, campaign: Campaign) -> Floats:
        since = self.at - (self.scenario.page_s + campaign.start)
        share = np.where(since >= 0, campaign.share, 0.0)
        if campaign.rise > 0:
            share = share * np.clip(since / campaign.rise, 0.0, 1.0)
        if campaign.end is not None:
            share[self.at >= self.scenario.page_s + campaign.end] = 0.0
        tenants = [tenant.name for tenant in self.scenario.tenants]
        routes = [route.name for route in self.scenario.routes]
        if campaign.tenants:
            share[~np.isin(self.tenant, [tenants.index(name) for name in campaign.tenants])] = 0.0
        if campaign.routes:
            share[~np.isin(self.route, [routes.index(name) for name in campaign.routes])] = 0.0
        return np.asarray(share, dtype=np.float32)

    @cached_property
    def users(self) -> int:
        """How many users there are."""
        return sum(tenant.users for tenant in self.scenario.tenants)

    @cached_property
    def canary_draw(self) -> Floats:
        """Each user's fixed place in the canary's queue, 0…1: a wider canary only adds users."""
        return uniforms(self.seed, "canary", 0, self.users)

    @cached_property
    def _phase(self) -> Floats:
        return uniforms(self.seed, "phase", 0, self.users)

    def phase_of(self, where: NDArray[np.int64]) -> Floats:
        """Return the fixed phase of the sessions of some requests' users, 0…1."""
        return np.asarray(self._phase[self.user[where]], dtype=np.float32)

    def session_start_of(self, where: NDArray[np.int64]) -> Seconds:
        """Return when each request's session began, in seconds after the start (may be negative)."""
        begun = self.session_window_of(where) - self.phase_of(where).astype(np.float64)
        return np.asarray(begun * self.scenario.sessions.window, dtype=np.float64)

    def session_window_of(self, where: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the number of the window each request's session lives in; with the user it is the session."""
        moved = self.at[where] / self.scenario.sessions.window + self.phase_of(where)
        return np.floor(moved).astype(np.int64)
