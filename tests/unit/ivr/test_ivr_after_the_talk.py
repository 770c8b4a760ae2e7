"""The script `satisfaction`, with the test as Asterisk: right keys, wrong keys, none, and a hang-up."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import pytest
from sqlalchemy import select, text

from hotline.calls.models import Call
from hotline.calls.service import open_call
from hotline.context import Context
from hotline.tickets.models import Ticket
from ivr.agi.satisfaction import SatisfactionScript
from ivr.agi.server import AgiServer, Limits
from tests.unit.agi.asterisk_side import AsteriskSide
from tests.waiting import until

LINKEDID = "1795294529.0"
QUESTION, LATER = "satisfaction", "WAIT FOR DIGIT"


@dataclass
class Caller:
    """Presses keys, one a question, while it is spoken or after it; hangs up at `gone_at` (a prompt)."""

    during: Sequence[str] = ()
    after: Sequence[str] = ()
    gone_at: str = ""
    heard: list[str] = field(default_factory=list)
    written: dict[str, str] = field(default_factory=dict)

    def is_asked(self, server: AgiServer) -> "Caller":
        during, after = iter(self.during), iter(self.after)
        with AsteriskSide(server.port) as asterisk:
            asterisk.header(script="satisfaction")
            while command := asterisk.hears():
                key = ""
                if command.startswith("STREAM FILE"):
                    self.heard.append(command.split()[2])
                    key = next(during, "") if self.heard[-1] == QUESTION else ""
                elif command.startswith(LATER):
                    key = next(after, "")
                if self.heard and self.heard[-1] == self.gone_at:
                    return self
                asterisk.say(self._answer(command, key))
        return self

    def _answer(self, command: str, key: str) -> str:
        if command.startswith("GET FULL VARIABLE"):
            return f"200 result=1 ({LINKEDID})\n"
        if command.startswith("SET VARIABLE"):
            _, name, _, value, _ = command.split('"')
            self.written[name] = value
        return f"200 result={ord(key) if key else 0} endpos=8000\n"


@pytest.fixture
def server(context: Context) -> Iterator[AgiServer]:
    open_call(context, LINKEDID, "13800138000", "12345")
    script = SatisfactionScript(context, wait_milliseconds=10)
    server = AgiServer(("127.0.0.1", 0), [script], Limits(stop_seconds=2))
    server.start()
    yield server
    server.stop()


def rating(context: Context) -> int | None:
    with context.reading() as session:
        return session.scalars(select(Call.rating)).one()


@pytest.mark.parametrize(
    ("caller", "pressed"),
    [
        (Caller(during="1"), 1),
        (Caller(after="5"), 5),
        (Caller(during="03"), 3),  # a wrong key, then asked again
        (Caller(after="*2"), 2),
    ],
)
def test_a_key_is_a_rating(server: AgiServer, context: Context, caller: Caller, pressed: int) -> None:
    caller.is_asked(server)
    until(lambda: rating(context) == pressed, what="the rating")
    assert caller.written == {"RATING": str(pressed), "SATISFACTION": "ASKED"}
    with context.reading() as session:
        [ticket] = session.scalars(select(Ticket))
        assert [line.changes for line in ticket.history if line.event == "call_rated"] == [
            {"rating": pressed}
        ]


@pytest.mark.parametrize(
    ("caller", "questions"),
    [(Caller(), 1), (Caller(during="99"), 2), (Caller(after="#0"), 2), (Caller(during="6", after=""), 2)],
)
def test_no_key_or_wrong_keys_are_no_rating(
    server: AgiServer, context: Context, caller: Caller, questions: int
) -> None:
    caller.is_asked(server)
    assert caller.written == {"SATISFACTION": "ASKED"}
    assert caller.heard.count(QUESTION) == questions
    assert rating(context) is None


def test_a_caller_who_hangs_up_in_the_question(server: AgiServer, context: Context) -> None:
    caller = Caller(gone_at=QUESTION).is_asked(server)
    until(lambda: server.calls == 0)
    assert (caller.written, rating(context)) == ({}, None)


def test_the_first_answer_counts(server: AgiServer, context: Context) -> None:
    Caller(during="2").is_asked(server)
    Caller(during="5").is_asked(server)
    assert rating(context) == 2


def test_with_the_database_away_the_dialplan_has_the_key(server: AgiServer, context: Context) -> None:
    with context.writing() as session:
        session.execute(text("ALTER TABLE call RENAME TO call_away"))
    caller = Caller(during="4").is_asked(server)
    assert caller.written == {"RATING": "4", "SATISFACTION": "ASKED"}
