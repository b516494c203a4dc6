"""A Phoenix server in memory, made of recorded answers: one prompt, two versions, a tag on the newer one."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import unquote

from cockpit.world.specimen import Asked, Said
from cockpit_adapters.payloads import payload
from cockpit_adapters.phoenix import graph
from cockpit_adapters.phoenix.fake_traces import FakePhoenixTraces

_PROMPT = re.compile(r"/v1/prompts/([^/]+)/(?:versions|tags/([^/]+))")
_TAG = re.compile(r"/v1/prompt_versions/([^/]+)/tags")
_NOT_FOUND = Said(404, b"Not Found", {"content-type": "text/plain"})


class FakePhoenix:
    """Keeps the tags of one prompt.

    Attributes:
        applied: how many times a request really moved a tag.
        explains: whether GraphQL answers.
        user: what the token's owner is.
    """

    def __init__(self) -> None:
        self.applied = 0
        self.traces = FakePhoenixTraces()
        self.explains = True
        self.user: dict[str, Any] = payload("phoenix", "user.json")["data"]
        self.prompt: dict[str, Any] = payload("phoenix", "prompts.json")["data"][0]
        self.rows: list[dict[str, Any]] = payload("phoenix", "versions.json")["data"]
        self.tags: dict[str, tuple[str, str]] = {"production": (self.rows[0]["id"], "")}

    def put(self, version: str, tag: str = "production", why: str = "") -> None:
        """Put a tag on a version, as a colleague does at Phoenix's own screen."""
        self.tags[tag] = (version, why)

    def answer(self, asked: Asked) -> Said:
        """Answer one request."""
        path = unquote(asked.path)
        if not asked.headers.get("authorization", "").startswith("Bearer "):
            return Said(401, b"Invalid token", {"content-type": "text/plain"})
        if (said := self.traces.answer(asked)) is not None:
            return said
        if path == "/graphql":
            return self._graphql(asked.json())
        if path == "/v1/user":
            return Said(200, {"data": self.user})
        if path == "/v1/prompts":
            return self._said({"data": [self.prompt], "next_cursor": None})
        if found := _TAG.fullmatch(path):
            return self._move(found[1], asked.json())
        found = _PROMPT.fullmatch(path)
        if not found or found[1] != self.prompt["name"]:
            return _NOT_FOUND
        return self._tagged(found[2]) if found[2] else self._versions(asked)

    def _said(self, body: Any) -> Said:
        return Said(200, body, {"x-phoenix-server-version": "20.26.1"})

    def _tagged(self, tag: str) -> Said:
        version, _ = self.tags.get(tag, ("", ""))
        row = next((row for row in self.rows if row["id"] == version), None)
        return self._said({"data": row}) if row else _NOT_FOUND

    def _versions(self, asked: Asked) -> Said:
        limit = int(next(iter(asked.query.get("limit", ())), "100"))
        cursor = next(iter(asked.query.get("cursor", ())), self.rows[0]["id"])
        first = next(place for place, row in enumerate(self.rows) if row["id"] == cursor)
        rest = self.rows[first + limit :]
        return self._said({
            "data": self.rows[first : first + limit], "next_cursor": rest[0]["id"] if rest else None,
        })  # fmt: skip

    def _move(self, version: str, body: Any) -> Said:
        if self.user["role"] == "VIEWER":
            return Said(403, b"Viewers cannot perform this action.")
        if not any(row["id"] == version for row in self.rows):
            return _NOT_FOUND
        self.applied += self.tags.get(body["name"], ("", ""))[0] != version
        self.put(version, body["name"], body.get("description", ""))
        return Said(204)

    def _graphql(self, body: Any) -> Said:
        if not self.explains:
            return Said(200, {"data": None, "errors": [{"message": "Cannot query field 'sequenceNumber'"}]})
        query, given = body["query"], body["variables"]
        if query == graph.ONE:
            nodes = [node for node in self._nodes() if node["id"] == given["id"]]
            return Said(200, {"data": {"node": nodes[0] if nodes else None}})
        if query == graph.OF_PROMPT:
            return Said(200, {"data": {"node": {"promptVersions": self._page(self._nodes())}}})
        prompt = {**self.prompt, "promptVersions": self._page(self._nodes())}
        return Said(200, {"data": {"prompts": self._page([prompt])}})

    def _page(self, nodes: list[dict[str, Any]]) -> dict[str, Any]:
        info = payload("phoenix", "graphql_named.json")["data"]["prompts"]["pageInfo"]
        return {"edges": [{"node": node} for node in nodes], "pageInfo": info}

    def _nodes(self) -> list[dict[str, Any]]:
        made = payload("phoenix", "graphql_named.json")["data"]["prompts"]["edges"][0]["node"]["promptVersions"]
        return [
            {
                **edge["node"],
                "tags": [
                    {"name": tag, "description": why, "user": {"username": self.user["username"]}}
                    for tag, (version, why) in self.tags.items()
                    if version == edge["node"]["id"]
                ],
            }
            for edge in made["edges"]
        ]
