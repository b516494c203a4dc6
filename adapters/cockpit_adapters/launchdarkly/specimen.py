"""LaunchDarkly for the contract suite."""

from __future__ import annotations

from collections.abc import Sequence

from cockpit.world.specimen import Specimen
from cockpit_adapters.launchdarkly.fake import FakeLaunchDarkly

_BAD = (
    "flag:llm-answers",
    "flag:shop/llm-answers",
    "flag:shop/a/b@production",
    "switch:shop/llm-answers@production",
    "",
)


def _share(fake: FakeLaunchDarkly, value: int) -> None:
    parts = [{"variation": 0, "weight": value * 1000}, {"variation": 1, "weight": 100_000 - value * 1000}]
    whole = {0: {"variation": 1}, 100: {"variation": 0}}
    fake.move({"fallthrough": whole.get(value, {"rollout": {"variations": parts, "contextKind": "user"}})})


def specimens() -> Sequence[Specimen]:
    """Return a flag and a share."""
    token = {"token": "env:SPECIMEN_TOKEN"}
    return (
        Specimen(
            "launchdarkly",
            label="flag",
            fake=FakeLaunchDarkly,
            options=token,
            address="flag:shop/llm-answers@production",
            first=True,
            want=False,
            text="off",
            elsewhere=lambda fake, value: fake.move({"on": value}),
            carries_version=True,
            bad_addresses=_BAD,
        ),
        Specimen(
            "launchdarkly",
            label="share",
            fake=FakeLaunchDarkly,
            options=token,
            address="share:shop/llm-answers@production",
            first=100,
            want=5,
            text="5 %",
            elsewhere=_share,
            carries_version=True,
            bad_addresses=_BAD,
        ),
    )
