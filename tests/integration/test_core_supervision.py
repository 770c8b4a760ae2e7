"""The supervision ladder (B6): what the sweep takes by itself, what people decide; on both databases."""

from functools import partial

import pytest
from sqlalchemy import select

from hotline.citizens.deeds import remind
from hotline.dispatch.service import dispatch, sign
from hotline.follow_up.service import redispatch
from hotline.lists.queries import counted_rows, narrowed_rows
from hotline.lists.rules import Due, Narrowing
from hotline.people.actors import Actor, NotPermitted, Role
from hotline.replies.models import ContactWay
from hotline.replies.service import record_contact
from hotline.review.models import Ground
from hotline.review.queries import waiting_proposals
from hotline.review.service import reject_reply
from hotline.supervision.alarms import alarms_in, see, tell_late, unseen_by_office, unseen_by_unit
from hotline.supervision.inaction import inaction
from hotline.supervision.models import SupervisionCase
from hotline.supervision.queries import late, still_open, to_answer, to_look_at
from hotline.supervision.rules import CaseState, Kind, Level, Obstacle, SupervisionRefused, Trigger
from hotline.supervision.service import answer, conclude, decide, order, propose, urge
from hotline.supervision.telling import lines_for
from hotline.supervision.watching import watch
from hotline.sweep import sweep_slowly
from hotline.tickets.lifecycle import GuardFailed
from hotline.tickets.models import HistoryLine, Ticket
from hotline.tickets.states import Confidentiality, State
from tests.factories import City, FixedClock, local, user
from tests.integration.units import Units
from tests.threads import at_once

DISPATCHED = local("2020-05-06 16:00")  # a Wednesday: due on Wednesday 13 May 24:00


def handled(city: City, clock: FixedClock, contacted: bool = True) -> int:
    ticket_id = city.accepted()
    clock.set(DISPATCHED)
    dispatch(city.context.acting_as(city.dispatcher), ticket_id, city.water_id)
    sign(city.context.acting_as(city.handler), ticket_id)
    if contacted:
        clock.advance(minutes=1)
        record_contact(city.context.acting_as(city.handler), ticket_id, ContactWay.PHONE, reached=True)
    return ticket_id


def cases(city: City) -> list[SupervisionCase]:
    with city.context.reading() as session:
        return list(session.scalars(select(SupervisionCase).order_by(SupervisionCase.id)))


def triggers(city: City) -> set[tuple[Level, Trigger]]:
    return {(case.level, case.trigger) for case in cases(city)}


def as_(city: City, actor: Actor):  # type: ignore[no-untyped-def]
    return city.context.acting_as(actor)


def given_to_police(city: City, ticket_id: int) -> None:
    with city.context.writing() as session:
        session.get_one(Ticket, ticket_id).holder_id = city.police_id


@pytest.mark.parametrize(
    ("at", "newest", "how_many"),
    [
        ("2020-05-10 03:59", None, 0),  # half of 7 days and 8 hours is 88 hours
        ("2020-05-10 08:00", (Level.L0, Trigger.HALF), 1),
        ("2020-05-12 00:00", (Level.L0, Trigger.DAY_BEFORE), 2),
        ("2020-05-12 13:00", (Level.L0, Trigger.FOUR_FIFTHS), 3),
        ("2020-05-14 00:00", (Level.L1, Trigger.OVERDUE), 4),
        ("2020-05-15 00:00", (Level.L2, Trigger.STILL_OVERDUE), 5),
    ],
)
def test_the_clock_climbs_the_ladder(
    city: City, clock: FixedClock, at: str, newest: tuple[Level, Trigger] | None, how_many: int
) -> None:
    handled(city, clock)
    clock.set(local(at))
    assert watch(city.context) == how_many
    assert newest is None or newest in triggers(city)
    assert watch(city.context) == 0


def test_unsigned_and_uncontacted_are_urged(city: City, clock: FixedClock) -> None:
    ticket_id = city.accepted()
    clock.set(DISPATCHED)
    dispatch(city.context.acting_as(city.dispatcher), ticket_id, city.water_id)
    clock.set(local("2020-05-07 23:59"))
    assert watch(city.context) == 0
    clock.set(local("2020-05-08 00:00"))
    assert watch(city.context) == 2
    assert triggers(city) == {(Level.L1, Trigger.UNSIGNED), (Level.L1, Trigger.NO_CONTACT)}
    assert {case.due_at for case in cases(city)} == {local("2020-05-10 00:00")}  # the Saturday is worked
    answer(as_(city, city.leader), ticket_id, "已安排专人签收")
    states = {case.state for case in cases(city)}
    assert states == {CaseState.CLOSED}


