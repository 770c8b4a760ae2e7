"""One contact, several tickets: own numbers and codes, linked, told in the history of both."""

import pytest

from hotline.people.actors import NotPermitted, Role
from hotline.screening import refusing, splitting
from hotline.screening.rules import RefusalCode
from hotline.screening.service import Screened, accept
from hotline.screening.splitting import Part, Receipt
from hotline.sealing.service import refer_lead
from hotline.tickets.lifecycle import GuardFailed, IllegalMove
from hotline.tickets.links import linked
from hotline.tickets.models import Ticket
from hotline.tickets.numbers import is_ticket_number
from hotline.tickets.queries import by_number, with_everything
from hotline.tickets.service import Draft, DraftRefused, register
from hotline.tickets.states import Confidentiality, State, TicketType
from tests.factories import City, FixedClock, complete_draft, user
from tests.threads import at_once

NOISE = Part("楼下烧烤店半夜吵闹。", "water.pressure", TicketType.COMPLAINT, demands=["夜间不再吵闹"])


def mixed(city: City) -> int:
    """A registered ticket with two questions."""
    ticket_id = city.drafted()
    register(
        city.context.acting_as(city.agent),
        ticket_id,
        Draft(**{**complete_draft().__dict__, "demands": ["恢复正常水压", "夜间不再吵闹"]}),
    )
    return ticket_id


def ticket(city: City, ticket_id: int) -> Ticket:
    with city.context.reading() as session:
        found = with_everything(session, ticket_id)
        assert found is not None
        return found


def of(city: City, receipt: Receipt) -> Ticket:
    with city.context.reading() as session:
        found = by_number(session, receipt.number)
        assert found is not None
    return ticket(city, found.id)


def split(city: City, ticket_id: int, part: Part = NOISE) -> Receipt:
    return splitting.split(city.context.acting_as(city.screener), ticket_id, part)


def linked_ids(city: City, ticket_id: int) -> list[int]:
    with city.context.reading() as session:
        return [other.id for other in linked(session, ticket_id)]


def test_a_question_goes_with_the_new_ticket(city: City, clock: FixedClock) -> None:
    ticket_id = mixed(city)
    going = ticket(city, ticket_id).questions[1].id
    registered_at = clock.now()
    clock.advance(hours=5)
    part = Part(NOISE.description, NOISE.category_code, NOISE.type, question_ids=[going])
    receipt = split(city, ticket_id, part)
    old, new = ticket(city, ticket_id), of(city, receipt)
    assert [q.text for q in old.questions] == ["恢复正常水压"]
    assert [(q.id, q.text, q.position) for q in new.questions] == [(going, "夜间不再吵闹", 1)]
    assert (new.state, new.description, new.contact_id) == (
        State.REGISTERED,
        NOISE.description,
        old.contact_id,
    )
    assert (new.complainant_phone, new.address) == (old.complainant_phone, old.address)
    assert (new.registered_at, new.registered_by_id) == (registered_at, city.agent.user_id)


def test_each_has_its_own_number_and_code(city: City) -> None:
    ticket_id = mixed(city)
    first, second = split(city, ticket_id), split(city, ticket_id)
    old = ticket(city, ticket_id)
    numbers = [old.number, first.number, second.number]
    codes = [old.query_code, first.query_code, second.query_code]
    assert (len(set(numbers)), len(set(codes))) == (3, 3)
    assert all(is_ticket_number(number or "") for number in numbers)


def test_all_are_linked_and_both_histories_name_the_other(city: City) -> None:
    ticket_id = mixed(city)
    first, second = of(city, split(city, ticket_id)), of(city, split(city, ticket_id))
    third = of(city, split(city, first.id, Part("路灯不亮。", "water.pressure", TicketType.HELP, (), ["修"])))
    family = {ticket_id, first.id, second.id, third.id}
    for one in family:
        assert set(linked_ids(city, one)) == family - {one}
    old = ticket(city, ticket_id)
    told = [(line.event, line.changes["other_number"]) for line in old.history if "split" in line.event]
    assert told == [("split_into", first.number), ("split_into", second.number)]
    line = first.history[2]
    assert [entry.event for entry in first.history[:3]] == ["open_record", "submit", "split_from"]
    assert (line.changes["other_number"], line.actor_id) == (old.number, city.screener.user_id)


