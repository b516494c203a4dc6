"""The story that the pictures of a live incident tell can be played: it stops where a screen says something else."""

from __future__ import annotations

from pathlib import Path

import pytest

pytestmark = [pytest.mark.integration, pytest.mark.timeout(400)]


def test_a_worker_a_service_and_a_colleague_misbehave_and_the_screen_says_so(tmp_path: Path) -> None:
    pytest.importorskip("PIL")
    from docs.make_live_pictures import take
    from docs.make_pictures import load_fonts

    try:
        load_fonts()
    except SystemExit as missing:
        pytest.skip(str(missing))
    take(tmp_path)
    taken = sorted(file.name for file in tmp_path.iterdir())
    assert taken == ["live-moved.png", "live-unknown.png", "live-workers.png"]
