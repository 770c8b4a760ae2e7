"""Refusals: proposed by one, decided by another, told to the citizen, objected to once."""

import pytest

from hotline.people.actors import Actor, NotPermitted, Role
from hotline.screening import asking, queries, refusing
from hotline.screening.models import Refusal, RefusalState
from hotline.screening.refusing import NothingToDecide, ObjectionOver, Proposal
from hotline.screening.rules import REASONS, RefusalCode, told_text
from hotline.screening.service import Screened, accept
from hotline.tickets.lifecycle import GuardFailed, IllegalMove
from hotline.tickets.models import Ticket
from hotline.tickets.service import DraftRefused
from hotline.tickets.states import Confidentiality, ScreeningClass, State
from tests.factories import City, FixedClock, local, user
from tests.threads import at_once

COURT = Proposal(RefusalCode.LEGAL_ROUTE, "《民事诉讼法》第一百二十二条", "区人民法院诉讼服务中心", "已立案")


@pytest.fixture
def second(city: City) -> Actor:
    """Another screener."""
    return user(city.context, city.hotline_id, Role.SCREENER)


def proposed(city: City) -> int:
    ticket_id = city.registered()
    refusing.propose(city.context.acting_as(city.screener), ticket_id, COURT)
    return ticket_id


def refused(city: City, second: Actor) -> int:
    ticket_id = proposed(city)
    refusing.agree(city.context.acting_as(second), ticket_id)
    return ticket_id


def state(city: City, ticket_id: int) -> State:
    with city.context.reading() as session:
        return session.get_one(Ticket, ticket_id).state


def refusal(city: City, ticket_id: int) -> Refusal:
    with city.context.reading() as session:
        return queries.refusals_of(session, ticket_id)[-1]


def listed(city: City) -> tuple[list[int], list[int], list[int]]:
    """Ids of tickets that wait for a first, a second screener, and a supervisor."""
    with city.context.reading() as session:
        return (
            [ticket.id for ticket in session.scalars(queries.to_screen())],
            [ticket.id for ticket in queries.refused(session, RefusalState.PROPOSED)],
            [ticket.id for ticket in queries.refused(session, RefusalState.DISPUTED)],
        )


def test_a_refusal_takes_two_and_its_words_stay_on_the_ticket(city: City, second: Actor) -> None:
    ticket_id = proposed(city)
    assert state(city, ticket_id) is State.REGISTERED
    assert listed(city) == ([], [ticket_id], [])
    refusing.agree(city.context.acting_as(second), ticket_id, "属实")
    assert state(city, ticket_id) is State.NOT_ACCEPTED
    kept = refusal(city, ticket_id)
    assert kept.told == told_text(COURT.code, COURT.basis, COURT.right_channel)
    for words in (REASONS[COURT.code], COURT.basis, COURT.right_channel, "10 日内"):
        assert words in kept.told
    assert (kept.proposed_by_id, kept.second_id) == (city.screener.user_id, second.user_id)
    with city.context.reading() as session:
        ticket = session.get_one(Ticket, ticket_id)
        line = ticket.history[-1]
        assert (line.event, line.changes["code"], line.changes["told"]) == ("refuse", "E2", kept.told)
        assert ticket.screening_class is ScreeningClass.NOT_ACCEPTED


def test_whoever_proposed_does_not_decide(city: City) -> None:
    ticket_id = proposed(city)
    own = city.context.acting_as(city.screener)
    with pytest.raises(GuardFailed, match="second screener"):
        refusing.agree(own, ticket_id)
    with pytest.raises(GuardFailed, match="second screener"):
        refusing.disagree(own, ticket_id, "不对")
    assert refusal(city, ticket_id).state is RefusalState.PROPOSED