def test_three_reminders_propose_a_notice_once(city: City, clock: FixedClock) -> None:
    ticket_id = handled(city, clock)
    with city.context.reading() as session:
        number = session.get_one(Ticket, ticket_id).number or ""
    for day in (7, 8, 9):
        clock.set(local(f"2020-05-0{day} 17:00"))
        remind(city.context, number)
        watch(city.context)
    assert [case.trigger for case in cases(city)].count(Trigger.REMINDED) == 3
    (notice,) = [case for case in cases(city) if case.level is Level.L2]
    assert (notice.trigger, notice.state, notice.number) == (
        Trigger.REMINDED_OFTEN,
        CaseState.PROPOSED,
        None,
    )


def test_several_workers_take_each_step_once(city: City, clock: FixedClock) -> None:
    for _ in range(3):
        handled(city, clock)
    clock.set(local("2020-05-15 00:00"))
    assert sum(at_once([partial(watch, city.context)] * 3)) == 15
    assert len(cases(city)) == 15


def test_a_sealed_ticket_is_left_alone(city: City, clock: FixedClock) -> None:
    ticket_id = handled(city, clock)
    with city.context.writing() as session:
        session.get_one(Ticket, ticket_id).confidentiality = Confidentiality.SEALED
    clock.set(local("2020-05-20 00:00"))
    assert watch(city.context) == 0


def test_a_notice_from_proposal_to_its_end(city: City, clock: FixedClock) -> None:
    director, ticket_id = Units.of(city).director, handled(city, clock)
    propose(as_(city, city.supervisor), ticket_id, "多次催办没有进展")
    assert decide(as_(city, director), ticket_id, approved=True) == "督〔2020〕0001号"
    with city.context.reading() as session:
        assert still_open(session, ticket_id)
    assert cases(city)[0].due_at == local("2020-05-10 00:00")
    with pytest.raises(SupervisionRefused) as refused:
        conclude(as_(city, city.supervisor), ticket_id, True, "可以")
    assert refused.value.obstacle is Obstacle.NOTHING_OPEN
    with pytest.raises(NotPermitted):
        answer(as_(city, city.handler), ticket_id, "已办")
    answer(as_(city, city.leader), ticket_id, "已更换水泵")
    conclude(as_(city, city.supervisor), ticket_id, False, "没有附完工情况")
    answer(as_(city, city.leader), ticket_id, "已更换水泵，5 月 6 日完工")
    conclude(as_(city, city.supervisor), ticket_id, True, "属实")
    (case,) = cases(city)
    assert (case.state, case.answer, case.decision) == (
        CaseState.CLOSED,
        "已更换水泵，5 月 6 日完工",
        "属实",
    )
    with city.context.reading() as session:
        assert not still_open(session, ticket_id)


def test_a_dropped_proposal_has_no_number_and_leaves_no_gap(city: City, clock: FixedClock) -> None:
    director, ticket_id = Units.of(city).director, handled(city, clock)
    propose(as_(city, city.supervisor), ticket_id, "再看看")
    assert decide(as_(city, director), ticket_id, approved=False, reason="单位已在处理") is None
    propose(as_(city, city.supervisor), ticket_id, "仍无进展")
    assert decide(as_(city, director), ticket_id, approved=True) == "督〔2020〕0001号"


def test_a_level_only_rises(city: City, clock: FixedClock) -> None:
    director, ticket_id = Units.of(city).director, handled(city, clock)
    assert order(as_(city, director), ticket_id, Level.L5, Kind.INSPECTION, "约谈")
    for not_higher in (Level.L2, Level.L3, Level.L5):
        with pytest.raises(SupervisionRefused) as refused:
            order(as_(city, director), ticket_id, not_higher, Kind.HOTLINE, "再督办")
        assert refused.value.obstacle is Obstacle.NOT_HIGHER
    with pytest.raises(SupervisionRefused):
        propose(as_(city, city.supervisor), ticket_id, "督办")
    clock.set(local("2020-05-15 00:00"))
    watch(city.context)
    assert Trigger.STILL_OVERDUE not in {case.trigger for case in cases(city)}
    order(as_(city, director), ticket_id, Level.L6, Kind.CONDUCT, "推诿造成后果")
    open_ones = [case.level for case in cases(city) if case.state is CaseState.ISSUED]
    assert open_ones == [Level.L6]
    with pytest.raises(SupervisionRefused):
        answer(as_(city, city.leader), ticket_id, "系统外答复")
    conclude(as_(city, director), ticket_id, True, "回执 纪 12 号")
    assert cases(city)[-1].state is CaseState.CLOSED


