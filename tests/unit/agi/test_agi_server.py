"""The FastAGI server against good, broken, rude and silent peers, over real sockets."""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress

import pytest
import structlog

from ivr.agi.script import (
    AgiCall,
    AgiError,
    CallerHungUp,
    CommandRefused,
    DeadChannel,
    PeerLost,
    ProtocolJunk,
)
from ivr.agi.server import AgiServer, Limits
from tests.ports import free_port
from tests.unit.agi.asterisk_side import AsteriskSide
from tests.waiting import until

QUICK = Limits(header_seconds=0.3, answer_seconds=0.3, line_bytes=512, calls_at_once=4, stop_seconds=0.3)
PATIENT = Limits(header_seconds=60)


class Talk:
    """A script whose conversation is a function of the test; remembers how it ended."""

    name = "talk"

    def __init__(self, conversation: Callable[[AgiCall], object]) -> None:
        self._conversation = conversation
        self.result: object = None
        self.error: BaseException | None = None
        self.ended = threading.Event()

    def execute(self, call: AgiCall) -> None:
        try:
            self.result = self._conversation(call)
        except Exception as error:
            self.error = error
            raise
        finally:
            self.ended.set()


@pytest.fixture
def serve() -> Iterator[Callable[..., AgiServer]]:
    servers: list[AgiServer] = []

    def start(script: Talk, limits: Limits = PATIENT) -> AgiServer:
        server = AgiServer(("127.0.0.1", free_port()), [script], limits)
        servers.append(server)
        server.start()
        return server

    yield start
    for server in servers:
        server.stop()


def _closed(asterisk: AsteriskSide) -> bool:
    try:
        return asterisk.hears() == ""
    except ConnectionResetError:
        return True


def test_a_script_reads_and_writes_variables(serve: Callable[..., AgiServer]) -> None:
    def conversation(call: AgiCall) -> str:
        call.write_variable("TICKET", "7")
        return call.read_variable("${CHANNEL(linkedid)}") + "/" + call.read_variable("ATTEMPT")

    talk = Talk(conversation)
    with AsteriskSide(serve(talk).port) as asterisk:
        asterisk.header()
        assert asterisk.answers() == 'SET VARIABLE "TICKET" "7"'
        assert asterisk.answers("200 result=1 (17.3)") == 'GET FULL VARIABLE "${CHANNEL(linkedid)}"'
        assert asterisk.answers("200 result=0") == 'GET FULL VARIABLE "${ATTEMPT}"'
        assert _closed(asterisk)
    assert talk.result == "17.3/"


@pytest.mark.parametrize(
    ("value", "sent"),
    [
        ('say "yes"', r'"say \"yes\""'),
        ("back\\slash", r'"back\\slash"'),
        ("two\r\nSET VARIABLE X 1", '"two SET VARIABLE X 1"'),
        ("民声", '"民声"'),
    ],
)
def test_no_value_can_become_a_command(serve: Callable[..., AgiServer], value: str, sent: str) -> None:
    talk = Talk(lambda call: call.write_variable("NAME", value))
    with AsteriskSide(serve(talk).port) as asterisk:
        asterisk.header()
        assert asterisk.answers() == f'SET VARIABLE "NAME" {sent}'
        assert _closed(asterisk)


def test_prompts_keys_and_digits(serve: Callable[..., AgiServer]) -> None:
    def conversation(call: AgiCall) -> tuple[str, str, str, str]:
        return (
            call.play("hotline/thanks"),
            call.play("hotline/question", interrupted_by="12"),
            call.wait_for_digit(3000),
            call.wait_for_digit(10),
        )

    talk = Talk(conversation)
    with AsteriskSide(serve(talk).port) as asterisk:
        asterisk.header()
        assert asterisk.answers("200 result=0 endpos=8000") == 'STREAM FILE hotline/thanks "" 0'
        assert asterisk.answers("200 result=50 endpos=80") == 'STREAM FILE hotline/question "12" 0'
        assert asterisk.answers("200 result=0") == 'EXEC Playtones "0/1000"'
        assert asterisk.answers("200 result=49") == "WAIT FOR DIGIT 3000"
        assert asterisk.answers("200 result=0") == 'EXEC Playtones "0/1000"'
        assert asterisk.answers("200 result=0") == "WAIT FOR DIGIT 10"
        assert _closed(asterisk)
    assert talk.result == ("", "2", "1", "")


