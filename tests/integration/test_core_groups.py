"""Signals that many citizens tell of the same: who is counted, when one is raised, what a decision does."""

import pytest
from sqlalchemy import text

from hotline.context import Context
from hotline.database import Database
from hotline.gazetteer.models import Place, PlaceKind
from hotline.incidents.groups import decide, dismiss, watch
from hotline.incidents.models import GroupSignal, Incident
from hotline.incidents.queries import citizens_of, decided_signals, waiting_signals
from hotline.incidents.rules import IncidentRefused, Obstacle
from hotline.incidents.service import Facts, join, open_incident
from hotline.people.actors import Actor, NotPermitted
from hotline.sealing.service import refer_lead
from hotline.tickets.states import Confidentiality, State
from tests.factories import City, FixedClock
from tests.integration.families import number_of, put, ticket_of
from tests.threads import at_once


def phone(number: int) -> str:
    return f"139000010{number:02}"


def tell(city: City, *numbers: int) -> list[int]:
    """So many citizens call about the same community."""
    return [city.registered(phone(number)) for number in numbers]


@pytest.fixture
def watched(city: City) -> City:
    """The sweep has looked once: from now on it reads on."""
    assert watch(city.context) == 0
    return city


def waiting(city: City, least: int = 0) -> list[tuple[str, int, int]]:
    with city.context.reading() as session:
        found = waiting_signals(session, city.context, least)
        return [(one.signal.place, one.citizens, one.tickets) for one in found]


def test_five_citizens_of_one_community_are_a_signal(watched: City) -> None:
    tell(watched, 1, 2, 3, 4, 4)
    assert (watch(watched.context), waiting(watched)) == (0, [])
    (fifth,) = tell(watched, 5)
    assert (watch(watched.context), waiting(watched)) == (1, [("幸福路", 5, 6)])
    tell(watched, 6)
    assert (watch(watched.context), waiting(watched)) == (0, [("幸福路", 6, 7)])
    assert waiting(watched, least=30) == []
    put(watched, fifth, confidentiality=Confidentiality.SEALED)
    assert waiting(watched) == [("幸福路", 5, 6)]


def test_sealed_withdrawn_and_nameless_tickets_are_not_counted(watched: City) -> None:
    told = tell(watched, 1, 2, 3, 4, 5, 6)
    refer_lead(watched.context.acting_as(watched.screener), told[0])
    put(watched, told[1], state=State.WITHDRAWN)
    put(watched, told[2], confidentiality=Confidentiality.HIDDEN)
    watched.registered(None)
    assert (watch(watched.context), waiting(watched)) == (0, [])
    tell(watched, 7)
    assert (watch(watched.context), waiting(watched)) == (1, [("幸福路", 5, 5)])


def test_hidden_tickets_count_but_are_no_masters(watched: City) -> None:
    told = tell(watched, 1, 2, 3, 4, 5)
    put(watched, told[0], confidentiality=Confidentiality.HIDDEN)
    watch(watched.context)
    with watched.context.reading() as session:
        (found,) = waiting_signals(session, watched.context)
    assert found.masters == [number_of(watched, one) for one in told[1:]]


def test_a_known_community_goes_before_the_road(watched: City, clock: FixedClock) -> None:
    with watched.context.writing() as session:
        session.add(
            Place(kind=PlaceKind.COMMUNITY, name="阳光花园", district="城关区", changed_at=clock.now())
        )
    for ticket_id in tell(watched, 1, 2, 3, 4, 5):
        put(watched, ticket_id, address="长江路 1 号阳光花园")
    tell(watched, 6)
    assert (watch(watched.context), waiting(watched)) == (1, [("阳光花园", 5, 5)])


def test_a_week_later_the_group_is_small_again(watched: City, clock: FixedClock) -> None:
    tell(watched, 1, 2, 3, 4, 5)
    watch(watched.context)
    clock.advance(days=7)
    assert waiting(watched) == []
    tell(watched, 6, 7, 8, 9)
    assert (watch(watched.context), waiting(watched)) == (0, [])
    tell(watched, 1)
    assert (watch(watched.context), waiting(watched)) == (0, [("幸福路", 5, 5)])


def test_a_dismissed_signal_keeps_its_reason_and_counts_anew(watched: City, clock: FixedClock) -> None:
    tell(watched, 1, 2, 3, 4, 5)
    watch(watched.context)
    (signal_id,) = signal_ids(watched)
    supervising = watched.context.acting_as(watched.supervisor)
    clock.advance(minutes=5)
    dismiss(supervising, signal_id, " 计划停水，已公告 ")
    assert waiting(watched) == []
    with watched.context.reading() as session:
        (kept,) = decided_signals(session)
    assert (kept.reason, kept.citizens, kept.incident_id) == ("计划停水，已公告", 5, None)
    assert (kept.decided_by_id, kept.decided_at) == (watched.supervisor.user_id, clock.now())
    clock.advance(minutes=5)
    tell(watched, 1, 2, 3, 4)
    assert watch(watched.context) == 0
    tell(watched, 5)
    assert (watch(watched.context), waiting(watched)) == (1, [("幸福路", 5, 5)])


