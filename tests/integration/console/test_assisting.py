"""An assisting department finds its part in its list and finishes it there."""

from hotline.dispatch.service import dispatch, sign
from hotline.people.actors import Role
from tests.factories import City, FixedClock, user
from tests.integration.console.conftest import Browser
from tests.integration.console.test_pages import number_of


def test_a_part_is_listed_written_and_gone(browser: Browser, city: City) -> None:
    ticket_id = city.accepted()
    dispatch(city.context.acting_as(city.dispatcher), ticket_id, city.water_id, [city.police_id])
    number = number_of(city, ticket_id)
    browser.sign_in(user(city.context, city.police_id, Role.HANDLER))
    page = browser.get(f"/unit?open={number}")
    assert "协办，待完成" in page
    assert "完成协办" in page
    refused = browser.post(f"/tickets/{number}/part", part="")
    assert (refused.status_code, "请写明协办情况" in refused.text) == (422, True)
    done = browser.post(f"/tickets/{number}/part", part="已疏导交通", back="replies.unit_queue")
    assert done.location == "/unit"
    assert "协办，待完成" not in browser.get("/unit")
    assert "协办单位完成协办" in browser.get(f"/tickets/{number}")


def test_an_overdue_part_is_closed_in_words(browser: Browser, city: City, clock: FixedClock) -> None:
    ticket_id = city.accepted()
    dispatch(city.context.acting_as(city.dispatcher), ticket_id, city.water_id, [city.police_id])
    sign(city.context.acting_as(city.handler), ticket_id)
    number = number_of(city, ticket_id)
    browser.sign_in(city.leader)
    assert "不再等待这个单位" not in browser.get(f"/tickets/{number}")
    clock.advance(days=8)
    page = browser.get(f"/tickets/{number}")
    part_id = page.split('name="part_id"', 1)[1].split('value="', 1)[1].split('"', 1)[0]
    refused = browser.post(f"/tickets/{number}/part/close", part_id=part_id, undone="")
    assert (refused.status_code, "请写明协办缺失情况" in refused.text) == (422, True)
    assert (
        browser.post(f"/tickets/{number}/part/close", part_id=part_id, undone="没有封路").status_code == 302
    )
    page = browser.get(f"/tickets/{number}")
    assert "主办单位不再等待" in page
    assert "没有封路" in page
    late = browser.post(f"/tickets/{number}/part/close", part_id=part_id, undone="再来一次")
    assert late.status_code == 422
