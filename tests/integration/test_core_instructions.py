"""Leaders' instructions: what they change, who is told, and when the leader has heard; on both databases."""

from datetime import date

import pytest

from hotline.dispatch.service import dispatch
from hotline.people.actors import Actor, NotPermitted, Role
from hotline.questions.service import answer as answer_question
from hotline.questions.service import ask
from hotline.replies.models import ContactWay
from hotline.replies.service import record_contact
from hotline.supervision import queries
from hotline.supervision.instructions import InstructionForm, instruct, report_back
from hotline.supervision.models import Instruction, SupervisionCase
from hotline.supervision.rules import CaseState, Kind, Level, Obstacle, SupervisionRefused
from hotline.supervision.service import answer, conclude, order
from hotline.suspension.service import SuspensionForm, approve_suspension, ask_suspension, resume
from hotline.tickets.models import Ticket
from hotline.tickets.states import State, Urgency
from tests.factories import City, FixedClock, local, user
from tests.integration.units import Units

TODAY = date(2020, 4, 30)
WRITTEN = InstructionForm("市长", "三天内解决，并报结果。", TODAY)


def ticket(city: City, ticket_id: int) -> Ticket:
    with city.context.reading() as session:
        return session.get_one(Ticket, ticket_id)


def case_of(city: City, instruction_id: int) -> SupervisionCase:
    with city.context.reading() as session:
        case_id = session.get_one(Instruction, instruction_id).case_id
        return session.get_one(SupervisionCase, case_id)


def refusal(deed: object, *arguments: object) -> Obstacle:
    with pytest.raises(SupervisionRefused) as refused:
        deed(*arguments)  # type: ignore[operator]
    return refused.value.obstacle


def test_an_instruction_makes_a_ticket_urgent_and_due_in_three_days(city: City) -> None:
    ticket_id = city.signed()
    assert ticket(city, ticket_id).due_at == local("2020-05-08 00:00")
    instruct(city.context.acting_as(city.supervisor), ticket_id, WRITTEN)
    found = ticket(city, ticket_id)
    assert (found.urgency, found.due_at) == (Urgency.URGENT, local("2020-05-04 00:00"))


@pytest.mark.parametrize(
    ("due_on", "ticket_due", "answer_due"),
    [
        (date(2020, 5, 1), "2020-05-02 00:00", "2020-05-02 00:00"),
        (date(2020, 5, 20), "2020-05-04 00:00", "2020-05-21 00:00"),
    ],
)
def test_a_day_that_the_leader_names_holds_for_the_answer(
    city: City, due_on: date, ticket_due: str, answer_due: str
) -> None:
    ticket_id = city.signed()
    form = InstructionForm("市长", "请限期解决", TODAY, due_on)
    instruction_id = instruct(city.context.acting_as(city.supervisor), ticket_id, form)
    assert ticket(city, ticket_id).due_at == local(ticket_due)
    assert case_of(city, instruction_id).due_at == local(answer_due)


def test_from_instruction_to_feedback(city: City) -> None:
    ticket_id, hotline = city.signed(), city.context.acting_as(city.supervisor)
    instruction_id = instruct(hotline, ticket_id, WRITTEN)
    case = case_of(city, instruction_id)
    assert (case.level, case.state, case.reason) == (Level.L4, CaseState.ISSUED, WRITTEN.text)
    assert refusal(report_back, hotline, ticket_id, instruction_id, "在办") is Obstacle.NOT_ANSWERED
    answer(city.context.acting_as(city.leader), ticket_id, "已更换水泵")
    assert refusal(conclude, hotline, ticket_id, True, "属实") is Obstacle.NOT_REPORTED
    with city.context.reading() as session:
        assert [one.id for one in session.scalars(queries.instructions_waiting().query)] == [instruction_id]
    report_back(hotline, ticket_id, instruction_id, "已解决，市民满意")
    assert refusal(report_back, hotline, ticket_id, instruction_id, "再报") is Obstacle.NOTHING_OPEN
    conclude(hotline, ticket_id, True, "属实")
    with city.context.reading() as session:
        assert session.scalars(queries.instructions_waiting().query).all() == []
        assert session.get_one(Instruction, instruction_id).feedback == "已解决，市民满意"
    assert case_of(city, instruction_id).state is CaseState.CLOSED


def test_before_a_department_has_it_the_ticket_is_urgent_from_the_start(city: City) -> None:
    ticket_id = city.accepted()
    instruction_id = instruct(city.context.acting_as(city.supervisor), ticket_id, WRITTEN)
    dispatch(city.context.acting_as(city.dispatcher), ticket_id, city.water_id)
    found = ticket(city, ticket_id)
    assert (found.urgency, found.due_at) == (Urgency.URGENT, local("2020-05-04 00:00"))
    with city.context.reading() as session:
        assert session.get_one(Instruction, instruction_id).case_id is None
    report_back(city.context.acting_as(city.supervisor), ticket_id, instruction_id, "已派水务局")


def test_a_second_instruction_goes_with_what_is_open_and_both_are_answered_for(city: City) -> None:
    ticket_id, hotline = city.signed(), city.context.acting_as(city.supervisor)
    first, second = (instruct(hotline, ticket_id, WRITTEN) for _ in range(2))
    assert case_of(city, first).id == case_of(city, second).id
    answer(city.context.acting_as(city.leader), ticket_id, "已更换水泵")
    report_back(hotline, ticket_id, first, "已解决")
    assert refusal(conclude, hotline, ticket_id, True, "属实") is Obstacle.NOT_REPORTED


