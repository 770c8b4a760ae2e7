"""What citizens ask the hotline to decide: withdrawing late, reopening, objecting, and out of the archive."""

from datetime import timedelta
from pathlib import Path

import pytest

from hotline.appeals.exceptional import ExceptionalForm, ExceptionalGround, reopen_archived
from hotline.appeals.models import AppealKind, AppealState
from hotline.appeals.ordered import OrderObstacle, OrderRefused, reopen_on_order
from hotline.appeals.queries import appeals_of, taken_up_again, to_check, waiting_appeals
from hotline.appeals.rules import AppealRefused, Obstacle
from hotline.appeals.service import Found, check, decide, write_down
from hotline.archiving.service import archive_due
from hotline.citizens.deeds import Deed, NotNow, allowed, ask_to_reopen, ask_to_withdraw, object_to_refusal
from hotline.citizens.progress import progress_of
from hotline.context import Context
from hotline.database import Database
from hotline.dispatch.queries import lead_assignment
from hotline.dispatch.service import dispatch, sign
from hotline.extensions.models import ExtensionGround, ExtensionState
from hotline.extensions.queries import extensions_of, waiting_extensions
from hotline.extensions.service import ExtensionForm, ask_extension
from hotline.follow_up.service import record_by_hand
from hotline.people.actors import Actor, NotPermitted, Role
from hotline.review.service import accept_reply, reject_reply
from hotline.screening.refusing import Proposal, agree, hear_objection, propose
from hotline.screening.rules import RefusalCode
from hotline.supervision import service as supervision
from hotline.supervision.queries import cases_of
from hotline.supervision.rules import CaseState, Kind, Level, Trigger
from hotline.supervision.telling import lines_for
from hotline.suspension.models import SuspensionState
from hotline.suspension.queries import suspensions_of, waiting_suspensions
from hotline.suspension.service import SuspensionForm, ask_suspension
from hotline.tickets.lifecycle import GuardFailed, IllegalMove, MoveNotPermitted
from hotline.tickets.models import Ticket
from hotline.tickets.states import Confidentiality, ScreeningClass, State, Urgency
from hotline.today.queries import Place, Waiting, waiting_for
from tests.factories import City, FixedClock, make_context, user
from tests.integration.families import events, number_of, put, ticket_of, under

WHY = "自己装了加压泵"


@pytest.fixture
def context(sqlite_database: Database, clock: FixedClock, tmp_path: Path) -> Context:
    """One kind of database: the walk makes these moves on both."""
    return make_context(sqlite_database, clock, tmp_path)


def closed(city: City) -> int:
    """The citizen has said that it is solved."""
    ticket_id, follow_up_id = city.owed()
    record_by_hand(city.context.acting_as(city.callback_agent), follow_up_id, True, 2)
    return ticket_id


def refused_ticket(city: City) -> int:
    """Two screeners have not accepted it."""
    ticket_id = city.registered()
    second = user(city.context, city.hotline_id, Role.SCREENER)
    proposal = Proposal(RefusalCode.LEGAL_ROUTE, "条例第三条", "法院")
    propose(city.context.acting_as(city.screener), ticket_id, proposal)
    agree(city.context.acting_as(second), ticket_id)
    return ticket_id


def asked_to_withdraw(city: City) -> int:
    ticket_id = city.signed()
    ask_to_withdraw(city.context, number_of(city, ticket_id), WHY)
    return ticket_id


def checked(city: City, ticket_id: int, found: Found, said: str = "") -> None:
    check(city.context.acting_as(city.callback_agent), ticket_id, found, said)


def decided(city: City, ticket_id: int, granted: bool = True, reason: str = "同意") -> None:
    decide(city.context.acting_as(city.supervisor), ticket_id, granted, reason)


def states_of(city: City, ticket_id: int) -> list[AppealState]:
    with city.context.reading() as session:
        return [one.state for one in appeals_of(session, ticket_id)]


