"""Whether a leg whose telephone's registration went is dead: the audio tells."""

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest

from ivr.ami.client import AmiLost, AmiRefused, Headers, Packet
from ivr.leg_watch import BROKEN_CAUSE, UNHEARD_CAUSE, LegWatch
from tests.waiting import until

DESK, BROWSER = "PJSIP/desk-1001-00000001", "PJSIP/agent-1002-00000002"
CALLER = "PJSIP/trunk-00000003"


@dataclass
class Asterisk:
    """Legs that are up, and for each the packets counted at every look; the last one stays."""

    packets: Mapping[str, list[int] | list[str]]
    away: bool = False
    ended: list[tuple[str, str]] = field(default_factory=list)
    looks: int = 0

    def ask(self, action: str, headers: Headers | None = None, variables: Headers | None = None) -> Packet:
        given = dict(headers or {})
        if given["Channel"] not in self.packets:
            raise AmiRefused(action, "No such channel")
        if action == "Hangup":
            self.ended.append((given["Channel"], given["Cause"]))
            return Packet("Success", {})
        assert action == "Getvar"
        counts = self.packets[given["Channel"]]
        self.looks += 1
        return Packet("Success", {"Value": str(counts.pop(0) if len(counts) > 1 else counts[0])})

    def ask_list(self, action: str, headers: Headers | None = None) -> list[Packet]:
        away = self.away  # settled before the look is seen: the test then lets it come back
        self.looks += 1
        if away:
            raise AmiLost("gone")
        return [Packet("CoreShowChannel", {"Channel": name, "ChannelState": "6"}) for name in self.packets]


@contextmanager
def watching(asterisk: Asterisk, *doubtful: str, answered: Sequence[str] = ()) -> Iterator[None]:
    watch, stop = LegWatch(asterisk, look_seconds=0.01, heard_within_seconds=0.05), threading.Event()
    thread = threading.Thread(target=watch.run, args=(stop,))
    thread.start()
    for endpoint in doubtful:
        watch.doubt(endpoint)
    for channel in answered:
        watch.answered(channel)
    try:
        yield
    finally:
        stop.set()
        thread.join(60)
        assert not thread.is_alive()


def test_a_leg_that_is_silent_between_two_looks_is_ended_as_broken() -> None:
    asterisk = Asterisk({DESK: [500, 500], CALLER: [7, 7]})
    with watching(asterisk, "desk-1001"):
        until(lambda: asterisk.ended)
    assert asterisk.ended == [(DESK, BROKEN_CAUSE)]


def test_audio_that_stops_a_moment_later_is_found_too() -> None:
    asterisk = Asterisk({DESK: [500, 510, 510]})
    with watching(asterisk, "desk-1001"):
        until(lambda: asterisk.ended)


def test_audio_that_goes_on_proves_the_leg_alive() -> None:
    asterisk = Asterisk({DESK: list(range(50))})
    with watching(asterisk, "desk-1001"):
        until(lambda: asterisk.looks == 5)  # the list of channels, then one look, and three more
    assert asterisk.ended == []


@pytest.mark.parametrize("endpoint", ["agent-1001", "desk-100", "desk-10011", "agent-1003"])
def test_legs_of_other_telephones_are_left_alone(endpoint: str) -> None:
    asterisk = Asterisk({DESK: [5], BROWSER: [5]})
    with watching(asterisk, endpoint):
        until(lambda: asterisk.looks == 1)
    assert asterisk.ended == []


def test_several_at_once() -> None:
    asterisk = Asterisk({DESK: [5], BROWSER: [5]})
    with watching(asterisk, "desk-1001", "agent-1002"):
        until(lambda: len(asterisk.ended) == 2)


def test_asterisk_away_is_survived() -> None:
    asterisk = Asterisk({DESK: [5]}, away=True)
    with watching(asterisk, "desk-1001"):
        until(lambda: asterisk.looks)
        asterisk.away = False
    assert asterisk.ended == []


def test_a_leg_that_is_never_heard_is_ended_as_such() -> None:
    asterisk = Asterisk({BROWSER: [0], CALLER: [0]})
    with watching(asterisk, answered=[BROWSER]):
        until(lambda: asterisk.ended)
    assert asterisk.ended == [(BROWSER, UNHEARD_CAUSE)]


def test_a_leg_that_was_heard_once_is_left_to_the_exchange() -> None:
    asterisk = Asterisk({BROWSER: [1]})
    with watching(asterisk, answered=[BROWSER]):
        until(lambda: asterisk.looks)
    assert asterisk.ended == []


def test_who_has_hung_up_before_being_heard_is_no_trouble() -> None:
    asterisk = Asterisk({DESK: [0]})
    with watching(asterisk, answered=(BROWSER, DESK)):
        until(lambda: asterisk.ended)
    assert asterisk.ended == [(DESK, UNHEARD_CAUSE)]


def test_a_leg_of_which_asterisk_does_not_say_is_left_alone() -> None:
    asterisk = Asterisk({BROWSER: [""], DESK: [0]})
    with watching(asterisk, answered=[BROWSER, DESK]):
        until(lambda: asterisk.ended)
    assert asterisk.ended == [(DESK, UNHEARD_CAUSE)]