def test_two_who_disagree_go_to_a_third(city: City, second: Actor) -> None:
    ticket_id = proposed(city)
    with pytest.raises(GuardFailed, match="reason"):
        refusing.disagree(city.context.acting_as(second), ticket_id, " ")
    refusing.disagree(city.context.acting_as(second), ticket_id, "没有立案，属于物业管理")
    assert listed(city) == ([], [], [ticket_id])
    for actor in (city.screener, second):
        both = Actor(actor.user_id, actor.name, actor.roles | {Role.SUPERVISOR}, actor.department_id)
        with pytest.raises(GuardFailed, match="second screener"):
            refusing.uphold(city.context.acting_as(both), ticket_id, "维持")
    with pytest.raises(NotPermitted):
        refusing.drop(city.context.acting_as(city.dispatcher), ticket_id, "受理")
    refusing.drop(city.context.acting_as(city.supervisor), ticket_id, "应当受理")
    assert listed(city) == ([ticket_id], [], [])
    accept(city.context.acting_as(city.screener), ticket_id, Screened())


def test_the_supervisor_may_uphold_the_refusal(city: City, second: Actor) -> None:
    ticket_id = proposed(city)
    refusing.disagree(city.context.acting_as(second), ticket_id, "没有立案")
    refusing.uphold(city.context.acting_as(city.supervisor), ticket_id, "法院已立案，见附件")
    assert state(city, ticket_id) is State.NOT_ACCEPTED
    assert refusal(city, ticket_id).decided_by_id == city.supervisor.user_id


def test_while_it_waits_nothing_else_is_done(city: City, second: Actor) -> None:
    ticket_id = proposed(city)
    screening = city.context.acting_as(second)
    with pytest.raises(GuardFailed, match="waits for its decision"):
        accept(screening, ticket_id, Screened())
    with pytest.raises(GuardFailed, match="waits for its decision"):
        asking.ask(screening, ticket_id, "请问门牌号？")
    with pytest.raises(GuardFailed, match="waits for its decision"):
        refusing.propose(screening, ticket_id, COURT)
    assert state(city, ticket_id) is State.REGISTERED
    with city.context.reading() as session:
        assert queries.requests_of(session, ticket_id) == []


def test_only_one_of_two_decisions_counts(city: City, second: Actor) -> None:
    third = user(city.context, city.hotline_id, Role.SCREENER)
    ticket_id = proposed(city)

    def agrees() -> str:
        return _tried(lambda: refusing.agree(city.context.acting_as(second), ticket_id))

    def disagrees() -> str:
        return _tried(lambda: refusing.disagree(city.context.acting_as(third), ticket_id, "不对"))

    results = at_once([agrees, disagrees])
    assert sorted(results) == ["NothingToDecide", "done"]
    agreed = results[0] == "done"
    assert (state(city, ticket_id) is State.NOT_ACCEPTED) == agreed
    assert refusal(city, ticket_id).state is (RefusalState.APPROVED if agreed else RefusalState.DISPUTED)


def _tried(deed) -> str:  # type: ignore[no-untyped-def]
    try:
        deed()
    except NothingToDecide as refusal:
        return type(refusal).__name__
    return "done"


def test_others_neither_propose_nor_decide(city: City) -> None:
    ticket_id = city.registered()
    for actor in (city.agent, city.supervisor, city.dispatcher, city.handler):
        with pytest.raises(NotPermitted):
            refusing.propose(city.context.acting_as(actor), ticket_id, COURT)
    refusing.propose(city.context.acting_as(city.screener), ticket_id, COURT)
    for actor in (city.agent, city.handler):
        with pytest.raises(IllegalMove):
            refusing.agree(city.context.acting_as(actor), ticket_id)
        with pytest.raises(NotPermitted):
            refusing.disagree(city.context.acting_as(actor), ticket_id, "不对")
    assert refusal(city, ticket_id).state is RefusalState.PROPOSED