def lists(city: City) -> tuple[list[int], list[int]]:
    """Ids of tickets that wait for the call, and for the decision."""
    with city.context.reading() as session:
        return [one.ticket_id for one in to_check(session)], [
            one.ticket_id for one in waiting_appeals(session)
        ]


def may(city: City, ticket_id: int) -> frozenset[Deed]:
    with city.context.reading() as session:
        return allowed(session, city.context, session.get_one(Ticket, ticket_id))


def obstacle(deed: object, *arguments: object) -> Obstacle:
    with pytest.raises(AppealRefused) as refused:
        deed(*arguments)  # type: ignore[operator]
    return refused.value.obstacle


def has_no_department(city: City, ticket_id: int) -> bool:
    ticket = ticket_of(city, ticket_id)
    with city.context.reading() as session:
        lead = lead_assignment(session, ticket_id)
    return (ticket.holder_id, ticket.due_at, lead) == (None, None, None)


def test_a_withdrawal_in_handling_waits_for_the_call_and_for_the_supervisor(city: City) -> None:
    ticket_id = asked_to_withdraw(city)
    assert ticket_of(city, ticket_id).state is State.HANDLING, "the department goes on"
    assert lists(city) == ([ticket_id], [ticket_id])
    with city.context.reading() as session:
        waits = [waiting_for(session, actor) for actor in (city.callback_agent, city.supervisor)]
    assert waits == [[Waiting(Place.APPEALS, 1, None)]] * 2
    assert obstacle(decided, city, ticket_id) is Obstacle.NOT_CHECKED
    checked(city, ticket_id, Found.NOT_REACHED)
    assert obstacle(decided, city, ticket_id) is Obstacle.NOT_CHECKED
    checked(city, ticket_id, Found.FREELY, "没有人劝过")
    assert lists(city) == ([], [ticket_id])
    assert obstacle(checked, city, ticket_id, Found.PRESSED, "改口") is Obstacle.CHECKED
    assert obstacle(decided, city, ticket_id, True, "  ") is Obstacle.NO_REASON
    decided(city, ticket_id)
    assert ticket_of(city, ticket_id).state is State.WITHDRAWN
    assert has_no_department(city, ticket_id)
    assert (lists(city), states_of(city, ticket_id)) == (([], []), [AppealState.GRANTED])
    assert may(city, ticket_id) == {Deed.TAKE_UP_AGAIN}


def test_before_it_is_signed_nobody_has_to_call(city: City) -> None:
    ticket_id = city.accepted()
    dispatch(city.context.acting_as(city.dispatcher), ticket_id, city.water_id)
    write_down(city.context.acting_as(city.agent), ticket_id, AppealKind.WITHDRAWAL, WHY)
    decided(city, ticket_id)
    assert ticket_of(city, ticket_id).state is State.WITHDRAWN


def test_who_was_pressed_is_not_withdrawn_and_the_ladder_is_told_without_their_words(city: City) -> None:
    ticket_id = asked_to_withdraw(city)
    assert obstacle(checked, city, ticket_id, Found.PRESSED, " ") is Obstacle.NO_REASON
    checked(city, ticket_id, Found.PRESSED, "站长上门叫我撤的")
    assert ticket_of(city, ticket_id).state is State.HANDLING
    assert (states_of(city, ticket_id), lists(city)) == ([AppealState.PRESSED], ([], []))
    assert obstacle(decided, city, ticket_id) is Obstacle.NOTHING_WAITS
    with city.context.reading() as session:
        (case,) = cases_of(session, ticket_id)
        ticket = session.get_one(Ticket, ticket_id)
        told = [line.event for line in lines_for(city.handler, ticket.history)]
        asked = progress_of(session, ticket).asked
    assert (case.level, case.trigger, case.state, case.reason) == (
        Level.L2,
        Trigger.PRESSED,
        CaseState.PROPOSED,
        "",
    )
    assert told[-1] == "sign", "the department learns nothing of it"
    assert asked is not None
    assert (asked.waits, asked.decision) == (False, "")