def test_who_may_not(city: City, clock: FixedClock) -> None:
    ticket_id = handled(city, clock)
    for actor in (city.agent, city.handler, city.leader, city.dispatcher):
        with pytest.raises(NotPermitted):
            propose(as_(city, actor), ticket_id, "督办")
    propose(as_(city, city.supervisor), ticket_id, "督办")
    for actor in (city.supervisor, city.leader, city.reviewer):
        with pytest.raises(NotPermitted):
            decide(as_(city, actor), ticket_id, approved=True)
        with pytest.raises(NotPermitted):
            order(as_(city, actor), ticket_id, Level.L3, Kind.HOTLINE, "督办")


def test_numbers_have_no_gaps_or_doubles(city: City, clock: FixedClock) -> None:
    director = Units.of(city).director
    ids = [handled(city, clock) for _ in range(4)]
    orders = [partial(order, as_(city, director), one, Level.L3, Kind.HOTLINE, "难点") for one in ids]
    assert sorted(str(number) for number in at_once(orders)) == [f"督〔2020〕000{n}号" for n in (1, 2, 3, 4)]


def test_an_urging_ends_with_its_ticket(city: City, clock: FixedClock) -> None:
    ticket_id = handled(city, clock, contacted=False)
    clock.set(local("2020-05-08 00:00"))
    assert sweep_slowly(city.context)["supervision"] == 1
    with city.context.writing() as session:
        session.get_one(Ticket, ticket_id).state = State.CLOSED
    watch(city.context)
    assert [case.state for case in cases(city)] == [CaseState.CLOSED]


def test_an_urging_ends_when_another_department_has_the_ticket(city: City, clock: FixedClock) -> None:
    ticket_id = handled(city, clock, contacted=False)
    clock.set(local("2020-05-08 00:00"))
    watch(city.context)
    given_to_police(city, ticket_id)
    watch(city.context)
    assert [(case.department_id, case.state) for case in cases(city)][:1] == [
        (city.water_id, CaseState.CLOSED)
    ]


def test_a_notice_to_a_department_that_lost_the_ticket_ends_without_its_answer(
    city: City, clock: FixedClock
) -> None:
    director, ticket_id = Units.of(city).director, handled(city, clock)
    order(as_(city, director), ticket_id, Level.L3, Kind.HOTLINE, "难点")
    given_to_police(city, ticket_id)
    with pytest.raises(SupervisionRefused):
        conclude(as_(city, city.supervisor), ticket_id, False, "请答复")
    conclude(as_(city, city.supervisor), ticket_id, True, "已改派公安局")
    assert cases(city)[0].state is CaseState.CLOSED


def test_a_department_answers_for_itself_beside_the_notice_of_another(city: City, clock: FixedClock) -> None:
    units, ticket_id = Units.of(city), handled(city, clock)
    order(as_(city, units.director), ticket_id, Level.L3, Kind.HOTLINE, "难点")
    given_to_police(city, ticket_id)
    clock.set(local("2020-05-14 00:00"))
    watch(city.context)
    answer(as_(city, units.police_leader), ticket_id, "已安排专人办理")
    found = {case.level: (case.department_id, case.state) for case in cases(city) if case.level >= Level.L1}
    assert found == {
        Level.L1: (city.police_id, CaseState.CLOSED),
        Level.L3: (city.water_id, CaseState.ISSUED),
    }


def test_the_limit_of_a_rework_begins_with_it(city: City, clock: FixedClock) -> None:
    """Half of the time since the dispatch is long over; of the new limit nothing is."""
    ticket_id = handled(city, clock)
    clock.set(local("2020-05-13 10:00"))
    with city.context.writing() as session:
        session.get_one(Ticket, ticket_id).state = State.REWORK
    redispatch(as_(city, city.supervisor), ticket_id, "请重新办理")
    assert watch(city.context) == 0


