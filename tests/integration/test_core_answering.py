"""Answers without a department: text and basis are kept, and somebody else reviews where it is wanted."""

from dataclasses import replace

import pytest

from hotline.people.actors import Actor, NotPermitted, Role
from hotline.screening import answering, queries
from hotline.screening.answering import NotToReview
from hotline.screening.models import AnswerReview, DirectAnswer
from hotline.tickets.lifecycle import GuardFailed, IllegalMove, MoveNotPermitted
from hotline.tickets.models import Ticket
from hotline.tickets.service import DraftRefused, save_draft
from hotline.tickets.states import Confidentiality, State, TicketType
from tests.factories import City, complete_draft, user
from tests.integration.families import put

TEXT, BASIS = "带身份证到区政务大厅 3 号窗口办理。", "《居住证暂行条例》第九条"


def asked(city: City, kind: TicketType = TicketType.CONSULTATION) -> int:
    ticket_id = city.drafted()
    save_draft(city.context.acting_as(city.agent), ticket_id, replace(complete_draft(), type=kind))
    return ticket_id


def answered(city: City, basis: str = "") -> int:
    ticket_id = asked(city)
    answering.answer_directly(city.context.acting_as(city.agent), ticket_id, TEXT, basis)
    return ticket_id


def ticket(city: City, ticket_id: int) -> Ticket:
    with city.context.reading() as session:
        return session.get_one(Ticket, ticket_id)


def answer(city: City, ticket_id: int) -> DirectAnswer:
    with city.context.reading() as session:
        found = queries.direct_answer(session, ticket_id)
        assert found is not None
        return found


def waiting(city: City, review: AnswerReview = AnswerReview.WAITS) -> list[int]:
    with city.context.reading() as session:
        return [found.id for found in queries.answered(session, review)]


def test_text_and_basis_are_kept(city: City) -> None:
    ticket_id = asked(city)
    number = answering.answer_directly(city.context.acting_as(city.agent), ticket_id, f" {TEXT} ", BASIS)
    found, kept = ticket(city, ticket_id), answer(city, ticket_id)
    assert (found.state, found.outcome, found.number) == (State.CLOSED, "answered", number)
    assert found.query_code
    assert (found.registered_at, found.registered_by_id) == (found.closed_at, city.agent.user_id)
    assert (kept.text, kept.basis, kept.review) == (TEXT, BASIS, AnswerReview.NOT_NEEDED)
    assert waiting(city) == []


def test_without_a_basis_a_reviewer_looks(city: City) -> None:
    ticket_id = answered(city)
    assert waiting(city) == [ticket_id]
    answering.review_answer(city.context.acting_as(city.reviewer), ticket_id, sound=True)
    kept = answer(city, ticket_id)
    assert (kept.review, kept.reviewed_by_id) == (AnswerReview.SOUND, city.reviewer.user_id)
    assert ticket(city, ticket_id).state is State.CLOSED
    with pytest.raises(NotToReview):
        answering.review_answer(city.context.acting_as(city.reviewer), ticket_id, False, "有误")


def test_a_wrong_answer_is_taken_up_again_by_a_supervisor(city: City) -> None:
    ticket_id = answered(city)
    reviewing = city.context.acting_as(city.reviewer)
    with pytest.raises(GuardFailed, match="reason"):
        answering.review_answer(reviewing, ticket_id, False, " ")
    answering.review_answer(reviewing, ticket_id, False, "需要居住证")
    assert waiting(city, AnswerReview.WRONG) == [ticket_id]
    with pytest.raises(MoveNotPermitted):
        answering.reopen_wrong(reviewing, ticket_id, "有误")
    with pytest.raises(GuardFailed, match="reason"):
        answering.reopen_wrong(city.context.acting_as(city.supervisor), ticket_id, "")
    answering.reopen_wrong(city.context.acting_as(city.supervisor), ticket_id, "有误")
    found = ticket(city, ticket_id)
    assert (found.state, found.closed_at, found.outcome) == (State.TO_DISPATCH, None, None)
    assert waiting(city, AnswerReview.WRONG) == []


