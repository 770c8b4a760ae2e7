"""The `ivr` process logs in while people call: it takes up the hotline's calls, and nobody else's."""

from collections.abc import Iterator

import pytest
from sqlalchemy import select

from hotline.calls.models import Call, CallState
from hotline.clock import SystemClock
from hotline.context import Context
from hotline.database import Database
from hotline.tickets.models import Ticket
from ivr.network import listen
from tests.factories import City
from tests.telephony.ivr_process import running
from tests.telephony.switchboard import Switchboard
from tests.waiting import until

MERGED, ELSES = "12320", "5550000"
CITIZENS = ["13800006601", "13800006602", "13800006603"]
_LINES = {
    f"{MERGED},1,Set(KNOWN=yes)": "as numbers.conf says of a merged line",
    f"{MERGED},2,Goto(hotline-call,{MERGED},1)": "",
    f"{ELSES},1,Answer()": "a number that somebody's own dialplan answers",
    f"{ELSES},2,Wait(60)": "",
}


@pytest.fixture
def lines(switchboard: Switchboard) -> Iterator[None]:
    """Two more numbers in the dialplan."""
    for line in _LINES:
        assert "added" in switchboard.pbx.control(f"dialplan add extension {line} into from-trunk")
    yield
    for number in (MERGED, ELSES):
        switchboard.pbx.control(f"dialplan remove extension {number}@from-trunk")


@pytest.fixture
def context(sqlite_database: Database, switchboard: Switchboard) -> Context:
    found = Context(sqlite_database, SystemClock(), switchboard.settings)
    City.founded(found)
    return found


@pytest.mark.usefixtures("lines")
def test_calls_of_the_hotline_are_taken_up_at_the_first_login_and_no_others(
    switchboard: Switchboard, context: Context
) -> None:
    network = switchboard.network
    elses = network.dial(ELSES, CITIZENS[0], listen())
    ours = [
        network.dial(number, citizen, listen())
        for number, citizen in zip((MERGED, "12345"), CITIZENS[1:], strict=True)
    ]
    for call in (elses, *ours):
        until(call.answered.is_set, 20, "the answer")
    until(lambda: "Queue!" in switchboard.pbx.control("core show channels concise"), 20, "the queue")
    with running(context, switchboard):
        until(lambda: len(_waiting(context)) == len(ours), 20, "the calls to be taken up")
        assert _waiting(context) == {CITIZENS[1]: MERGED, CITIZENS[2]: "12345"}
        assert "Wait!60" in switchboard.pbx.control("core show channels concise")
        switchboard.pbx.control("channel request hangup all")
        for call in (elses, *ours):
            call.wait_ended(10)
        until(lambda: not _waiting(context), 20, "the end of the calls")
    with context.reading() as session:  # calls of earlier tests may have become tickets as well
        callers = [ticket.contact.number for ticket in session.scalars(select(Ticket))]
        assert sorted(number for number in callers if number in CITIZENS) == CITIZENS[1:]


def _waiting(context: Context) -> dict[str, str]:
    """What was dialled, by the caller's number, in every call that is going on."""
    with context.reading() as session:
        calls = session.scalars(select(Call).where(Call.state != CallState.ENDED))
        return {call.contact.number or "": call.dialled for call in calls}
