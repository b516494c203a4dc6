"""Reading and changing one field of an organisation's document; pure."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

from cockpit.errors import BadInput, Refused
from cockpit.world.contract import Value
from cockpit_adapters.futureagi.fields import Field
from cockpit_adapters.hosted import absent
from cockpit_adapters.values import told

MASK = "****"
"""What the gateway puts into a key that it shows."""

_MASKED = ("api_key", "aws_access_key_id", "aws_secret_access_key", "aws_session_token")

Document = dict[str, Any]


def look(document: Document, path: tuple[str, ...], field: Field) -> Value:
    """Return what a field holds; None when the part of the document it belongs to is not there."""
    place: Any = document
    for name in path[:-1]:
        place = place.get(name)
        if not isinstance(place, dict):
            return None
    value: Value = place.get(path[-1])
    return field.missing() if value is None else value


def changed(document: Document, path: tuple[str, ...], value: Value) -> Document:
    """Return the document with one field set; None takes it away, with the part that was made for it.

    Raises:
        Refused: the path names a provider that is not there: levers make none.
    """
    new = copy.deepcopy(document)
    if path[0] == "providers" and not isinstance((new.get("providers") or {}).get(path[1]), dict):
        raise absent(f"provider {path[1]} in this organisation", "Correct the address.")
    places = [new]
    for name in path[:-1]:
        if not isinstance(places[-1].get(name), dict):
            places[-1][name] = {}
        places.append(places[-1][name])
    if value is not None:
        places[-1][path[-1]] = value
        return new
    places[-1].pop(path[-1], None)
    _prune(places, path)
    return new


def _prune(places: list[Document], path: tuple[str, ...]) -> None:
    """Take away what is empty now; the gateway writes `enabled` into every part, even into one made in passing."""
    for depth in range(len(places) - 1, 0, -1):
        last = depth == len(places) - 1
        if places[depth] and not (last and places[depth] == {"enabled": False}):
            return
        del places[depth - 1][path[depth - 1]]


def provider_of(document: Document, model: str) -> str | None:
    """Return the provider that lists a model; None when none does.

    Raises:
        Refused: several do; which of them answers is up to the routing strategy.
    """
    listing = [name for name, models in _lists(document).items() if model in models]
    if len(listing) > 1:
        raise Refused(
            f"{told(model)} is listed by {', '.join(map(told, listing))}",
            hint="Leave it to one provider, or set org:ORG/providers/NAME/models instead.",
        )
    return listing[0] if listing else None


def routed(document: Document, model: str, provider: Value) -> Document:
    """Return the document with a model listed by one provider only, or by none for None.

    Raises:
        Refused: there is no such provider, or it is switched off.
    """
    if provider is not None and not isinstance(provider, str):
        raise BadInput(f"a route goes to a provider's name, not to {told(provider)}")
    new = copy.deepcopy(document)
    if provider is not None:
        wanted = (new.get("providers") or {}).get(provider)
        if not isinstance(wanted, dict):
            raise absent(f"provider {provider} in this organisation", f"It has {', '.join(_lists(new)) or 'none'}.")
        if not wanted.get("enabled"):
            raise Refused(f"the provider {provider} is switched off", hint="Enable it first.")
    for name, models in _lists(new).items():
        kept = [one for one in models if one != model]
        new["providers"][name]["models"] = [*kept, model] if name == provider else kept
    return new


def _lists(document: Document) -> dict[str, list[str]]:
    providers = document.get("providers")
    found = providers.items() if isinstance(providers, dict) else ()
    return {name: list(one.get("models") or []) for name, one in found if isinstance(one, dict)}


def unmasked(document: Document, keys: Mapping[str, str]) -> Document:
    """Return the document with the providers' real keys in place of their masks.

    Raises:
        Refused: one is not named in the options, or another one is in use: sending the mask would destroy it.
    """
    new = copy.deepcopy(document)
    for name, provider in (new.get("providers") or {}).items():
        for part in _MASKED:
            shown = provider.get(part)
            if isinstance(shown, str) and MASK in shown:
                option = name if part == "api_key" else f"{name}.{part}"
                provider[part] = _real(shown, keys.get(option, ""), option)
    return new


def mask(key: str) -> str:
    """Mask a key as the gateway does."""
    return MASK if len(key) <= 12 else f"{key[:8]}{MASK}{key[-4:]}"


def _real(shown: str, key: str, option: str) -> str:
    if not key:
        raise Refused(
            f"the gateway shows the key of {option} masked, and a change has to send it",
            hint=f'Name it: provider_keys = {{ "{option}" = "env:…" }}',
        )
    if mask(key) != shown:
        raise Refused(f"the key named for {option} is not the one in use", hint="Correct it in provider_keys.")
    return key
