"""Incidents: who opens, changes and closes them, what is on record, what callers and agents have of it."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import event

from hotline.call_plan import queries as call_plan
from hotline.call_plan import service as surges
from hotline.call_plan.models import Surge
from hotline.clock import Clock
from hotline.context import Context
from hotline.database import Database
from hotline.incidents import service
from hotline.incidents.groups import watch
from hotline.incidents.models import Incident, IncidentState, Step
from hotline.incidents.queries import citizens_of, decided_signals, filled, waiting_signals
from hotline.incidents.rules import IncidentRefused, Obstacle
from hotline.incidents.service import Facts
from hotline.merging.rules import Obstacle as MergeObstacle
from hotline.merging.service import MergeRefused, merge
from hotline.people.actors import NotPermitted, Role
from hotline.review.service import accept_reply
from hotline.tickets.lifecycle import GuardFailed, MoveNotPermitted
from hotline.tickets.service import Draft
from hotline.tickets.states import Confidentiality, State, TicketType
from tests.factories import City, FixedClock, make_context, user
from tests.integration.families import OTHER, THIRD, answered, number_of, put, states, ticket_of

BURST = Facts(
    title="幸福路水管爆裂",
    category_code="water.pressure",
    demand="尽快恢复供水",
    district="城关区",
    address="幸福路 8 号",
    known="DN300 主管爆裂，抢修队 15:20 到场。",
    told_zh="幸福路水管爆裂，正在抢修，预计今晚恢复供水。",
    told_en="A water main has burst on Xingfu Road.",
)
REASON = "一小时内 40 个来电"


@pytest.fixture
def context(sqlite_database: Database, clock: Clock, tmp_path: Path) -> Context:
    """What differs between the databases is tested with the groups."""
    return make_context(sqlite_database, clock, tmp_path)


@pytest.fixture
def supervising(city: City) -> Context:
    return city.context.acting_as(city.supervisor)


@pytest.fixture
def dispatching(city: City) -> Context:
    return city.context.acting_as(city.dispatcher)


def opened(city: City, facts: Facts = BURST, master_id: int | None = None) -> int:
    number = number_of(city, master_id or city.accepted())
    return service.open_incident(city.context.acting_as(city.dispatcher), number, facts, REASON)


def read(city: City, incident_id: int) -> Incident:
    with city.context.reading() as session:
        found = session.get_one(Incident, incident_id)
        _ = found.lines, found.master
        return found


def on_air(city: City) -> Surge | None:
    with city.context.reading() as session:
        return call_plan.surge(session)


def obstacle(deed: Callable[[], object]) -> tuple[Obstacle, str]:
    with pytest.raises(IncidentRefused) as refused:
        deed()
    return refused.value.obstacle, refused.value.field


def test_an_incident_and_its_ticket_tell_who_opened_it_and_why(city: City, clock: FixedClock) -> None:
    master_id = city.accepted()
    found = read(city, opened(city, master_id=master_id))
    assert (found.state, found.title, found.master_id) == (IncidentState.OPEN, "幸福路水管爆裂", master_id)
    (line,) = found.lines
    assert (line.step, line.actor_id, line.at, line.reason) == (
        Step.OPENED,
        city.dispatcher.user_id,
        clock.now(),
        REASON,
    )
    noted = ticket_of(city, master_id).history[-1]
    assert (noted.event, noted.changes) == ("incident_opened", {"incident": "幸福路水管爆裂"})


def test_nobody_else_opens_changes_or_closes(city: City) -> None:
    incident_id, number = opened(city), number_of(city, city.accepted(OTHER))
    director = user(city.context, city.hotline_id, Role.DIRECTOR)
    for actor in (city.agent, city.screener, city.reviewer, city.callback_agent, city.leader, director):
        acting = city.context.acting_as(actor)
        deeds: list[Callable[[], object]] = [
            lambda acting=acting: service.open_incident(acting, number, BURST, REASON),
            lambda acting=acting: service.change(acting, incident_id, 1, BURST, REASON),
            lambda acting=acting: service.close(acting, incident_id, REASON),
            lambda acting=acting: service.tell_callers(acting, incident_id),
            lambda acting=acting: service.hush(acting, incident_id, REASON),
        ]
        for deed in deeds:
            with pytest.raises(NotPermitted):
                deed()
    for deed in (service.tell_callers, lambda c, i: service.hush(c, i, REASON)):
        with pytest.raises(NotPermitted):
            deed(city.context.acting_as(city.dispatcher), incident_id)
    assert [line.step for line in read(city, incident_id).lines] == [Step.OPENED]


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"title": " "}, (Obstacle.NO_TITLE, "title")),
        ({"category_code": "no.such"}, (Obstacle.NO_CATEGORY, "category_code")),
        ({"demand": ""}, (Obstacle.NO_DEMAND, "demand")),
    ],
)
def test_what_is_missing_is_named(
    facts: dict[str, str], expected: tuple[Obstacle, str], city: City, dispatching: Context
) -> None:
    number = number_of(city, city.accepted())
    wrong = Facts(**{**vars(BURST), **facts})
    assert obstacle(lambda: service.open_incident(dispatching, number, wrong, REASON)) == expected
    assert obstacle(lambda: service.open_incident(dispatching, number, BURST, "")) == (
        Obstacle.NO_REASON,
        "reason",
    )


def test_the_expected_end_lies_ahead_when_it_is_written(
    city: City, dispatching: Context, clock: FixedClock
) -> None:
    at = clock.now() + timedelta(hours=3)
    incident_id = opened(city, Facts(**{**vars(BURST), "expected_end_at": at}))
    clock.advance(hours=5)
    later = Facts(**{**vars(BURST), "expected_end_at": at, "known": "还在抢修"})
    service.change(dispatching, incident_id, 1, later, "更新进展")
    past = Facts(**{**vars(BURST), "expected_end_at": clock.now() - timedelta(minutes=1)})
    assert obstacle(lambda: service.change(dispatching, incident_id, 2, past, "x")) == (
        Obstacle.EXPECTED_IN_THE_PAST,
        "expected_end_at",
    )


def test_a_master_is_open_normal_and_has_one_open_incident(city: City, dispatching: Context) -> None:
    master_id = city.accepted()
    number = number_of(city, master_id)
    opened(city, master_id=master_id)
    again = obstacle(lambda: service.open_incident(dispatching, number, BURST, REASON))
    assert again == (Obstacle.MASTER_HAS_ONE, "master_number")
    hidden, sealed = city.accepted(OTHER), city.accepted(THIRD)
    put(city, hidden, confidentiality=Confidentiality.HIDDEN)
    put(city, sealed, confidentiality=Confidentiality.SEALED)
    for ticket_id, why in (
        (hidden, MergeObstacle.MASTER_IS_HIDDEN),
        (sealed, MergeObstacle.NO_SUCH_TICKET),
    ):
        with pytest.raises(MergeRefused) as refused:
            service.open_incident(dispatching, number_of(city, ticket_id), BURST, REASON)
        assert refused.value.obstacle is why


def test_every_change_is_on_record_with_before_and_after(city: City, supervising: Context) -> None:
    incident_id = opened(city)
    changed = Facts(**{**vars(BURST), "known": "已修好一半", "district": ""})
    service.change(supervising, incident_id, 1, changed, "抢修队来电")
    line = read(city, incident_id).lines[-1]
    assert (line.step, line.actor_id, line.reason) == (Step.CHANGED, city.supervisor.user_id, "抢修队来电")
    assert line.changes == {"known": [BURST.known, "已修好一半"], "district": ["城关区", ""]}
    assert obstacle(lambda: service.change(supervising, incident_id, 1, BURST, "x"))[0] is Obstacle.STALE
    unchanged = obstacle(lambda: service.change(supervising, incident_id, 2, changed, "x"))
    assert unchanged[0] is Obstacle.NOTHING_CHANGED


def test_the_agent_who_registered_it_puts_a_ticket_under_the_master(city: City) -> None:
    master_id = city.signed()
    due = ticket_of(city, master_id).due_at
    incident_id, ticket_id = opened(city, master_id=master_id), city.registered(OTHER)
    service.join(city.context.acting_as(city.agent), incident_id, ticket_id)
    child, master = ticket_of(city, ticket_id), ticket_of(city, master_id)
    assert (child.state, child.master_id, child.number is not None) == (State.MERGED, master_id, True)
    line = child.history[-1]
    assert (line.actor_id, line.changes["incident_id"]) == (city.agent.user_id, incident_id)
    assert (master.due_at, master.history[-1].event) == (due, "merged_under")


def test_agents_merge_nothing_else(city: City) -> None:
    master_id = city.signed()
    incident_id, ticket_id = opened(city, master_id=master_id), city.registered(OTHER)
    colleague = user(city.context, city.hotline_id, Role.AGENT)
    with pytest.raises(GuardFailed, match="registered themselves"):
        service.join(city.context.acting_as(colleague), incident_id, ticket_id)
    with pytest.raises(GuardFailed, match="only into an open incident"):
        merge(city.context.acting_as(city.agent), ticket_id, number_of(city, master_id))
    for actor in (city.dispatcher, city.supervisor):
        with pytest.raises(NotPermitted):
            service.join(city.context.acting_as(actor), incident_id, ticket_id)
        with pytest.raises(MoveNotPermitted):
            merge(city.context.acting_as(actor), ticket_id, number_of(city, master_id), incident_id=1)
    service.close(city.context.acting_as(city.dispatcher), incident_id, "修好了")
    over = obstacle(lambda: service.join(city.context.acting_as(city.agent), incident_id, ticket_id))
    assert over[0] is Obstacle.IS_OVER
    none = obstacle(lambda: service.join(city.context.acting_as(city.agent), 77, ticket_id))
    assert none[0] is Obstacle.NO_SUCH_INCIDENT
    assert states(city, ticket_id) == [State.REGISTERED]


def test_callers_hear_the_words_until_it_is_over(city: City, supervising: Context) -> None:
    incident_id = opened(city)
    commits: list[object] = []

    def count(connection: object) -> None:
        commits.append(connection)

    event.listen(city.context.database.engine, "commit", count)
    service.tell_callers(supervising, incident_id)
    event.remove(city.context.database.engine, "commit", count)
    assert len(commits) == 1  # the banner and its line in the history are one thing
    on = on_air(city)
    assert on is not None
    assert (on.banner_zh, on.banner_en, on.incident_id) == (BURST.told_zh, BURST.told_en, incident_id)
    assert (on.category_code, on.district, on.address) == ("water.pressure", "城关区", "幸福路 8 号")
    service.close(city.context.acting_as(city.dispatcher), incident_id, "修好了")
    assert on_air(city) is None
    found = read(city, incident_id)
    assert (found.state, [line.step for line in found.lines]) == (
        IncidentState.OVER,
        [Step.OPENED, Step.TOLD, Step.CLOSED],
    )
    over = obstacle(lambda: service.tell_callers(supervising, incident_id))
    assert (over[0], on_air(city)) == (Obstacle.IS_OVER, None)


def test_the_banner_goes_while_the_incident_stays(city: City, supervising: Context) -> None:
    incident_id = opened(city)
    service.hush(supervising, incident_id, "还没有开始说")
    service.tell_callers(supervising, incident_id)
    service.hush(supervising, incident_id, "来电已平稳")
    assert on_air(city) is None
    steps = [(line.step, line.reason) for line in read(city, incident_id).lines]
    assert steps[1:] == [(Step.TOLD, BURST.told_zh), (Step.HUSHED, "来电已平稳")]


def test_a_banner_of_something_else_is_neither_replaced_nor_taken_off(
    city: City, supervising: Context
) -> None:
    incident_id = opened(city)
    surges.surge_on(supervising, "台风今晚登陆。")
    refused = obstacle(lambda: service.tell_callers(supervising, incident_id))
    assert refused[0] is Obstacle.ANOTHER_BANNER
    service.close(supervising, incident_id, "修好了")
    on = on_air(city)
    assert on is not None
    assert on.banner_zh == "台风今晚登陆。"
    wordless = opened(city, Facts(**{**vars(BURST), "told_zh": ""}), city.accepted(OTHER))
    nothing = obstacle(lambda: service.tell_callers(supervising, wordless))
    assert nothing == (Obstacle.NOTHING_TO_TELL, "told_zh")


def test_a_signal_becomes_an_incident_and_its_tickets_count_for_it(
    city: City, dispatching: Context, clock: FixedClock
) -> None:
    watch(city.context)
    first, *others = (city.registered(f"1390000200{n}") for n in range(5))
    watch(city.context)
    with city.context.reading() as session:
        (raised,) = waiting_signals(session, city.context)
    incident_id = service.open_incident(dispatching, raised.masters[0], BURST, REASON, raised.signal.id)
    with city.context.reading() as session:
        assert waiting_signals(session, city.context) == []
        (decided,) = decided_signals(session)
        assert (decided.incident_id, decided.citizens, decided.reason) == (incident_id, 5, REASON)
    clock.advance(minutes=1)
    screening = city.context.acting_as(city.screener)
    for ticket_id in others:
        merge(screening, ticket_id, number_of(city, first))
    more = [city.registered(f"1390000300{n}") for n in range(5)]
    for ticket_id in more:
        service.join(city.context.acting_as(city.agent), incident_id, ticket_id)
    assert watch(city.context) == 0
    put(city, more[0], confidentiality=Confidentiality.SEALED)
    with city.context.reading() as session:
        assert citizens_of(session, [session.get_one(Incident, incident_id)]) == {incident_id: 9}
    with pytest.raises(IncidentRefused):
        service.open_incident(dispatching, number_of(city, city.accepted()), BURST, "x", raised.signal.id)


def test_ten_citizens_of_one_incident_each_get_their_own_end(city: City) -> None:
    master_id = city.signed("13900004000")
    incident_id = opened(city, master_id=master_id)
    children = [city.registered(f"1390000400{n}") for n in range(1, 10)]
    for ticket_id in children:
        service.join(city.context.acting_as(city.agent), incident_id, ticket_id)
    city.reply(master_id)
    accept_reply(city.context.acting_as(city.reviewer), master_id)
    service.close(city.context.acting_as(city.dispatcher), incident_id, "修好了")
    for ticket_id in (master_id, *children):
        answered(city, ticket_id, solved=True)
    family = [ticket_of(city, ticket_id) for ticket_id in (master_id, *children)]
    assert {(one.state, one.outcome, one.satisfaction) for one in family} == {(State.CLOSED, "solved", 1)}
    assert len({one.number for one in family}) == 10


def test_a_draft_is_filled_only_where_nothing_is_written(city: City) -> None:
    found = read(city, opened(city))
    whole = filled(found, Draft(demands=[" "], description=""))
    assert (whole.type, whole.category_code, whole.description, list(whole.demands or ())) == (
        TicketType.COMPLAINT,
        "water.pressure",
        "幸福路水管爆裂",
        ["尽快恢复供水"],
    )
    written = Draft(description="家里没水", demands=["送水"], district="市北区", type=TicketType.HELP)
    kept = filled(found, written)
    assert (kept.description, kept.demands, kept.type, kept.district, kept.address) == (
        "家里没水",
        ["送水"],
        TicketType.HELP,
        "市北区",
        None,
    )
