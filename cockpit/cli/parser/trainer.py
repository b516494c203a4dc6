"""The part of the command line that is for trainers."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any

Later = Callable[[str, str], Callable[[argparse.Namespace], int]]

CHANNELS = ("chat", "email", "phone", "status")


def add_trainer(commands: Any, common: argparse.ArgumentParser, later: Later) -> None:
    """Add trainer and its verbs."""
    trainer = commands.add_parser(
        "trainer", help="watch a drill privately, steer it, compare teams", parents=[common]
    )
    verbs = trainer.add_subparsers(title="verbs", metavar="VERB", required=True)
    watch = verbs.add_parser("watch", help="the truth beside what the players know", parents=[common])
    watch.add_argument("incident")
    watch.add_argument("--once", action="store_true", help="look once, and end")
    watch.add_argument(
        "--every", type=float, default=3.0, metavar="S", help="seconds between two looks; 3 if left out"
    )
    watch.add_argument("--json", action="store_true", help="look once, as JSON")
    watch.set_defaults(run=later("trainer.steering", "watch"))
    compare = verbs.add_parser("compare", help="teams that played the same nights, side by side", parents=[common])
    compare.add_argument(
        "runs",
        nargs="*",
        metavar="[TEAM=]RUN",
        help="an incident, a data folder, or one in it as DIR/INC-0001; every drill of this folder if left out",
    )
    compare.add_argument("--json", action="store_true")
    compare.set_defaults(run=later("trainer.comparing", "show"))
    _steer(verbs, common, later)


def _steer(verbs: Any, common: argparse.ArgumentParser, later: Later) -> None:
    pause = verbs.add_parser("pause", help="stop the clock until you let it go on", parents=[common])
    resume = verbs.add_parser("resume", help="let the drill go on", parents=[common])
    speed = verbs.add_parser("speed", help="let it run slower or faster", parents=[common])
    say = verbs.add_parser("say", help="send the players a message, as somebody of the story", parents=[common])
    end = verbs.add_parser("end", help="end the drill; the debrief opens", parents=[common])
    for name, verb in (("pause", pause), ("resume", resume), ("speed", speed), ("say", say), ("end", end)):
        verb.add_argument("incident")
        verb.set_defaults(run=later("trainer.steering", name))
    speed.add_argument("speed", type=float, metavar="X", help="0.5 to 60 times as fast as life")
    say.add_argument("text", metavar="TEXT", help="what they say")
    say.add_argument("--from", dest="sender", metavar="WHO", default="Trainer", help="who says it")
    say.add_argument("--by", dest="channel", choices=CHANNELS, default="chat", help="how it comes; chat if left out")
    end.add_argument("--reason", metavar="TEXT", default="", help="why; the players read it")
    for verb in (pause, resume, speed, say, end):
        verb.add_argument("--as", dest="responder", metavar="NAME", default="trainer", help="who you are")
