"""An assisting department finds its part in its list and finishes it there."""

from hotline.dispatch.service import dispatch
from hotline.people.actors import Role
from tests.factories import City, user
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
