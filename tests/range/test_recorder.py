"""What the application under drill records arrives as an instrumented application's traces do."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import ExitStack
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from cockpit.domain.calls import CallTrace
from cockpit.errors import BadInput
from cockpit.intake.gather import Gatherer
from cockpit.intake.otlp_proto import read_otlp_protobuf
from cockpit.range.spans import Chunk, Recorded, export_of
from cockpit.world.listening import end_serving
from tests.live.conftest import until
from tests.range.conftest import Field, free_port


class Store:
    """Takes spans by OTLP, and can be made to refuse them."""

    def __init__(self) -> None:
        self.bodies: list[bytes] = []
        self._read: list[CallTrace] = []
        self._seen = 0
        self.refuses = False
        store = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                if not store.refuses:
                    store.bodies.append(body)
                self.send_response(503 if store.refuses else 200)
                self.send_header("content-length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                return

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        """Stop."""
        end_serving(self._server)

    def traces(self) -> list[CallTrace]:
        """Return what has come in; each body is read once, and holds whole requests."""
        new = self.bodies[self._seen :]
        self._seen += len(new)
        self._read += read_back(*new)
        return list(self._read)


def read_back(*bodies: bytes) -> list[CallTrace]:
    """Read requests as the receiver does."""
    gatherer = Gatherer("test", None)
    for body in bodies:
        gatherer.add(read_otlp_protobuf(body))
    return gatherer.rest()


@pytest.fixture
def store() -> Iterator[Store]:
    """A store of traces."""
    with ExitStack() as stack:
        made = Store()
        stack.callback(made.close)
        yield made


def test_an_answer_reads_back_as_it_was_given() -> None:
    told = Recorded(
        1_000_000_000_000_000_000, 1_000_000_002_000_000_000, "/support",
        [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Where is A-1?"}],
        "In Trier.", "sonnet", "v2", (12, 3), [("order_lookup", '{"id": 1}')], {"temperature": 0.0, "seed": 7},
        "s-1", "u7", {"tenant": "acme"}, [Chunk("shared/1", "A-1 is in Trier", 0.8)],
    )  # fmt: skip
    [trace] = read_back(export_of([told], "shop", "shop-project"))
    assert (trace.asked, trace.answered, trace.model, trace.prompt) == ("Where is A-1?", "In Trier.", "sonnet", "v2")
    assert (trace.tenant, trace.route, trace.session, trace.user) == ("acme", "/support", "s-1", "u7")
    assert (trace.service, trace.tokens_in, trace.tokens_out) == ("shop", 12, 3)
    assert [(one.source, one.text, one.score) for one in trace.chunks] == [("shared/1", "A-1 is in Trier", 0.8)]
    assert [(one.name, one.arguments) for one in trace.tools] == [("order_lookup", '{"id": 1}')]
    assert (trace.ended - trace.started).total_seconds() == 2.0
    assert trace.error == ""


def test_an_answer_that_never_came_is_an_error() -> None:
    told = Recorded(1, 2, "/x", [{"role": "user", "content": "hi"}], "", "m", error="the gateway answered 500")
    assert read_back(export_of([told], "s", "p"))[0].error == "the gateway answered 500"


def test_a_drill_is_recorded_where_it_is_told(field: Field, store: Store) -> None:
    field.table["range"]["traces"] = store.url
    field.begin()
    found = until(lambda: [one for one in store.traces() if "Retrieved context" in one.answered])
    assert all(one.service == "support-assistant" and one.route == "/support" for one in found)
    assert all(one.tenant and one.user and one.session and one.tokens_out for one in found)
    leak = found[0]
    assert leak.prompt == "v3"
    assert any(chunk.text == leak.answered for chunk in leak.chunks)


def test_what_can_not_be_sent_now_is_sent_later(field: Field, store: Store) -> None:
    field.table["range"]["traces"] = store.url
    field.begin()
    until(lambda: len(store.bodies) > 1)
    store.refuses = True
    seen = field.gateway.seen
    until(lambda: field.gateway.seen > seen + 10)
    before = len(store.traces())
    store.refuses = False
    until(lambda: len(store.traces()) > before + 10)


@pytest.mark.parametrize("place", ["nobody", "http://127.0.0.1:{port}"])
def test_a_place_that_takes_no_traces_ends_the_drill_before_it_begins(field: Field, place: str) -> None:
    field.table["range"]["traces"] = place.format(port=free_port())
    with pytest.raises(BadInput, match=r"no system|can't be sent"):
        field.begin()


def test_traces_of_a_drill_go_to_staging_only(field: Field, store: Store) -> None:
    toy = field.table["systems"]["toy"]
    field.table["systems"]["observed"] = {**toy, "url": store.url, "staging": False}
    field.table["range"]["traces"] = "observed"
    with pytest.raises(BadInput, match="staging"):
        field.begin()
    assert store.bodies == []