@pytest.mark.parametrize("prompt", ["a b", "a\nHANGUP", "../etc/passwd", '"', ""])
def test_only_names_of_prompts_are_played(serve: Callable[..., AgiServer], prompt: str) -> None:
    talk = Talk(lambda call: call.play(prompt))
    with AsteriskSide(serve(talk).port) as asterisk:
        asterisk.header()
        assert _closed(asterisk)
    assert isinstance(talk.error, ValueError)


def test_arguments_come_in_order(serve: Callable[..., AgiServer]) -> None:
    talk = Talk(lambda call: call.arguments)
    with AsteriskSide(serve(talk).port) as asterisk:
        asterisk.header(agi_arg_1="zh", agi_arg_2="")
        assert _closed(asterisk)
    assert talk.result == ("zh", "")


def test_a_caller_cannot_replace_what_asterisk_said_first(serve: Callable[..., AgiServer]) -> None:
    talk = Talk(lambda call: "reached")
    with AsteriskSide(serve(talk).port) as asterisk:
        asterisk.header(agi_callerid="138\nagi_network_script: other\nagi_arg_1: forged")
        assert _closed(asterisk)
    assert talk.result == "reached"


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        ("HANGUP", CallerHungUp),
        ("200 result=-1", CallerHungUp),
        ("200 result=-1 (hangup)", CallerHungUp),
        ("511 Command Not Permitted on a dead channel or intercept routine", DeadChannel),
        ("510 Invalid or unknown command", CommandRefused),
        ("520-Invalid command syntax.  Proper usage follows:", CommandRefused),
        ("hello?", ProtocolJunk),
        ("", ProtocolJunk),
        ("2000", ProtocolJunk),
        ("300 what", ProtocolJunk),
        ("x" * 9000, ProtocolJunk),
    ],
)
def test_answers_become_typed_errors(
    serve: Callable[..., AgiServer], answer: str, error: type[AgiError]
) -> None:
    talk = Talk(lambda call: call.write_variable("A", "1"))
    with AsteriskSide(serve(talk).port) as asterisk:
        asterisk.header()
        asterisk.answers(answer)
        assert talk.ended.wait(60)
    assert type(talk.error) is error


def test_hanging_up_in_the_middle_ends_the_script(serve: Callable[..., AgiServer]) -> None:
    talk = Talk(lambda call: call.wait_for_digit(60_000))
    with AsteriskSide(serve(talk).port) as asterisk:
        asterisk.header()
        asterisk.hears()
        asterisk.hang_up()
        assert talk.ended.wait(60)
    assert isinstance(talk.error, PeerLost)


def test_half_an_answer_is_no_answer(serve: Callable[..., AgiServer]) -> None:
    talk = Talk(lambda call: call.read_variable("A"))
    with AsteriskSide(serve(talk).port) as asterisk:
        asterisk.header()
        asterisk.hears()
        asterisk.say("200 resu")
        asterisk.say("lt=1 (whole)\n")
        assert talk.ended.wait(60)
    assert talk.result == "whole"


@pytest.mark.parametrize(
    "opening",
    [
        "",
        "agi_network: yes\n",
        "GET / HTTP/1.1\r\nHost: hotline\r\n\r\n",
        "agi_network",
        "\x00\xff" * 200 + "\n",
        "agi_callerid: " + "1" * 100_000,
        "".join(f"agi_x{n}: 1\n" for n in range(500)),
        "\n",
    ],
    ids=["silence", "half-header", "http", "half-line", "binary", "huge-line", "endless-header", "empty"],
)
def test_rude_peers_are_dropped_and_others_still_served(
    serve: Callable[..., AgiServer], opening: str
) -> None:
    talk = Talk(lambda call: call.write_variable("A", "1"))
    server = serve(talk, QUICK)
    with AsteriskSide(server.port) as rude:
        rude.say(opening)
        assert _closed(rude)
    assert not talk.ended.is_set()
    server.limits = PATIENT
    with AsteriskSide(server.port) as asterisk:
        asterisk.header()
        asterisk.answers()
        assert _closed(asterisk)
    assert talk.ended.is_set()


