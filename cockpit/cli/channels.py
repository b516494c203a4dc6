"""`cockpit channels`: where updates go, and a marked test message on one of them."""

from __future__ import annotations

import os
import uuid
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from cockpit.cli.output import print_json, say, table
from cockpit.cli.places import settings_of
from cockpit.domain.clock import WallClock
from cockpit.domain.text import clean
from cockpit.errors import BadInput

if TYPE_CHECKING:
    from cockpit.live.outlets import Outlet
    from cockpit.world.contract_channels import Message


def show(given: Namespace) -> int:
    """Print every channel; 1 when one can't be used. Nothing is sent."""
    with _outlets(given) as found:
        rows = [
            {"channel": one.name, "audiences": sorted(one.audiences), "once": one.once, "problem": one.problem}
            for one in found
        ]
    if given.json:
        print_json(rows)
    elif rows:
        shown = [(one.name, ", ".join(sorted(one.audiences)), one.problem or "can be used") for one in found]
        table(("channel", "audiences", "state"), shown)
    else:
        say("No channel is wired: [channels.NAME] in cockpit.toml says where updates go.")
    return 1 if any(row["problem"] for row in rows) else 0


def test(given: Namespace) -> int:
    """Send a marked test message on one channel.

    Raises:
        BadInput: there is no such channel, or `--yes` is missing.
        WorldError: it was not taken, or nobody can tell.
    """
    from cockpit.live.outlets import send

    with _outlets(given) as found:
        one = next((outlet for outlet in found if outlet.name == given.name), None)
        if one is None:
            known = ", ".join(outlet.name for outlet in found) or "none"
            raise BadInput(f"there is no channel {given.name!r}", hint=f"There are: {known}.")
        if not given.yes:
            people = ", ".join(sorted(one.audiences))
            raise BadInput(f"{one.name} reaches {people}: they will read the test", hint="Add --yes to send it.")
        receipt = send(one, _message(given, one))
    told = {"channel": one.name, "ref": receipt.ref, "url": receipt.url, "note": receipt.note}
    if given.json:
        print_json(told)
    else:
        ref = clean(receipt.ref, multiline=False, limit=200)
        say(f"{one.name} took the test message{f' as {ref}' if ref else ''}. See whether people can read it.")
    return 0


def _message(given: Namespace, outlet: Outlet) -> Message:
    from cockpit.world.contract_channels import Message

    settings, now = settings_of(given), WallClock().now()
    text = (
        f"This is only a test of this channel by {settings.responder}. Nothing is wrong, and nothing has to be done."
    )
    audience = sorted(outlet.audiences)[0]
    return Message(
        f"TEST-{uuid.uuid4().hex[:16]}", "TEST", "a test of the channel", settings.service.name, audience,
        "resolved", text, "", now, now, test=True,
    )  # fmt: skip


@contextmanager
def _outlets(given: Namespace) -> Iterator[list[Outlet]]:
    from cockpit.live.outlets import outlets
    from cockpit.world.fleet import connect
    from cockpit.world.secrets import secret_reader

    live = settings_of(given).live
    wanted = {one.system for one in live.channels.values()}
    systems = {name: one for name, one in live.systems.items() if name in wanted}
    fleet = connect(live.model_copy(update={"systems": systems}), secret_reader(os.environ), WallClock().now)
    try:
        yield outlets(live, fleet)
    finally:
        fleet.close()
