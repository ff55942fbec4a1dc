"""Heads of answers that no honest server writes: each is a fault or says nothing."""

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from urllib3 import HTTPResponse

from builder.adapters import http_faults, http_ranges
from builder.adapters.http_client import Client
from builder.adapters.http_faults import Fault
from builder.adapters.http_probe import HttpProbe
from builder.model.mirror import Mirror
from builder.settings import Network
from builder.sources.standings import standings

_ENDLESS = "9" * 5000


@pytest.mark.parametrize("length", [_ENDLESS, "9" * 19, "-5", "1e3", "٣", ""])
def test_a_length_that_no_file_has_is_no_length(length: str) -> None:
    response = HTTPResponse(status=200, headers={"Content-Length": length})
    assert http_ranges.read(response, 0, plain=False).size is None


@pytest.mark.parametrize(
    "span", [f"bytes {_ENDLESS}-1/2", f"bytes 0-{_ENDLESS}/2", f"bytes 0-1/{_ENDLESS}"]
)
def test_a_range_that_no_file_has_is_a_fault(span: str) -> None:
    response = HTTPResponse(status=206, headers={"Content-Range": span})
    with pytest.raises(Fault, match="another range"):
        http_ranges.read(response, 0, plain=False)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Mon, 23 Nov 2026 10:00:00 GMT", datetime(2026, 11, 23, 10, tzinfo=UTC)),
        ("Mon, 23 Nov 2026 10:00:00 -0000", datetime(2026, 11, 23, 10, tzinfo=UTC)),
        (
            "Mon, 23 Nov 2026 10:00:00 +0100",
            datetime(2026, 11, 23, 10, tzinfo=timezone(timedelta(hours=1))),
        ),
        ("Mon, 99999999999999999999 Nov 2026 10:00:00", None),
        ("yesterday", None),
        ("", None),
    ],
)
def test_a_date_names_a_moment_or_none(text: str, told: datetime | None) -> None:
    assert http_faults.moment(text) == told


def test_a_wait_until_before_all_time_is_none() -> None:
    later = http_faults.refusal(503, {"Retry-After": "Mon, 01 Jan 0001 00:00:00 -0000"})
    assert later.wait_s == 0


class _Index(BaseHTTPRequestHandler):
    modified = ""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Last-Modified", self.modified)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def serve() -> Iterator[Callable[[str], Mirror]]:
    running: list[ThreadingHTTPServer] = []

    def start(modified: str) -> Mirror:
        kind = type("_Dated", (_Index,), {"modified": modified})
        server = ThreadingHTTPServer(("127.0.0.1", 0), kind)
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        running.append(server)
        url = f"http://127.0.0.1:{server.server_address[1]}/"
        return Mirror(name=url, files=url, updates=url)

    yield start
    for each in running:
        each.shutdown()
        each.server_close()


def test_mirrors_whose_dates_name_a_zone_or_none_are_compared(
    serve: Callable[[str], Mirror],
) -> None:
    texts = ("Mon, 23 Nov 2026 10:00:00 -0000", "Mon, 23 Nov 2026 10:00:00 GMT")
    looked = HttpProbe(client=Client(Network())).look(tuple(map(serve, texts)))
    assert [each.said for each in looked] == [None, None]
    assert {each.health.generated for each in standings(looked)} == {
        datetime(2026, 11, 23, 10, tzinfo=UTC)
    }
