"""Narrowed lists, on both kinds of database: their conditions are SQL."""

from collections.abc import Sequence

from sqlalchemy import Select

from hotline.lists import service
from hotline.lists.queries import Candidates, counted, narrowed, saved_filters
from hotline.lists.rules import Due, Narrowing
from hotline.people.actors import Actor
from hotline.tickets.aims import Aim
from hotline.tickets.models import Ticket
from hotline.tickets.queries import in_states
from hotline.tickets.rows import get
from hotline.tickets.states import Confidentiality, State, TicketType, Urgency
from tests.factories import City, FixedClock

TO_DISPATCH = in_states(State.TO_DISPATCH)


def left(city: City, actor: Actor, source: Select[Ticket] | Sequence[Ticket], **asked: object) -> list[int]:
    """What is left of the list, which is as many as are counted."""
    among, wanted, now = Candidates(source), Narrowing(**asked), city.context.now()  # type: ignore[arg-type]
    with city.context.reading() as session:
        ids = [ticket.id for ticket in narrowed(session, actor, among, wanted, now)]
        assert counted(session, actor, among, wanted, now) == len(ids)
    return ids


def test_each_condition_narrows_and_nothing_sealed_is_counted(city: City, clock: FixedClock) -> None:
    plain, urgent, sealed = city.accepted(), city.accepted(urgency=Urgency.URGENT), city.accepted()
    with city.context.writing() as session:
        get(session, plain).district = "市北区"
        get(session, urgent).due_at = clock.now()
        get(session, urgent).type = TicketType.SUGGESTION
        get(session, urgent).holder_id = city.water_id
        get(session, sealed).confidentiality = Confidentiality.SEALED
        number = get(session, plain).number or ""
    who = city.dispatcher
    assert left(city, who, TO_DISPATCH) == [urgent, plain]
    narrowings: list[dict[str, object]] = [
        {"urgency": Urgency.URGENT},
        {"aim": Aim.ADVICE},
        {"due": Due.OVERDUE},
        {"department_id": city.water_id},
        {"words": "早晚没有水", "urgency": Urgency.URGENT},
    ]
    assert [left(city, who, TO_DISPATCH, **one) for one in narrowings] == [[urgent]] * 5
    others: list[dict[str, object]] = [{"district": "市北区"}, {"due": Due.NONE}, {"words": number[-5:]}]
    assert [left(city, who, TO_DISPATCH, **one) for one in others] == [[plain]] * 3
    nothing: list[dict[str, object]] = [{"category": "no.such"}, {"channel": "letter"}, {"words": "油烟"}]
    assert [left(city, who, TO_DISPATCH, **one) for one in nothing] == [[]] * 3


def test_tickets_that_are_read_already_keep_their_order_and_have_their_own_limits(
    city: City, clock: FixedClock
) -> None:
    first, second = city.accepted(), city.accepted()
    with city.context.reading() as session:
        read = [get(session, second), get(session, first)]
    assert left(city, city.dispatcher, read) == [second, first]
    among = Candidates(read, {first: clock.now()})
    with city.context.reading() as session:
        late = narrowed(session, city.dispatcher, among, Narrowing(due=Due.OVERDUE), clock.now())
    assert [ticket.id for ticket in late] == [first]


def test_words_that_are_masked_find_nothing(city: City) -> None:
    ticket_id = city.accepted()
    with city.context.writing() as session:
        get(session, ticket_id).description = "请打我妻子的电话13900005678"
        get(session, ticket_id).confidentiality = Confidentiality.HIDDEN
    assert left(city, city.handler, TO_DISPATCH, words="13900005678") == []
    assert left(city, city.handler, TO_DISPATCH, words="妻子的电话") == [ticket_id]


def test_a_filter_is_its_users_own(city: City) -> None:
    dispatching, screening = (city.context.acting_as(who) for who in (city.dispatcher, city.screener))
    kept = service.save_filter(dispatching, "dispatch.queue", " 急件 ", {"urgency": "urgent", "q": " "})
    with city.context.reading() as session:
        mine = saved_filters(session, city.dispatcher.user_id, "dispatch.queue")
        assert [(one.name, one.asked) for one in mine] == [("急件", {"urgency": "urgent"})]
        assert saved_filters(session, city.screener.user_id, "dispatch.queue") == []
    assert not service.forget_filter(screening, kept)
    assert service.forget_filter(dispatching, kept)
    assert not service.forget_filter(dispatching, kept)
