"""Sealed discipline leads: who may know what of them, on both databases (rulebook B13, C13, fixture 8)."""

import pytest
from sqlalchemy import func, select, text

from hotline.people.actors import Actor, NotPermitted, Role
from hotline.screening import refusing
from hotline.screening.rules import RefusalCode
from hotline.sealing import queries, service
from hotline.search.queries import said
from hotline.tickets import privacy
from hotline.tickets.lifecycle import GuardFailed, IllegalMove
from hotline.tickets.models import SealedReading, Ticket
from hotline.tickets.queries import of_number
from hotline.tickets.service import register
from hotline.tickets.states import Confidentiality, ScreeningClass, State
from hotline.transcripts.models import Recording
from hotline.transcripts.service import SpokenSegment, write_segments
from tests.factories import CITIZEN, City, FixedClock, complete_draft, local, user
from tests.integration.test_core_search import heard

WORDS = "某科长收了红包"


@pytest.fixture
def inspector(city: City) -> Actor:
    """Somebody of discipline inspection."""
    return user(city.context, city.hotline_id, Role.DISCIPLINE)


def referred(city: City) -> int:
    ticket_id = city.registered()
    heard(city, ticket_id, WORDS)
    service.refer_lead(city.context.acting_as(city.screener), ticket_id)
    return ticket_id


def ticket(city: City, ticket_id: int) -> Ticket:
    with city.context.reading() as session:
        return session.get_one(Ticket, ticket_id)


def indexed(city: City) -> int:
    with city.context.reading() as session:
        return session.scalar(select(func.count()).select_from(text("segment_index"))) or 0


def hits(city: City, actor: Actor) -> list[str]:
    with city.context.reading() as session:
        return [hit.text for hit in said(session, actor, "红包")]


def test_a_lead_is_sealed_with_its_referral(city: City) -> None:
    """Referred on Thursday 30 April 2020: three working days end on Friday 8 May at 24:00."""
    found = ticket(city, referred(city))
    assert (found.state, found.confidentiality, found.screening_class, found.due_at) == (
        State.TRANSFERRED,
        Confidentiality.SEALED,
        ScreeningClass.DISCIPLINE,
        local("2020-05-09 00:00"),
    )


def test_no_other_role_reads_it(city: City) -> None:
    """Neither agent nor director, leader, auditor or administrator, nor a department that had it."""
    ticket_id = referred(city)
    others = [user(city.context, city.water_id, role) for role in Role if role is not Role.DISCIPLINE]
    with city.context.reading() as session:
        found = session.get_one(Ticket, ticket_id)
        for actor in others:
            assert not privacy.may_read(actor, found, [city.water_id]), actor
            assert not privacy.sees_identity(actor, found), actor
            assert not privacy.may_listen(actor, found), actor
            assert queries.leads(session, actor) == [], actor
    for actor in others:
        with pytest.raises(NotPermitted, match=f"{actor.name} "):
            service.log_reading(city.context.acting_as(actor), ticket_id, "page")


def test_discipline_inspection_reads_it(city: City, inspector: Actor) -> None:
    ticket_id = referred(city)
    with city.context.reading() as session:
        found = session.get_one(Ticket, ticket_id)
        assert privacy.may_read(inspector, found, [])
        assert privacy.sees_identity(inspector, found)
        assert privacy.may_listen(inspector, found)
        assert [lead.id for lead in queries.leads(session, inspector)] == [ticket_id]


def test_its_words_leave_the_index_and_stay_out(city: City, inspector: Actor) -> None:
    ticket_id = city.registered()
    heard(city, ticket_id, WORDS)
    assert (indexed(city), hits(city, city.agent)) == (1, [WORDS])
    service.refer_lead(city.context.acting_as(city.screener), ticket_id)
    assert (indexed(city), hits(city, city.agent), hits(city, inspector)) == (0, [], [])
    with city.context.writing() as session:
        recording = session.scalars(select(Recording)).one()
        spoken = [SpokenSegment(1.0, 2.0, WORDS, [])]
        write_segments(session, recording.id, {recording.tracks[0].id: spoken})
    assert indexed(city) == 0, "written anew after it was sealed"


def test_a_caller_with_a_lead_has_no_such_ticket(city: City) -> None:
    ticket_id, other = referred(city), city.registered()
    with city.context.reading() as session:
        assert [found.id for found in of_number(session, CITIZEN)] == [other]
    assert ticket(city, ticket_id).complainant_phone == CITIZEN


