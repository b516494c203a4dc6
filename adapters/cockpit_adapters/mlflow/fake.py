"""An MLflow server in memory, made of recorded answers: one prompt, two versions, one alias."""

from __future__ import annotations

import re
from typing import Any

from cockpit.world.specimen import Asked, Said
from cockpit_adapters.mlflow.fake_traces import FakeMLflowTraces
from cockpit_adapters.mlflow.system import ALIAS, ME, MY_RIGHTS, SET_TAG, VERSIONS
from cockpit_adapters.payloads import payload


class FakeMLflow:
    """Keeps the aliases of one prompt.

    Attributes:
        applied: how many times a request really moved an alias.
        page: how many versions one answer lists.
        rights: what `users/current` and its permissions answer where MLflow checks users; None where it does not.
    """

    def __init__(self) -> None:
        self.applied = 0
        self.traces = FakeMLflowTraces()
        self.page = 100
        self.rights: tuple[Any, Any] | None = None
        self.rows: list[dict[str, Any]] = payload("mlflow", "versions.json")["model_versions"]
        self.aliases = {"production": "2"}

    def put(self, version: str, alias: str = "production") -> None:
        """Move an alias, as a colleague does at MLflow's own screen."""
        self.aliases[alias] = version

    def answer(self, asked: Asked) -> Said:
        """Answer one request."""
        if (said := self.traces.answer(asked)) is not None:
            return said
        if asked.path == "/version":
            return Said(200, b"3.17.2", {"content-type": "text/html; charset=utf-8"})
        if asked.path in (ME, MY_RIGHTS) and self.rights:
            return Said(200, self.rights[asked.path == MY_RIGHTS])
        if asked.path == VERSIONS:
            return self._search(asked)
        if asked.path == ALIAS and asked.method == "GET":
            return self._alias(asked.query["name"][0], asked.query["alias"][0])
        if asked.path == ALIAS and asked.method == "POST":
            return self._move(asked.json())
        if asked.path == SET_TAG and asked.method == "POST":
            return self._tag(asked.json())
        return Said(404, b"<!doctype html>\n<html lang=en>\n<title>404 Not Found</title>")

    def _row(self, name: str, version: str) -> dict[str, Any] | None:
        return next((row for row in self.rows if row["name"] == name and row["version"] == version), None)

    def _alias(self, name: str, alias: str) -> Said:
        if not any(row["name"] == name for row in self.rows):
            return Said(404, payload("mlflow", "prompt_missing.json"))
        row = self._row(name, self.aliases.get(alias, ""))
        if row is None:
            return Said(400, payload("mlflow", "alias_missing.json"))
        carried = [one for one, version in self.aliases.items() if version == row["version"]]
        return Said(200, {"model_version": {**row, "aliases": carried}})

    def _move(self, body: Any) -> Said:
        if not isinstance(body["version"], str) or self._row(body["name"], body["version"]) is None:
            return Said(404, payload("mlflow", "version_missing.json"))
        self.applied += self.aliases.get(body["alias"]) != body["version"]
        self.put(body["version"], body["alias"])
        return Said(200, {})

    def _tag(self, body: Any) -> Said:
        row = self._row(body["name"], body["version"])
        if row is None:
            return Said(404, payload("mlflow", "version_missing.json"))
        others = [tag for tag in row["tags"] if tag["key"] != body["key"]]
        row["tags"] = [*others, {"key": body["key"], "value": body["value"]}]
        return Said(200, {})

    def _search(self, asked: Asked) -> Said:
        named = re.search(r"name='([^']+)'", asked.query["filter"][0])
        rows = [row for row in self.rows if named is None or row["name"] == named[1]]
        rows.sort(key=lambda row: row["creation_timestamp"], reverse=True)
        first = int(next(iter(asked.query.get("page_token", ())), "0"))
        shown, rest = rows[first : first + self.page], rows[first + self.page :]
        table: dict[str, Any] = {"model_versions": shown} if shown else {}
        return Said(200, table | ({"next_page_token": str(first + self.page)} if rest else {}))