def test_after_two_reworks_special_supervision_comes_first(city: City, clock: FixedClock) -> None:
    """B7: no third rework by itself. Proposed once, decided by who issues L3, and not dropped."""
    units, ticket_id = Units.of(city), handled(city, clock)

    def sent_back() -> None:
        redispatch(as_(city, city.supervisor), ticket_id, "请重新办理")

    def unsolved() -> None:
        with city.context.writing() as session:
            session.get_one(Ticket, ticket_id).state = State.REWORK

    for _ in range(2):
        unsolved()
        assert watch(city.context) == 0
        sent_back()
    unsolved()
    with pytest.raises(GuardFailed, match="after two reworks"):
        sent_back()
    assert [watch(city.context), watch(city.context)] == [1, 0]
    assert triggers(city) == {(Level.L3, Trigger.REWORKED_TWICE)}
    office = user(city.context, city.police_id, Role.GOVERNMENT_OFFICE)
    with pytest.raises(NotPermitted):
        decide(as_(city, office), ticket_id, approved=True)
    with pytest.raises(SupervisionRefused) as refused:
        decide(as_(city, units.director), ticket_id, approved=False, reason="再试一次")
    assert refused.value.obstacle is Obstacle.MUST_BE_SPECIAL
    inspector = user(city.context, city.police_id, Role.INSPECTION_OFFICE)
    assert decide(as_(city, inspector), ticket_id, approved=True) == "督〔2020〕0001号"
    sent_back()
    with city.context.reading() as session:
        assert session.get_one(Ticket, ticket_id).state is State.HANDLING


def test_the_second_perfunctory_reply_comes_onto_the_ladder_once(city: City, clock: FixedClock) -> None:
    director, ticket_id = Units.of(city).director, city.signed()
    for _ in range(2):
        city.reply(ticket_id)
        reject_reply(as_(city, city.reviewer), ticket_id, "请写明何时恢复", grounds=(Ground.PERFUNCTORY,))
    assert sum(at_once([partial(watch, city.context)] * 2)) == 1
    assert triggers(city) == {(Level.L2, Trigger.PERFUNCTORY)}
    assert watch(city.context) == 0
    with city.context.reading() as session:
        assert waiting_proposals(session) == []
    assert decide(as_(city, director), ticket_id, approved=True) == "督〔2020〕0001号"


def test_a_proposal_of_the_review_waits_for_the_notice_before_it(city: City, clock: FixedClock) -> None:
    director, ticket_id = Units.of(city).director, city.signed()
    propose(as_(city, city.supervisor), ticket_id, "没有进展")
    for _ in range(2):
        city.reply(ticket_id)
        reject_reply(as_(city, city.reviewer), ticket_id, "请写明何时恢复", grounds=(Ground.PERFUNCTORY,))
    assert watch(city.context) == 0
    decide(as_(city, director), ticket_id, approved=False, reason="已答复")
    assert watch(city.context) == 1


def test_the_list_by_level_department_and_what_is_late(city: City, clock: FixedClock) -> None:
    units, ticket_id = Units.of(city), handled(city, clock)
    order(as_(city, units.director), ticket_id, Level.L3, Kind.HOTLINE, "难点")
    found = {
        Narrowing(): 1,
        Narrowing(level=Level.L3): 1,
        Narrowing(level=Level.L2): 0,
        Narrowing(department_id=city.water_id): 1,
        Narrowing(department_id=city.police_id): 0,
        Narrowing(words="没有水"): 1,
        Narrowing(due=Due.LATER): 1,
        Narrowing(due=Due.OVERDUE): 0,
    }
    actor, now, after = city.supervisor, city.context.now(), local("2020-05-20 00:00")
    with city.context.reading() as session:
        for count in (lambda *asked: len(narrowed_rows(*asked)), counted_rows):
            assert {one: count(session, actor, to_look_at(), one, now) for one in found} == found
            assert count(session, actor, to_look_at(), Narrowing(due=Due.OVERDUE), after) == 1
            assert count(session, actor, to_answer(city.police_id), Narrowing(), now) == 0


def test_departments_that_do_not_act(city: City, clock: FixedClock) -> None:
    director, ticket_id = Units.of(city).director, handled(city, clock, contacted=False)
    order(as_(city, director), ticket_id, Level.L3, Kind.HOTLINE, "难点")
    with city.context.reading() as session:
        assert inaction(session, city.context.now()) == []
    clock.set(local("2020-05-08 00:00"))
    watch(city.context)
    clock.set(local("2020-05-20 00:00"))
    with city.context.reading() as session:
        (found,) = inaction(session, city.context.now())
    assert (found.department.id, found.late_notices, found.late_urgings, found.overdue) == (
        city.water_id,
        1,
        1,
        1,
    )
    with city.context.writing() as session:
        session.get_one(Ticket, ticket_id).confidentiality = Confidentiality.SEALED
    with city.context.reading() as session:
        assert inaction(session, city.context.now()) == []