def test_what_is_answered_already_passes_no_further_instruction_on(city: City) -> None:
    ticket_id, hotline = city.signed(), city.context.acting_as(city.supervisor)
    first = instruct(hotline, ticket_id, WRITTEN)
    answer(city.context.acting_as(city.leader), ticket_id, "已更换水泵")
    second = instruct(hotline, ticket_id, WRITTEN)
    assert refusal(report_back, hotline, ticket_id, second, "在办") is Obstacle.NOT_ANSWERED
    answer(city.context.acting_as(city.leader), ticket_id, "已回装")
    for instruction_id in (first, second):
        report_back(hotline, ticket_id, instruction_id, "已解决")
    for _ in range(2):
        conclude(hotline, ticket_id, True, "属实")
    assert {case_of(city, one).state for one in (first, second)} == {CaseState.CLOSED}


def test_an_instruction_reaches_the_department_that_has_the_ticket(city: City) -> None:
    ticket_id, hotline = city.signed(), city.context.acting_as(city.supervisor)
    instruct(hotline, ticket_id, WRITTEN)
    with city.context.writing() as session:
        session.get_one(Ticket, ticket_id).holder_id = city.police_id
    assert case_of(city, instruct(hotline, ticket_id, WRITTEN)).department_id == city.police_id


def test_a_leader_signs_with_their_own_name_and_does_not_report_to_themselves(city: City) -> None:
    leader, ticket_id = user(city.context, city.hotline_id, Role.LEADER), city.signed()
    instruction_id = instruct(city.context.acting_as(leader), ticket_id, WRITTEN)
    with city.context.reading() as session:
        assert session.get_one(Instruction, instruction_id).leader == leader.name
    with pytest.raises(NotPermitted):
        report_back(city.context.acting_as(leader), ticket_id, instruction_id, "已阅")


def test_dates_that_cannot_be(city: City, clock: FixedClock) -> None:
    ticket_id, hotline = city.signed(), city.context.acting_as(city.supervisor)
    tomorrow, yesterday = date(2020, 5, 1), date(2020, 4, 29)
    late = InstructionForm("市长", "请解决", tomorrow)
    before = InstructionForm("市长", "请解决", TODAY, yesterday)
    assert refusal(instruct, hotline, ticket_id, late) is Obstacle.IN_FUTURE
    assert refusal(instruct, hotline, ticket_id, before) is Obstacle.DUE_BEFORE


def test_nothing_is_ordered_about_what_is_archived(city: City) -> None:
    ticket_id = city.signed()
    with city.context.writing() as session:
        session.get_one(Ticket, ticket_id).state = State.ARCHIVED
    assert refusal(instruct, city.context.acting_as(city.supervisor), ticket_id, WRITTEN) is Obstacle.ARCHIVED


def test_who_gives_orders_by_level(city: City) -> None:
    units, ticket_id = Units.of(city), city.signed()

    def person(role: Role) -> Actor:
        return user(city.context, city.hotline_id, role)

    for actor in (city.agent, city.handler, city.leader, city.reviewer, person(Role.INSPECTION_OFFICE)):
        with pytest.raises(NotPermitted):
            instruct(city.context.acting_as(actor), ticket_id, WRITTEN)
    for role, level in ((Role.GOVERNMENT_OFFICE, Level.L3), (Role.INSPECTION_OFFICE, Level.L5)):
        with pytest.raises(NotPermitted):
            order(city.context.acting_as(person(role)), ticket_id, level, Kind.INSPECTION, "难点")
    order(city.context.acting_as(person(Role.INSPECTION_OFFICE)), ticket_id, Level.L3, Kind.INSPECTION, "难")
    order(city.context.acting_as(person(Role.GOVERNMENT_OFFICE)), ticket_id, Level.L5, Kind.HOTLINE, "约谈")
    order(city.context.acting_as(units.director), ticket_id, Level.L6, Kind.CONDUCT, "移送")


@pytest.mark.parametrize(
    ("due_on", "due"),
    [
        (None, "2020-05-24 00:00"),
        (date(2020, 5, 8), "2020-05-23 00:00"),
        (date(2020, 5, 30), "2020-05-24 00:00"),
    ],
)
def test_an_instruction_while_the_clock_stands_still_leaves_as_many_days(
    city: City, clock: FixedClock, due_on: date | None, due: str
) -> None:
    """Suspended on 30 April with a week left, instructed on 6 May, taken up on 20 May."""
    ticket_id = suspended(city)
    clock.set(local("2020-05-06 10:00"))
    form = InstructionForm("市长", "请限期解决", date(2020, 5, 6), due_on)
    instruct(city.context.acting_as(city.supervisor), ticket_id, form)
    clock.set(local("2020-05-20 16:00"))
    resume(city.context.acting_as(city.handler), ticket_id)
    assert ticket(city, ticket_id).due_at == local(due)


def test_the_same_while_the_citizen_is_asked(city: City, clock: FixedClock) -> None:
    ticket_id = city.signed()
    ask(city.context.acting_as(city.handler), ticket_id, "请问是几号楼？")
    instruct(city.context.acting_as(city.supervisor), ticket_id, WRITTEN)
    clock.set(local("2020-05-06 16:00"))
    answer_question(city.context.acting_as(city.agent), ticket_id, "3 号楼")
    assert ticket(city, ticket_id).due_at == local("2020-05-10 00:00")


def suspended(city: City) -> int:
    ticket_id = city.signed()
    record_contact(city.context.acting_as(city.handler), ticket_id, ContactWay.PHONE, reached=True)
    form = SuspensionForm("管网改造中", "列入下半年改造", date(2020, 6, 30))
    ask_suspension(city.context.acting_as(city.leader), ticket_id, form)
    approve_suspension(city.context.acting_as(city.supervisor), ticket_id, "同意")
    return ticket_id
