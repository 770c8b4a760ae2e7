"""Supervisors' acts on the floor, and the audit log, on both kinds of database."""

from collections.abc import Callable

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.exc import DatabaseError

from hotline.calls import service as calls
from hotline.calls.models import Call, CallEnd, Seat, SeatState
from hotline.calls.ports import PhoneKind, Place, PlaceKind, TelephoneAway
from hotline.calls.reachability import end_wrap_up
from hotline.calls.seats import seat_changed, seat_of, sign_on
from hotline.context import Context
from hotline.monitoring import floor, rules
from hotline.monitoring.models import AuditEntry, AuditIsAppendOnly, Deed, Mode
from hotline.monitoring.queries import AuditFilter, audit_page
from hotline.monitoring.service import supervise
from hotline.people.actors import NotPermitted
from hotline.queueing.models import Skill
from tests.factories import City, FakeTelephone, FixedClock
from tests.integration.supervising import (
    LINKEDID,
    audit_log,
    boss,
    boss_at,
    call_id,
    telephone,
    waiting_call,
)

__all__ = ["boss", "call_id", "telephone"]


Act = Callable[[Context, FakeTelephone, int], object]
ACTS: dict[Deed, Act] = {
    Deed.LISTEN: lambda context, control, call_id: supervise(context, control, call_id, Mode.LISTEN),
    Deed.PAUSE_SEAT: lambda context, control, _: floor.pause_seat(context, control, "1001", "为什么"),
    Deed.SIGN_OFF_SEAT: lambda context, control, _: floor.sign_off_seat(context, control, "1001", "为什么"),
    Deed.MOVE_CALLER: lambda context, control, call_id: floor.move_caller(
        context, control, call_id, Place(PlaceKind.HEAD), "为什么"
    ),
    Deed.END_CALL: lambda context, control, call_id: floor.end_call(context, control, call_id, "为什么"),
}


@pytest.mark.parametrize("deed", ACTS)
def test_an_agent_may_do_none_of_it(city: City, call_id: int, telephone: FakeTelephone, deed: Deed) -> None:
    for actor in (city.agent, city.dispatcher, city.handler):
        with pytest.raises(NotPermitted):
            ACTS[deed](city.context.acting_as(actor), telephone, call_id)
    assert telephone.asked == []
    assert audit_log(city.context) == []


def test_a_seat_is_paused_and_signed_off_for_a_reason(
    city: City, boss: Context, telephone: FakeTelephone
) -> None:
    seat_changed(boss, "1001", SeatState.READY)
    with pytest.raises(rules.ReasonNeeded):
        floor.pause_seat(boss, telephone, "1001", " ")
    floor.pause_seat(boss, telephone, "1001", "投诉核查")
    floor.sign_off_seat(boss, telephone, "1001", "已下班未退出")
    assert telephone.asked == [
        ("pause", "1001", floor.FORCED),
        ("take_account", "1001", PhoneKind.BROWSER),
        ("sign_off", "1001"),
    ]
    with boss.reading() as session:
        entries = session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
        assert [(e.deed, e.whom_name, e.reason) for e in entries] == [
            (Deed.PAUSE_SEAT, city.agent.name, "投诉核查"),
            (Deed.SIGN_OFF_SEAT, city.agent.name, "已下班未退出"),
        ]


def test_a_waiting_caller_is_moved(city: City, boss: Context, telephone: FakeTelephone) -> None:
    waiting = waiting_call(city)
    floor.move_caller(boss, telephone, waiting, Place(PlaceKind.HEAD), "老人")
    with pytest.raises(rules.NoSuchLine):
        floor.move_caller(boss, telephone, waiting, Place(PlaceKind.SKILL, "yue"), "说粤语")
    with boss.writing() as session:
        session.add(Skill(code="yue", name_zh="粤语", name_en="Cantonese"))
    floor.move_caller(boss, telephone, waiting, Place(PlaceKind.SKILL, "yue"), "说粤语")
    with pytest.raises(rules.SeatNotFree):
        floor.move_caller(boss, telephone, waiting, Place(PlaceKind.SEAT, "1001"), "熟悉此事")
    with boss.writing() as session:
        seat_of(session, "1001").registered = True
    seat_changed(boss, "1001", SeatState.READY)
    floor.move_caller(boss, telephone, waiting, Place(PlaceKind.SEAT, "1001"), "熟悉此事")
    assert telephone.asked == [
        ("move_caller", "1763768100.9", "head", ""),
        ("move_caller", "1763768100.9", "skill", "yue"),
        ("move_caller", "1763768100.9", "seat", "1001"),
    ]


def test_a_caller_who_is_moved_to_the_head_is_counted_as_the_first(
    city: City, boss: Context, telephone: FakeTelephone
) -> None:
    first, second = waiting_call(city), waiting_call(city, "1763768200.9")
    floor.move_caller(boss, telephone, second, Place(PlaceKind.HEAD), "老人")
    with boss.reading() as session:
        places = {call_id: session.get_one(Call, call_id).place_at for call_id in (first, second)}
    assert places[second] < places[first]
    telephone.away = True
    with pytest.raises(TelephoneAway):
        floor.move_caller(boss, telephone, first, Place(PlaceKind.HEAD), "老人")
    with boss.reading() as session:
        assert session.get_one(Call, first).place_at == places[first]


