"""What a department puts on record: visits, what was done in numbers, a leader's approval."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import func, select

from hotline.context import Context
from hotline.database import Database
from hotline.dispatch.models import Category
from hotline.dispatch.queries import lead_assignment
from hotline.dispatch.returns import accept_return
from hotline.dispatch.service import dispatch, sign
from hotline.people.actors import NotPermitted, Role
from hotline.replies.models import ContactWay, ReplyQuantity
from hotline.replies.on_site import Because, because, visit_missing
from hotline.replies.quantities import Quantity, QuantityRefused
from hotline.replies.queries import draft_reply, latest_reply, replies, reply_to_read, visits_of
from hotline.replies.service import ReplyRefused, record_contact, send_back, submit_reply, write_reply
from hotline.replies.visits import Obstacle, VisitForm, VisitRefused, is_since, record_visit
from hotline.review.queries import signals_of
from hotline.review.rules import Signal
from hotline.tickets.lifecycle import GuardFailed, IllegalMove
from hotline.tickets.models import Ticket
from hotline.tickets.states import State, TicketType, Urgency
from tests.factories import City, FixedClock, local, make_context, user
from tests.integration.test_core_returns import returned
from tests.integration.units import Units

WENT = "城南供水所维修队到现场更换了加压泵的损坏阀门，5月2日当晚水压恢复到0.3兆帕，已请您试水确认。"
LAMPS = Quantity("修复路灯", Decimal(12), "lamp")
WAGES = Quantity("补发工资", Decimal("3000.50"), "yuan")


@pytest.fixture
def context(sqlite_database: Database, clock: FixedClock, tmp_path: Path) -> Context:
    """Nothing here differs between the databases."""
    return make_context(sqlite_database, clock, tmp_path)


def went(city: City, **changes: object) -> VisitForm:
    form = VisitForm(city.context.now(), "供水科 李强", "阀门漏水，已更换")
    return replace(form, **changes)  # type: ignore[arg-type]


def contacted(city: City) -> int:
    ticket_id = city.signed()
    record_contact(city.context.acting_as(city.handler), ticket_id, ContactWay.PHONE, reached=True)
    return ticket_id


def write(city: City, ticket_id: int, *quantities: Quantity, text: str = WENT) -> int:
    form = replace(city.reply_form(ticket_id, text), quantities=quantities)
    return write_reply(city.context.acting_as(city.handler), ticket_id, form)


def noticed(city: City, ticket_id: int) -> set[Signal]:
    with city.context.reading() as session:
        reply = latest_reply(session, ticket_id)
        assert reply is not None
        return {one.signal for one in signals_of(session, reply, city.context.now())}


def test_a_visit_is_on_record_with_its_place(city: City) -> None:
    ticket_id = city.signed()
    record_visit(city.context.acting_as(city.handler), ticket_id, went(city))
    with city.context.reading() as session:
        (visit,) = visits_of(session, ticket_id)
        line = session.get_one(Ticket, ticket_id).history[-1]
    assert (visit.visitors, visit.found) == ("供水科 李强", "阀门漏水，已更换")
    assert visit.place == "城关区幸福路 8 号", "the ticket's, where none is written"
    assert (line.event, line.changes["found"]) == ("site_visited", "阀门漏水，已更换")


@pytest.mark.parametrize(
    ("changes", "field", "obstacle"),
    [
        ({"visited_at": local("2020-04-30 16:01")}, "visited_at", Obstacle.NOT_YET),
        ({"visited_at": local("2020-04-30 15:59")}, "visited_at", Obstacle.TOO_EARLY),
        ({"visitors": " "}, "visitors", Obstacle.NO_VISITORS),
        ({"found": "\n"}, "found", Obstacle.NO_FINDING),
    ],
)
def test_a_visit_that_cannot_have_been_is_refused(
    city: City, changes: dict[str, object], field: str, obstacle: Obstacle
) -> None:
    """The clock stands at 16:00, when the citizen called."""
    ticket_id = city.signed()
    with pytest.raises(VisitRefused) as refused:
        record_visit(city.context.acting_as(city.handler), ticket_id, went(city, **changes))
    assert (refused.value.field, refused.value.obstacle) == (field, obstacle)
    with city.context.reading() as session:
        assert visits_of(session, ticket_id) == []


def test_others_record_no_visit(city: City) -> None:
    units, ticket_id = Units.of(city), city.signed()
    for actor in (units.police_handler, city.leader, city.agent):
        with pytest.raises(NotPermitted):
            record_visit(city.context.acting_as(actor), ticket_id, went(city))
    with pytest.raises(IllegalMove):
        record_visit(city.context.acting_as(city.handler), city.replied("13800005678"), went(city))


def test_a_visit_that_is_claimed_has_to_be_on_record(city: City, clock: FixedClock) -> None:
    """R5; one before the dispatch, or of another department, bears nothing out."""
    ticket_id = contacted(city)
    write(city, ticket_id)
    assert noticed(city, ticket_id) == {Signal.NO_CONTACT}
    clock.advance(hours=1)
    record_visit(city.context.acting_as(city.handler), ticket_id, went(city))
    assert noticed(city, ticket_id) == set()
    with city.context.writing() as session:
        visits_of(session, ticket_id)[0].department_id = city.police_id
    assert noticed(city, ticket_id) == {Signal.NO_CONTACT}


def test_a_visit_is_a_deed_before_the_last_minute(city: City, clock: FixedClock) -> None:
    """R6. Due on 7 May 2020, 24:00."""
    ticket_id = city.signed()
    clock.set(local("2020-05-04 10:00"))
    record_visit(city.context.acting_as(city.handler), ticket_id, went(city))
    clock.set(local("2020-05-07 20:00"))
    record_contact(city.context.acting_as(city.handler), ticket_id, ContactWay.PHONE, reached=True)
    write(city, ticket_id)
    assert Signal.LAST_MINUTE not in noticed(city, ticket_id)


def test_quantities_are_kept_in_order_and_replaced_with_the_draft(city: City) -> None:
    ticket_id = contacted(city)
    write(city, ticket_id, LAMPS, WAGES)
    with city.context.reading() as session:
        reply = draft_reply(session, ticket_id)
        assert reply is not None
        lines = [(line.what, line.number, line.unit) for line in reply.quantities]
    assert lines == [("修复路灯", 12, "lamp"), ("补发工资", Decimal("3000.5"), "yuan")]
    write(city, ticket_id, WAGES)
    with city.context.reading() as session:
        assert session.execute(select(func.count(), func.sum(ReplyQuantity.hundredths))).one() == (1, 300050)


def test_a_wrong_quantity_leaves_no_reply(city: City) -> None:
    ticket_id = contacted(city)
    with pytest.raises(QuantityRefused):
        write(city, ticket_id, LAMPS, replace(WAGES, unit="furlong"))
    with city.context.reading() as session:
        assert draft_reply(session, ticket_id) is None


def test_the_leader_sends_a_draft_back_and_its_writer_writes_again(city: City, clock: FixedClock) -> None:
    ticket_id, leading = contacted(city), city.context.acting_as(city.leader)
    write(city, ticket_id, LAMPS)
    with pytest.raises(ReplyRefused, match="return_reason"):
        send_back(leading, ticket_id, " ")
    send_back(leading, ticket_id, "写明更换的时间")
    with city.context.reading() as session:
        reply = draft_reply(session, ticket_id)
        ticket = session.get_one(Ticket, ticket_id)
        assert reply is not None
        assert (reply.waits, reply.return_reason, ticket.state) == (False, "写明更换的时间", State.HANDLING)
        assert (ticket.history[-1].event, ticket.history[-1].reason) == ("reply_sent_back", "写明更换的时间")
    with pytest.raises(GuardFailed, match="no reply"):
        submit_reply(leading, ticket_id)
    with pytest.raises(ReplyRefused, match="draft"):
        send_back(leading, ticket_id, "again")
    clock.advance(seconds=timedelta(hours=1).total_seconds())
    write(city, ticket_id, LAMPS)
    submit_reply(leading, ticket_id)
    with city.context.reading() as session:
        assert session.get_one(Ticket, ticket_id).state is State.REPLIED


def test_a_department_begins_with_nothing_of_the_one_before(city: City) -> None:
    """The water bureau has spoken with the citizen and written a draft; then the police get the ticket."""
    units, ticket_id = Units.of(city), contacted(city)
    write(city, ticket_id)
    returned(city, ticket_id, field_checked=True)
    dispatcher = city.context.acting_as(city.dispatcher)
    accept_return(dispatcher, ticket_id, "同意")
    dispatch(dispatcher, ticket_id, city.police_id)
    police, leading = (city.context.acting_as(one) for one in (units.police_handler, units.police_leader))
    sign(police, ticket_id)
    with city.context.reading() as session:
        ticket = session.get_one(Ticket, ticket_id)
        assert draft_reply(session, ticket_id) is None
        assert reply_to_read(session, ticket) is None
        assert [(one.answer, one.holders_answer) for one in ticket.questions] == [(WENT, "")]
    write_reply(police, ticket_id, replace(city.reply_form(ticket_id, WENT), answers={}))
    with pytest.raises(GuardFailed, match="not contacted"):
        submit_reply(leading, ticket_id)
    record_contact(police, ticket_id, ContactWay.PHONE, reached=True)
    with pytest.raises(GuardFailed, match="not every question"):
        submit_reply(leading, ticket_id)
    write_reply(police, ticket_id, city.reply_form(ticket_id, WENT))
    submit_reply(leading, ticket_id)
    with city.context.reading() as session:
        written = [one.department_id for one in replies(session, ticket_id)]
        assert reply_to_read(session, session.get_one(Ticket, ticket_id)) is not None
    assert written == [city.water_id, city.police_id]


@pytest.mark.parametrize(
    ("urgency", "repeats", "kind", "is_flagged", "why"),
    [
        (Urgency.FLASH, 0, TicketType.CONSULTATION, False, Because.FLASH),
        (Urgency.URGENT, 1, TicketType.COMPLAINT, False, None),
        (Urgency.NORMAL, 2, TicketType.COMPLAINT, False, Because.REPEATED),
        (Urgency.NORMAL, 0, TicketType.REPORT, True, Because.CATEGORY),
        (Urgency.NORMAL, 0, TicketType.CONSULTATION, True, None),
    ],
)
def test_what_has_to_be_looked_at(
    urgency: Urgency, repeats: int, kind: TicketType, is_flagged: bool, why: Because | None
) -> None:
    assert because(urgency, repeats, kind, is_flagged) is why


def test_a_reply_waits_for_the_visit_that_its_category_wants(city: City) -> None:
    ticket_id, leading = contacted(city), city.context.acting_as(city.leader)
    with city.context.writing() as session:
        session.get_one(Category, "water.pressure").on_site = True
    write(city, ticket_id)
    with pytest.raises(ReplyRefused, match="visit_category"):
        submit_reply(leading, ticket_id)
    record_visit(city.context.acting_as(city.handler), ticket_id, went(city))
    with city.context.writing() as session:  # one of another department bears nothing out
        visit = visits_of(session, ticket_id)[0]
        visit.department_id = city.police_id
        session.flush()
        ticket, lead = session.get_one(Ticket, ticket_id), lead_assignment(session, ticket_id)
        assert visit_missing(session, ticket, lead) is Because.CATEGORY
        visit.department_id = city.water_id
        assert lead is not None
        visit.visited_at = lead.dispatched_at - timedelta(minutes=1)
        session.flush()
        assert visit_missing(session, ticket, lead) is Because.AGAIN
        # In the minute of the dispatch: people do not tell seconds.
        lead.dispatched_at -= timedelta(seconds=20)
        visit.visited_at = lead.dispatched_at.replace(second=0)
    submit_reply(leading, ticket_id)


def test_a_visit_is_told_by_the_minute() -> None:
    moment = local("2020-04-30 10:05") + timedelta(seconds=40)
    assert is_since(local("2020-04-30 10:05"), moment)
    assert not is_since(local("2020-04-30 10:04"), moment)


def test_nobody_judges_a_reply_of_their_own(city: City) -> None:
    both = user(city.context, city.water_id, Role.HANDLER, Role.UNIT_REVIEWER)
    ticket_id = contacted(city)
    form = city.reply_form(ticket_id, WENT)
    write_reply(city.context.acting_as(both), ticket_id, form)
    for actor in (both, city.handler, city.reviewer):
        with pytest.raises(NotPermitted):
            send_back(city.context.acting_as(actor), ticket_id, "not theirs")
    with pytest.raises(NotPermitted):
        submit_reply(city.context.acting_as(both), ticket_id)
