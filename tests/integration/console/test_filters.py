"""A list is narrowed by its address; the filter can be saved, counted, opened and deleted."""

import re
from html import unescape

from hotline.tickets.rows import get
from hotline.tickets.states import Urgency
from tests.factories import City
from tests.integration.console.conftest import Browser
from tests.integration.console.test_pages import number_of

NEW = "/lists/dispatch.queue/filters/new?urgency=urgent"


def test_a_list_is_narrowed_and_every_way_leads_back_to_it(browser: Browser, city: City) -> None:
    urgent, plain = number_of(city, city.accepted(urgency=Urgency.URGENT)), number_of(city, city.accepted())
    browser.sign_in(city.dispatcher)
    page = browser.get("/dispatch?urgency=urgent")
    assert (urgent in page, plain in page, "1 件" in page) == (True, False, True)
    (row,) = re.findall(r'<a class="number" href="([^"]+)"', page)
    opened = browser.get(unescape(row))
    assert (urgent in opened, plain in opened) == (True, False)
    assert 'name="back_filter" value="urgency=urgent"' in opened
    answer = browser.post(
        f"/tickets/{urgent}/dispatch",
        lead_id=city.water_id,
        back="dispatch.queue",
        back_filter="urgency=urgent&x=1",
    )
    assert answer.location == "/dispatch?urgency=urgent"
    assert "没有符合条件的工单" in browser.get(answer.location)
    assert browser.get("/dispatch?urgency=whatever&department=x&due=y").count("data-row ") == 1


def test_a_saved_filter_is_a_chip_with_its_count_for_its_user_alone(browser: Browser, city: City) -> None:
    city.accepted(urgency=Urgency.URGENT), city.accepted()
    browser.sign_in(city.dispatcher)
    assert "紧急程度</dt><dd>急件" in browser.get(NEW)
    refused = browser.post(NEW, name="13800001234")
    assert (refused.status_code, "个人信息" in refused.text, "13800001234" in refused.text) == (
        422,
        True,
        True,
    )
    assert browser.post(NEW, name="急件").location == "/dispatch?urgency=urgent"
    chip = r'<a href="/dispatch\?urgency=urgent"[^>]*>急件 <span class="number">1</span>'
    assert re.search(chip, browser.get("/dispatch"))
    page = browser.get("/dispatch?urgency=urgent")
    (delete,) = re.findall(r'action="(/lists/dispatch.queue/filters/\d+/delete)"', page)
    browser.post("/sign-out")
    browser.sign_in(city.screener)
    assert "急件 <span" not in browser.get("/screening")
    assert browser.post(delete).status_code == 404
    browser.post("/sign-out")
    browser.sign_in(city.dispatcher)
    assert browser.post(delete).location == "/dispatch"
    assert not re.search(chip, browser.get("/dispatch"))
    assert browser.client.get("/lists/people.home/filters/new").status_code == 404


def test_the_departments_and_the_callers_lists_are_narrowed_too(browser: Browser, city: City) -> None:
    ticket_id, _follow_up = city.owed()
    number = number_of(city, ticket_id)
    with city.context.writing() as session:
        get(session, ticket_id).district = "市北区"
    browser.sign_in(city.callback_agent)
    shown = [
        number in browser.get(f"/follow-ups?{asked}") for asked in ("", "due=overdue", "due=none", "q=没有水")
    ]
    assert shown == [True, False, False, True]
    browser.post("/sign-out")
    browser.sign_in(city.handler)
    signed = number_of(city, city.signed())
    assert [signed in browser.get(f"/unit?due={due}") for due in ("later", "overdue")] == [True, False]
