"""A department that assists does its part; until then the lead cannot reply."""

import pytest

from hotline.database import Database
from hotline.dispatch.assisting import PartNotOverdue, close_part, finish_part
from hotline.dispatch.queries import assisted, open_assists
from hotline.dispatch.service import dispatch, sign
from hotline.people.actors import Actor, NotPermitted, Role
from hotline.replies.service import submit_reply
from hotline.tickets.lifecycle import GuardFailed, IllegalMove
from hotline.tickets.service import DraftRefused
from hotline.tickets.states import State
from tests.factories import City, FixedClock, user
from tests.integration.families import states, ticket_of


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    """The rules are the same on both."""
    return sqlite_database


@pytest.fixture
def assistant(city: City) -> Actor:
    return user(city.context, city.police_id, Role.HANDLER)


def joint(city: City) -> int:
    """The water bureau leads, the police assist."""
    ticket_id = city.accepted()
    dispatch(city.context.acting_as(city.dispatcher), ticket_id, city.water_id, [city.police_id])
    sign(city.context.acting_as(city.handler), ticket_id)
    return ticket_id


def parts(city: City) -> list[int]:
    with city.context.reading() as session:
        return [ticket.id for ticket in assisted(session, city.police_id)]


def test_the_lead_replies_once_the_part_is_done(city: City, assistant: Actor) -> None:
    ticket_id = joint(city)
    assert parts(city) == [ticket_id]
    with pytest.raises(GuardFailed, match="assisting departments"):
        city.reply(ticket_id)
    finish_part(city.context.acting_as(assistant), ticket_id, " 已疏导交通 ")
    line = ticket_of(city, ticket_id).history[-1]
    assert (line.event, line.reason, line.actor_id) == ("part_finished", "已疏导交通", assistant.user_id)
    assert parts(city) == []
    submit_reply(city.context.acting_as(city.leader), ticket_id)
    assert states(city, ticket_id) == [State.REPLIED]


def test_only_an_assisting_department_and_once(city: City, assistant: Actor) -> None:
    ticket_id = joint(city)
    with pytest.raises(NotPermitted):
        finish_part(city.context.acting_as(city.handler), ticket_id, "主办单位")
    with pytest.raises(NotPermitted):
        finish_part(city.context.acting_as(city.dispatcher), ticket_id, "热线")
    with pytest.raises(DraftRefused):
        finish_part(city.context.acting_as(assistant), ticket_id, "  ")
    finish_part(city.context.acting_as(assistant), ticket_id, "已疏导交通")
    with pytest.raises(NotPermitted):
        finish_part(city.context.acting_as(assistant), ticket_id, "再来一次")


def test_not_after_the_lead_has_replied(city: City, assistant: Actor) -> None:
    with pytest.raises(IllegalMove):
        finish_part(city.context.acting_as(assistant), city.replied(), "迟到")


def test_the_lead_goes_on_in_words_without_a_department_that_is_silent(
    city: City, assistant: Actor, clock: FixedClock
) -> None:
    ticket_id, leading = joint(city), city.context.acting_as(city.leader)
    with city.context.reading() as session:
        (part,) = open_assists(session, ticket_id)
    with pytest.raises(PartNotOverdue):
        close_part(leading, ticket_id, part.id, "早了")
    clock.set(part.due_at)
    for actor, refusal in ((assistant, NotPermitted), (city.handler, NotPermitted)):
        with pytest.raises(refusal):
            close_part(city.context.acting_as(actor), ticket_id, part.id, "不是分管领导")
    with pytest.raises(DraftRefused):
        close_part(leading, ticket_id, part.id, " ")
    close_part(leading, ticket_id, part.id, "没有封路，改在夜间施工")
    line = ticket_of(city, ticket_id).history[-1]
    assert (line.event, line.reason, line.changes["assist"]) == (
        "part_closed",
        "没有封路，改在夜间施工",
        "公安局",
    )
    with pytest.raises(PartNotOverdue):
        close_part(leading, ticket_id, part.id, "再来一次")
    city.reply(ticket_id)
    assert states(city, ticket_id) == [State.REPLIED]
