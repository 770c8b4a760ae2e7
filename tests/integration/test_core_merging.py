"""Merging: what may go under what, and what both tickets keep."""

from collections.abc import Callable

import pytest

from hotline.citizens.deeds import Deed, allowed, remind, withdraw
from hotline.citizens.deeds import NotNow as DeedNotNow
from hotline.citizens.queries import marks_of
from hotline.follow_up.queries import of_ticket
from hotline.merging.rules import Obstacle
from hotline.merging.service import MergeRefused, merge
from hotline.people.actors import NotPermitted, Role
from hotline.sealing.service import refer_lead
from hotline.tickets.lifecycle import GuardFailed, IllegalMove, MoveNotPermitted
from hotline.tickets.models import Ticket
from hotline.tickets.states import Confidentiality, State
from tests.factories import CITIZEN, City, FixedClock, user
from tests.integration.families import (
    OTHER,
    THIRD,
    answered,
    events,
    family,
    number_of,
    put,
    states,
    ticket_of,
    told,
    under,
)
from tests.threads import at_once


def test_both_histories_name_the_other_and_the_due_time_stays(city: City, clock: FixedClock) -> None:
    master_id = city.signed()
    due = ticket_of(city, master_id).due_at
    clock.advance(hours=3)
    child_id = under(city, master_id)
    child, master = ticket_of(city, child_id), ticket_of(city, master_id)
    assert (child.state, child.master_id, child.due_at) == (State.MERGED, master_id, None)
    assert (master.state, master.due_at) == (State.HANDLING, due)
    assert child.history[-1].changes["other_number"] == master.number
    assert (master.history[-1].event, master.history[-1].changes) == (
        "merged_under",
        {"other_number": child.number},
    )


def hidden(city: City) -> int:
    ticket_id = city.accepted(THIRD)
    put(city, ticket_id, confidentiality=Confidentiality.HIDDEN)
    return ticket_id


def sealed(city: City) -> int:
    ticket_id = city.registered(THIRD)
    refer_lead(city.context.acting_as(city.screener), ticket_id)
    return ticket_id


def closed(city: City) -> int:
    ticket_id, _ = city.owed(THIRD)
    answered(city, ticket_id, solved=True)
    return ticket_id


@pytest.mark.parametrize(
    ("master", "obstacle"),
    [
        (hidden, Obstacle.MASTER_IS_HIDDEN),
        (sealed, Obstacle.NO_SUCH_TICKET),
        (closed, Obstacle.MASTER_IS_OVER),
        (lambda city: under(city, city.signed(THIRD)), Obstacle.MASTER_IS_MERGED),
    ],
)
def test_what_cannot_be_a_master(city: City, master: Callable[[City], int], obstacle: Obstacle) -> None:
    ticket_id, master_id = city.registered(), master(city)
    before = events(city, master_id)
    with pytest.raises(MergeRefused) as refused:
        merge(city.context.acting_as(city.screener), ticket_id, number_of(city, master_id))
    assert refused.value.obstacle is obstacle
    assert (states(city, ticket_id), events(city, master_id)) == ([State.REGISTERED], before)


def test_a_ticket_goes_under_no_unknown_number_nor_itself(city: City) -> None:
    ticket_id, screening = city.registered(), city.context.acting_as(city.screener)
    for number, obstacle in (
        ("20200430DH9999999", Obstacle.NO_SUCH_TICKET),
        ("", Obstacle.NO_SUCH_TICKET),
        (number_of(city, ticket_id), Obstacle.ITSELF),
    ):
        with pytest.raises(MergeRefused) as refused:
            merge(screening, ticket_id, number)
        assert refused.value.obstacle is obstacle


def test_a_sealed_ticket_is_merged_with_nothing_and_a_hidden_one_only_as_a_child(city: City) -> None:
    screening, master = city.context.acting_as(city.screener), number_of(city, city.signed())
    for level, refusal in ((Confidentiality.SEALED, NotPermitted), (Confidentiality.HIDDEN, None)):
        ticket_id = city.registered(OTHER)
        put(city, ticket_id, confidentiality=level)
        if refusal is None:
            merge(screening, ticket_id, master)
            assert states(city, ticket_id) == [State.MERGED]
            continue
        with pytest.raises(refusal):
            merge(screening, ticket_id, master)
    both = user(city.context, city.hotline_id, Role.SCREENER, Role.DISCIPLINE)
    put(city, ticket_id := city.registered(OTHER), confidentiality=Confidentiality.SEALED)
    with pytest.raises(MergeRefused) as refused:
        merge(city.context.acting_as(both), ticket_id, master)
    assert refused.value.obstacle is Obstacle.SEALED


def test_only_screeners_merge_and_only_what_is_registered(city: City) -> None:
    master, ticket_id = number_of(city, city.signed()), city.registered(OTHER)
    for actor in (city.dispatcher, city.supervisor, city.handler):
        with pytest.raises(MoveNotPermitted):
            merge(city.context.acting_as(actor), ticket_id, master)
    with pytest.raises(GuardFailed, match="only into an open incident"):
        merge(city.context.acting_as(city.agent), ticket_id, master)
    with pytest.raises(IllegalMove):
        merge(city.context.acting_as(city.screener), city.accepted(THIRD), master)


def test_whoever_has_others_under_them_stays_where_they_are(city: City) -> None:
    master_id = city.registered()
    under(city, master_id)
    other = number_of(city, city.signed(THIRD))
    screening = city.context.acting_as(city.screener)
    for deed in (
        lambda: merge(screening, master_id, other),
        lambda: refer_lead(screening, master_id),
    ):
        with pytest.raises(GuardFailed, match="merged under this one"):
            deed()
    with city.context.reading() as session:
        assert Deed.WITHDRAW not in allowed(session, city.context, session.get_one(Ticket, master_id))
    with pytest.raises(DeedNotNow):
        withdraw(city.context, number_of(city, master_id), "不用了")
    assert states(city, master_id) == [State.REGISTERED]


def test_two_who_merge_crosswise_make_one_family(city: City) -> None:
    one, two = city.registered(), city.registered(OTHER)
    numbers = {one: number_of(city, two), two: number_of(city, one)}

    def merged(ticket_id: int) -> bool:
        try:
            merge(city.context.acting_as(city.screener), ticket_id, numbers[ticket_id])
        except (MergeRefused, GuardFailed):
            return False
        return True

    assert sorted(at_once([lambda: merged(one), lambda: merged(two)])) == [False, True]
    assert sorted(states(city, one, two)) == [State.MERGED, State.REGISTERED]


def test_a_repeat_of_the_same_telephone_is_a_reminder_and_is_not_asked_twice(city: City) -> None:
    master_id, (child_id,) = family(city, CITIZEN)
    with city.context.reading() as session:
        assert marks_of(session, [master_id])[master_id].reminders == 1
        assert of_ticket(session, child_id) == []
    answered(city, master_id, solved=True, satisfaction=2)
    child = ticket_of(city, child_id)
    assert (child.state, child.outcome, child.solved, child.satisfaction) == (State.CLOSED, "solved", True, 2)


def test_anothers_reminder_does_not_use_up_ones_own(city: City) -> None:
    master_id = city.signed()
    child_id = under(city, master_id)
    remind(city.context, number_of(city, child_id))
    remind(city.context, number_of(city, master_id))
    with city.context.reading() as session:
        marks = marks_of(session, [master_id, child_id])
    assert (marks[master_id].reminders, marks[child_id].reminders) == (2, 1)
    assert [step.event for step in told(city, master_id).steps].count("reminded") == 1
