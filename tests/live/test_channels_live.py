"""A live incident at a terminal: an update that is posted there arrives on its channel."""

from __future__ import annotations

from cockpit_adapters.webhook.fake import FakeReceiver

from cockpit.domain.events import Kind
from tests.adapters.served import Served
from tests.live.conftest import Stage as Scene
from tests.live.conftest import until


def test_an_update_posted_at_a_terminal_arrives_once(stage: Scene) -> None:
    fake = FakeReceiver()
    with Served(fake) as served:
        stage.extra["systems"] = {"toy": dict(stage.table), "hook": {
            "adapter": "webhook", "url": served.url, "headers": {"authorization": "Bearer x"}}}  # fmt: skip
        stage.extra["channels"] = {"room": {"system": "hook", "audiences": ["team"]}}
        runner = stage.join(stage.open())
        text = "We look into it; some users see wrong answers. Next update in 30 minutes."
        told = {"audience": "team", "state": "investigating", "text": text}
        assert runner.do("post_update", told).result(60).refused == ""
        until(lambda: any(line.kind is Kind.UPDATE_DELIVERED for line in runner.session.log))
        assert [one["text"] for one in fake.taken.values()] == [text]
        posts = [one for one in fake.asked if one.method == "POST"]
        assert len(posts) == 1
