"""A live incident on tuned staging: how soon a pull on two workers is stored, observed, and called contained."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from cockpit.domain.events import Kind
from tests.live.real import WINDOW_S, Callers, open_and_join, pulled, undone, until

if TYPE_CHECKING:
    from tests.range.conftest import Staged

pytestmark = [pytest.mark.integration, pytest.mark.xdist_group("staging"), pytest.mark.timeout(1200)]

PROVEN_S = 30.0
"""Two reloads of two seconds, twenty answers over three, and a busy machine."""
LATE_S = 2.0
"""Contained is said so soon after it could be known, in seconds."""


def test_contained_is_said_as_soon_as_it_can_be_known(
    staged_systems: Staged, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(staged_systems.staging.config))
    proxy = staged_systems.systems["litellm-db"]
    url, key = f"{proxy.url}/v1/chat/completions", proxy.tokens["master"]
    with closing(open_and_join(tmp_path)) as runner, Callers(url, key) as callers:
        pull = pulled(runner, "fallback_model", PROVEN_S)
        contained = until(lambda: [one for one in runner.session.log if one.kind is Kind.CONTAINED], WINDOW_S + 30)[0]
        assert pull.applied_at
        assert pull.proven_at
        could = max((pull.applied_at - pull.pulled_at).total_seconds() + WINDOW_S, 0.0)
        told = [(at - pull.pulled_at).total_seconds() for at in (pull.applied_at, pull.proven_at, contained.at)]
        print("stored after {:.1f} s, observed after {:.1f} s, contained after {:.1f} s".format(*told))
        assert told[0] < told[1] < told[2] <= max(could, told[1]) + LATE_S
        since = callers.since(pull.proven_at)
        assert len(since) >= 20
        assert {served for _, served in since} == {"dep-support-small"}
        undone(runner, "fallback_model", PROVEN_S)
