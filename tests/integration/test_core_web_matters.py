"""What citizens write: one press is one matter, also where it arrives twice at the same moment."""

import pytest
from sqlalchemy import func, select

from hotline.context import Context
from hotline.intake.rules import IntakeRefused, Obstacle
from hotline.intake.web import Matter, count_try, set_aside, write
from hotline.people.actors import NotPermitted
from hotline.tickets.models import Ticket
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
