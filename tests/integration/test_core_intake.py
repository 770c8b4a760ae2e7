"""Matters written in: one transaction, one ticket for one paper and for one press."""

from dataclasses import replace

import pytest
from sqlalchemy import func, select

from hotline.contacts.models import Arrival, Contact
from hotline.context import Context
from hotline.intake.queries import drafts_of, receipt_of
from hotline.intake.rules import IntakeRefused, Obstacle
from hotline.intake.service import Came, take_in
from hotline.people.actors import NotPermitted, Role
from hotline.tickets.lifecycle import GuardFailed
from hotline.tickets.models import Ticket
from hotline.tickets.numbers import is_ticket_number
from hotline.tickets.service import Draft
from hotline.tickets.states import State
from tests.factories import City, complete_draft, department, local, user
from tests.threads import at_once

WALK_IN = Came("LF", local("2020-04-30 15:30"))
HANDED_DOWN = Came("SJ", local("2020-04-28 09:00"), "省办〔2020〕18 号", "节前积压")


@pytest.fixture
def writing(city: City) -> Context:
    return city.context.acting_as(city.agent)


def kept(context: Context) -> tuple[int, int, int]:
    """How many contacts, arrivals, tickets."""
    with context.reading() as session:
        counts = [session.scalar(select(func.count()).select_from(e)) for e in (Contact, Arrival, Ticket)]
    return counts[0] or 0, counts[1] or 0, counts[2] or 0


def test_a_walk_in_is_a_ticket_as_from_a_call(writing: Context) -> None:
    taken = take_in(writing, "k1", WALK_IN, complete_draft())
    with writing.reading() as session:
        ticket = session.get_one(Ticket, taken.ticket_id)
        assert is_ticket_number(ticket.number or "")
        assert (ticket.number or "")[:10] == "20200430LF"
        assert ticket.query_code is not None
        assert (ticket.state, ticket.channel) == (State.REGISTERED, "LF")
        assert ticket.received_at == WALK_IN.received_at
        assert [line.event for line in ticket.history] == ["open_record", "submit"]
        assert ticket.contact.arrival is not None
        assert ticket.contact.arrival.taken_by_id == writing.actor.user_id
        assert receipt_of(session, writing.actor, taken.number or "") is ticket


def test_the_same_page_sent_twice_is_one_ticket(writing: Context) -> None:
    first = take_in(writing, "k1", WALK_IN, complete_draft())
    assert take_in(writing, "k1", WALK_IN, complete_draft()) == first
    for came, draft in (
        (replace(WALK_IN, channel="LX"), complete_draft()),
        (WALK_IN, replace(complete_draft(), description="井盖松动")),
    ):
        with pytest.raises(IntakeRefused) as refused:  # the next paper, typed over the last
            take_in(writing, "k1", came, draft)
        assert refused.value.obstacle is Obstacle.SENT_BEFORE
    assert kept(writing) == (1, 1, 1)


def test_two_presses_at_once_are_one_ticket(writing: Context) -> None:
    first, second = at_once([lambda: take_in(writing, "k1", WALK_IN, complete_draft())] * 2)
    assert first == second
    assert kept(writing) == (1, 1, 1)


def test_one_paper_on_two_tables_at_once_is_one_ticket(writing: Context) -> None:
    def press(key: str) -> str:
        try:
            return take_in(writing, key, HANDED_DOWN, complete_draft()).number or ""
        except IntakeRefused as refused:
            return f"known: {refused.known}"

    answers = sorted(at_once([lambda: press("k1"), lambda: press("k2")]))
    assert answers[1] == f"known: {answers[0]}"
    assert kept(writing) == (1, 1, 1)


def test_one_paper_on_two_tables_is_one_ticket(writing: Context, city: City) -> None:
    taken = take_in(writing, "k1", HANDED_DOWN, complete_draft())
    with pytest.raises(IntakeRefused) as refused:
        take_in(writing, "k2", HANDED_DOWN, complete_draft())
    assert (refused.value.obstacle, refused.value.known) == (Obstacle.CAME_BEFORE, taken.number)
    take_in(writing, "k3", replace(HANDED_DOWN, channel="XF"), complete_draft())  # another office's number
    take_in(writing, "k4", WALK_IN, complete_draft())
    take_in(writing, "k5", WALK_IN, complete_draft())  # walk-ins have none
    assert kept(writing) == (4, 4, 4)


def test_what_is_refused_leaves_nothing(writing: Context, city: City) -> None:
    refusals = {
        Obstacle.NO_SUCH_CHANNEL: replace(WALK_IN, channel="ZZ"),
        Obstacle.NO_SOURCE_NUMBER: replace(HANDED_DOWN, source_number=" "),
        Obstacle.NO_LATE_REASON: replace(HANDED_DOWN, late_reason=" "),
        Obstacle.IN_FUTURE: replace(WALK_IN, received_at=local("2020-04-30 16:01")),
        Obstacle.TOO_EARLY: replace(WALK_IN, received_at=local("0001-01-01 00:00"), late_reason="很久"),
        Obstacle.TOO_LONG: replace(WALK_IN, source_number="9" * 81),
    }
    for obstacle, came in refusals.items():
        with pytest.raises(IntakeRefused) as refused:
            take_in(writing, "k1", came, complete_draft())
        assert refused.value.obstacle is obstacle
    with pytest.raises(IntakeRefused):
        take_in(writing, "", WALK_IN, complete_draft())
    with pytest.raises(GuardFailed):
        take_in(writing, "k1", WALK_IN, Draft(description="没有水"))
    with pytest.raises(NotPermitted):
        take_in(writing, "k1", replace(WALK_IN, channel="DH"), complete_draft())
    with pytest.raises(NotPermitted):
        take_in(city.context.acting_as(city.dispatcher), "k1", WALK_IN, complete_draft())
    assert kept(writing) == (0, 0, 0)


def test_a_draft_waits_for_its_writer(writing: Context, city: City) -> None:
    taken = take_in(writing, "k1", WALK_IN, Draft(description="没有水"), registering=False)
    assert taken.number is None
    other = user(city.context, city.hotline_id, Role.AGENT)
    with writing.reading() as session:
        assert [ticket.id for ticket in drafts_of(session, writing.actor)] == [taken.ticket_id]
        assert drafts_of(session, other) == []
    with pytest.raises(IntakeRefused):  # nobody gets at another's page
        take_in(writing.acting_as(other), "k1", WALK_IN, complete_draft())


def test_media_screeners_take_in_what_the_media_bring(city: City) -> None:
    daily = department(city.context, "daily", "日报社")
    media = city.context.acting_as(user(city.context, daily, Role.MEDIA_SCREENER))
    paper = replace(WALK_IN, channel="RB")
    assert take_in(media, "k1", paper, complete_draft()).number
    with pytest.raises(NotPermitted):
        take_in(media, "k2", WALK_IN, complete_draft())
    with pytest.raises(NotPermitted):  # a draft is finished at the desk, which is the agents'
        take_in(media, "k3", paper, complete_draft(), registering=False)
