"""Open incidents at the desk: the banner beside the draft, and the one press."""

from hotline.incidents import service
from hotline.people.actors import Role
from hotline.tickets.models import Ticket
from hotline.tickets.service import Draft, save_draft
from hotline.tickets.states import Confidentiality, State, TicketType
from tests.factories import City, user
from tests.integration.console.conftest import Browser
from tests.integration.console.test_incidents import opened
from tests.integration.console.test_reminding import call_at_the_seat
from tests.integration.families import put
from tests.integration.test_core_incidents import BURST
from tests.spoken import transcribed

OTHER = "13900000001"


def ticket_of(city: City, ticket_id: int) -> Ticket:
    with city.context.reading() as session:
        ticket = session.get_one(Ticket, ticket_id)
        _ = ticket.questions
        return ticket


def test_the_banner_stands_beside_the_draft_that_it_fits(browser: Browser, city: City) -> None:
    draft_id = call_at_the_seat(city, OTHER)
    browser.sign_in(city.agent)
    place = f"/desk/draft/{draft_id}/incidents"
    assert f'hx-get="{place}"' in browser.get(f"/desk/?draft={draft_id}")
    assert "幸福路水管爆裂" not in browser.get(place)
    incident_id = opened(city)
    page = browser.get(place)
    assert "其他进行中的突发事件" in page
    assert "incident-fit" not in page
    save_draft(
        city.context.acting_as(city.agent),
        draft_id,
        Draft(description="家里没水，听说是幸福路水管爆裂"),
    )
    page = browser.get(place)
    assert "incident-fit" in page
    for words in (BURST.title, BURST.known, BURST.told_zh, "1 位市民", "内容相近"):
        assert words in page
    assert f'hx-post="{place}/{incident_id}"' in page


def test_what_the_caller_says_is_enough(browser: Browser, city: City) -> None:
    opened(city)
    draft_id = call_at_the_seat(city, OTHER)
    transcribed(city.context, draft_id, ["您好我们这里没有水", "听说幸福路那边水管爆裂了"])
    page = browser.sign_in(city.agent).get(f"/desk/draft/{draft_id}/incidents")
    assert "incident-fit" in page
    assert "内容相近" in page


def test_one_press_registers_and_merges_an_empty_draft(browser: Browser, city: City) -> None:
    master_id = city.signed()
    incident_id, draft_id = opened(city, master_id), call_at_the_seat(city, OTHER)
    browser.sign_in(city.agent)
    answer = browser.post(f"/desk/draft/{draft_id}/incidents/{incident_id}", address="幸福路 10 号")
    ticket = ticket_of(city, draft_id)
    assert (answer.status_code, ticket.number is not None) == (200, True), answer.text
    assert (ticket.number or "") in answer.text
    assert "已并单：随主工单办理" in answer.text
    assert (ticket.state, ticket.master_id) == (State.MERGED, master_id)
    assert (ticket.address, ticket.category_code, ticket.description) == (
        "幸福路 10 号",
        "water.pressure",
        BURST.title,
    )
    assert [one.text for one in ticket.questions] == [BURST.demand]
    assert "2 位市民" in browser.get(f"/desk/draft/{call_again(city)}/incidents")


def call_again(city: City) -> int:
    return city.drafted("13900000003")


def test_what_the_agent_wrote_stays(browser: Browser, city: City) -> None:
    incident_id, draft_id = opened(city), call_at_the_seat(city, OTHER)
    browser.sign_in(city.agent)
    wrote = {"type": "help", "description": "婴儿要用水", "demands": "先送水"}
    browser.post(f"/desk/draft/{draft_id}/incidents/{incident_id}", **wrote)
    ticket = ticket_of(city, draft_id)
    assert (ticket.type, ticket.description, ticket.questions[0].text) == (
        TicketType.HELP,
        "婴儿要用水",
        "先送水",
    )


def test_a_registered_ticket_still_can_be_put_under_it(browser: Browser, city: City) -> None:
    incident_id, ticket_id = opened(city), city.registered(OTHER)
    browser.sign_in(city.agent)
    page = browser.get(f"/desk/draft/{ticket_id}/incidents")
    place = f"/desk/registered/{ticket_id}/incidents/{incident_id}"
    assert f'hx-post="{place}"' in page
    answer = browser.post(place)
    assert (answer.status_code, "已并单" in answer.text) == (200, True)
    assert ticket_of(city, ticket_id).state is State.MERGED
    assert browser.client.get(f"/desk/draft/{ticket_id}/incidents").status_code == 204
    assert browser.post(place).status_code == 404


def test_what_cannot_be_merged_is_registered_all_the_same(browser: Browser, city: City) -> None:
    master_id = city.accepted()
    incident_id, draft_id = opened(city, master_id), call_at_the_seat(city, OTHER)
    put(city, master_id, state=State.CLOSED)
    browser.sign_in(city.agent)
    assert "主工单已不在办理：照常登记" in browser.get(f"/desk/draft/{draft_id}/incidents")
    answer = browser.post(f"/desk/draft/{draft_id}/incidents/{incident_id}")
    assert (answer.status_code, "已登记，但没有并入突发事件" in answer.text) == (409, True)
    assert ticket_of(city, draft_id).state is State.REGISTERED


def test_an_incident_that_is_over_registers_nothing(browser: Browser, city: City) -> None:
    incident_id, draft_id = opened(city), call_at_the_seat(city, OTHER)
    service.close(city.context.acting_as(city.supervisor), incident_id, "修好了")
    browser.sign_in(city.agent)
    assert "幸福路水管爆裂" not in browser.get(f"/desk/draft/{draft_id}/incidents")
    for number in (incident_id, 77):
        answer = browser.post(f"/desk/draft/{draft_id}/incidents/{number}", description="停水")
        assert (answer.status_code, "已经结束" in answer.text, "停水" in answer.text) == (409, True, True)
    assert ticket_of(city, draft_id).state is State.DRAFT


def test_sealed_matters_and_other_peoples_tickets_are_offered_nothing(browser: Browser, city: City) -> None:
    incident_id = opened(city)
    sealed, theirs = city.drafted(OTHER), city.registered(OTHER)
    put(city, sealed, confidentiality=Confidentiality.SEALED)
    browser.sign_in(city.agent)
    assert browser.client.get(f"/desk/draft/{sealed}/incidents").status_code == 204
    browser.post("/sign-out")
    browser.sign_in(user(city.context, city.hotline_id, Role.AGENT))
    assert browser.client.get(f"/desk/draft/{theirs}/incidents").status_code == 204
    assert browser.post(f"/desk/registered/{theirs}/incidents/{incident_id}").status_code == 404
    assert ticket_of(city, theirs).state is State.REGISTERED
    browser.post("/sign-out")
    browser.sign_in(city.screener)
    assert browser.client.get(f"/desk/draft/{theirs}/incidents").status_code == 403