def test_a_refused_withdrawal_goes_on_and_its_citizen_reads_why(city: City, clock: FixedClock) -> None:
    ticket_id = asked_to_withdraw(city)
    decided(city, ticket_id, False, "联系不上您，先继续办理")
    assert ticket_of(city, ticket_id).state is State.HANDLING
    assert states_of(city, ticket_id) == [AppealState.REFUSED]
    with city.context.reading() as session:
        asked = progress_of(session, session.get_one(Ticket, ticket_id)).asked
    assert asked is not None
    assert asked.decision == "联系不上您，先继续办理"
    assert Deed.ASK_TO_WITHDRAW not in may(city, ticket_id), "once a day"
    clock.advance(days=1)
    assert Deed.ASK_TO_WITHDRAW in may(city, ticket_id)


def test_nobody_decides_on_what_they_had_a_hand_in_and_nobody_else_at_all(city: City) -> None:
    ticket_id = city.signed()
    both = user(city.context, city.hotline_id, Role.AGENT, Role.SUPERVISOR, Role.CALLBACK_AGENT)
    write_down(city.context.acting_as(both), ticket_id, AppealKind.WITHDRAWAL, WHY)
    assert obstacle(check, city.context.acting_as(both), ticket_id, Found.FREELY) is Obstacle.OWN_REQUEST
    assert obstacle(decide, city.context.acting_as(both), ticket_id, False, "不") is Obstacle.OWN_REQUEST
    for actor in (city.handler, city.leader, city.agent, city.dispatcher):
        acting = city.context.acting_as(actor)
        with pytest.raises(NotPermitted):
            check(acting, ticket_id, Found.FREELY)
        with pytest.raises(NotPermitted):
            decide(acting, ticket_id, True, "同意")
    assert events(city, ticket_id)[-1] == "withdrawal_asked"


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"urgency": Urgency.FLASH}, Obstacle.DANGER),
        ({"state": State.REPLIED}, Obstacle.NOT_NOW),
    ],
)
def test_what_is_not_withdrawn(city: City, values: dict[str, object], why: Obstacle) -> None:
    ticket_id = city.signed()
    put(city, ticket_id, **values)
    agent = city.context.acting_as(city.agent)
    assert obstacle(write_down, agent, ticket_id, AppealKind.WITHDRAWAL, WHY) is why
    assert Deed.ASK_TO_WITHDRAW not in may(city, ticket_id)


def test_what_others_wait_for_or_supervision_keeps_open_is_not_withdrawn(city: City) -> None:
    ticket_id = asked_to_withdraw(city)
    checked(city, ticket_id, Found.FREELY)
    director = user(city.context, city.hotline_id, Role.DIRECTOR)
    supervision.order(city.context.acting_as(director), ticket_id, Level.L3, Kind.HOTLINE, "专项督办")
    with pytest.raises(GuardFailed, match="still open"):
        decided(city, ticket_id)
    master_id = city.signed()
    under(city, master_id)
    agent = city.context.acting_as(city.agent)
    assert obstacle(write_down, agent, master_id, AppealKind.WITHDRAWAL, WHY) is Obstacle.OTHERS_WAIT


def test_an_agent_withdraws_at_once_before_dispatch_and_for_whoever_is_hidden(city: City) -> None:
    agent = city.context.acting_as(city.agent)
    early, hidden, sealed = city.registered(), city.signed(), city.signed()
    write_down(agent, early, AppealKind.WITHDRAWAL, WHY)
    assert ticket_of(city, early).state is State.WITHDRAWN
    put(city, hidden, confidentiality=Confidentiality.HIDDEN)
    write_down(agent, hidden, AppealKind.WITHDRAWAL, WHY)
    assert lists(city) == ([hidden], [hidden])
    put(city, sealed, confidentiality=Confidentiality.SEALED)
    with pytest.raises(NotPermitted):
        write_down(agent, sealed, AppealKind.WITHDRAWAL, WHY)


