"""A process of its own that works on a live incident until it is killed: `python -m tests.live.pulling …`."""

from __future__ import annotations

import sys
import time
from contextlib import ExitStack
from pathlib import Path

from cockpit.world import registry
from tests.live.conftest import Stage


def main(folder: str, incident: str, url: str) -> None:
    """Pull and undo the kill switch again and again; say every answer."""
    registry.BUILT_IN["toy"] = "tests.live.toys:ToyAdapter"
    with ExitStack() as stack:
        stage = Stage(Path(folder), stack, fresh=False, url=url)
        stage.table["slow_s"] = 0.03
        runner = stage.join(incident)
        while True:
            for action in ("pull_lever", "undo_lever"):
                done = runner.do(action, {"lever": "kill_switch"}).result(30)
                print(action, done.refused or "written", flush=True)
                time.sleep(0.02)


if __name__ == "__main__":
    main(*sys.argv[1:])
