"""Why a matter arose: kept with the reply where something went wrong, and found by the newest reply."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from hotline.lists.queries import Candidates, counted, narrowed
from hotline.lists.rules import Narrowing
from hotline.replies.causes import LONGEST_CODE, causes, is_cause
from hotline.replies.queries import latest_reply
from hotline.replies.service import ReplyRefused, write_reply
from hotline.tickets.models import Ticket
from hotline.tickets.states import TicketType
from tests.factories import City


def kept(city: City, ticket_id: int) -> str:
    with city.context.reading() as session:
        reply = latest_reply(session, ticket_id)
        assert reply is not None
        return reply.cause


def found(city: City, cause: str) -> list[int]:
    with city.context.reading() as session:
        among, asked, now = Candidates(select(Ticket)), Narrowing(cause=cause), city.context.now()
        tickets = narrowed(session, city.supervisor, among, asked, now)
        assert counted(session, city.supervisor, among, asked, now) == len(tickets)
        return [ticket.id for ticket in tickets]


def test_the_list_is_complete() -> None:
    codes = [cause.code for cause in causes()]
    assert len(codes) == len(set(codes))
    assert all(cause.zh and cause.en and len(cause.code) <= LONGEST_CODE for cause in causes())
    assert is_cause(codes[0])
    assert not is_cause("")


def test_the_newest_reply_tells_the_cause(city: City) -> None:
    handling, ticket_id = city.context.acting_as(city.handler), city.signed()
    form = city.reply_form(ticket_id)
    with pytest.raises(ReplyRefused) as refused:
        write_reply(handling, ticket_id, replace(form, cause="curse"))
    assert refused.value.field == "cause"
    write_reply(handling, ticket_id, replace(form, cause="facility"))
    assert found(city, "facility") == [ticket_id]
    city.reply(ticket_id)
    assert kept(city, ticket_id) == ""  # the draft is written anew
    assert found(city, "facility") == []


def test_of_a_question_nobody_asks_why(city: City) -> None:
    ticket_id = city.signed()
    with city.context.writing() as session:
        session.get_one(Ticket, ticket_id).type = TicketType.CONSULTATION
    form = replace(city.reply_form(ticket_id), cause="facility")
    write_reply(city.context.acting_as(city.handler), ticket_id, form)
    assert kept(city, ticket_id) == ""
