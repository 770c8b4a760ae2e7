"""Special supervision and instructions keep a ticket open (rulebook B2, rule 4); on SQLite alone."""

from collections.abc import Callable
from datetime import date

import pytest

from hotline.database import Database
from hotline.extensions.models import ExtensionGround
from hotline.extensions.service import ExtensionForm, approve_extension, ask_extension
from hotline.follow_up.models import AttemptOutcome, FollowUpState
from hotline.follow_up.rules import Finding
from hotline.follow_up.service import attempt_ended, dial_due, find, record_by_hand
from hotline.people.actors import NotPermitted, Role
from hotline.replies.models import ContactWay
from hotline.replies.service import record_contact
from hotline.screening import asking
from hotline.screening.answering import answer_backoffice
from hotline.supervision.instructions import InstructionForm, instruct, report_back
from hotline.supervision.rules import Kind, Level
from hotline.supervision.service import answer, conclude, decide, order, propose
from hotline.tickets.lifecycle import GuardFailed
from hotline.tickets.states import Confidentiality, State
from tests.factories import City, FakeTelephone, FixedClock, local, user
from tests.integration.families import OTHER, answered, asked, events, family, put, states, ticket_of, under
from tests.integration.units import Units

WRITTEN = InstructionForm("市长", "三天内解决，并报结果。", date(2020, 4, 30))


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    return sqlite_database


def watched(city: City, ticket_id: int) -> None:
    """The inspection office takes the matter up (L3)."""
    office = city.context.acting_as(user(city.context, city.hotline_id, Role.INSPECTION_OFFICE))
    order(office, ticket_id, Level.L3, Kind.INSPECTION, "限期整改")


def over(city: City, ticket_id: int) -> None:
    """The department answers, and the supervisor finds it enough."""
    answer(city.context.acting_as(city.leader), ticket_id, "已更换水泵")
    conclude(city.context.acting_as(city.supervisor), ticket_id, True, "属实")


def solved(city: City, ticket_id: int) -> None:
    answered(city, ticket_id, solved=True)


def explained(city: City, ticket_id: int) -> None:
    calling, follow_up_id = city.context.acting_as(city.callback_agent), asked(city, ticket_id).id
    record_by_hand(calling, follow_up_id, False, 4)
    find(calling, follow_up_id, Finding.OBJECTIVE, "不在供水范围")


def unreached(city: City, ticket_id: int) -> None:
    telephone, clock = FakeTelephone(), city.context.clock
    assert isinstance(clock, FixedClock)
    for day in (6, 7, 8):
        clock.set(local(f"2020-05-{day:02} 10:00"))
        assert dial_due(city.context, telephone) == 1
        attempt_ended(city.context, telephone.last_attempt, AttemptOutcome.NO_ANSWER)


def nobody_to_call(city: City, ticket_id: int) -> None:
    put(city, ticket_id, complainant_phone="")
    assert dial_due(city.context, FakeTelephone()) == 0


@pytest.mark.parametrize(
    ("ended", "outcome"),
    [
        (solved, "solved"),
        (explained, "explained"),
        (unreached, "unreached"),
        (nobody_to_call, "anonymous"),
    ],
)
def test_what_was_asked_meanwhile_closes_the_ticket_when_supervision_ends(
    city: City, ended: Callable[[City, int], None], outcome: str
) -> None:
    ticket_id, _ = city.owed()
    watched(city, ticket_id)
    ended(city, ticket_id)
    waiting, follow_up = ticket_of(city, ticket_id), asked(city, ticket_id)
    assert (waiting.state, waiting.outcome) == (State.CALLBACK, None)
    assert waiting.history[-1].event == "closing_waits"
    assert follow_up.state in (FollowUpState.DONE, FollowUpState.UNREACHED)
    over(city, ticket_id)
    closed = ticket_of(city, ticket_id)
    assert (closed.state, closed.outcome, closed.solved) == (State.CLOSED, outcome, waiting.solved)
    assert closed.satisfaction == waiting.satisfaction


def test_a_notice_below_l3_keeps_nothing_open(city: City) -> None:
    ticket_id, _ = city.owed()
    propose(city.context.acting_as(city.supervisor), ticket_id, "多次催办没有进展")
    assert decide(city.context.acting_as(Units.of(city).director), ticket_id, approved=True)
    solved(city, ticket_id)
    assert states(city, ticket_id) == [State.CLOSED]


def test_who_is_not_satisfied_is_heard_at_once(city: City) -> None:
    ticket_id, _ = city.owed()
    watched(city, ticket_id)
    answered(city, ticket_id, solved=False)
    assert states(city, ticket_id) == [State.REWORK]


def test_nothing_closes_before_the_citizen_was_asked(city: City) -> None:
    ticket_id, _ = city.owed()
    watched(city, ticket_id)
    over(city, ticket_id)
    assert states(city, ticket_id) == [State.CALLBACK]
    solved(city, ticket_id)
    assert states(city, ticket_id) == [State.CLOSED]


