"""Expectations as a person types them."""

from __future__ import annotations

import pytest

from cockpit.domain.cases import Check
from cockpit.errors import BadInput
from cockpit.session.case_checks import parse_check


def test_a_number_is_read_in_any_digits() -> None:
    assert parse_check("max-tool-calls: 3") == Check("max_tool_calls", 3)
    assert parse_check("max-tool-calls:３") == Check("max_tool_calls", 3)


@pytest.mark.parametrize("value", ["²", "1" * 5000, "-1", "1.5", "many", " "])
def test_what_is_no_number_of_calls_is_bad_input(value: str) -> None:
    with pytest.raises(BadInput, match="max_tool_calls"):
        parse_check(f"max-tool-calls:{value}")