def test_a_sound_answer_is_not_reopened_here(city: City) -> None:
    ticket_id = answered(city, BASIS)
    with pytest.raises(NotToReview):
        answering.reopen_wrong(city.context.acting_as(city.supervisor), ticket_id, "重新办理")


def test_a_wrong_answer_reopens_only_what_it_has_closed(city: City) -> None:
    """Reopened once, then handled by a department: that closing is another."""
    ticket_id = answered(city)
    answering.review_answer(city.context.acting_as(city.reviewer), ticket_id, False, "需要居住证")
    supervising = city.context.acting_as(city.supervisor)
    answering.reopen_wrong(supervising, ticket_id, "有误")
    put(city, ticket_id, state=State.CLOSED, outcome="solved", holder_id=city.water_id)
    with pytest.raises(NotToReview):
        answering.reopen_wrong(supervising, ticket_id, "再来一次")


def test_the_back_office_names_its_basis_and_is_always_reviewed(city: City) -> None:
    ticket_id = city.accepted()
    dispatching = city.context.acting_as(city.dispatcher)
    with pytest.raises(GuardFailed, match="basis"):
        answering.answer_backoffice(dispatching, ticket_id, TEXT, " ")
    answering.answer_backoffice(dispatching, ticket_id, TEXT, BASIS)
    assert (ticket(city, ticket_id).state, waiting(city)) == (State.CLOSED, [ticket_id])


def test_nobody_reviews_their_own_answer(city: City) -> None:
    ticket_id = city.accepted()
    both = user(city.context, city.hotline_id, Role.DISPATCHER, Role.REVIEWER)
    answering.answer_backoffice(city.context.acting_as(both), ticket_id, TEXT, BASIS)
    with pytest.raises(NotPermitted):
        answering.review_answer(city.context.acting_as(both), ticket_id, True)
    assert waiting(city) == [ticket_id]


def test_only_consultations_are_answered_at_the_desk_and_only_by_agents(city: City) -> None:
    with pytest.raises(GuardFailed, match="consultations"):
        answering.answer_directly(
            city.context.acting_as(city.agent), asked(city, TicketType.COMPLAINT), TEXT, BASIS
        )
    ticket_id = asked(city)
    refused: tuple[Actor, ...] = (city.screener, city.dispatcher, city.handler)
    for actor in refused:
        with pytest.raises(MoveNotPermitted):
            answering.answer_directly(city.context.acting_as(actor), ticket_id, TEXT, BASIS)
    assert ticket(city, ticket_id).state is State.DRAFT
    accepted = city.accepted()
    for actor in (city.agent, city.screener, city.handler):
        with pytest.raises(MoveNotPermitted):
            answering.answer_backoffice(city.context.acting_as(actor), accepted, TEXT, BASIS)


def test_what_cannot_be_kept_closes_nothing(city: City) -> None:
    ticket_id, agent = asked(city), city.context.acting_as(city.agent)
    with pytest.raises(GuardFailed, match="answer"):
        answering.answer_directly(agent, ticket_id, "  ", BASIS)
    for text, basis in (("长" * 8001, BASIS), (TEXT, "据" * 301), ("\x00", BASIS)):
        with pytest.raises(DraftRefused):
            answering.answer_directly(agent, ticket_id, text, basis)
    found = ticket(city, ticket_id)
    assert (found.state, found.number) == (State.DRAFT, None)
    answering.answer_directly(agent, ticket_id, TEXT, BASIS)
    with pytest.raises(IllegalMove):
        answering.answer_directly(agent, ticket_id, TEXT, BASIS)


def test_a_sealed_matter_is_answered_by_nobody_of_the_hotline(city: City) -> None:
    ticket_id = asked(city)
    with city.context.writing() as session:
        session.get_one(Ticket, ticket_id).confidentiality = Confidentiality.SEALED
    with pytest.raises(NotPermitted):
        answering.answer_directly(city.context.acting_as(city.agent), ticket_id, TEXT, BASIS)