def test_what_a_higher_step_closes_is_in_the_history(city: City, clock: FixedClock) -> None:
    """An urging and a proposal end with a notice of L3; the department reads of the urging alone."""
    ticket_id = handled(city, clock)
    with city.context.reading() as session:
        number = session.get_one(Ticket, ticket_id).number or ""
    remind(city.context, number)
    watch(city.context)
    propose(as_(city, city.reviewer), ticket_id, "没有解决")
    director = user(city.context, city.hotline_id, Role.DIRECTOR)
    order(as_(city, director), ticket_id, Level.L3, Kind.HOTLINE, "限期解决")
    with city.context.reading() as session:
        history = session.get_one(Ticket, ticket_id).history
        ended = [line for line in history if line.event == "supervision_superseded"]
        told = [line for line in lines_for(city.handler, history) if line in ended]
    assert [(one.changes["level"], one.changes["by_level"]) for one in ended] == [("L1", "L3"), ("L2", "L3")]
    assert told == ended[:1]


def refused_urging(city: City, ticket_id: int) -> Obstacle:
    with pytest.raises(SupervisionRefused) as refused:
        urge(as_(city, city.supervisor), ticket_id)
    return refused.value.obstacle


def test_a_supervisor_urges_who_is_late_and_again_after_no_answer(city: City, clock: FixedClock) -> None:
    ticket_id = handled(city, clock)
    assert refused_urging(city, ticket_id) is Obstacle.NOT_LATE
    clock.set(local("2020-05-14 09:00"))
    urge(as_(city, city.supervisor), ticket_id, " 请今天联系市民 ")
    (case,) = cases(city)
    assert (case.level, case.trigger, case.state, case.number) == (
        Level.L1,
        Trigger.PERSON,
        CaseState.ISSUED,
        None,
    )
    assert (case.reason, case.issued_by_id) == ("请今天联系市民", city.supervisor.user_id)
    assert case.due_at == local("2020-05-16 00:00")
    assert refused_urging(city, ticket_id) is Obstacle.URGED
    clock.set(local("2020-05-16 09:00"))
    urge(as_(city, city.supervisor), ticket_id)
    answer(as_(city, city.leader), ticket_id, "已派人")
    assert [case.state for case in cases(city)] == [CaseState.CLOSED] * 2
    order(as_(city, Units.of(city).director), ticket_id, Level.L3, Kind.HOTLINE, "久拖不办")
    assert refused_urging(city, ticket_id) is Obstacle.NOT_HIGHER
    assert refused_urging(city, city.accepted()) is Obstacle.NOT_WITH_UNIT
    with pytest.raises(NotPermitted):
        urge(as_(city, city.dispatcher), ticket_id)


def test_late_is_what_is_overdue_or_was_not_signed_in_time(city: City, clock: FixedClock) -> None:
    signed, unsigned = handled(city, clock), city.accepted()
    clock.set(local("2020-05-07 09:00"))
    dispatch(as_(city, city.dispatcher), unsigned, city.water_id)

    def found(at: str) -> list[int]:
        with city.context.reading() as session:
            return [ticket.id for ticket in session.scalars(late(local(at)))]

    assert (found("2020-05-07 09:30"), found("2020-05-12 09:00")) == ([], [unsigned])
    assert found("2020-05-20 09:00") == [signed, unsigned]


def test_what_is_not_answered_in_time_is_told_once_for_each_limit(city: City, clock: FixedClock) -> None:
    director, ticket_id = Units.of(city).director, handled(city, clock)
    propose(as_(city, city.supervisor), ticket_id, "多次催办没有进展")
    decide(as_(city, director), ticket_id, approved=True)
    clock.set(local("2020-05-09 23:59"))
    assert tell_late(city.context) == 0
    clock.set(local("2020-05-10 00:00"))
    assert sum(at_once([partial(tell_late, city.context)] * 3)) == 1
    with city.context.reading() as session:
        (of_unit,) = alarms_in(session, unseen_by_unit(city.water_id))
        assert [one.id for one in alarms_in(session, unseen_by_office())] == [of_unit.id]
        assert alarms_in(session, unseen_by_unit(city.police_id)) == []
        told = session.scalars(select(HistoryLine.event).where(HistoryLine.ticket_id == ticket_id)).all()
    assert told.count("answer_late") == 1
    with pytest.raises(NotPermitted):
        see(as_(city, city.handler), [of_unit.id])
    see(as_(city, user(city.context, city.police_id, Role.UNIT_REVIEWER)), [of_unit.id])
    see(as_(city, city.leader), [of_unit.id])
    with city.context.reading() as session:
        assert alarms_in(session, unseen_by_unit(city.water_id)) == []
        assert len(alarms_in(session, unseen_by_office())) == 1, "each side sees for itself"
    answer(as_(city, city.leader), ticket_id, "在办")
    conclude(as_(city, city.supervisor), ticket_id, False, "没有措施")
    clock.advance(days=4)
    assert (tell_late(city.context), tell_late(city.context)) == (1, 0), "a new limit"
