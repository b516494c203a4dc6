"""Files that people write by hand: one value changed, everything else left as it stands, down to the spaces."""

from __future__ import annotations

from cockpit_adapters.documents.edit import Format, edit, format_of, load
from cockpit_adapters.documents.paths import MISSING, at, parse_path, with_value

__all__ = ["MISSING", "Format", "at", "edit", "format_of", "load", "parse_path", "with_value"]
