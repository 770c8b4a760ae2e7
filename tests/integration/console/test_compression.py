"""What goes over the wire compressed, and what does not."""

from contextlib import closing

import brotli
import pytest

from agent_console.assets import BUILD, manifest
from tests.factories import City
from tests.integration.console.conftest import Browser

TAKES = {"Accept-Encoding": "gzip, br"}


def test_a_page_is_compressed_for_whoever_takes_it(browser: Browser, city: City) -> None:
    browser.sign_in(city.screener)
    plain = browser.client.get("/screening")
    packed = browser.client.get("/screening", headers=TAKES)
    assert (plain.content_encoding, packed.content_encoding) == (None, "br")
    assert len(packed.data) < len(plain.data) / 2
    assert "初筛".encode() in brotli.decompress(packed.data)


@pytest.mark.parametrize("name", ["console.css", "console.js", "desk.js"])
def test_an_asset_is_compressed(browser: Browser, name: str) -> None:
    file = manifest()[name]
    packed = browser.client.get(f"/static/build/{file}", headers=TAKES)
    assert brotli.decompress(packed.data) == (BUILD / file).read_bytes()
    assert "Accept-Encoding" in packed.headers["Vary"]


def test_an_event_stream_is_not(browser: Browser, city: City) -> None:
    """Compressed lines would wait until there is enough of them."""
    browser.sign_in(city.agent)
    answer = browser.client.get("/events", headers=TAKES, buffered=False)
    assert answer.content_encoding is None
    with closing(answer.response) as stream:  # type: ignore[type-var]
        assert next(stream) == b"retry: 1000\n\n"  # type: ignore[call-overload]