def test_only_a_caller_who_waits_is_moved(boss: Context, call_id: int, telephone: FakeTelephone) -> None:
    for gone in (call_id, 999):
        with pytest.raises(rules.NotWaiting):
            floor.move_caller(boss, telephone, gone, Place(PlaceKind.HEAD), "急")


def test_a_call_is_ended_for_a_reason(
    city: City, boss: Context, call_id: int, telephone: FakeTelephone
) -> None:
    waiting = waiting_call(city)
    floor.end_call(boss, telephone, call_id, "辱骂")
    floor.end_call(boss, telephone, waiting, "线路测试")
    assert telephone.asked == [("hang_up", LINKEDID), ("hang_up", "1763768100.9")]
    with boss.reading() as session:
        assert session.get_one(Call, call_id).end is CallEnd.TALKED
        assert session.get_one(Call, waiting).end is CallEnd.CUT_OFF
    with pytest.raises(rules.CallIsOver):
        floor.end_call(boss, telephone, call_id, "再来一次")


@pytest.mark.parametrize("deed", [deed for deed in ACTS if deed is not Deed.LISTEN])
def test_what_the_exchange_did_not_take_is_noted_as_failed(
    city: City, boss: Context, call_id: int, telephone: FakeTelephone, deed: Deed
) -> None:
    telephone.away = True
    about = waiting_call(city) if deed is Deed.MOVE_CALLER else call_id
    with pytest.raises(TelephoneAway):
        ACTS[deed](boss, telephone, about)
    assert [deed for _, deed in audit_log(boss)] == [deed, Deed.FAILED]


def test_the_audit_log_is_only_added_to(boss: Context, call_id: int, telephone: FakeTelephone) -> None:
    supervise(boss, telephone, call_id, Mode.LISTEN)
    for statement in (update(AuditEntry).values(reason="nothing happened"), delete(AuditEntry)):
        with pytest.raises(DatabaseError), boss.writing() as session:
            session.execute(statement)
    with pytest.raises(AuditIsAppendOnly), boss.writing() as session:
        session.scalars(select(AuditEntry)).one().reason = "nothing happened"
    assert audit_log(boss) == [(boss.actor.name, Deed.LISTEN)]


def test_the_audit_log_is_read_by_who_what_and_when(
    city: City, boss: Context, call_id: int, telephone: FakeTelephone, clock: FixedClock
) -> None:
    supervise(boss, telephone, call_id, Mode.LISTEN)
    clock.advance(hours=1)
    floor.pause_seat(boss_at(city, "2002"), telephone, "1001", "核查")
    with boss.reading() as session:

        def found(**wanted: object) -> list[Deed]:
            return [entry.deed for entry in audit_page(session, AuditFilter(**wanted)).entries]  # type: ignore[arg-type]

        assert found() == [Deed.PAUSE_SEAT, Deed.LISTEN]
        assert found(actor_id=boss.actor.user_id) == [Deed.LISTEN]
        assert found(deed=Deed.PAUSE_SEAT) == [Deed.PAUSE_SEAT]
        assert found(since=clock.now()) == [Deed.PAUSE_SEAT]
        assert found(before=clock.now()) == [Deed.LISTEN]


def test_the_audit_log_has_pages(boss: Context, call_id: int, telephone: FakeTelephone) -> None:
    for _ in range(51):
        floor.pause_seat(boss, telephone, "1001", "核查")
    with boss.reading() as session:
        first, second = (audit_page(session, AuditFilter(), number) for number in (1, 2))
    assert (len(first.entries), first.has_more) == (50, True)
    assert (len(second.entries), second.has_more) == (1, False)


@pytest.mark.parametrize(
    ("act", "state", "reason"),
    [
        (floor.pause_seat, SeatState.PAUSED, floor.FORCED),
        (floor.sign_off_seat, SeatState.OFFLINE, ""),
    ],
)
def test_a_seat_in_a_call_is_withdrawn_after_its_wrap_up(
    boss: Context,
    call_id: int,
    telephone: FakeTelephone,
    clock: FixedClock,
    act: Callable[..., None],
    state: SeatState,
    reason: str,
) -> None:
    act(boss, telephone, "1001", "核查")
    assert _seat(boss).state is SeatState.TALKING
    assert _seat(boss).call_id == call_id
    calls.call_ended(boss, LINKEDID)
    assert _seat(boss).state is SeatState.WRAP_UP
    clock.advance(minutes=10)
    end_wrap_up(boss, telephone)
    assert (_seat(boss).state, _seat(boss).reason) == (state, reason)
    assert "make_ready" not in [words[0] for words in telephone.asked]


def test_an_agent_who_is_ready_again_is_not_withdrawn_after_the_next_call(
    city: City, boss: Context, call_id: int, telephone: FakeTelephone
) -> None:
    floor.pause_seat(boss, telephone, "1001", "核查")
    calls.call_ended(boss, LINKEDID)
    end_wrap_up(boss, telephone, "1001")
    sign_on(city.context.acting_as(city.agent), telephone, "1001")
    assert _seat(boss).state is SeatState.READY
    seat_changed(boss, "1001", SeatState.READY)
    assert _seat(boss).state is SeatState.READY


def _seat(context: Context) -> Seat:
    with context.reading() as session:
        return session.scalars(select(Seat).where(Seat.extension == "1001")).one()
