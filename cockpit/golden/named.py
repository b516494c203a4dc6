"""The endpoints as a person names them: the fixed configuration's, and the bad one's where it is another."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from cockpit.errors import BadInput
from cockpit.golden.endpoint import TIMEOUT_S, Asker, Endpoint
from cockpit.golden.proof import Sides
from cockpit.world.secrets import secret_reader

SECRET_WORDS = ("auth", "key", "token", "secret", "cookie")


_HEADER = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")


@dataclass(frozen=True, slots=True)
class Named:
    """What was typed.

    Attributes:
        key: where the key is found, such as `env:NAME`; never the key.
        headers, bad_headers: NAME=VALUE each.
        bad_url, bad_model: what is other about the bad configuration; empty where nothing is.
    """

    url: str
    model: str
    key: str = ""
    headers: Sequence[str] = ()
    bad_url: str = ""
    bad_model: str = ""
    bad_headers: Sequence[str] = ()
    allow_http: bool = False
    timeout_s: float = TIMEOUT_S


def sides_of(named: Named) -> Sides:
    """Return who answers for both configurations; nobody for the bad one where nothing is other about it.

    Raises:
        BadInput: something can't be used.
    """
    fixed = endpoint_of(named)
    if not (named.bad_url or named.bad_model or named.bad_headers):
        return Sides(asker_of(fixed))
    bad = replace(
        fixed,
        url=named.bad_url or fixed.url,
        model=named.bad_model or fixed.model,
        headers={**fixed.headers, **headers_of(named.bad_headers)},
    )
    return Sides(asker_of(fixed), asker_of(bad))


def endpoint_of(named: Named) -> Endpoint:
    """Return the fixed configuration's endpoint.

    Raises:
        BadInput: no model, no sensible time, or a header that is none.
    """
    if not named.model:
        raise BadInput("which model is asked? Give --model M")
    if not 0 < named.timeout_s <= 600:
        raise BadInput(f"--timeout {named.timeout_s:g} is not more than 0 and up to 600 seconds")
    return Endpoint(named.url, named.model, named.key, headers_of(named.headers), named.allow_http, named.timeout_s)


def asker_of(endpoint: Endpoint) -> Asker:
    """Return who asks an endpoint."""
    return Asker(endpoint, secret_reader(os.environ))


def headers_of(listed: Sequence[str]) -> dict[str, str]:
    """Read headers.

    Raises:
        BadInput: one is no NAME=VALUE, or would carry a secret.
    """
    found = {}
    for one in listed:
        name, sign, value = one.partition("=")
        if not sign or not _HEADER.fullmatch(name.strip()):
            raise BadInput("a header is NAME=VALUE", hint="For instance --bad-header x-config-id=primary-4aaf05")
        if any(word in name.lower() for word in SECRET_WORDS):
            raise BadInput(f"{name} would carry a secret in plain words", hint="Name it by --key env:NAME.")
        found[name.strip()] = value.strip()
    return found
