"""Which endpoints a command line names: the fixed configuration's, and the bad one's where it is another."""

from __future__ import annotations

from argparse import Namespace
from typing import TYPE_CHECKING

from cockpit.errors import BadInput

if TYPE_CHECKING:
    from cockpit.domain.cases import Case
    from cockpit.golden.endpoint import Asker
    from cockpit.golden.named import Named
    from cockpit.golden.proof import Sides


def asker_of(given: Namespace) -> Asker:
    """Return who answers at the endpoint that is named."""
    from cockpit.golden import named

    return named.asker_of(named.endpoint_of(_named(given, given.model or "")))


def sides_of(given: Namespace, case: Case) -> Sides:
    """Return who answers for both configurations of a case.

    Raises:
        BadInput: no endpoint, or no model, is named.
    """
    from dataclasses import replace

    from cockpit.golden import named

    if not given.endpoint:
        raise BadInput(
            "real answers are needed", hint=f"cockpit fixture prove {case.id} --endpoint URL --model M --bad-model M2"
        )
    told = _named(given, given.model or str(case.parameters.get("model", "")))
    return named.sides_of(
        replace(
            told,
            bad_url=given.bad_endpoint or "",
            bad_model=given.bad_model or "",
            bad_headers=tuple(given.bad_header),
        )
    )


def _named(given: Namespace, model: str) -> Named:
    from cockpit.golden.named import Named

    return Named(
        given.endpoint, model, given.key, tuple(given.header), allow_http=given.allow_http, timeout_s=given.timeout
    )