@pytest.mark.parametrize("kind", [AppealKind.RELAPSE, AppealKind.OBJECTION])
def test_a_closed_ticket_is_taken_up_again_with_a_new_clock(
    city: City, clock: FixedClock, kind: AppealKind
) -> None:
    ticket_id = closed(city)
    clock.advance(days=30)
    ask_to_reopen(city.context, number_of(city, ticket_id), kind, "又没有水了")
    clock.advance(days=1)
    assert archive_due(city.context) == 0, "what waits is not archived"
    assert Deed.REOPEN not in may(city, ticket_id), "it waits"
    decided(city, ticket_id, True, "属于复发")
    ticket = ticket_of(city, ticket_id)
    assert (ticket.state, ticket.closed_at, ticket.outcome, ticket.solved, ticket.satisfaction) == (
        State.TO_DISPATCH,
        None,
        None,
        None,
        None,
    )
    assert ticket.history[-1].changes == {"times_reopened": 1, "appeal": kind}
    assert has_no_department(city, ticket_id)
    dispatch(city.context.acting_as(city.dispatcher), ticket_id, city.water_id)
    sign(city.context.acting_as(city.handler), ticket_id)
    with city.context.reading() as session:
        lead = lead_assignment(session, ticket_id)
    assert lead is not None
    assert lead.dispatched_at == clock.now()


def test_after_thirty_days_it_is_another_matter_and_once_refused_they_call(
    city: City, clock: FixedClock
) -> None:
    ticket_id, late = closed(city), city.registered()
    put(city, late, state=State.CLOSED, closed_at=city.context.now())
    ask_to_reopen(city.context, number_of(city, ticket_id), AppealKind.NEW_FACTS, "邻居也没有水")
    decided(city, ticket_id, False, "是另一件事")
    assert (ticket_of(city, ticket_id).state, states_of(city, ticket_id)) == (
        State.CLOSED,
        [AppealState.REFUSED],
    )
    with pytest.raises(NotNow):
        ask_to_reopen(city.context, number_of(city, ticket_id), AppealKind.NEW_FACTS, "邻居也没有水")
    agent = city.context.acting_as(city.agent)
    write_down(agent, ticket_id, AppealKind.OBJECTION, "不认可")
    clock.advance(days=30, seconds=1)
    assert obstacle(write_down, agent, late, AppealKind.RELAPSE, "又没有水") is Obstacle.TOO_LATE


def test_an_objection_to_a_refusal_stands_in_the_same_list(city: City, clock: FixedClock) -> None:
    accepted, kept, direct = refused_ticket(city), refused_ticket(city), refused_ticket(city)
    for ticket_id in (accepted, kept, direct):
        object_to_refusal(city.context, number_of(city, ticket_id), "就是你们管的")
    assert lists(city) == ([], [accepted, kept, direct])
    hear_objection(city.context.acting_as(city.supervisor), direct, True, "应当受理")
    assert states_of(city, direct) == [AppealState.GRANTED], "decided on the ticket itself"
    clock.advance(days=12)  # they objected in time
    decided(city, accepted, True, "应当受理")
    decided(city, kept, False, "确属诉讼事项")
    assert [ticket_of(city, one).state for one in (accepted, kept)] == [State.REGISTERED, State.NOT_ACCEPTED]
    assert states_of(city, accepted) + states_of(city, kept) == [AppealState.GRANTED, AppealState.REFUSED]
    assert Deed.OBJECT not in may(city, kept), "once"
    late = refused_ticket(city)
    clock.advance(days=12)
    with pytest.raises(NotNow):
        object_to_refusal(city.context, number_of(city, late), "就是你们管的")


def test_a_withdrawal_that_was_overtaken_does_not_come_back(city: City) -> None:
    ticket_id = asked_to_withdraw(city)
    put(city, ticket_id, state=State.CLOSED, closed_at=city.context.now())
    assert lists(city) == ([], [])
    ask_to_reopen(city.context, number_of(city, ticket_id), AppealKind.RELAPSE, "又没有水了")
    decided(city, ticket_id)
    assert states_of(city, ticket_id) == [AppealState.DROPPED, AppealState.GRANTED]


def archived(city: City) -> int:
    ticket_id = closed(city)
    put(city, ticket_id, state=State.ARCHIVED)
    return ticket_id


