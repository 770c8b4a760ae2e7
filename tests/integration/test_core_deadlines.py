"""What was promised stays promised: due times and a change of the deadline profile."""

from collections.abc import Iterable
from dataclasses import replace

import pytest
from sqlalchemy import select

from hotline.context import Context
from hotline.deadlines.profiles import PROFILES
from hotline.deadlines.rules import DueTimes
from hotline.dispatch.models import Assignment
from hotline.dispatch.service import dispatch, preview_due, sign
from hotline.review.service import accept_reply, reject_reply
from hotline.screening.service import Screened, accept
from hotline.tickets.lifecycle import GuardFailed
from hotline.tickets.models import Ticket
from hotline.tickets.states import State, TicketTrack, Urgency
from tests.factories import City, FixedClock


def under(context: Context, profile: str) -> Context:
    """The same house with another profile in force."""
    return replace(context, settings=context.settings.model_copy(update={"deadline_profile": profile}))


def promised(context: Context, ticket_ids: Iterable[int]) -> list[object]:
    with context.reading() as session:
        tickets = [session.get_one(Ticket, ticket_id) for ticket_id in ticket_ids]
        parts = session.scalars(select(Assignment).order_by(Assignment.id)).all()
        return [
            *((ticket.due_at, ticket.deadline_profile) for ticket in tickets),
            *(
                (part.sign_due_at, part.contact_due_at, part.due_at)
                for part in parts
                if part.ticket_id in ticket_ids
            ),
        ]


@pytest.mark.parametrize("other", [name for name in PROFILES if name != "seed-2011"])
def test_a_change_of_profile_never_changes_what_was_promised(
    other: str, city: City, clock: FixedClock
) -> None:
    """At every stage of a ticket's way, to every other profile."""
    waiting = city.accepted()
    dispatch(city.context.acting_as(city.dispatcher), waiting, city.water_id, [city.police_id])
    stages = [waiting, city.signed(), city.replied(), city.owed()[0]]
    before = promised(city.context, stages)
    assert all(before)

    later = City(**{**city.__dict__, "context": under(city.context, other)})
    clock.advance(hours=1)
    sign(later.context.acting_as(later.handler), stages[0])
    later.reply(stages[1])
    reject_reply(later.context.acting_as(later.reviewer), stages[2], "没有逐项答复")
    accept_reply(later.context.acting_as(later.reviewer), stages[1])

    assert promised(later.context, stages) == before


def test_what_is_dispatched_after_the_change_is_due_by_the_new_profile(city: City, context: Context) -> None:
    before, after = city.accepted(), city.accepted()
    dispatch(context.acting_as(city.dispatcher), before, city.water_id)
    changed = under(context, "mayor-line")
    with context.reading() as session:
        expected = preview_due(session, changed, session.get_one(Ticket, after)).result_at
    dispatch(changed.acting_as(city.dispatcher), after, city.water_id)
    with context.reading() as session:
        found = [
            (t.due_at, t.deadline_profile) for t in (session.get_one(Ticket, i) for i in (before, after))
        ]
    assert found[1] == (expected, "mayor-line")
    assert found[0] != found[1]
    assert found[0][1] == "seed-2011"


@pytest.mark.parametrize(
    ("track", "proposed"),
    [
        (TicketTrack.TIMELY, Urgency.NORMAL),
        (TicketTrack.SPECIAL, Urgency.URGENT),
        (TicketTrack.COORDINATED, Urgency.NORMAL),
        (TicketTrack.HIGH_LEVEL, Urgency.URGENT),
    ],
)
def test_a_track_proposes_an_urgency(track: TicketTrack, proposed: Urgency, city: City) -> None:
    ticket_id = city.registered()
    accept(city.context.acting_as(city.screener), ticket_id, Screened(track=track))
    with city.context.reading() as session:
        assert session.get_one(Ticket, ticket_id).urgency is proposed


def test_a_normal_matter_does_not_go_the_special_way(city: City) -> None:
    ticket_id = city.registered()
    with pytest.raises(GuardFailed, match="special track"):
        accept(
            city.context.acting_as(city.screener),
            ticket_id,
            Screened(urgency=Urgency.NORMAL, track=TicketTrack.SPECIAL),
        )
    with city.context.reading() as session:
        assert session.get_one(Ticket, ticket_id).state is State.REGISTERED


def _due_of(context: Context, ticket_id: int) -> DueTimes:
    with context.reading() as session:
        return preview_due(session, context, session.get_one(Ticket, ticket_id))


def test_a_tracks_own_profile_counts_where_the_settings_lay_it_over(city: City, context: Context) -> None:
    """Fifteen working days, but 137 for 及时办: the shorter due wins; other tracks keep theirs."""
    timely, joint = city.accepted(), city.registered()
    joining = Screened(track=TicketTrack.COORDINATED)
    accept(city.context.acting_as(city.screener), joint, joining)
    long = under(context, "shandong-2017-prov")
    laid = {"deadline_profile": "shandong-2017-prov", "track_profiles": {TicketTrack.TIMELY: "137"}}
    with_137 = replace(context, settings=context.settings.model_copy(update=laid))

    assert _due_of(with_137, timely) == _due_of(under(context, "137"), timely)
    assert _due_of(with_137, timely).result_at < _due_of(long, timely).result_at
    assert _due_of(with_137, joint) == _due_of(long, joint)
