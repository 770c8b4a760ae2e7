"""What goes to the archive, and what keeps a ticket out of it."""

from datetime import date

import pytest

from hotline.archiving.service import archive_due
from hotline.campaigns.queries import Chosen
from hotline.campaigns.rules import Kind as CampaignKind
from hotline.campaigns.service import CampaignForm, close_campaign, open_campaign
from hotline.citizens.deeds import withdraw
from hotline.database import Database
from hotline.follow_up.service import record_by_hand
from hotline.merging.service import unmerge
from hotline.people.actors import Role
from hotline.screening import answering, refusing
from hotline.screening.rules import RefusalCode
from hotline.sealing.service import record_receipt, refer_lead
from hotline.supervision.instructions import InstructionForm, instruct, report_back
from hotline.supervision.service import propose
from hotline.sweep import sweep_slowly
from hotline.tickets.states import State
from tests.factories import CITIZEN, City, FixedClock, user
from tests.integration.families import OTHER, number_of, put, states, under


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    """The query is walked on both databases by `test_core_walk.py`."""
    return sqlite_database


def closed(city: City, number: str = CITIZEN) -> int:
    ticket_id, follow_up_id = city.owed(number)
    record_by_hand(city.context.acting_as(city.callback_agent), follow_up_id, True, 1)
    return ticket_id


def swept(city: City, clock: FixedClock, ticket_id: int) -> State:
    """Thirty days later."""
    clock.advance(days=30)
    archive_due(city.context)
    return states(city, ticket_id)[0]


def test_thirty_days_after_it_was_closed_and_once(city: City, clock: FixedClock) -> None:
    ticket_id = closed(city)
    clock.advance(days=29, hours=23)
    assert archive_due(city.context) == 0
    clock.advance(hours=1)
    assert sweep_slowly(city.context)["archive"] == 1
    assert (states(city, ticket_id), archive_due(city.context)) == ([State.ARCHIVED], 0)


def test_what_was_withdrawn_too_counted_from_then(city: City, clock: FixedClock) -> None:
    ticket_id = city.registered()
    clock.advance(days=40)
    withdraw(city.context, number_of(city, ticket_id), "自己解决了")
    assert archive_due(city.context) == 0
    assert swept(city, clock, ticket_id) is State.ARCHIVED


def test_a_refusal_waits_until_its_citizen_is_told(city: City, clock: FixedClock) -> None:
    ticket_id = city.registered()
    proposal = refusing.Proposal(RefusalCode.LEGAL_ROUTE, "条例", "法院")
    refusing.propose(city.context.acting_as(city.screener), ticket_id, proposal)
    second = user(city.context, city.hotline_id, Role.SCREENER)
    refusing.agree(city.context.acting_as(second), ticket_id)
    assert swept(city, clock, ticket_id) is State.NOT_ACCEPTED
    refusing.record_told(city.context.acting_as(city.agent), ticket_id)
    assert swept(city, clock, ticket_id) is State.ARCHIVED


def test_an_answer_waits_until_it_is_found_sound(city: City, clock: FixedClock) -> None:
    ticket_id = city.accepted()
    answering.answer_backoffice(city.context.acting_as(city.dispatcher), ticket_id, "到窗口", "办法")
    assert swept(city, clock, ticket_id) is State.CLOSED
    reviewing, supervising = (city.context.acting_as(who) for who in (city.reviewer, city.supervisor))
    answering.review_answer(reviewing, ticket_id, False, "答非所问")
    assert swept(city, clock, ticket_id) is State.CLOSED
    answering.reopen_wrong(supervising, ticket_id, "重新答复")
    answering.answer_backoffice(city.context.acting_as(city.dispatcher), ticket_id, "到区政务大厅", "办法")
    answering.review_answer(reviewing, ticket_id, True)
    assert swept(city, clock, ticket_id) is State.ARCHIVED


def test_an_instruction_keeps_it_until_it_is_reported_back(city: City, clock: FixedClock) -> None:
    ticket_id = closed(city)
    leading = city.context.acting_as(user(city.context, city.hotline_id, Role.DIRECTOR))
    order = instruct(leading, ticket_id, InstructionForm("李市长", "请复查", date(2020, 4, 30)))
    assert swept(city, clock, ticket_id) is State.CLOSED
    report_back(leading, ticket_id, order, "已复查")
    assert swept(city, clock, ticket_id) is State.ARCHIVED


def test_a_proposed_notice_and_a_campaign_keep_it(city: City, clock: FixedClock) -> None:
    noticed, named = closed(city), closed(city, OTHER)
    propose(city.context.acting_as(city.supervisor), noticed, "久拖不决")
    form = CampaignForm(CampaignKind.CLEARING, "清理", city.water_id, date(2020, 4, 30))
    put(city, named, address="人民路")
    campaign_id = open_campaign(city.context.acting_as(city.supervisor), form, Chosen(place="人民路"))
    assert swept(city, clock, named) is State.CLOSED
    close_campaign(city.context.acting_as(city.supervisor), campaign_id, "完成")
    assert swept(city, clock, named) is State.ARCHIVED
    assert states(city, noticed) == [State.CLOSED]


def test_a_master_waits_for_whoever_is_merged_under_it(city: City, clock: FixedClock) -> None:
    master_id = city.signed()
    child_id = under(city, master_id)
    put(city, master_id, state=State.CLOSED, closed_at=clock.now())
    assert swept(city, clock, master_id) is State.CLOSED
    unmerge(city.context.acting_as(city.supervisor), child_id, "另一件事")
    assert swept(city, clock, master_id) is State.ARCHIVED


def test_nothing_of_supervisors_keeps_what_is_sealed(city: City, clock: FixedClock) -> None:
    """They could never end it: it is out of their sight."""
    ticket_id = city.registered()
    leading = city.context.acting_as(user(city.context, city.hotline_id, Role.DIRECTOR))
    instruct(leading, ticket_id, InstructionForm("李市长", "请复查", date(2020, 4, 30)))
    refer_lead(city.context.acting_as(city.screener), ticket_id)
    inspector = user(city.context, city.hotline_id, Role.DISCIPLINE)
    record_receipt(city.context.acting_as(inspector), ticket_id, "纪收 12")
    assert swept(city, clock, ticket_id) is State.ARCHIVED
