"""A page of one's own in memory."""

from __future__ import annotations

import re
from typing import Any

from cockpit.world.specimen import Asked, Said

_ONE = re.compile(r"/pages/kctbh9vrtdwd/incidents/([a-z0-9]+)$")


class FakeOwnPage:
    """Tells whatever it is sent, also twice."""

    def __init__(self) -> None:
        self.incidents: dict[str, dict[str, Any]] = {}
        self.told: list[dict[str, Any]] = []
        self.asked: list[Asked] = []
        self.components = ["0frwxtbsbr91", "xnkj99tp4jzc"]
        self.said: Said | None = None

    @property
    def applied(self) -> int:
        """How many updates customers see."""
        return len(self.told)

    def answer(self, asked: Asked) -> Said:
        """Answer one request."""
        self.asked.append(asked)
        if not asked.headers.get("authorization", "").startswith("OAuth "):
            return Said(401, {"error": "Could not authenticate"})
        if self.said is not None:
            return self.said
        if asked.path == "/pages/kctbh9vrtdwd":
            return Said(200, {"id": "kctbh9vrtdwd", "name": "Acme Status"})
        if asked.path == "/pages/kctbh9vrtdwd/components":
            return Said(200, [{"id": one, "name": one} for one in self.components])
        if asked.path == "/pages/kctbh9vrtdwd/incidents/unresolved":
            return Said(200, [one for one in self.incidents.values() if one["status"] != "resolved"])
        if asked.path == "/pages/kctbh9vrtdwd/incidents" and asked.method == "POST":
            return self._open(asked.json()["incident"])
        found = _ONE.search(asked.path)
        if found is None or found[1] not in self.incidents:
            return Said(404, {"error": "The requested resource could not be found."})
        return self._update(found[1], asked) if asked.method == "PATCH" else Said(200, self.incidents[found[1]])

    def _open(self, sent: dict[str, Any]) -> Said:
        if not sent.get("name"):
            return Said(422, {"error": ["Name can't be blank"]})
        ident = f"p31zjtct2jer{len(self.incidents)}"
        self.incidents[ident] = {"id": ident, "shortlink": f"https://stspg.example/{ident}", **sent}
        self.told.append(sent)
        return Said(201, self.incidents[ident])

    def _update(self, ident: str, asked: Asked) -> Said:
        sent = asked.json()["incident"]
        self.incidents[ident] |= sent
        self.told.append(sent)
        return Said(200, self.incidents[ident])
