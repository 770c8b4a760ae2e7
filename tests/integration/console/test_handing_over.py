"""A call that was only an emergency: off the desk as handed over, followed until the service's own number."""

import pytest
from sqlalchemy import select

from hotline.calls.models import Call
from hotline.calls.ports import Meeting
from hotline.citizens.progress import Stage, progress_of
from hotline.conversations.models import HandOver, Party, PartyKind
from hotline.intake import web
from hotline.people.actors import citizen
from hotline.referrals import emergencies
from hotline.screening.answering import answer_directly
from hotline.tickets.lifecycle import GuardFailed, IllegalMove
from hotline.tickets.models import Ticket
from hotline.tickets.service import save_draft
from hotline.tickets.states import State, TicketType
from tests.factories import CITIZEN, City, complete_draft
from tests.integration.console.conftest import Browser
from tests.integration.console.test_desk import FILLED
from tests.integration.console.test_pages import number_of

HOW = "16:02 电话告知消防值班室"


def called(city: City, ticket_id: int, service: str, answered: bool) -> None:
    """The desk rang a service into the call."""
    now = city.context.now()
    with city.context.writing() as session:
        contact_id = session.get_one(Ticket, ticket_id).contact_id
        call = session.scalars(select(Call).where(Call.contact_id == contact_id)).one()
        party = Party(
            call_id=call.id,
            kind=PartyKind.EMERGENCY,
            meeting=Meeting.JOIN,
            channel_id=f"third-{ticket_id}",
            asked_at=now,
            answered_at=now if answered else None,
        )
        session.add(party)
        session.flush()
        told = {"service": service, "number_shown": True, "summary": "地点：幸福路", "at": now}
        session.add(HandOver(call_id=call.id, ticket_id=ticket_id, party_id=party.id, **told))
        session.get_one(Ticket, ticket_id).note("emergency_called", city.agent, now, service=service)


def ticket(city: City, ticket_id: int) -> Ticket:
    with city.context.reading() as session:
        return session.get_one(Ticket, ticket_id)


def test_the_draft_ends_by_the_page_with_all_that_was_written(browser: Browser, city: City) -> None:
    ticket_id, normal = city.drafted(), FILLED | {"confidentiality": "normal"}
    address = f"/desk/draft/{ticket_id}/handed-over"
    browser.sign_in(city.agent)
    refused = browser.post(address, **normal)
    assert (refused.status_code, "请选择 110、119、120 或 122" in refused.text) == (422, True)
    refused = browser.post(address, **normal, service="119")
    assert refused.status_code == 422
    assert 'id="handed_how-error"' in refused.text, "nothing says that 119 knows"
    done = browser.post(address, **normal, service="119", handed_how=HOW)
    found = ticket(city, ticket_id)
    assert (done.status_code, str(found.number) in done.text) == (200, True)
    assert (found.state, found.description, found.complainant_phone) == (
        State.TRANSFERRED,
        FILLED["description"],
        CITIZEN,
    )
    assert browser.post(address, **normal, service="119", handed_how=HOW).status_code == 409
    page = browser.get(f"/tickets/{found.number}")
    assert all(words in page for words in ("转紧急服务", "119", HOW))
    with city.context.reading() as session:
        told = progress_of(session, session.get_one(Ticket, ticket_id))
    assert (told.stage, told.steps[-1].event) == (Stage.TRANSFERRED, "hot_transfer")


def test_a_program_ends_it_where_the_service_has_answered(browser: Browser, city: City) -> None:
    ticket_id, unanswered = city.drafted(), city.drafted()
    called(city, ticket_id, "120", answered=True)
    called(city, unanswered, "120", answered=False)
    browser.sign_in(city.agent)
    page = browser.get(f"/desk/?draft={ticket_id}")
    assert '<input checked id="service-2" name="service" type="radio" value="120">' in page
    headers = {"X-CSRFToken": browser.token(), "Accept": "application/json"}

    def ended(draft_id: int, **fields: str) -> tuple[int, dict[str, str]]:
        answer = browser.client.post(f"/desk/draft/{draft_id}/handed-over", data=fields, headers=headers)
        return answer.status_code, answer.json

    assert ended(ticket_id, service="119")[0] == 422, "119 was never called"
    assert ended(unanswered, service="120")[0] == 422
    assert ended(ticket_id, service="120") == (200, {"number": number_of(city, ticket_id)})


def test_the_services_number_closes_it(browser: Browser, city: City) -> None:
    ticket_id = city.drafted()
    number = emergencies.hand_over(city.context.acting_as(city.agent), ticket_id, "110", HOW)
    browser.sign_in(city.screener)
    assert "110 · 等接警编号" in browser.get("/referrals")
    assert "已交紧急服务：110" in browser.get(f"/referrals?open={number}")
    browser.post(f"/tickets/{number}/emergency-receipt", receipt="接警 88")
    found = ticket(city, ticket_id)
    assert (found.state, found.outcome) == (State.CLOSED, "emergency_taken")
    assert "110 · " not in browser.get("/referrals")
    with city.context.reading() as session:
        assert progress_of(session, session.get_one(Ticket, ticket_id)).stage is Stage.TRANSFERRED
    with pytest.raises(IllegalMove):
        emergencies.take_back(city.context.acting_as(city.screener), ticket_id, "不归它管")


def test_what_is_none_of_theirs_is_screened(city: City) -> None:
    agent, screener = city.context.acting_as(city.agent), city.context.acting_as(city.screener)
    ticket_id = city.drafted()
    save_draft(agent, ticket_id, complete_draft())
    with pytest.raises(GuardFailed, match="name 110"):
        emergencies.hand_over(agent, ticket_id, "12345", HOW)
    emergencies.hand_over(agent, ticket_id, "122", HOW)
    with pytest.raises(GuardFailed, match="a reason"):
        emergencies.take_back(screener, ticket_id, " ")
    emergencies.take_back(screener, ticket_id, "没有人受伤，属停车管理")
    assert ticket(city, ticket_id).state is State.REGISTERED


def test_a_web_matter_keeps_its_number(city: City) -> None:
    agent = city.context.acting_as(city.agent)
    by_web = city.context.acting_as(citizen())
    matter = web.Matter("着火了", "救火", "幸福路 8 号", CITIZEN)
    numbers = [web.write(by_web, f"web-{n}", matter).number for n in (1, 2)]
    with city.context.reading() as session:
        both = select(Ticket.id).where(Ticket.number.in_(numbers)).order_by(Ticket.id)
        handed, answered = session.scalars(both)
    assert emergencies.hand_over(agent, handed, "119", HOW) == numbers[0]
    save_draft(agent, answered, complete_draft())
    with city.context.writing() as session:
        session.get_one(Ticket, answered).type = TicketType.CONSULTATION
    assert answer_directly(agent, answered, "打 119", "常识") == numbers[1]
