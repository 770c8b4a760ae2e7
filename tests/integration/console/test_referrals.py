"""Petitions and media oversight: referred, taken under a number, reported on, sent back, late."""

from dataclasses import dataclass

import pytest

from hotline.citizens.progress import Stage, progress_of
from hotline.people.actors import Actor, Role
from hotline.referrals import queries, service
from hotline.screening import refusing
from hotline.screening.rules import RefusalCode
from hotline.tickets.lifecycle import GuardFailed, IllegalMove, MoveNotPermitted
from hotline.tickets.models import Ticket
from hotline.tickets.states import Confidentiality, ScreeningClass, State
from tests.factories import CITIZEN, City, FixedClock, department, local, user
from tests.integration.console.conftest import Browser
from tests.integration.console.test_pages import _is_sound, number_of

WHY = "反映的是历史遗留的信访事项。"
RECEIPT = "信收〔2020〕12"


@dataclass(frozen=True)
class Offices:
    """A petition office and two newspapers, each with somebody."""

    petitions_id: int
    daily_id: int
    petitioner: Actor
    editor: Actor
    stranger: Actor


@pytest.fixture
def offices(city: City) -> Offices:
    petitions, daily, weekly = (
        department(city.context, code, name)
        for code, name in (("petitions", "信访局"), ("daily", "日报社"), ("weekly", "周报社"))
    )
    return Offices(
        petitions,
        daily,
        petitioner=user(city.context, petitions, Role.PETITION_OFFICE),
        editor=user(city.context, daily, Role.MEDIA_SCREENER),
        stranger=user(city.context, weekly, Role.MEDIA_SCREENER),
    )


def referred(city: City, offices: Offices, to: ScreeningClass = ScreeningClass.PETITION) -> int:
    ticket_id = city.registered()
    body = offices.petitions_id if to is ScreeningClass.PETITION else offices.daily_id
    service.refer(city.context.acting_as(city.screener), ticket_id, to, body, WHY)
    return ticket_id


def ticket(city: City, ticket_id: int) -> Ticket:
    with city.context.reading() as session:
        return session.get_one(Ticket, ticket_id)


def test_a_petition_goes_to_its_office_and_ends_with_the_receipt(
    browser: Browser, city: City, offices: Offices
) -> None:
    """Referred on Thursday 30 April 2020: three working days end on Friday 8 May at 24:00."""
    ticket_id = city.registered()
    number = number_of(city, ticket_id)
    browser.sign_in(city.screener)
    page = browser.get(f"/screening?open={number}")
    assert all(choice in page for choice in ("信访：信访局", "舆论监督：日报社", "舆论监督：周报社"))
    chosen = f"petition:{offices.petitions_id}"
    refused = browser.post(f"/tickets/{number}/refer", refer_to=chosen, refer_why="")
    assert (refused.status_code, "请写明理由" in refused.text) == (422, True)
    assert f'<option selected value="{chosen}">' in refused.text
    answer = browser.post(f"/tickets/{number}/refer", refer_to=chosen, refer_why=WHY, back="screening.queue")
    assert (answer.status_code, answer.location) == (302, "/screening")
    found = ticket(city, ticket_id)
    assert (found.state, found.screening_class, found.due_at) == (
        State.TRANSFERRED,
        ScreeningClass.PETITION,
        local("2020-05-09 00:00"),
    )
    assert number in browser.get("/referrals"), "the hotline follows it"
    browser.post("/sign-out")

    browser.sign_in(offices.petitioner)
    assert browser.client.get("/").location == "/referrals", "their home"
    page = browser.get(f"/referrals?open={number}")
    _is_sound(page, "zh")
    assert all(words in page for words in (WHY, CITIZEN, "接收转交件", "05-08 24:00"))
    answer = browser.post(f"/tickets/{number}/referral-receipt", receipt=RECEIPT, back="referrals.queue")
    assert (answer.status_code, answer.location) == (302, "/referrals")
    found = ticket(city, ticket_id)
    assert (found.state, found.outcome, found.due_at) == (State.CLOSED, "petition_taken", None)
    assert number not in browser.get("/referrals").split('id="rows"')[1]
    assert number in browser.get("/referrals/ended")
    assert "信访部门已接收" in browser.get(f"/tickets/{number}"), "they keep reading it"


def test_the_media_are_followed_until_their_result(browser: Browser, city: City, offices: Offices) -> None:
    ticket_id = referred(city, offices, ScreeningClass.MEDIA)
    number = number_of(city, ticket_id)
    browser.sign_in(offices.editor)
    page = browser.get(f"/referrals?open={number}")
    assert (CITIZEN in page, "王小明" in page, WHY in page) == (False, False, True)
    browser.post(f"/tickets/{number}/referral-receipt", receipt="报监 7")
    found = ticket(city, ticket_id)
    assert (found.state, found.due_at) == (State.TRANSFERRED, None)
    page = browser.get(f"/tickets/{number}")
    assert all(words in page for words in ("已接收，等结果", "报监 7", "反馈监督结果"))
    browser.post(f"/tickets/{number}/referral-result", result="已刊发，单位书面整改。")
    found = ticket(city, ticket_id)
    assert (found.state, found.outcome) == (State.CLOSED, "media_result")
    with city.context.reading() as session:
        told = progress_of(session, session.get_one(Ticket, ticket_id))
    assert (told.stage, told.receipt, told.reply) == (Stage.CLOSED, "报监 7", "已刊发，单位书面整改。")


