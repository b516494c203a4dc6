"""What a team tells the detectors about itself: a YAML file of tenants, of what is its own, and of canary words.

```yaml
tenants:
  acme: [Acme GmbH, ACM-10293]
own: [help@shop.example]
canaries: [owl-of-the-night]
```
"""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cockpit.errors import BadInput

if TYPE_CHECKING:
    from cockpit.detect.signs import Known

HINT = "For example: tenants: {acme: [Acme GmbH]}, own: [help@shop.example], canaries: [owl-of-the-night]"


def known_of(given: Namespace) -> Known | None:
    """Read the file that is named, if one is.

    Raises:
        BadInput: it can't be read, or says something else.
    """
    if not given.known:
        return None
    from cockpit.detect.signs import Known
    from cockpit.detect.tenant import Directory
    from cockpit.yaml import read_text, read_yaml

    data = read_yaml(read_text(Path(given.known)), given.known).data
    if not isinstance(data, dict) or not data or set(data) - {"tenants", "own", "canaries"}:
        raise BadInput(f"{given.known} must hold tenants, own or canaries and nothing else", hint=HINT)
    tenants = data.get("tenants") or {}
    if not isinstance(tenants, dict):
        raise BadInput(f"{given.known}: tenants must be names with lists of their marks", hint=HINT)
    directory = Directory({str(name): _words(marks, given.known) for name, marks in tenants.items()})
    return Known(directory, _words(data.get("own"), given.known), _words(data.get("canaries"), given.known))


def _words(value: Any, file: str) -> tuple[str, ...]:
    if value is None:
        return ()
    if not isinstance(value, list) or not all(isinstance(one, str | int) for one in value):
        raise BadInput(f"{file}: {str(value)[:60]!r} must be a list of texts", hint=HINT)
    return tuple(str(one) for one in value if str(one).strip())