def test_another_matter_of_the_same_call_is_not_heard(city: City) -> None:
    ticket_id = referred(city)
    with city.context.writing() as session:
        lead = session.get_one(Ticket, ticket_id)
        sibling = Ticket(contact=lead.contact, channel=lead.channel, received_at=lead.received_at)
        session.add(sibling)
        session.flush()
        assert privacy.may_read(city.agent, sibling, [])
        assert not privacy.may_listen(city.agent, sibling)


def test_every_reading_is_logged(city: City, inspector: Actor, clock: FixedClock) -> None:
    ticket_id = referred(city)
    service.log_reading(city.context.acting_as(inspector), ticket_id, "tickets.ticket")
    clock.advance(minutes=1)
    service.log_reading(city.context.acting_as(inspector), ticket_id, "tickets.track")
    with city.context.reading() as session:
        lines = queries.readings(session)
    assert [(line.reader, line.user_id, line.what, number) for line, number in lines] == [
        (inspector.name, inspector.user_id, "tickets.track", ticket(city, ticket_id).number),
        (inspector.name, inspector.user_id, "tickets.ticket", ticket(city, ticket_id).number),
    ]


def test_an_envelope_has_number_and_time_only(city: City) -> None:
    ticket_id = city.drafted()
    register(city.context.acting_as(city.agent), ticket_id, complete_draft())
    with city.context.writing() as session:
        session.get_one(Ticket, ticket_id).confidentiality = Confidentiality.SEALED
    with city.context.reading() as session:
        [envelope] = queries.to_refer(session)
        assert queries.counts(session) == {State.REGISTERED: 1}
    assert envelope.number == ticket(city, ticket_id).number
    service.refer_lead(city.context.acting_as(city.screener), ticket_id)
    with city.context.reading() as session:
        assert queries.to_refer(session) == []
        assert queries.counts(session) == {State.TRANSFERRED: 1}


def test_a_receipt_closes_it_and_is_all_that_is_added(city: City, inspector: Actor) -> None:
    ticket_id = referred(city)
    with pytest.raises(GuardFailed):
        service.record_receipt(city.context.acting_as(inspector), ticket_id, " ")
    service.record_receipt(city.context.acting_as(inspector), ticket_id, "纪字 2020-17")
    found = ticket(city, ticket_id)
    assert (found.state, found.outcome, found.due_at, found.confidentiality) == (
        State.CLOSED,
        service.REFERRED,
        None,
        Confidentiality.SEALED,
    )


def test_what_is_no_lead_comes_back_and_can_be_read_and_found(city: City, inspector: Actor) -> None:
    ticket_id = referred(city)
    service.send_back(city.context.acting_as(inspector), ticket_id, "属于服务态度问题")
    found = ticket(city, ticket_id)
    assert (found.state, found.confidentiality, found.screening_class, found.due_at) == (
        State.REGISTERED,
        Confidentiality.HIDDEN,
        None,
        None,
    )
    assert hits(city, city.screener) == [WORDS]


def test_only_screeners_refer_and_only_inspection_answers(city: City, inspector: Actor) -> None:
    ticket_id = city.registered()
    for actor in (city.agent, city.supervisor, city.dispatcher, inspector):
        with pytest.raises(NotPermitted):
            service.refer_lead(city.context.acting_as(actor), ticket_id)
    service.refer_lead(city.context.acting_as(city.screener), ticket_id)
    media = user(city.context, city.hotline_id, Role.MEDIA_SCREENER, Role.PETITION_OFFICE)
    for actor in (city.screener, city.supervisor, media):
        with pytest.raises(NotPermitted):
            service.record_receipt(city.context.acting_as(actor), ticket_id, "1")
        with pytest.raises(NotPermitted):
            service.send_back(city.context.acting_as(actor), ticket_id, "不是")
    with pytest.raises(IllegalMove):
        service.refer_lead(city.context.acting_as(city.screener), ticket_id)
    assert ticket(city, ticket_id).state is State.TRANSFERRED


def test_a_refusal_that_waits_comes_first(city: City) -> None:
    ticket_id, screening = city.registered(), city.context.acting_as(city.screener)
    refusing.propose(screening, ticket_id, refusing.Proposal(RefusalCode.CONFIDENTIAL, "x", "y"))
    with pytest.raises(GuardFailed, match="waits"):
        service.refer_lead(screening, ticket_id)
    assert ticket(city, ticket_id).confidentiality is Confidentiality.NORMAL


def test_nothing_is_logged_of_what_was_refused(city: City) -> None:
    ticket_id = referred(city)
    with pytest.raises(NotPermitted):
        service.log_reading(city.context.acting_as(city.agent), ticket_id, "tickets.ticket")
    with city.context.reading() as session:
        assert session.scalars(select(SealedReading)).all() == []
