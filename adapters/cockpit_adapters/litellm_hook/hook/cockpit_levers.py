"""Levers for a LiteLLM proxy without a database.

Put this file and cockpit_levers_state.py beside config.yaml, and load it there:

    litellm_settings:
      callbacks: ["cockpit_levers.levers"]

The levers' file is COCKPIT_LEVERS_FILE, by default levers.json beside this file. Every worker looks at it before each
request, so a change is in force with the next request everywhere. Over HTTP, with an admin key of the proxy:

    GET /levers                          every lever with its version
    PUT /levers/route:support            {"value": "support-v1", "why": "INC-42"}
        If-Match: the version seen        without it 428; when it is another one meanwhile 412
        Idempotency-Key: any              a repeat is answered as before and applied once
"""

# ruff: noqa: B008 - FastAPI reads its parameters from calls in defaults
# LiteLLM and FastAPI are at the proxy, where this file runs, and not where it is checked.
# mypy: disable-error-code="import-not-found,misc,untyped-decorator,type-arg"
from __future__ import annotations

import hashlib
import logging
import os
import re
import sys
import unicodedata
from collections.abc import AsyncIterator, Iterable
from pathlib import Path
from typing import Any

from fastapi import APIRouter, Body, Depends, Header, HTTPException, Response
from litellm.integrations.custom_logger import CustomLogger
from litellm.proxy.auth.user_api_key_auth import user_api_key_auth

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))  # LiteLLM may have been started anywhere
import cockpit_levers_state as kept  # noqa: E402

VERSION = "1"
UNDER_WAY = 10_000
"""So many calls are remembered by what they asked for."""

log = logging.getLogger("cockpit_levers")


FILE = Path(os.environ.get("COCKPIT_LEVERS_FILE") or HERE / "levers.json")


class Watched:
    """The levers' file as this worker last read it; of a damaged one, what the last change put there."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._mark: tuple[int, ...] = (-1,)
        self._state: dict[str, Any] = kept.empty()

    def now(self) -> dict[str, Any]:
        """Return the levers in force, read again when the file changed."""
        mark = self._look()
        if mark != self._mark:
            self._mark = mark
            self._state = self._read()
        return self._state

    def _read(self) -> dict[str, Any]:
        for path in (self.path, kept.copy_of(self.path)):
            try:
                return dict(kept.load(path))
            except kept.Problem as problem:
                log.error("levers stay as they were: %s", problem.message)
        return self._state

    def _look(self) -> tuple[int, ...]:
        try:
            found = os.stat(self.path)
        except FileNotFoundError:
            return ()
        return found.st_mtime_ns, found.st_ino, found.st_size


def plain(text: str) -> str:
    """Return a text as words are compared in it: one form, one case, single spaces."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def blocked_in(text: str, words: Iterable[str]) -> str | None:
    """Return the first blocked word in a text, None when there is none; parts of longer words do not count."""
    within = plain(text)
    return next((word for word in words if re.search(rf"(?<!\w){re.escape(plain(word))}(?!\w)", within)), None)


def texts(found: Any) -> Iterable[str]:
    """Yield every text in messages, prompts or answers, however deep."""
    if isinstance(found, str):
        yield found
    elif isinstance(found, dict):
        for name, value in found.items():
            if name not in ("role", "type", "id", "tool_call_id", "name"):
                yield from texts(value)
    elif isinstance(found, (list, tuple)):
        for value in found:
            yield from texts(value)


def let_through(route: str, user: str, share: float) -> bool:
    """Whether a user is in the share of a route that is re-opened: the same ones each time, more as it grows."""
    drawn = int(hashlib.sha256(f"{route}\n{user}".encode()).hexdigest()[:8], 16) / 0x100000000
    return drawn * 100 < share


def without_tool(data: dict[str, Any], tool: str) -> None:
    """Take one tool out of a request, and the wish to use it."""

    def named(entry: Any) -> str:
        entry = entry if isinstance(entry, dict) else {}
        return str((entry.get("function") or {}).get("name") or entry.get("name") or "")

    for field, choice in (("tools", "tool_choice"), ("functions", "function_call")):
        if data.get(field):
            data[field] = [one for one in data[field] if named(one) != tool]
            if not data[field]:
                data.pop(field)
                data.pop(choice, None)
        if named(data.get(choice)) == tool:
            data.pop(choice)


TOKENS = ("max_tokens", "max_completion_tokens", "max_output_tokens")


def bound(data: dict[str, Any], route: str, state: dict[str, Any], call: str) -> None:
    """Hold a request to the caps of its route."""
    most, hottest = kept.value_of(state, f"max_tokens:{route}"), kept.value_of(state, f"temperature:{route}")
    if most is not None:
        asked = [name for name in TOKENS if data.get(name) is not None]
        for name in asked or ["max_output_tokens" if "responses" in call else "max_tokens"]:
            data[name] = min(int(data.get(name) or most), most)
    if hottest is not None:
        given = data.get("temperature")
        data["temperature"] = hottest if given is None else min(float(given), hottest)