def test_an_instruction_is_reported_on_before_its_case_and_the_ticket_end(city: City) -> None:
    ticket_id, _ = city.owed()
    hotline = city.context.acting_as(city.supervisor)
    instruction_id = instruct(hotline, ticket_id, WRITTEN)
    solved(city, ticket_id)
    answer(city.context.acting_as(city.leader), ticket_id, "已更换水泵")
    report_back(hotline, ticket_id, instruction_id, "已解决")
    assert states(city, ticket_id) == [State.CALLBACK], "the case is still open"
    conclude(hotline, ticket_id, True, "属实")
    assert states(city, ticket_id) == [State.CLOSED]


def test_merged_tickets_wait_each_for_what_keeps_it_open(city: City) -> None:
    hotline = city.context.acting_as(city.supervisor)
    master_id, (child_id,) = family(city, OTHER)
    repeat_id = under(city, master_id, ticket_of(city, master_id).complainant_phone)
    kept = {one: instruct(hotline, one, WRITTEN) for one in (child_id, repeat_id)}
    solved(city, master_id)
    solved(city, child_id)
    assert states(city, master_id, child_id, repeat_id) == [State.CLOSED, State.MERGED, State.MERGED]
    for ticket_id, instruction_id in kept.items():
        report_back(hotline, ticket_id, instruction_id, "已解决")
    assert states(city, child_id, repeat_id) == [State.CLOSED, State.CLOSED]
    assert ticket_of(city, repeat_id).outcome == "solved"


def test_a_direct_answer_is_refused_until_the_leader_has_heard(city: City) -> None:
    ticket_id, hotline = city.accepted(), city.context.acting_as(city.supervisor)
    instruction_id = instruct(hotline, ticket_id, WRITTEN)
    dispatching = city.context.acting_as(city.dispatcher)
    with pytest.raises(GuardFailed, match="instruction is still open"):
        answer_backoffice(dispatching, ticket_id, "水费按阶梯计价。", "水价办法")
    report_back(hotline, ticket_id, instruction_id, "直接答复市民")
    answer_backoffice(dispatching, ticket_id, "水费按阶梯计价。", "水价办法")
    assert states(city, ticket_id) == [State.CLOSED]


def test_want_of_information_closes_nothing_that_a_leader_waits_for(city: City, clock: FixedClock) -> None:
    ticket_id, hotline = city.registered(), city.context.acting_as(city.supervisor)
    asking.ask(city.context.acting_as(city.screener), ticket_id, "请告知楼号。")
    asking.ask_again(city.context.acting_as(city.agent), ticket_id)
    instruction_id = instruct(hotline, ticket_id, WRITTEN)
    clock.advance(days=30)
    assert asking.close_unanswered(city.context) == 0
    assert asking.close_unanswered(city.context) == 0, "looked at again on the next day"
    report_back(hotline, ticket_id, instruction_id, "市民没有补充")
    clock.advance(days=1)
    assert asking.close_unanswered(city.context) == 1
    assert states(city, ticket_id) == [State.CLOSED]


def test_what_is_sealed_is_out_of_the_supervisors_sight(city: City) -> None:
    ticket_id, _ = city.owed()
    watched(city, ticket_id)
    put(city, ticket_id, confidentiality=Confidentiality.SEALED)
    solved(city, ticket_id)
    assert states(city, ticket_id) == [State.CLOSED]
    assert "closing_waits" not in events(city, ticket_id)


def test_more_time_under_an_instruction_is_given_by_the_instructing_side_alone(city: City) -> None:
    ticket_id, hotline = city.signed(), city.context.acting_as(city.supervisor)
    record_contact(city.context.acting_as(city.handler), ticket_id, ContactWay.PHONE, reached=True)
    asking_unit = city.context.acting_as(city.leader)
    form = ExtensionForm(ExtensionGround.NEEDS_WORKS, 1, "等水泵到货后更换")
    instruction_id = instruct(hotline, ticket_id, WRITTEN)
    ask_extension(asking_unit, ticket_id, form)
    for actor in (city.dispatcher, city.supervisor):
        with pytest.raises(NotPermitted):
            approve_extension(city.context.acting_as(actor), ticket_id)
    mayor = city.context.acting_as(user(city.context, city.hotline_id, Role.LEADER))
    approve_extension(mayor, ticket_id, "同意，最后一次")
    answer(asking_unit, ticket_id, "水泵已订购")
    report_back(hotline, ticket_id, instruction_id, "水泵到货即换")
    ask_extension(asking_unit, ticket_id, form)
    with pytest.raises(NotPermitted):
        approve_extension(mayor, ticket_id)
    approve_extension(city.context.acting_as(Units.of(city).director), ticket_id)