def director(city: City) -> Actor:
    return user(city.context, city.hotline_id, Role.DIRECTOR)


def finding(document: str = "（2020）川 01 行终 12 号", reason: str = "判决重新处理") -> ExceptionalForm:
    return ExceptionalForm(ExceptionalGround.COURT, document, reason)


def test_the_director_takes_a_ticket_out_of_the_archive_for_a_finding(city: City) -> None:
    ticket_id, acting = archived(city), city.context.acting_as(director(city))
    for form, match in ((finding(document=" "), "finding"), (finding(reason=" "), "reason")):
        with pytest.raises(GuardFailed, match=match):
            reopen_archived(acting, ticket_id, form)
    with pytest.raises(MoveNotPermitted):
        reopen_archived(city.context.acting_as(city.supervisor), ticket_id, finding())
    with pytest.raises(IllegalMove):
        reopen_archived(acting, city.registered(), finding())
    reopen_archived(acting, ticket_id, finding())
    ticket = ticket_of(city, ticket_id)
    assert (ticket.state, ticket.closed_at) == (State.TO_DISPATCH, None)
    assert ticket.history[-1].changes["exceptional_ground"] == "court"
    assert has_no_department(city, ticket_id)


def test_what_is_anonymised_or_sealed_stays_in_the_archive(city: City) -> None:
    ticket_id, sealed, acting = archived(city), city.registered(), city.context.acting_as(director(city))
    put(city, ticket_id, anonymised_at=city.context.now())
    with pytest.raises(GuardFailed, match="nobody is known in it any more"):
        reopen_archived(acting, ticket_id, finding())
    put(city, sealed, state=State.ARCHIVED, confidentiality=Confidentiality.SEALED)
    with pytest.raises(NotPermitted):
        reopen_archived(acting, sealed, finding())
    assert [ticket_of(city, one).state for one in (ticket_id, sealed)] == [State.ARCHIVED, State.ARCHIVED]


def order_obstacle(
    city: City, actor: Actor, ticket_id: int, reason: str = "审计发现没有解决"
) -> OrderObstacle:
    with pytest.raises(OrderRefused) as refused:
        reopen_on_order(city.context.acting_as(actor), ticket_id, reason)
    return refused.value.obstacle


def test_leaders_and_auditors_take_up_what_is_closed_however_long_ago(city: City, clock: FixedClock) -> None:
    ticket_id = closed(city)
    auditor = user(city.context, city.hotline_id, Role.AUDITOR)
    ask_to_reopen(city.context, number_of(city, ticket_id), AppealKind.RELAPSE, "又没有水了")
    clock.advance(days=400)
    assert order_obstacle(city, auditor, ticket_id, "  ") is OrderObstacle.NO_REASON
    for actor in (city.supervisor, city.leader, city.agent):
        with pytest.raises(NotPermitted):
            reopen_on_order(city.context.acting_as(actor), ticket_id, "看看")
    reopen_on_order(city.context.acting_as(auditor), ticket_id, "审计发现没有解决")
    line = ticket_of(city, ticket_id).history[-1]
    assert (line.event, line.actor_id, line.reason) == ("reopen", auditor.user_id, "审计发现没有解决")
    assert line.changes == {"times_reopened": 1, "by_order": True}
    assert has_no_department(city, ticket_id)
    assert (lists(city), states_of(city, ticket_id)) == (([], []), [AppealState.GRANTED])
    with city.context.reading() as session:
        told = [[one.id for one in taken_up_again(session, one)] for one in (city.water_id, city.police_id)]
    assert told == [[ticket_id], []], "the department that had it is told, and nobody else"
    with pytest.raises(IllegalMove, match="archived"):
        reopen_on_order(city.context.acting_as(auditor), archived(city), "审计发现没有解决")


