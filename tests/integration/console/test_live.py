"""The event feed: in order, nothing missed, and only what concerns the listener."""

import threading
from collections.abc import Iterator, Sequence
from contextlib import closing
from itertools import islice

from flask import Flask

from agent_console.event_feed import EventFeed, Happening, topics
from hotline import events
from hotline.context import Context
from hotline.people.service import change_password
from tests.factories import PASSWORD, City
from tests.integration.console.conftest import Browser
from tests.waiting import until


def test_a_listener_hears_what_it_missed_and_what_comes(context: Context) -> None:
    feed = EventFeed(context.database)
    _happens(context, "call.opened", "call:1")
    _happens(context, "call.waiting", "call:1")
    with closing(feed.listen(1)) as batches:
        assert [h.kind for h in _next(batches)] == ["call.waiting"]
        _happens(context, "call.ended", "call:1")
        assert [h.kind for h in _next(batches)] == ["call.ended"]


def test_many_listeners_share_one_thread_and_it_ends_with_the_last(context: Context) -> None:
    feed = EventFeed(context.database)
    until(lambda: not _followers(), what="the follower of an earlier test to end")
    first, second = feed.listen(0), feed.listen(0)
    _happens(context, "call.opened", "call:1")
    assert [h.id for h in _next(first)] == [h.id for h in _next(second)] == [1]
    assert len(_followers()) == 1
    first.close()  # type: ignore[attr-defined]
    second.close()  # type: ignore[attr-defined]
    until(lambda: not _followers(), what="the follower to end")
    with closing(feed.listen(1)) as again:
        _happens(context, "call.ended", "call:1")
        assert [h.kind for h in _next(again)] == ["call.ended"]


def test_topics_say_what_changed_for_whom() -> None:
    ringing = Happening(1, "call.ringing", "call:7", {"extension": "1001"})
    assert topics(ringing, "1001") == {"calls", "call-7", "desk"}
    assert topics(ringing, "1002") == {"calls", "call-7"}
    assert topics(ringing, None) == {"calls", "call-7"}
    seat = Happening(2, "seat.changed", "seat:1001", {})
    assert topics(seat, "1001") == {"seats", "seat-1001", "desk"}


def test_the_stream_names_topics_and_the_last_id(app: Flask, browser: Browser, city: City) -> None:
    browser.sign_in(city.agent)
    before = events_so_far(city.context)
    _happens(city.context, "ticket.registered", "ticket:3", number="2020")
    answer = browser.client.get(f"/events?after={before}", buffered=False)
    assert answer.mimetype == "text/event-stream"
    with closing(answer.response) as stream:  # type: ignore[type-var]
        assert next(stream) == b"retry: 1000\n\n"  # type: ignore[call-overload]
        message = next(stream).decode()  # type: ignore[call-overload]
    assert message == f"id: {before + 1}\ndata: ticket-3 tickets\n\n"
    assert "2020" not in message


def test_the_stream_ends_with_its_sign_in(app: Flask, browser: Browser, city: City) -> None:
    browser.sign_in(city.agent)
    answer = browser.client.get("/events", buffered=False)
    with closing(answer.response) as stream:  # type: ignore[type-var]
        assert next(stream) == b"retry: 1000\n\n"  # type: ignore[call-overload]
        change_password(city.context.acting_as(city.agent), PASSWORD, "another one 1")
        said = list(islice(stream, 6))  # type: ignore[call-overload]
    assert len(said) < 6, "it goes on"
    assert set(said) <= {b": quiet\n\n"}, "which a busy machine may say before it looks"


def events_so_far(context: Context) -> int:
    """Id of the newest line of the log."""
    with context.reading() as session:
        return events.latest_id(session)


def _next(batches: Iterator[Sequence[Happening]]) -> Sequence[Happening]:
    """What happens next; an empty batch says that ten seconds were quiet."""
    return next(batch for batch in islice(batches, 6) if batch)


def _happens(context: Context, kind: str, subject: str, **payload: object) -> None:
    with context.writing() as session:
        events.record(session, context.now(), kind, subject, **payload)


def _followers() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "event-feed"]