def test_another_office_neither_sees_nor_takes_it(browser: Browser, city: City, offices: Offices) -> None:
    number = number_of(city, referred(city, offices, ScreeningClass.MEDIA))
    for outsider in (offices.stranger, offices.petitioner):
        browser.sign_in(outsider)
        assert number not in browser.get("/referrals")
        assert browser.client.get(f"/tickets/{number}").status_code == 403
        assert browser.post(f"/tickets/{number}/referral-receipt", receipt="x").status_code == 403
        browser.post("/sign-out")


def test_what_is_sent_back_is_screened_again_and_shut(browser: Browser, city: City, offices: Offices) -> None:
    ticket_id = referred(city, offices)
    number = number_of(city, ticket_id)
    browser.sign_in(offices.petitioner)
    back = browser.post(f"/tickets/{number}/referral-back", back_why="属于供水服务", back="referrals.queue")
    assert (back.status_code, back.location) == (302, "/referrals")
    assert browser.client.get(f"/tickets/{number}").status_code == 403
    browser.post("/sign-out")
    found = ticket(city, ticket_id)
    assert (found.state, found.screening_class, found.due_at) == (State.REGISTERED, None, None)
    browser.sign_in(city.screener)
    assert "属于供水服务" in browser.get(f"/screening?open={number}")


def test_the_citizen_reads_where_it_is_and_its_number_there(city: City, offices: Offices) -> None:
    ticket_id = referred(city, offices)
    with city.context.reading() as session:
        told = progress_of(session, session.get_one(Ticket, ticket_id))
    assert told.body is not None
    assert (told.stage, told.body.name_zh, told.receipt) == (Stage.TRANSFERRED, "信访局", "")
    steps = [(step.event, step.department.name_zh if step.department else "") for step in told.steps]
    assert steps[-1] == ("refer_out", "信访局")
    service.take(city.context.acting_as(city.screener), ticket_id, RECEIPT)
    with city.context.writing() as session:
        found = session.get_one(Ticket, ticket_id)
        told = progress_of(session, found)
        assert (told.stage, told.receipt, WHY in str(told)) == (Stage.TRANSFERRED, RECEIPT, False)
        found.confidentiality = Confidentiality.HIDDEN
        told = progress_of(session, found)
    assert (told.body, told.receipt) == (None, "")


def test_a_missing_receipt_is_told_once(city: City, offices: Offices, clock: FixedClock) -> None:
    ticket_id, other = referred(city, offices), referred(city, offices)
    service.take(city.context.acting_as(offices.petitioner), other, RECEIPT)
    clock.set(local("2020-05-08 23:59"))
    assert service.tell_overdue(city.context) == 0
    clock.set(local("2020-05-09 00:00"))
    assert [service.tell_overdue(city.context) for _ in range(2)] == [1, 0]
    with city.context.reading() as session:
        lines = session.get_one(Ticket, ticket_id).history
        assert [line.event for line in lines].count("receipt_overdue") == 1
    service.take(city.context.acting_as(offices.petitioner), ticket_id, RECEIPT)


def test_who_may_not_and_what_is_missing(city: City, offices: Offices) -> None:
    ticket_id, context = city.registered(), city.context
    petition, media = ScreeningClass.PETITION, ScreeningClass.MEDIA
    screening, agent = context.acting_as(city.screener), context.acting_as(city.agent)
    with pytest.raises(MoveNotPermitted):
        service.refer(agent, ticket_id, petition, offices.petitions_id, WHY)
    with pytest.raises(GuardFailed, match="own channel"):
        service.refer(context.acting_as(offices.editor), ticket_id, media, offices.daily_id, WHY)
    with pytest.raises(GuardFailed, match="name the office"):
        service.refer(screening, ticket_id, petition, offices.daily_id, WHY)
    with pytest.raises(GuardFailed, match="reason"):
        service.refer(screening, ticket_id, petition, offices.petitions_id, " ")
    with pytest.raises(GuardFailed, match="not one that is referred"):
        service.refer(screening, ticket_id, ScreeningClass.SERVICE, offices.petitions_id, WHY)
    refusing.propose(screening, ticket_id, refusing.Proposal(RefusalCode.LEGAL_ROUTE, "条例", "法院"))
    with pytest.raises(GuardFailed, match="waits for its decision"):
        service.refer(screening, ticket_id, petition, offices.petitions_id, WHY)
    with pytest.raises(IllegalMove):
        service.take(context.acting_as(offices.petitioner), ticket_id, RECEIPT)

    at_the_media = referred(city, offices, media)
    with pytest.raises(GuardFailed, match="only the office"):
        service.take(context.acting_as(offices.stranger), at_the_media, "x")
    with pytest.raises(GuardFailed, match="receipt"):
        service.take(context.acting_as(offices.editor), at_the_media, " ")
    with pytest.raises(IllegalMove):
        service.report_result(context.acting_as(offices.editor), at_the_media, "早了")
    with context.reading() as session:
        assert [one.state for one in queries.of_ticket(session, at_the_media)] == ["waiting"]