def test_who_had_a_hand_in_it_does_not_take_it_up_again(city: City) -> None:
    ticket_id, elsewhere = closed(city), city.registered()
    both = user(city.context, city.hotline_id, Role.AGENT, Role.AUDITOR)
    write_down(city.context.acting_as(both), ticket_id, AppealKind.RELAPSE, "又没有水了")
    assert order_obstacle(city, both, ticket_id) is OrderObstacle.OWN_DEED
    callers = Actor(city.callback_agent.user_id, "回访", frozenset({Role.AUDITOR}))
    assert order_obstacle(city, callers, ticket_id) is OrderObstacle.OWN_DEED, "they have closed it"
    of_unit = user(city.context, city.water_id, Role.LEADER)
    assert order_obstacle(city, of_unit, ticket_id) is OrderObstacle.OWN_DEPARTMENT
    leader = user(city.context, city.police_id, Role.LEADER)
    put(city, elsewhere, state=State.CLOSED, screening_class=ScreeningClass.PETITION)
    assert order_obstacle(city, leader, elsewhere) is OrderObstacle.REFERRED
    put(city, elsewhere, anonymised_at=city.context.now(), screening_class=ScreeningClass.SERVICE)
    with pytest.raises(GuardFailed, match="nobody is known"):
        reopen_on_order(city.context.acting_as(leader), elsewhere, "看看")
    put(city, elsewhere, confidentiality=Confidentiality.SEALED)
    with pytest.raises(NotPermitted):
        reopen_on_order(city.context.acting_as(leader), elsewhere, "看看")
    reopen_on_order(city.context.acting_as(leader), ticket_id, "市领导批示")
    reopened_before = ticket_of(city, ticket_id)
    put(city, ticket_id, state=State.CLOSED, closed_at=city.context.now())
    reopen_on_order(city.context.acting_as(leader), ticket_id, "仍未解决")
    assert reopened_before.history[-1].changes["times_reopened"] == 1
    assert ticket_of(city, ticket_id).history[-1].changes["times_reopened"] == 2


def ask_for_more(city: City, ticket_id: int) -> None:
    """The department's leader asks for an extension, and for a suspension."""
    leader, today = city.context.acting_as(city.leader), city.context.now().date()
    ask_extension(leader, ticket_id, ExtensionForm(ExtensionGround.NEEDS_WORKS, 2, "等水泵到货"))
    ask_suspension(leader, ticket_id, SuspensionForm("管网要改造", "列入改造", today + timedelta(days=9)))


def undecided(city: City, ticket_id: int) -> tuple[list[str], int]:
    """What the department has asked for, and how much of it the deciders see."""
    with city.context.reading() as session:
        asked = [*extensions_of(session, ticket_id), *suspensions_of(session, ticket_id)]
        seen = [*waiting_extensions(session), *waiting_suspensions(session)]
        return [one.state for one in asked], len(seen)


DROPPED = [ExtensionState.DROPPED, SuspensionState.DROPPED]


def test_what_a_department_waits_for_ends_with_the_withdrawal(city: City) -> None:
    ticket_id = asked_to_withdraw(city)
    ask_for_more(city, ticket_id)
    checked(city, ticket_id, Found.FREELY)
    decided(city, ticket_id)
    assert undecided(city, ticket_id) == (DROPPED, 0)
    lines = ticket_of(city, ticket_id).history[-2:]
    assert [(line.event, line.actor_name, line.changes) for line in lines] == [
        ("extension_dropped", "system", {"because": "withdraw"}),
        ("suspension_dropped", "system", {"because": "withdraw"}),
    ]


def test_it_waits_while_a_reply_is_reviewed_and_ends_when_that_is_accepted(city: City) -> None:
    ticket_id = city.signed()
    ask_for_more(city, ticket_id)
    city.reply(ticket_id)
    reviewer = city.context.acting_as(city.reviewer)
    reject_reply(reviewer, ticket_id, "没有写清")
    assert undecided(city, ticket_id) == (["asked", "asked"], 2), "the department goes on, and needs it still"
    city.reply(ticket_id)
    accept_reply(reviewer, ticket_id)
    assert undecided(city, ticket_id) == (DROPPED, 0)
    lines = ticket_of(city, ticket_id).history[-2:]
    assert [line.changes for line in lines] == [{"because": "accept_reply"}] * 2
