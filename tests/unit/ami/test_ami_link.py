"""The link that keeps one login alive, and the feed behind it."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from ivr.ami.client import AmiLost, Packet
from ivr.ami.feed import Feed, Resync
from ivr.ami.link import AmiLink
from tests.unit.ami.manager_side import PATIENT, ManagerSide, packet, silence
from tests.unit.ami.test_ami_client import account

QUICK = replace(PATIENT, ping_every=0.05, first_backoff=0.02, longest_backoff=0.1)


@pytest.fixture
def asterisk() -> Iterator[ManagerSide]:
    with ManagerSide() as side:
        yield side


@pytest.fixture
def feed() -> Feed:
    return Feed()


@pytest.fixture
def link(asterisk: ManagerSide, feed: Feed) -> Iterator[AmiLink]:
    link = AmiLink(account(asterisk), feed.put, lambda: feed.ask_resync("connected"), QUICK)
    yield link
    link.stop()


def _take(feed: Feed) -> Packet | Resync | None:
    return feed.take(60)


def test_the_resync_comes_before_the_first_event(asterisk: ManagerSide, link: AmiLink, feed: Feed) -> None:
    link.start()
    assert _take(feed) == Resync("connected")
    asterisk.send(packet(Event="Hangup", Uniqueid="1.1"))
    assert _take(feed) == Packet("Hangup", {"Uniqueid": "1.1"})


def test_it_pings_and_stays(asterisk: ManagerSide, link: AmiLink) -> None:
    link.start()
    assert asterisk.wait_until(lambda: len(asterisk.asked("Ping")) >= 5)
    assert asterisk.logins == 1


def test_an_asterisk_that_does_not_answer_pings_is_left_and_found_again(
    asterisk: ManagerSide, feed: Feed
) -> None:
    asterisk.on("Ping", silence)
    link = AmiLink(account(asterisk), feed.put, lambda: None, replace(QUICK, answer=0.3))
    link.start()
    assert asterisk.wait_until(lambda: asterisk.logins >= 2)
    link.stop()


def test_a_restart_of_asterisk_is_followed_by_a_resync(
    asterisk: ManagerSide, link: AmiLink, feed: Feed
) -> None:
    link.start()
    assert _take(feed) == Resync("connected")
    asterisk.close()
    _until_lost(link)
    asterisk.open()
    assert _take(feed) == Resync("connected")
    asterisk.send(packet(Event="Hangup", Uniqueid="2.2"))
    assert _take(feed) == Packet("Hangup", {"Uniqueid": "2.2"})


def test_asterisk_may_come_later_than_we(asterisk: ManagerSide, link: AmiLink) -> None:
    asterisk.close()
    link.start()
    with pytest.raises(AmiLost):
        link.ask("Ping")
    asterisk.open()
    assert link.wait_connected(60)
    assert link.ask("Ping").name == "Success"


def test_stop_ends_it_while_there_is_nobody(asterisk: ManagerSide, feed: Feed) -> None:
    asterisk.close()
    link = AmiLink(account(asterisk), feed.put, lambda: None, QUICK)
    link.start()
    link.stop()
    asterisk.open()
    assert asterisk.logins == 0


def _until_lost(link: AmiLink) -> None:
    for _ in range(500):
        try:
            link.ask("Ping")
        except AmiLost:
            return
    raise AssertionError("the link never noticed")


def _hangups(*numbers: int) -> list[Packet]:
    return [Packet("Hangup", {"Uniqueid": str(number)}) for number in numbers]


def test_a_feed_is_first_in_first_out(feed: Feed) -> None:
    for event in _hangups(1, 2, 3):
        feed.put(event)
    assert [_take(feed) for _ in range(3)] == _hangups(1, 2, 3)
    assert feed.take(0) is None


def test_what_finds_no_room_is_counted_and_answered_by_a_resync() -> None:
    feed = Feed(capacity=2)
    for event in _hangups(1, 2, 3, 4):
        feed.put(event)
    assert feed.lost == 2
    assert _take(feed) == _hangups(1)[0]
    feed.put(_hangups(5)[0])
    assert _take(feed) == _hangups(2)[0]
    assert _take(feed) == Resync("overflow")
    feed.put(_hangups(6)[0])
    assert _take(feed) == _hangups(6)[0]
    assert feed.lost == 3
    assert feed.take(0) is None


def test_a_feed_wakes_its_consumer(feed: Feed) -> None:
    taken: list[Callable[[], object] | Packet | Resync | None] = []
    thread = threading.Thread(target=lambda: taken.append(feed.take(10)))
    thread.start()
    feed.put(_hangups(1)[0])
    thread.join(60)
    assert taken == _hangups(1)
