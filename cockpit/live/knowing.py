"""What a team tells the detectors about itself: `[known]` of cockpit.toml, and a YAML file that says the same.

```yaml
tenants:
  acme: [Acme GmbH, ACM-10293]
own: [help@shop.example]
canaries: [owl-of-the-night]
```
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from cockpit.errors import BadInput

if TYPE_CHECKING:
    from cockpit.detect.answer.signs import Known
    from cockpit.world.options import KnownOptions

HINT = "For example: tenants: {acme: [Acme GmbH]}, own: [help@shop.example], canaries: [owl-of-the-night]"
PARTS = ("tenants", "own", "canaries")


def known_from(options: KnownOptions, folder: Path) -> Known | None:
    """Return what `[known]` says, together with its file; None where it says nothing.

    Args:
        folder: where a file without a full path is looked for.

    Raises:
        BadInput: the file can't be read, or says something else.
    """
    told: dict[str, Any] = {part: getattr(options, part) for part in PARTS}
    if options.file:
        path = folder / Path(options.file).expanduser()
        more, name = _read(path), str(path)
        told["tenants"] = {**told["tenants"], **_tenants(more, name)}
        told |= {part: [*told[part], *_words(more.get(part), name)] for part in ("own", "canaries")}
    return _known(told) if any(told.values()) else None


def known_in(path: Path) -> Known:
    """Read a file of tenants, of what is a team's own, and of canary words.

    Raises:
        BadInput: it can't be read, or says something else.
    """
    data, name = _read(path), str(path)
    parts = {part: _words(data.get(part), name) for part in ("own", "canaries")}
    return _known({"tenants": _tenants(data, name), **parts})


def _known(told: dict[str, Any]) -> Known:
    from cockpit.detect.answer.signs import Known
    from cockpit.detect.answer.tenant import Directory

    return Known(Directory(told["tenants"]), tuple(told["own"]), tuple(told["canaries"]))


def _read(path: Path) -> dict[str, Any]:
    from cockpit.yaml import read_text, read_yaml

    data = read_yaml(read_text(path), str(path)).data
    if not isinstance(data, dict) or not data or set(data) - set(PARTS):
        raise BadInput(f"{path} must hold tenants, own or canaries and nothing else", hint=HINT)
    return data


def _tenants(data: dict[str, Any], name: str) -> dict[str, tuple[str, ...]]:
    tenants = data.get("tenants") or {}
    if not isinstance(tenants, dict):
        raise BadInput(f"{name}: tenants must be names with lists of their marks", hint=HINT)
    return {str(tenant): _words(marks, name) for tenant, marks in tenants.items()}


def _words(value: Any, file: str) -> tuple[str, ...]:
    if value is None:
        return ()
    if not isinstance(value, list) or not all(isinstance(one, str | int) for one in value):
        raise BadInput(f"{file}: {str(value)[:60]!r} must be a list of texts", hint=HINT)
    return tuple(str(one) for one in value if str(one).strip())