class Levers(CustomLogger):
    """Holds every request and answer against the levers in force."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.watched = Watched(path)
        self._routes: dict[str, str] = {}

    def _remember(self, call: str, route: str) -> None:
        """Keep what was asked for: by the time of the answer the request names what stood in for it."""
        if call:
            self._routes[call] = route
        if len(self._routes) > UNDER_WAY:
            del self._routes[next(iter(self._routes))]

    def refuse(self, status: int, message: str, state: dict[str, Any]) -> HTTPException:
        """Return an error that tells which levers were in force."""
        return HTTPException(
            status, {"error": message, "lever_rev": state["rev"], "lever_config": kept.config_of(state)}
        )

    async def async_pre_call_hook(self, user_api_key_dict: Any, cache: Any, data: dict, call_type: str) -> dict:
        """Stop, cap, strip or send elsewhere."""
        state, route = self.watched.now(), str(data.get("model") or "")
        self._remember(str(data.get("litellm_call_id") or ""), route)
        if kept.value_of(state, f"killed:{route}"):
            user = str(data.get("user") or getattr(user_api_key_dict, "api_key", "") or "")
            if not let_through(route, user, kept.value_of(state, f"share:{route}") or 0):
                raise self.refuse(503, f"{route} is switched off", state)
        asked = [data.get(name) for name in ("messages", "input", "prompt")]
        if word := blocked_in("\n".join(texts(asked)), kept.value_of(state, "blocked_words:input") or ()):
            raise self.refuse(400, f"the request holds a blocked word ({kept.digest(word)})", state)
        bound(data, route, state, str(call_type))
        for address, entry in state["levers"].items():
            place, _, tool = address.rpartition("/")
            if place == f"tools:{route}" and entry.get("value") == "off":
                without_tool(data, tool)
        data["model"] = kept.value_of(state, f"route:{route}") or data.get("model")
        return data

    async def async_post_call_success_hook(self, data: dict, user_api_key_dict: Any, response: Any) -> Any:
        """Withhold an answer that holds a blocked word."""
        state = self.watched.now()
        words = kept.value_of(state, "blocked_words:output")
        if words and hasattr(response, "model_dump"):
            told = response.model_dump()
            said = "\n".join(texts([told.get("choices"), told.get("output"), told.get("content")]))
            self._withhold(said, words, state)
        return response

    def _withhold(self, said: str, words: Iterable[str], state: dict[str, Any]) -> None:
        if word := blocked_in(said, words):
            raise self.refuse(400, f"the answer held a blocked word ({kept.digest(word)}) and is withheld", state)

    async def async_post_call_streaming_iterator_hook(
        self, user_api_key_dict: Any, response: Any, request_data: dict
    ) -> AsyncIterator[Any]:
        """Hold back the end of a stream by the longest blocked word, so that none gets out whole."""
        words = kept.value_of(self.watched.now(), "blocked_words:output") or []
        longest = 4 * max(map(len, words), default=-16) + 64 if words else 0
        said, waiting = "", []
        async for piece in response:
            if not words:
                yield piece
                continue
            said += "".join(texts([getattr(one.delta, "content", None) for one in getattr(piece, "choices", [])]))
            self._withhold(said, words, self.watched.now())
            waiting.append((len(said), piece))
            while waiting and waiting[0][0] <= len(said) - longest:
                yield waiting.pop(0)[1]
        for _, piece in waiting:
            yield piece

    async def async_post_call_response_headers_hook(
        self,
        data: dict,
        user_api_key_dict: Any,
        response: Any,
        request_headers: Any = None,
        litellm_call_info: Any = None,
    ) -> dict[str, str]:
        """Tell on every answer which levers were in force for it."""
        state = self.watched.now()
        route = self._routes.get(str(data.get("litellm_call_id") or "")) or str(data.get("model") or "")
        told = {
            "x-lever-rev": str(state["rev"]),
            "x-lever-config": kept.config_of(state),
            "x-lever-pid": str(os.getpid()),
        }
        for address, entry in state["levers"].items():
            kind, name = kept.split(address)
            if kind == "blocked_words" or route == (name.rpartition("/")[0] if kind == "tools" else name):
                told[kept.header_of(address)] = kept.digest(entry.get("value"))
        return told


levers = Levers(FILE)


def admin(key: Any = Depends(user_api_key_auth)) -> Any:
    """Let only the proxy's admins near the levers."""
    role = getattr(key, "user_role", None)
    if getattr(role, "value", role) != "proxy_admin":
        raise HTTPException(403, {"error": "levers are for proxy admins"})
    return key


router = APIRouter()


@router.get("/levers")
def read_levers(response: Response, _: Any = Depends(admin)) -> dict[str, Any]:
    """Return the file as it is now, with a version for each lever."""
    try:
        state = kept.load(FILE)
    except kept.Problem as problem:
        raise HTTPException(problem.status, {"error": problem.message}) from None
    response.headers["x-lever-pid"] = str(os.getpid())
    found = {one: {**entry, "version": kept.version_of(state, one)} for one, entry in state["levers"].items()}
    return {"hook": VERSION, "rev": state["rev"], "config": kept.config_of(state), "levers": found}


@router.put("/levers/{address:path}")
def put_lever(
    address: str,
    body: dict = Body(...),
    if_match: str = Header(default=""),
    idempotency_key: str = Header(default=""),
    _: Any = Depends(admin),
) -> dict[str, Any]:
    """Set one lever, once."""
    try:
        if "value" not in body:
            raise kept.Problem(422, 'the body should be {"value": …}')
        given = {"key": idempotency_key, "version": if_match.strip('" '), "why": str(body.get("why") or "")}
        found: dict[str, Any] = kept.change(FILE, address, body["value"], **given)
    except kept.Problem as problem:
        raise HTTPException(
            problem.status, {"error": problem.message, "lever_rev": levers.watched.now()["rev"]}
        ) from None
    return found


def _mount() -> None:
    from litellm.proxy.proxy_server import app

    if not any(getattr(route, "path", "") == "/levers" for route in app.routes):
        app.include_router(router)


_mount()
