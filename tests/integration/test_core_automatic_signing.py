"""Tickets that nobody signs are signed by themselves after twice the limit (B5.3), on both databases."""

from datetime import datetime
from functools import partial

import pytest

from hotline.dispatch.models import Assignment, ReturnBasis, ReturnGround
from hotline.dispatch.queries import lead_assignment
from hotline.dispatch.returns import ReturnForm, accept_return, reject_return, request_return
from hotline.dispatch.service import dispatch, sign, sign_overdue
from hotline.sweep import sweep_once
from hotline.tickets.models import Ticket
from hotline.tickets.states import State, Urgency
from tests.factories import City, FakeTelephone, FixedClock, local
from tests.threads import at_once

DISPATCHED = local("2020-05-06 16:00")  # a Wednesday


def dispatched(city: City, clock: FixedClock, urgency: Urgency = Urgency.NORMAL) -> int:
    ticket_id = city.accepted(urgency=urgency)
    clock.set(DISPATCHED)
    dispatch(city.context.acting_as(city.dispatcher), ticket_id, city.water_id)
    return ticket_id


def returned(city: City, ticket_id: int) -> None:
    form = ReturnForm(
        ReturnGround.OTHER_PLACE,
        ReturnBasis.DUTY_LIST,
        "第三条",
        city.police_id,
        "不归本局",
        field_checked=True,
    )
    request_return(city.context.acting_as(city.leader), ticket_id, form)


def seen(city: City, ticket_id: int) -> tuple[Ticket, Assignment]:
    with city.context.reading() as session:
        lead = lead_assignment(session, ticket_id)
        assert lead is not None
        return session.get_one(Ticket, ticket_id), lead


@pytest.mark.parametrize(
    ("urgency", "limit", "signed"),
    [
        (Urgency.FLASH, "2020-05-06 16:15", "2020-05-06 16:30"),
        (Urgency.URGENT, "2020-05-06 17:00", "2020-05-06 18:00"),
        (Urgency.NORMAL, "2020-05-08 00:00", "2020-05-09 00:00"),  # two working days
    ],
)
def test_nobody_dodges_the_clock(
    city: City, clock: FixedClock, urgency: Urgency, limit: str, signed: str
) -> None:
    ticket_id = dispatched(city, clock, urgency)
    due_at = seen(city, ticket_id)[0].due_at
    assert seen(city, ticket_id)[1].sign_due_at == local(limit)
    clock.set(local(limit))
    assert sign_overdue(city.context) == 0
    clock.set(local(signed))
    assert sign_overdue(city.context) == 1
    assert sign_overdue(city.context) == 0
    ticket, lead = seen(city, ticket_id)
    assert (ticket.state, ticket.due_at) == (State.HANDLING, due_at)
    assert (lead.signed_at, lead.signed_by_id, lead.auto_sign_at) == (local(signed), None, None)
    with city.context.reading() as session:
        line = session.get_one(Ticket, ticket_id).history[-1]
        assert (line.event, line.actor_roles, line.changes["by_itself"]) == ("sign", "system", True)


def test_what_is_signed_by_hand_is_left_alone(city: City, clock: FixedClock) -> None:
    ticket_id = dispatched(city, clock)
    sign(city.context.acting_as(city.handler), ticket_id)
    signed_at: datetime | None = seen(city, ticket_id)[1].signed_at
    clock.set(local("2020-05-20 00:00"))
    assert sign_overdue(city.context) == 0
    _, lead = seen(city, ticket_id)
    assert (lead.signed_at, lead.signed_by_id) == (signed_at, city.handler.user_id)


def test_while_a_return_waits_nothing_is_signed(city: City, clock: FixedClock) -> None:
    ticket_id = dispatched(city, clock)
    returned(city, ticket_id)
    clock.set(local("2020-05-20 00:00"))
    assert sign_overdue(city.context) == 0
    reject_return(city.context.acting_as(city.supervisor), ticket_id, "由你局负责")
    assert sign_overdue(city.context) == 1
    assert seen(city, ticket_id)[0].state is State.HANDLING


def test_who_had_signed_before_a_rejected_return_is_signed_again_at_once(
    city: City, clock: FixedClock
) -> None:
    ticket_id = dispatched(city, clock)
    sign(city.context.acting_as(city.handler), ticket_id)
    returned(city, ticket_id)
    assert sign_overdue(city.context) == 0
    reject_return(city.context.acting_as(city.supervisor), ticket_id, "由你局负责")
    assert seen(city, ticket_id)[0].state is State.DISPATCHED
    assert sign_overdue(city.context) == 1
    assert seen(city, ticket_id)[0].state is State.HANDLING


def test_an_accepted_return_leaves_nothing_to_sign(city: City, clock: FixedClock) -> None:
    ticket_id = dispatched(city, clock)
    returned(city, ticket_id)
    accept_return(city.context.acting_as(city.dispatcher), ticket_id, "同意")
    clock.set(local("2020-05-20 00:00"))
    assert sign_overdue(city.context) == 0
    with city.context.reading() as session:
        assert session.get_one(Ticket, ticket_id).state is State.TO_DISPATCH


def test_several_sweeps_at_once_sign_each_ticket_once(city: City, clock: FixedClock) -> None:
    ids = {dispatched(city, clock) for _ in range(6)}
    clock.set(local("2020-05-20 00:00"))
    assert sum(at_once([partial(sign_overdue, city.context)] * 3)) == len(ids)
    with city.context.reading() as session:
        for ticket_id in ids:
            history = session.get_one(Ticket, ticket_id).history
            assert [line.event for line in history].count("sign") == 1


def test_the_sweep_does_it(city: City, clock: FixedClock) -> None:
    dispatched(city, clock)
    clock.set(local("2020-05-09 00:00"))
    assert sweep_once(city.context, FakeTelephone())["unsigned"] == 1