def test_each_goes_its_own_way(city: City) -> None:
    ticket_id = mixed(city)
    new = of(city, split(city, ticket_id))
    accept(city.context.acting_as(city.screener), new.id, Screened())
    assert (ticket(city, ticket_id).state, ticket(city, new.id).state) == (
        State.REGISTERED,
        State.TO_DISPATCH,
    )


def test_the_first_ticket_keeps_a_question(city: City) -> None:
    ticket_id = mixed(city)
    both = [question.id for question in ticket(city, ticket_id).questions]
    with pytest.raises(GuardFailed, match="keeps a question"):
        split(city, ticket_id, Part("x", "water.pressure", TicketType.HELP, question_ids=both))
    assert len(ticket(city, ticket_id).questions) == 2
    assert linked_ids(city, ticket_id) == []


@pytest.mark.parametrize(
    "part",
    [
        Part(" ", "water.pressure", TicketType.HELP, demands=["修"]),
        Part("路灯不亮。", "", TicketType.HELP, demands=["修"]),
        Part("路灯不亮。", "water.pressure", TicketType.HELP, demands=[" "]),
    ],
)
def test_a_part_is_as_complete_as_any_ticket(city: City, part: Part) -> None:
    ticket_id = mixed(city)
    with pytest.raises(GuardFailed, match="still missing"):
        split(city, ticket_id, part)
    assert linked_ids(city, ticket_id) == []


def test_what_cannot_be_kept_is_refused(city: City) -> None:
    ticket_id, other = mixed(city), mixed(city)
    foreign = ticket(city, other).questions[0].id
    for part in (
        Part("长" * 8001, "water.pressure", TicketType.HELP, demands=["修"]),
        Part("路灯", "water.pressure", TicketType.HELP, demands=["修"] * 21),
        Part("路灯", "water.pressure", TicketType.HELP, question_ids=[foreign]),
    ):
        with pytest.raises(DraftRefused):
            split(city, ticket_id, part)
    assert linked_ids(city, ticket_id) == []
    assert len(ticket(city, other).questions) == 2


def test_the_agent_who_registered_it_may_split_it_and_nobody_else(city: City) -> None:
    ticket_id = mixed(city)
    other_agent = user(city.context, city.hotline_id, Role.AGENT)
    for actor in (other_agent, city.dispatcher, city.supervisor, city.handler):
        with pytest.raises(NotPermitted):
            splitting.split(city.context.acting_as(actor), ticket_id, NOISE)
    receipt = splitting.split(city.context.acting_as(city.agent), ticket_id, NOISE)
    assert of(city, receipt).history[0].actor_id == city.agent.user_id


def test_only_a_ticket_that_nobody_has_screened_is_split(city: City) -> None:
    accepted = city.accepted()
    with pytest.raises(IllegalMove):
        split(city, accepted)
    ticket_id = mixed(city)
    proposal = refusing.Proposal(RefusalCode.EMERGENCY, "x", "110")
    refusing.propose(city.context.acting_as(city.screener), ticket_id, proposal)
    with pytest.raises(GuardFailed, match="waits"):
        split(city, ticket_id)


def test_what_is_sealed_is_not_split_and_its_parts_stay_open(city: City) -> None:
    """The ordinary part is split off first, then the rest is referred as a lead."""
    ticket_id = mixed(city)
    new = of(city, split(city, ticket_id))
    refer_lead(city.context.acting_as(city.screener), ticket_id)
    assert ticket(city, new.id).confidentiality is Confidentiality.NORMAL
    with pytest.raises(IllegalMove):
        refer_lead(city.context.acting_as(city.screener), ticket_id)
    sealed = city.registered()
    with city.context.writing() as session:
        session.get_one(Ticket, sealed).confidentiality = Confidentiality.SEALED
    with pytest.raises(NotPermitted):
        split(city, sealed)


def test_two_who_split_at_once_both_succeed_with_numbers_of_their_own(city: City) -> None:
    ticket_id = mixed(city)
    receipts = at_once([lambda: split(city, ticket_id), lambda: split(city, ticket_id)])
    assert len({receipt.number for receipt in receipts}) == 2
    assert len(linked_ids(city, ticket_id)) == 2
