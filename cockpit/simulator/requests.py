"""The requests of a drill as columns: all that no lever can change."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cockpit.simulator.arrivals import Arrivals, Counts, Seconds, made_up, merged, replayed
from cockpit.simulator.schema.scenario import Scenario
from cockpit.simulator.schema.service import Campaign
from cockpit.simulator.shelf import Shelf
from cockpit.simulator.streams import BLOCK, Floats, normals, uniforms

KEEP_ROWS = 200_000
"""Up to this many requests all is kept in memory; above, columns are kept in files, and drawn ones drawn again."""

CHUNK = 65_536
"""So many requests are computed at once: what lies about meanwhile is to stay small."""

Bytes = NDArray[np.uint8]


class Requests:
    """Columns over all requests in order of arrival; request i has the id i + 1."""

    def __init__(self, scenario: Scenario, seed: int) -> None:
        self.scenario = scenario
        self.seed = seed
        self.shelf = Shelf(KEEP_ROWS)
        self._arrive()
        self.tenant: Bytes = self.shelf.room((self.count,), np.uint8)
        self.user: NDArray[np.integer[Any]] = self.shelf.room(
            (self.count,), np.uint16 if self.users <= 65_536 else np.int32
        )
        self.kind: Bytes = self.shelf.room((self.count,), np.uint8)
        self.worker: Bytes = self.shelf.room((self.count,), np.uint8)
        for part in self.parts():
            self.tenant[part] = self._tenants(part)
            self.user[part] = self._users(part)
            self.kind[part] = self._kinds(part)
            self.worker[part] = self.uniform("worker", part.start, part.stop) * scenario.workers
            self.shelf.release()
        self._kept: dict[str, Floats] = {}

    def parts(self, start: int = 0) -> list[slice]:
        """Return the stretches in which to go through the requests from one on."""
        return [slice(place, min(place + CHUNK, self.count)) for place in range(start, self.count, CHUNK)]

    def _arrive(self) -> None:
        """Put the routes' requests, each in order of time, in one order of arrival."""
        streams = self._arrivals()
        self.count = sum(len(stream.at) for stream in streams)
        self.at: Seconds = self.shelf.room((self.count,), np.float64)
        self.tokens_in: Counts = self.shelf.room((self.count,), np.uint16)
        self.tokens_out: Counts = self.shelf.room((self.count,), np.uint16)
        self.route: Bytes = self.shelf.room((self.count,), np.uint8)
        for number, stream in enumerate(streams):
            for start in range(0, len(stream.at), CHUNK):
                part = slice(start, start + CHUNK)
                place = merged(streams, number, part)
                self.at[place], self.route[place] = stream.at[part], number
                self.tokens_in[place], self.tokens_out[place] = stream.tokens_in[part], stream.tokens_out[part]
                self.shelf.release()
        if self.scenario.traffic.csv is not None:
            self._share_out()

    def _arrivals(self) -> list[Arrivals]:
        csv = self.scenario.traffic.csv
        if csv is not None:
            return [replayed(self.scenario, csv)]
        return [made_up(self.scenario, route, self.seed) for route in self.scenario.routes]

    def _share_out(self) -> None:
        """Share requests of which only moments and tokens are known among the routes."""
        routes = self.scenario.routes
        edges = np.cumsum([route.rate for route in routes])
        for part in self.parts():
            drawn = uniforms(self.seed, "route", part.start, part.stop) * edges[-1]
            self.route[part] = np.minimum(np.searchsorted(edges, drawn, side="right"), len(routes) - 1)

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

    def _tenants(self, part: slice) -> Bytes:
        shares = np.cumsum([tenant.share for tenant in self.scenario.tenants])
        found = np.searchsorted(shares / shares[-1], self.uniform("tenant", part.start, part.stop), side="right")
        return np.minimum(found, len(shares) - 1).astype(np.uint8)

    def _users(self, part: slice) -> NDArray[np.int32]:
        sizes = np.asarray([tenant.users for tenant in self.scenario.tenants], dtype=np.int32)
        offsets = np.concatenate([[0], np.cumsum(sizes)[:-1]]).astype(np.int32)
        tenant = self.tenant[part]
        own = (self.uniform("user", part.start, part.stop) ** 1.5 * sizes[tenant]).astype(np.int32)
        return np.asarray(offsets[tenant] + own, dtype=np.int32)

    def _kinds(self, part: slice) -> Bytes:
        names = self.scenario.kind_names
        drawn = self.uniform("kind", part.start, part.stop)
        kind = np.zeros(len(drawn), dtype=np.uint8)
        for place, route in enumerate(self.scenario.routes):
            edges = np.cumsum([0.0, *route.kinds.values()])
            mine = self.route[part] == place
            for at, name in enumerate(route.kinds):
                kind[mine & (drawn >= edges[at]) & (drawn < edges[at + 1])] = names.index(name)
        for number, campaign in enumerate(self.scenario.campaigns):
            hit = self.uniform(f"campaign:{number}", part.start, part.stop) < self._campaign_share(campaign, part)
            kind[hit] = names.index(campaign.kind)
        return kind

    def _campaign_share(self, campaign: Campaign, part: slice) -> Floats:
        at = self.at[part]
        since = at - (self.scenario.page_s + campaign.start)
        share = np.where(since >= 0, campaign.share, 0.0)
        if campaign.rise > 0:
            share = share * np.clip(since / campaign.rise, 0.0, 1.0)
        if campaign.end is not None:
            share[at >= self.scenario.page_s + campaign.end] = 0.0
        tenants = [tenant.name for tenant in self.scenario.tenants]
        routes = [route.name for route in self.scenario.routes]
        if campaign.tenants:
            share[~np.isin(self.tenant[part], [tenants.index(name) for name in campaign.tenants])] = 0.0
        if campaign.routes:
            share[~np.isin(self.route[part], [routes.index(name) for name in campaign.routes])] = 0.0
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