def test_a_peer_that_drips_bytes_runs_out_of_time(serve: Callable[..., AgiServer]) -> None:
    talk, dripped = Talk(lambda call: None), 0
    with AsteriskSide(serve(talk, Limits(header_seconds=2)).port) as asterisk, suppress(ConnectionError):
        asterisk.say("agi_callerid: ")
        while not asterisk.closed_within(0.05):
            dripped += 1
            asterisk.say("1")
    assert 0 < dripped < 100
    assert not talk.ended.is_set()


def test_a_silent_asterisk_ends_the_script(serve: Callable[..., AgiServer]) -> None:
    talk = Talk(lambda call: call.read_variable("A"))
    with AsteriskSide(serve(talk, Limits(header_seconds=60, answer_seconds=0.3)).port) as asterisk:
        asterisk.header()
        asterisk.hears()
        assert talk.ended.wait(60)
    assert isinstance(talk.error, PeerLost)


def test_an_unknown_script_is_refused(serve: Callable[..., AgiServer]) -> None:
    talk = Talk(lambda call: None)
    with AsteriskSide(serve(talk).port) as asterisk:
        asterisk.header(script="no-such")
        assert _closed(asterisk)
    assert not talk.ended.is_set()


def test_calls_beyond_the_limit_are_closed_at_once(serve: Callable[..., AgiServer]) -> None:
    talk = Talk(lambda call: call.wait_for_digit(1))
    server = serve(talk, Limits(header_seconds=60, calls_at_once=1))
    with AsteriskSide(server.port) as first:
        first.header()
        first.answers()
        with AsteriskSide(server.port) as second:
            assert _closed(second)
        assert first.answers("200 result=49") == "WAIT FOR DIGIT 1"
        assert _closed(first)
    assert talk.result == "1"


def test_a_failing_script_is_logged_by_class_only(serve: Callable[..., AgiServer]) -> None:
    def conversation(call: AgiCall) -> None:
        raise RuntimeError(f"no room for {call.read_variable('NUMBER')}")

    with structlog.testing.capture_logs() as logs, AsteriskSide(serve(Talk(conversation)).port) as asterisk:
        asterisk.header()
        asterisk.answers("200 result=1 (13912345678)")
        assert _closed(asterisk)
    assert [(line["event"], line["error"]) for line in logs] == [("agi.script_failed", "RuntimeError")]
    assert "13912345678" not in repr(logs)


def test_nothing_of_the_call_is_printed(
    serve: Callable[..., AgiServer], capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    talk = Talk(lambda call: call.read_variable("${CALLERID(num)}"))
    with AsteriskSide(serve(talk).port) as asterisk:
        asterisk.header(agi_callerid="13912345678")
        asterisk.answers("200 result=1 (13912345678)")
        assert _closed(asterisk)
    printed = capfd.readouterr()
    assert talk.result == "13912345678"
    assert "13912345678" not in printed.out + printed.err + caplog.text


def test_stop_waits_for_the_running_call_and_then_cuts_it(serve: Callable[..., AgiServer]) -> None:
    talk = Talk(lambda call: call.wait_for_digit(60_000))
    server = serve(talk, Limits(header_seconds=60, stop_seconds=0.2))
    with AsteriskSide(server.port) as asterisk:
        asterisk.header()
        asterisk.hears()
        server.stop()
        assert talk.ended.wait(60)
        until(lambda: server.calls == 0, what="the connection to be let go of")
    assert isinstance(talk.error, PeerLost)
    with pytest.raises(ConnectionRefusedError):
        AsteriskSide(server.port)


def test_a_taken_port_is_refused(serve: Callable[..., AgiServer]) -> None:
    server = serve(Talk(lambda call: None))
    with pytest.raises(OSError, match="in use"):
        AgiServer(("127.0.0.1", server.port), [])
