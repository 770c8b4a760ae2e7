"""The wall: the board's figures for everybody in the room, and nobody's number or name."""

import re

from hotline.calls import service as calls
from hotline.calls.models import SeatState
from hotline.calls.seats import seat_changed
from hotline.incidents.models import Incident
from hotline.tickets.models import Ticket
from hotline.tickets.states import Confidentiality
from tests.factories import CITIZEN, City, FixedClock
from tests.integration.console.conftest import Browser

WAITING = "13900005678"


def test_the_wall_tells_figures_and_nobodys_name(browser: Browser, city: City, clock: FixedClock) -> None:
    seat_changed(city.context, "1001", SeatState.PAUSED, "break")
    _call(city, "1.1", CITIZEN)
    clock.advance(minutes=16)
    _call(city, "1.2", WAITING)
    master = city.signed()
    _incident(city, master, "王某家水管爆裂")
    page = browser.sign_in(city.supervisor).get("/board/wall")
    assert _value(page, "waiting") == "3", "the citizen of the ticket is on the line, too"
    assert _value(page, "today") == "0%", "who waits for 16 minutes has not been answered in time"
    assert _value(page, "recent") == "–", "the one who came just now may yet be"
    assert "暂停过久 1" in page
    assert "小休" in page
    assert _value(page, "incidents") == "1"
    assert re.search(r'id="wall-incident-\d+">[^<]*水压不足[^<]*<', page)
    shown = page.split('id="wall"', 1)[1].split("</main>", 1)[0]
    for secret in (CITIZEN[-4:], WAITING[-4:], "王", city.agent.name, city.supervisor.name):
        assert secret not in shown
    assert "<button" not in shown
    assert "aria-live" not in shown
    assert 'role="' not in shown, "a screen reader would be told every second"


def test_overdue_tickets_are_counted_and_sealed_ones_never(
    browser: Browser, city: City, clock: FixedClock
) -> None:
    sealed, late = city.signed(), city.signed("13900001111")
    _incident(city, sealed, "密")
    with city.context.writing() as session:
        session.get_one(Ticket, sealed).confidentiality = Confidentiality.SEALED
    clock.advance(days=60)
    browser.sign_in(city.supervisor)
    page = browser.get("/board/wall/live")
    assert late
    assert (_value(page, "overdue"), _value(page, "incidents")) == ("1", "0")
    board = browser.get("/board/live")
    assert "超期工单 1" in board
    assert "进行中的突发事件 0" in board


def test_the_wall_is_for_those_who_see_the_board(browser: Browser, city: City) -> None:
    assert browser.sign_in(city.handler).client.get("/board/wall").status_code == 403


def _call(city: City, linkedid: str, number: str) -> None:
    calls.open_call(city.context, linkedid, number, "12345")
    calls.leg_started(city.context, linkedid, linkedid, f"PJSIP/trunk-{linkedid}")
    calls.call_queued(city.context, linkedid)


def _incident(city: City, master_id: int, title: str) -> None:
    with city.context.writing() as session:
        master = session.get_one(Ticket, master_id)
        session.add(
            Incident(
                title=title,
                category_code=master.category_code,
                demand="修复",
                master_id=master_id,
                opened_at=city.context.now(),
            )
        )


def _value(page: str, name: str) -> str:
    """The number in a tile of the wall."""
    found = re.search(rf'id="wall-{name}".*?class="value">(.*?)</span>\s', page, re.DOTALL)
    assert found
    return re.sub(r"<.*?>", "", found[1]).strip()