def signal_ids(city: City) -> list[int]:
    with city.context.reading() as session:
        return [one.signal.id for one in waiting_signals(session, city.context)]


def test_who_decides_and_that_once_and_with_a_reason(watched: City) -> None:
    tell(watched, 1, 2, 3, 4, 5)
    watch(watched.context)
    (signal_id,) = signal_ids(watched)
    for actor in (watched.agent, watched.screener, watched.reviewer, watched.leader):
        with pytest.raises(NotPermitted):
            dismiss(watched.context.acting_as(actor), signal_id, "没事")
    dispatching = watched.context.acting_as(watched.dispatcher)
    assert refused(dispatching, signal_id, "  ") is Obstacle.NO_REASON
    dismiss(dispatching, signal_id, "计划停水")
    assert refused(dispatching, signal_id, "再来一次") is Obstacle.DECIDED
    assert refused(dispatching, 77, "没有这一条") is Obstacle.DECIDED


def refused(context: Context, signal_id: int, reason: str) -> Obstacle:
    with pytest.raises(IncidentRefused) as refusal:
        dismiss(context, signal_id, reason)
    return refusal.value.obstacle


def test_an_upgrade_raises_nothing_for_what_was_before(city: City) -> None:
    tell(city, 1, 2, 3, 4, 5)
    assert (watch(city.context), watch(city.context), waiting(city)) == (0, 0, [])
    tell(city, 6)
    assert watch(city.context) == 1


def test_the_count_of_the_decision_is_that_of_its_moment(watched: City) -> None:
    tell(watched, 1, 2, 3, 4, 5, 6)
    watch(watched.context)
    (signal_id,) = signal_ids(watched)
    with watched.context.acting_as(watched.dispatcher).writing() as session:
        decide(session, watched.context.acting_as(watched.dispatcher), signal_id, "已知")
        assert session.get_one(GroupSignal, signal_id).citizens == 6


FACTS = Facts(title="幸福路水管爆裂", category_code="water.pressure", demand="尽快恢复供水")


def test_citizens_of_an_incident_are_counted_by_telephone(city: City) -> None:
    master_id = city.signed(phone(0))
    acting = city.context.acting_as(city.dispatcher)
    incident_id = open_incident(acting, number_of(city, master_id), FACTS, "来电集中")
    nameless = [city.registered(None), city.registered(None)]
    told = [*tell(city, 1, 2, 2, 3), *nameless]
    for ticket_id in told:
        join(city.context.acting_as(city.agent), incident_id, ticket_id)
    put(city, told[3], confidentiality=Confidentiality.SEALED)
    with city.context.reading() as session:
        found = session.get_one(Incident, incident_id)
        assert citizens_of(session, [found]) == {incident_id: 5}
        assert citizens_of(session, []) == {}


def test_of_two_at_once_one_gets_there(watched: City) -> None:
    told = tell(watched, 1, 2, 3, 4, 5)
    assert sorted(at_once([lambda: watch(watched.context), lambda: watch(watched.context)])) == [0, 1]
    (signal_id,) = signal_ids(watched)

    def opened(actor: Actor, ticket_id: int) -> Obstacle | None:
        try:
            acting = watched.context.acting_as(actor)
            open_incident(acting, number_of(watched, ticket_id), FACTS, "来电集中", signal_id)
        except IncidentRefused as refusal:
            return refusal.obstacle
        return None

    both = (watched.dispatcher, watched.supervisor)
    answers = at_once([lambda actor=actor: opened(actor, told[0]) for actor in both])
    assert sorted(answers, key=str) == [None, Obstacle.MASTER_HAS_ONE]
    noted = [line.event for line in ticket_of(watched, told[0]).history]
    assert noted.count("incident_opened") == 1


def test_the_look_at_a_place_reads_its_last_days_only(sqlite_database: Database) -> None:
    """It follows every registration, within the sweep's write transaction."""
    look = "SELECT id FROM ticket WHERE category_code = 'a' AND district = 'b' AND received_at > '2020'"
    with sqlite_database.reading() as session:
        plan = session.execute(text(f"EXPLAIN QUERY PLAN {look}")).all()
    assert "ix_ticket_group" in str(plan)
