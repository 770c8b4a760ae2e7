"""A department that assists does its part; until then the lead cannot reply."""

import pytest

from hotline.database import Database
from hotline.dispatch.assisting import finish_part
from hotline.dispatch.queries import assisted
from hotline.dispatch.service import dispatch, sign
from hotline.people.actors import Actor, NotPermitted, Role
from hotline.replies.service import submit_reply
from hotline.tickets.lifecycle import GuardFailed, IllegalMove
from hotline.tickets.service import DraftRefused
from hotline.tickets.states import State
from tests.factories import City, user
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
