"""From a call to a closed ticket by the services that people use, on both databases."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm.exc import StaleDataError

from hotline import events
from hotline.calls import service as calls
from hotline.calls.models import Call, CallEnd
from hotline.dispatch.queries import lead_assignment
from hotline.dispatch.service import dispatch, sign
from hotline.events import Event
from hotline.follow_up.models import AttemptOutcome, FollowUpState
from hotline.follow_up.queries import of_ticket
from hotline.follow_up.service import attempt_answered, dial_due, record_answers
from hotline.people.actors import NotPermitted, Role
from hotline.replies.models import ContactWay
from hotline.replies.service import (
    ReplyForm,
    ReplyRefused,
    record_contact,
    submit_reply,
    write_reply,
)
from hotline.review.service import accept_reply, reject_reply
from hotline.screening.answering import answer_directly
from hotline.screening.service import Screened, accept
from hotline.tickets.lifecycle import GuardFailed, IllegalMove, MoveNotPermitted
from hotline.tickets.models import Ticket
from hotline.tickets.numbers import is_ticket_number
from hotline.tickets.queries import with_everything
from hotline.tickets.service import Draft, DraftRefused, register, save_draft
from hotline.tickets.states import State, TicketType
from tests.factories import CITIZEN, City, FakeTelephone, FixedClock, complete_draft, local, user


def loaded(city: City, ticket_id: int) -> Ticket:
    with city.context.reading() as session:
        ticket = with_everything(session, ticket_id)
        assert ticket is not None
        return ticket


def test_a_call_becomes_a_closed_ticket(city: City, clock: FixedClock) -> None:
    context, telephone = city.context, FakeTelephone()
    opened = calls.open_call(context, "1588233600.1", "+8613800001234", "12345")
    calls.leg_started(context, "1588233600.1", "1588233600.1", "PJSIP/trunk-1")
    calls.call_queued(context, "1588233600.1")
    clock.advance(seconds=4)
    calls.call_ringing(context, "1588233600.1", "1001")
    clock.advance(seconds=3)
    calls.call_answered(context, "1588233600.1", "1001", "1588233607.2", "PJSIP/agent-1001-2")

    agent = context.acting_as(city.agent)
    version = save_draft(agent, opened.ticket_id, Draft(description="没有水"))
    assert save_draft(agent, opened.ticket_id, Draft(type=TicketType.COMPLAINT)) > version
    clock.advance(minutes=3)
    calls.call_ended(context, "1588233600.1")
    number = register(agent, opened.ticket_id, complete_draft())
    assert is_ticket_number(number)
    assert number.startswith("20200430DH000001")

    ticket_id = opened.ticket_id
    accept(context.acting_as(city.screener), ticket_id, Screened())
    due = dispatch(context.acting_as(city.dispatcher), ticket_id, city.water_id)
    assert due.result_at == local("2020-05-08 00:00")
    sign(context.acting_as(city.handler), ticket_id)
    city.reply(ticket_id)
    accept_reply(context.acting_as(city.reviewer), ticket_id)

    assert dial_due(context, telephone) == 1
    assert telephone.asked[0][:2] == ("call_citizen", CITIZEN)
    attempt_answered(context, telephone.last_attempt)
    record_answers(context, telephone.last_attempt, solved=True, satisfaction=2, digits="12")

    ticket = loaded(city, ticket_id)
    assert (ticket.state, ticket.outcome, ticket.solved, ticket.satisfaction) == (
        State.CLOSED,
        "solved",
        True,
        2,
    )
    assert ticket.closed_at == clock.now()
    moves = [(line.from_state, line.event) for line in ticket.history if line.from_state is not line.to_state]
    assert moves == [
        (None, "open_record"),
        (State.DRAFT, "submit"),
        (State.REGISTERED, "accept"),
        (State.TO_DISPATCH, "dispatch"),
        (State.DISPATCHED, "sign"),
        (State.HANDLING, "submit_reply"),
        (State.REPLIED, "accept_reply"),
        (State.CALLBACK, "close"),
    ]
    assert all(line.actor_name and line.actor_roles and line.at for line in ticket.history)
    with context.reading() as session:
        call = session.scalars(select(Call)).one()
        assert (call.end, call.wait_seconds, call.agent_id) == (CallEnd.TALKED, 7.0, city.agent.user_id)
        (follow_up,) = of_ticket(session, ticket_id)
        assert follow_up.state is FollowUpState.DONE
        assert [(a.outcome, a.digits) for a in follow_up.attempts] == [(AttemptOutcome.ANSWERED, "12")]


def test_no_event_carries_a_citizens_words_name_or_number(city: City) -> None:
    ticket_id, _ = city.owed()
    telephone = FakeTelephone()
    dial_due(city.context, telephone)
    record_answers(city.context, telephone.last_attempt, solved=False, satisfaction=5, digits="25")
    private = [CITIZEN, "王小明", "没有水", "幸福路", "恢复正常水压", "加压泵", "城关区"]
    with city.context.reading() as session:
        told = session.scalars(select(Event).order_by(Event.id)).all()
        code = session.get_one(Ticket, ticket_id).query_code
    assert len(told) > 10
    for event in told:
        line = f"{event.kind} {event.subject} {event.payload}"
        assert not [word for word in [*private, code] if word in line], line


def test_a_new_category_of_states_is_announced_in_order(city: City) -> None:
    ticket_id, _ = city.owed()
    with city.context.reading() as session:
        told = [e.kind for e in events.since(session, 0) if e.subject == f"ticket:{ticket_id}"]
    assert told == [
        "ticket.registered",
        "ticket.accepted",
        "ticket.dispatched",
        "ticket.signed",
        "ticket.contacted",
        "ticket.reply_written",
        "ticket.replied",
        "ticket.reply_accepted",
    ]


def test_a_draft_without_required_fields_stays_a_draft(city: City) -> None:
    ticket_id = city.drafted()
    with pytest.raises(GuardFailed, match="type, category, description, demand"):
        register(city.context.acting_as(city.agent), ticket_id, Draft(address="x"))
    ticket = loaded(city, ticket_id)
    assert (ticket.state, ticket.number, ticket.address) == (State.DRAFT, None, "")


@pytest.mark.parametrize(
    ("draft", "field"),
    [
        (Draft(complainant_name="王" * 61), "complainant_name"),
        (Draft(description="x" * 8001), "description"),
        (Draft(description="a\x00b"), "description"),
        (Draft(demands=["x"] * 21), "demands"),
        (Draft(demands=["a\x00b"]), "demands"),
    ],
)
def test_a_field_that_does_not_fit_is_named(city: City, draft: Draft, field: str) -> None:
    ticket_id = city.drafted()
    with pytest.raises(DraftRefused) as refusal:
        save_draft(city.context.acting_as(city.agent), ticket_id, draft)
    assert refusal.value.field == field


def test_quotes_markup_and_emoji_are_kept_as_they_are(city: City) -> None:
    ticket_id = city.drafted()
    text = "'; DROP TABLE ticket;-- <script>alert(1)</script> 🚰\r\n\t“引号”"
    save_draft(city.context.acting_as(city.agent), ticket_id, Draft(description=text))
    assert loaded(city, ticket_id).description == text


def test_numbers_of_a_day_run_on_and_start_anew(city: City, clock: FixedClock) -> None:
    def number() -> str:
        return loaded(city, city.registered()).number or ""

    clock.set(local("2020-04-30 23:59"))
    assert [number()[:16], number()[:16]] == ["20200430DH000001", "20200430DH000002"]
    clock.set(local("2020-05-01 00:01"))
    assert number()[:16] == "20200501DH000001"


def test_a_consultation_is_answered_at_once(city: City) -> None:
    ticket_id = city.drafted()
    agent = city.context.acting_as(city.agent)
    save_draft(agent, ticket_id, Draft(type=TicketType.CONSULTATION))
    number = answer_directly(agent, ticket_id, "带身份证到窗口办理。")
    ticket = loaded(city, ticket_id)
    assert (ticket.state, ticket.outcome, ticket.number) == (State.CLOSED, "answered", number)


def test_nobody_acts_for_another_role(city: City) -> None:
    ticket_id = city.accepted()
    with pytest.raises(MoveNotPermitted):
        dispatch(city.context.acting_as(city.agent), ticket_id, city.water_id)
    with pytest.raises(IllegalMove):
        sign(city.context.acting_as(city.handler), ticket_id)
    with pytest.raises(NotPermitted):
        save_draft(city.context.acting_as(city.handler), city.drafted(), Draft())
    assert loaded(city, ticket_id).state is State.TO_DISPATCH


def test_a_department_without_a_leader_cannot_lead(city: City) -> None:
    """The police have neither handler nor leader yet."""
    ticket_id = city.accepted()
    with pytest.raises(GuardFailed, match="reviewing leader and a handler"):
        dispatch(city.context.acting_as(city.dispatcher), ticket_id, city.police_id)
    with pytest.raises(GuardFailed, match="reviewing leader and a handler"):
        dispatch(city.context.acting_as(city.dispatcher), ticket_id, 99_999)
    with pytest.raises(GuardFailed, match="assist itself"):
        dispatch(city.context.acting_as(city.dispatcher), ticket_id, city.water_id, [city.water_id])


def test_only_the_holder_handles(city: City) -> None:
    ticket_id = city.accepted()
    dispatch(city.context.acting_as(city.dispatcher), ticket_id, city.water_id)
    stranger = user(city.context, city.police_id, Role.HANDLER, Role.UNIT_REVIEWER)
    with pytest.raises(GuardFailed, match="holds the ticket"):
        sign(city.context.acting_as(stranger), ticket_id)
    sign(city.context.acting_as(city.handler), ticket_id)
    with pytest.raises(NotPermitted):
        record_contact(city.context.acting_as(stranger), ticket_id, ContactWay.PHONE, reached=True)
    with pytest.raises(NotPermitted):
        write_reply(city.context.acting_as(stranger), ticket_id, ReplyForm("x"))


def test_the_citizen_is_contacted_before_a_reply_is_approved(city: City) -> None:
    ticket_id = city.signed()
    handling, leading = city.context.acting_as(city.handler), city.context.acting_as(city.leader)
    write_reply(handling, ticket_id, city.reply_form(ticket_id))
    for _ in range(2):
        record_contact(handling, ticket_id, ContactWay.PHONE, reached=False)
        with pytest.raises(GuardFailed, match="not contacted"):
            submit_reply(leading, ticket_id)
    record_contact(handling, ticket_id, ContactWay.VISIT, reached=False)
    submit_reply(leading, ticket_id)  # three recorded tries count as contact
    assert loaded(city, ticket_id).state is State.REPLIED


def test_every_question_is_answered(city: City) -> None:
    ticket_id = city.signed()
    handling, leading = city.context.acting_as(city.handler), city.context.acting_as(city.leader)
    record_contact(handling, ticket_id, ContactWay.PHONE, reached=True)
    with pytest.raises(GuardFailed, match="not every question"):
        submit_reply(leading, ticket_id)
    write_reply(handling, ticket_id, ReplyForm("办好了"))
    with pytest.raises(GuardFailed, match="not every question"):
        submit_reply(leading, ticket_id)


@pytest.mark.parametrize(
    ("form", "missing"),
    [
        (ReplyForm("  "), "public_text"),
        (ReplyForm("无法办理", is_solved=False, unsolved_reason=" "), "unsolved_reason"),
    ],
)
def test_an_incomplete_reply_names_the_field(city: City, form: ReplyForm, missing: str) -> None:
    with pytest.raises(ReplyRefused) as refusal:
        write_reply(city.context.acting_as(city.handler), city.signed(), form)
    assert refusal.value.field == missing


def test_nobody_approves_their_own_reply(city: City) -> None:
    ticket_id = city.signed()
    both = user(city.context, city.water_id, Role.HANDLER, Role.UNIT_REVIEWER)
    acting = city.context.acting_as(both)
    record_contact(acting, ticket_id, ContactWay.PHONE, reached=True)
    write_reply(acting, ticket_id, city.reply_form(ticket_id))
    with pytest.raises(NotPermitted, match="of their own"):
        submit_reply(acting, ticket_id)
    submit_reply(city.context.acting_as(city.leader), ticket_id)


def test_the_unit_does_not_review_its_reply(city: City) -> None:
    ticket_id = city.replied()
    insider = user(city.context, city.water_id, Role.REVIEWER)
    with pytest.raises(GuardFailed, match="own reply"):
        accept_reply(city.context.acting_as(insider), ticket_id)


def test_a_rejected_reply_goes_back_and_the_due_time_stays(city: City) -> None:
    ticket_id = city.replied()
    due = loaded(city, ticket_id).due_at
    with pytest.raises(GuardFailed, match="reason"):
        reject_reply(city.context.acting_as(city.reviewer), ticket_id, "  ")
    reject_reply(city.context.acting_as(city.reviewer), ticket_id, "没有联系市民")
    ticket = loaded(city, ticket_id)
    assert (ticket.state, ticket.due_at) == (State.HANDLING, due)
    city.reply(ticket_id)
    accept_reply(city.context.acting_as(city.reviewer), ticket_id)
    assert loaded(city, ticket_id).state is State.CALLBACK


def test_the_assignment_has_its_own_clock(city: City) -> None:
    ticket_id = city.signed()
    with city.context.reading() as session:
        assignment = lead_assignment(session, ticket_id)
    assert assignment is not None
    assert assignment.signed_by_id == city.handler.user_id
    assert assignment.sign_due_at == local("2020-05-07 00:00")
    assert assignment.due_at == local("2020-05-08 00:00")


def test_who_saves_an_older_version_is_told(city: City) -> None:
    """Two people open the same ticket; the second to save does not overwrite the first."""
    ticket_id = city.drafted()
    with city.context.reading() as session:
        mine = session.get_one(Ticket, ticket_id)
    save_draft(city.context.acting_as(city.agent), ticket_id, Draft(address="甲"))
    mine.address = "乙"
    with pytest.raises(StaleDataError), city.context.writing() as session:
        session.add(mine)
    assert loaded(city, ticket_id).address == "甲"