@pytest.mark.parametrize(("basis", "channel"), [(" ", "法院"), ("民事诉讼法", "")])
def test_without_basis_or_channel_nothing_is_proposed(city: City, basis: str, channel: str) -> None:
    ticket_id = city.registered()
    screening = city.context.acting_as(city.screener)
    with pytest.raises(GuardFailed, match="right channel"):
        refusing.propose(screening, ticket_id, Proposal(RefusalCode.CONFIDENTIAL, basis, channel))
    with pytest.raises(DraftRefused):
        refusing.propose(screening, ticket_id, Proposal(RefusalCode.CONFIDENTIAL, "据" * 301, "法院"))
    assert listed(city) == ([ticket_id], [], [])


def test_what_is_decided_is_not_decided_again(city: City, second: Actor) -> None:
    ticket_id = refused(city, second)
    third = user(city.context, city.hotline_id, Role.SCREENER)
    with pytest.raises(NothingToDecide):
        refusing.agree(city.context.acting_as(third), ticket_id)
    with pytest.raises(IllegalMove):
        refusing.propose(city.context.acting_as(third), ticket_id, COURT)


def test_a_ticket_withdrawn_meanwhile_is_refused_no_more(city: City, second: Actor) -> None:
    ticket_id = proposed(city)
    with city.context.writing() as session:
        session.get_one(Ticket, ticket_id).move("withdraw", city.agent, city.context.now(), "市民撤销")
    assert listed(city) == ([], [], [])
    with pytest.raises(IllegalMove):
        refusing.agree(city.context.acting_as(second), ticket_id)


def test_the_citizen_is_told_once(city: City, second: Actor) -> None:
    ticket_id = refused(city, second)
    with city.context.reading() as session:
        assert [ticket.id for ticket in queries.untold(session)] == [ticket_id]
    with pytest.raises(NotPermitted):
        refusing.record_told(city.context.acting_as(second), ticket_id)
    refusing.record_told(city.context.acting_as(city.agent), ticket_id)
    with pytest.raises(NothingToDecide):
        refusing.record_told(city.context.acting_as(city.callback_agent), ticket_id)
    with city.context.reading() as session:
        assert queries.untold(session) == []


def test_the_citizen_objects_and_is_right(city: City, second: Actor, clock: FixedClock) -> None:
    ticket_id = refused(city, second)
    clock.set(local("2020-05-10 23:59"))
    refusing.hear_objection(city.context.acting_as(city.supervisor), ticket_id, True, "法院未立案")
    assert state(city, ticket_id) is State.REGISTERED
    assert listed(city) == ([ticket_id], [], [])
    refusing.propose(city.context.acting_as(city.screener), ticket_id, COURT)


def test_an_objection_is_heard_once_and_within_ten_days(city: City, second: Actor, clock: FixedClock) -> None:
    first, late = refused(city, second), refused(city, second)
    supervising = city.context.acting_as(city.supervisor)
    refusing.hear_objection(supervising, first, False, "已核实")
    with pytest.raises(ObjectionOver):
        refusing.hear_objection(supervising, first, True, "再次反映")
    clock.set(local("2020-05-11 00:00"))
    with pytest.raises(ObjectionOver):
        refusing.hear_objection(supervising, late, True, "法院未立案")
    assert state(city, first) is state(city, late) is State.NOT_ACCEPTED


def test_whoever_refused_does_not_hear_the_objection(city: City, second: Actor) -> None:
    ticket_id = refused(city, second)
    judge = Actor(second.user_id, second.name, second.roles | {Role.SUPERVISOR}, second.department_id)
    with pytest.raises(GuardFailed, match="second screener"):
        refusing.hear_objection(city.context.acting_as(judge), ticket_id, True, "我错了")


def test_a_sealed_matter_is_refused_by_nobody_of_the_hotline(city: City) -> None:
    ticket_id = city.registered()
    with city.context.writing() as session:
        session.get_one(Ticket, ticket_id).confidentiality = Confidentiality.SEALED
    with pytest.raises(NotPermitted):
        refusing.propose(city.context.acting_as(city.screener), ticket_id, COURT)
