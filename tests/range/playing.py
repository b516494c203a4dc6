"""A process of its own that plays a range until it is killed: `python -m tests.range.playing FOLDER`."""

from __future__ import annotations

import sys
import time
from contextlib import ExitStack
from pathlib import Path

from cockpit.world import registry
from tests.live.conftest import until
from tests.live.toys import load
from tests.range.conftest import Field


def main(folder: str) -> None:
    """Set staging up, pull the kill switch, say so, and go on for ever."""
    registry.BUILT_IN["toy"] = "tests.live.toys:ToyAdapter"
    with ExitStack() as stack:
        field = Field(Path(folder), stack, fresh=False)
        field.table["range"]["start"] = {"revert_prompt": "v2"}
        runner = field.begin(speed=60.0)
        until(lambda: runner.session.state.page_at, 30)
        runner.do("pull_lever", {"lever": "kill_switch"}).result(10)
        until(lambda: load(field.file)["values"]["flag:answers"] is False, 10)
        print("pulled", flush=True)
        while True:
            time.sleep(1.0)


if __name__ == "__main__":
    main(sys.argv[1])
