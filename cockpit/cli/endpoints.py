"""Which endpoints a command line names: the fixed configuration's, and the bad one's where it is another."""

from __future__ import annotations

import os
from argparse import Namespace
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from cockpit.errors import BadInput

if TYPE_CHECKING:
    from cockpit.domain.cases import Case
    from cockpit.golden.endpoint import Asker, Endpoint
    from cockpit.golden.proof import Sides


def asker_of(given: Namespace) -> Asker:
    """Return who answers at the endpoint that is named."""
    return _asker(_endpoint(given, given.model or ""))


def sides_of(given: Namespace, case: Case) -> Sides:
    """Return who answers for both configurations of a case.

    Raises:
        BadInput: no endpoint, or no model, is named.
    """
    from cockpit.golden.proof import Sides

    if not given.endpoint:
        raise BadInput(
            "real answers are needed", hint=f"cockpit fixture prove {case.id} --endpoint URL --model M --bad-model M2"
        )
    fixed = _endpoint(given, given.model or str(case.parameters.get("model", "")))
    other = given.bad_endpoint or given.bad_model or given.bad_header
    if not other:
        return Sides(_asker(fixed))
    bad = replace(
        fixed,
        url=given.bad_endpoint or fixed.url,
        model=given.bad_model or fixed.model,
        headers={**fixed.headers, **_headers(given.bad_header)},
    )
    return Sides(_asker(fixed), _asker(bad))


def _endpoint(given: Namespace, model: str) -> Endpoint:
    from cockpit.golden.endpoint import Endpoint

    if not model:
        raise BadInput("which model is asked? Give --model M")
    if not 0 < given.timeout <= 600:
        raise BadInput(f"--timeout {given.timeout:g} is not from 0 to 600 seconds")
    return Endpoint(given.endpoint, model, given.key, _headers(given.header), given.allow_http, given.timeout)


def _asker(endpoint: Endpoint) -> Asker:
    from cockpit.golden.endpoint import Asker
    from cockpit.world.secrets import secret_reader

    return Asker(endpoint, secret_reader(os.environ))


def _headers(listed: Sequence[str]) -> dict[str, str]:
    found = {}
    for one in listed:
        name, sign, value = one.partition("=")
        if not sign or not name.strip():
            raise BadInput("a header is NAME=VALUE", hint="For instance --bad-header x-config-id=primary-4aaf05")
        if any(word in name.lower() for word in ("auth", "key", "token", "secret", "cookie")):
            raise BadInput(f"{name} would carry a secret on the command line", hint="Name it by --key env:NAME.")
        found[name.strip()] = value.strip()
    return found
