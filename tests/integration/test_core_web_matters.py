"""What citizens write: one press is one matter, also where it arrives twice at the same moment."""

from dataclasses import replace

import pytest
from sqlalchemy import func, select

from hotline.campaigns.queries import Chosen, chosen
from hotline.context import Context
from hotline.intake.rules import IntakeRefused, Obstacle
from hotline.intake.web import Matter, count_try, set_aside, write
from hotline.people.actors import NotPermitted
from hotline.tickets.models import Ticket
from hotline.tickets.states import Confidentiality
from tests.factories import City
from tests.threads import at_once

LAMP = Matter("路灯不亮", place="幸福路 8 号")


def test_one_press_that_arrives_twice_is_one_matter(context: Context) -> None:
    first, second = at_once([lambda: write(context, "k1", LAMP)] * 2)
    assert first == second
    with context.reading() as session:
        assert session.scalar(select(func.count()).select_from(Ticket)) == 1


def test_only_what_a_citizen_wrote_is_set_aside_and_only_once(city: City) -> None:
    context = city.context
    count_try(context, "192.0.2.7")
    write(context, "k1", LAMP)
    with context.reading() as session:
        ticket_id = session.scalars(select(Ticket.id)).one()
    with pytest.raises(NotPermitted):
        set_aside(context.acting_as(city.dispatcher), ticket_id, "测试")
    set_aside(context.acting_as(city.agent), ticket_id, "测试")
    for other in (ticket_id, city.drafted(), city.registered()):
        with pytest.raises(IntakeRefused) as refused:
            set_aside(context.acting_as(city.screener), other, "测试")
        assert refused.value.obstacle is Obstacle.DECIDED


def test_other_words_under_the_same_key_are_not_taken_for_the_first(context: Context) -> None:
    """Back in the browser, changed and sent again: "received" would be untrue."""
    first = write(context, "k1", LAMP)
    assert write(context, "k1", LAMP) == first
    for other in (
        replace(LAMP, description="井盖松动"),
        replace(LAMP, phone="13800001234"),
        replace(LAMP, wish="修好"),
        replace(LAMP, hides=True),
    ):
        with pytest.raises(IntakeRefused) as refused:
            write(context, "k1", other)
        assert refused.value.obstacle is Obstacle.SENT_BEFORE


def test_a_sealed_matter_is_not_set_aside(city: City) -> None:
    write(city.context, "k1", LAMP)
    with city.context.writing() as session:
        ticket = session.scalars(select(Ticket)).one()
        ticket.confidentiality = Confidentiality.SEALED
    with pytest.raises(NotPermitted):
        set_aside(city.context.acting_as(city.screener), ticket.id, "测试")
    with city.context.reading() as session:
        assert "set_aside" not in [line.event for line in session.get_one(Ticket, ticket.id).history]


def test_no_campaign_names_what_nobody_has_registered(city: City) -> None:
    write(city.context, "k1", LAMP)
    with city.context.reading() as session:
        assert chosen(session, Chosen(place="幸福路"), city.context.now(), 9) == []
