"""What waits for whom, counted in the database, on both databases."""

from hotline.coordination.service import brief_leaders
from hotline.extensions.service import approve_extension
from hotline.people.actors import Actor, Role
from hotline.referrals.emergencies import hand_over
from hotline.referrals.service import refer
from hotline.screening.service import Screened, accept
from hotline.tickets.models import Ticket
from hotline.tickets.states import Confidentiality, ScreeningClass, TicketTrack
from hotline.today.queries import Place, Waiting, waiting_for
from tests.factories import City, FixedClock, department, local, user
from tests.integration.test_core_extensions import ask, handled
from tests.integration.test_core_refusing import proposed
from tests.integration.test_core_returns import dispatched, returned


def waits(city: City, actor: Actor) -> list[Waiting]:
    with city.context.reading() as session:
        return waiting_for(session, actor)


def counts(city: City, actor: Actor) -> dict[Place, int]:
    return {one.place: one.count for one in waits(city, actor)}


def seal(city: City, ticket_id: int) -> None:
    with city.context.writing() as session:
        session.get_one(Ticket, ticket_id).confidentiality = Confidentiality.SEALED


def test_everybody_is_told_of_what_waits_for_them(city: City, clock: FixedClock) -> None:
    director = user(city.context, city.hotline_id, Role.DIRECTOR)
    city.registered()
    proposed(city)
    seal(city, city.registered())
    seal(city, city.accepted())
    decide_by = returned(city, dispatched(city, clock))
    extended = handled(city, clock)
    due_at = ask(city, extended)

    assert counts(city, city.screener) == {Place.SCREENING: 1, Place.REFUSALS: 1}
    assert counts(city, city.agent) == {}
    assert counts(city, city.handler) == counts(city, city.leader) == {Place.UNIT: 1}
    assert counts(city, director) == {}, "a first return and a first extension are not the director's"
    found = waits(city, city.dispatcher)
    assert [(one.place, one.count) for one in found] == [(Place.RETURNS, 1), (Place.EXTENSIONS, 1)]
    assert found[0].due_at == decide_by
    assert found[1].due_at is not None
    assert decide_by < found[1].due_at < due_at

    approve_extension(city.context.acting_as(city.dispatcher), extended)
    ask(city, extended, days=1)
    assert counts(city, city.dispatcher) == {Place.RETURNS: 1}
    assert counts(city, director) == {Place.EXTENSIONS: 1}, "the second extension is the director's"


def test_shares_of_one_list_are_added_up(city: City) -> None:
    city.owed()
    city.replied()
    both = user(city.context, city.hotline_id, Role.REVIEWER, Role.CALLBACK_AGENT, Role.SCREENER)
    proposed(city)
    assert counts(city, both) == {Place.REVIEW: 1, Place.FOLLOW_UPS: 1, Place.REFUSALS: 1}
    ticket_id = city.replied()
    seal(city, ticket_id)
    assert counts(city, city.reviewer) == {Place.REVIEW: 1}


def test_what_other_offices_and_two_tracks_wait_for(city: City) -> None:
    petitions = department(city.context, "petitions", "信访局")
    office = user(city.context, petitions, Role.PETITION_OFFICE)
    others = user(city.context, petitions, Role.MEDIA_SCREENER)
    reads = user(city.context, city.police_id, Role.LEADER)
    screening, boss = city.context.acting_as(city.screener), city.context.acting_as(city.supervisor)
    refer(screening, city.registered(), ScreeningClass.PETITION, petitions, "信访事项")
    hand_over(city.context.acting_as(city.agent), city.drafted(), "119", "电话告知")
    joint, high = (city.registered(), city.registered())
    accept(screening, joint, Screened(track=TicketTrack.COORDINATED))
    accept(screening, high, Screened(track=TicketTrack.HIGH_LEVEL))

    assert waits(city, office) == [Waiting(Place.REFERRALS, 1, local("2020-05-09 00:00"))]
    assert counts(city, others) == counts(city, reads) == {}
    assert counts(city, city.screener) == {Place.REFERRALS: 1}, "what an emergency service has"
    assert counts(city, city.dispatcher) == {Place.DISPATCH: 2, Place.COORDINATION: 1}
    assert counts(city, city.supervisor) == {Place.COORDINATION: 2}
    brief_leaders(boss, high, "全城停水")
    assert counts(city, city.supervisor) == {Place.COORDINATION: 1}
    assert counts(city, reads) == {Place.COORDINATION: 1}
