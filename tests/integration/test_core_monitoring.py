"""Supervisors with calls, their acts on the floor, and the audit log, on both kinds of database."""

from collections.abc import Callable

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.exc import DatabaseError

from hotline.calls import service as calls
from hotline.calls.models import Call, CallEnd, CallState, Seat, SeatState
from hotline.calls.ports import Place, PlaceKind, Supervising, TelephoneAway
from hotline.calls.reachability import end_wrap_up
from hotline.calls.seats import seat_changed, seat_of, sign_on
from hotline.context import Context
from hotline.monitoring import floor, rules
from hotline.monitoring.models import AuditEntry, AuditIsAppendOnly, Deed, Mode, MonitoringSession, SessionEnd
from hotline.monitoring.queries import AuditFilter, audit_page, open_sessions, today
from hotline.monitoring.service import (
    end_what_is_gone,
    heard,
    joined,
    left,
    not_answered,
    settle,
    stop,
    supervise,
)
from hotline.people.actors import NotPermitted, Role
from hotline.queueing.models import Skill
from tests.factories import CITIZEN, City, FakeTelephone, FixedClock, user

LINKEDID, AGENT_LEG = "1763768000.1", "1763768000.2"


@pytest.fixture
def telephone() -> FakeTelephone:
    return FakeTelephone()


@pytest.fixture
def boss(city: City) -> Context:
    """A supervisor with a registered telephone."""
    return _boss(city, "2001")


@pytest.fixture
def call_id(city: City) -> int:
    """The agent 1001 talks with a citizen."""
    context = city.context
    calls.open_call(context, LINKEDID, CITIZEN, "12345")
    calls.leg_started(context, LINKEDID, LINKEDID, "PJSIP/trunk-00000000")
    calls.call_queued(context, LINKEDID)
    calls.call_answered(context, LINKEDID, "1001", AGENT_LEG, "PJSIP/agent-1001-00000001")
    with context.reading() as session:
        return session.scalars(select(Call.id)).one()


def _boss(city: City, extension: str) -> Context:
    actor = user(city.context, city.hotline_id, Role.SUPERVISOR, extension=extension)
    with city.context.writing() as session:
        seat_of(session, extension).registered = True
    return city.context.acting_as(actor)


def _now(context: Context) -> MonitoringSession:
    with context.reading() as session:
        return session.scalars(select(MonitoringSession).order_by(MonitoringSession.id.desc())).first()  # type: ignore[return-value]


def _log(context: Context) -> list[tuple[str, Deed]]:
    with context.reading() as session:
        rows = session.scalars(select(AuditEntry).order_by(AuditEntry.id))
        return [(row.actor_name, row.deed) for row in rows]


def _up(context: Context, mode: Mode, call_id: int, telephone: FakeTelephone) -> str:
    """The supervisor is in the call, as the telephone says; returns the leg."""
    supervise(context, telephone, call_id, mode)
    leg = _now(context).channel_id or ""
    heard(context, leg, Supervising.JOIN if mode.joins else Supervising(mode.value))
    if mode.joins:
        joined(context, telephone, leg)
    return leg


def test_a_supervisor_listens_from_until(
    boss: Context, call_id: int, telephone: FakeTelephone, clock: FixedClock
) -> None:
    leg = _up(boss, Mode.LISTEN, call_id, telephone)
    assert telephone.asked == [("ring_supervisor", "2001", leg, LINKEDID, AGENT_LEG, "listen")]
    began = clock.now()
    clock.advance(minutes=2)
    left(boss, leg)
    settle(boss, leg)
    now = _now(boss)
    assert (now.started_at, now.ended_at, now.end) == (began, clock.now(), SessionEnd.STOPPED)
    assert _log(boss) == [(boss.actor.name, Deed.LISTEN)]


def test_the_mode_changes_without_another_ring(boss: Context, call_id: int, telephone: FakeTelephone) -> None:
    leg = _up(boss, Mode.LISTEN, call_id, telephone)
    supervise(boss, telephone, call_id, Mode.WHISPER)
    supervise(boss, telephone, call_id, Mode.BARGE)
    assert [words[0] for words in telephone.asked] == ["ring_supervisor", "supervise", "supervise"]
    assert telephone.asked[-1] == ("supervise", leg, LINKEDID, AGENT_LEG, "join")
    assert [deed for _, deed in _log(boss)] == [Deed.LISTEN, Deed.WHISPER, Deed.BARGE]


def test_a_button_pressed_twice_is_pressed_once(
    boss: Context, call_id: int, telephone: FakeTelephone
) -> None:
    first = supervise(boss, telephone, call_id, Mode.LISTEN)
    assert supervise(boss, telephone, call_id, Mode.LISTEN) == first
    assert len(telephone.asked) == 1
    assert len(_log(boss)) == 1


def test_taking_over_lets_the_agent_go_once_the_supervisor_is_in_the_talk(
    boss: Context, call_id: int, telephone: FakeTelephone
) -> None:
    supervise(boss, telephone, call_id, Mode.TAKE_OVER)
    leg = _now(boss).channel_id or ""
    heard(boss, leg, Supervising.JOIN)
    assert [words[0] for words in telephone.asked] == ["ring_supervisor"]
    joined(boss, telephone, leg)
    assert telephone.asked[-1] == ("leave", LINKEDID, AGENT_LEG)
    calls.leg_ended(boss, AGENT_LEG)
    with boss.reading() as session:
        assert seat_of(session, "1001").state is SeatState.WRAP_UP
        assert session.get_one(Call, call_id).state is CallState.TALKING
    with pytest.raises(rules.HoldsTheCaller):
        supervise(boss, telephone, call_id, Mode.LISTEN)


def test_who_takes_part_already_takes_over_without_leaving(
    boss: Context, call_id: int, telephone: FakeTelephone
) -> None:
    _up(boss, Mode.BARGE, call_id, telephone)
    supervise(boss, telephone, call_id, Mode.TAKE_OVER)
    assert [words[0] for words in telephone.asked] == ["ring_supervisor", "leave"]


def test_two_supervisors_listen_and_one_speaks(
    city: City, boss: Context, call_id: int, telephone: FakeTelephone
) -> None:
    other = _boss(city, "2002")
    _up(boss, Mode.LISTEN, call_id, telephone)
    leg = _up(other, Mode.WHISPER, call_id, telephone)
    with pytest.raises(rules.SomebodySpeaks) as refused:
        supervise(boss, telephone, call_id, Mode.BARGE)
    assert refused.value.name == other.actor.name
    assert _open_modes(boss) == [Mode.LISTEN, Mode.WHISPER]
    left(other, leg)
    supervise(boss, telephone, call_id, Mode.BARGE)
    assert _open_modes(boss) == [Mode.BARGE]


def _open_modes(context: Context) -> list[Mode]:
    with context.reading() as session:
        return [now.mode for now in open_sessions(session)]


def test_a_leg_that_lost_its_agent_speaks_to_nobody(
    city: City, boss: Context, call_id: int, telephone: FakeTelephone
) -> None:
    leg = _up(boss, Mode.WHISPER, call_id, telephone)
    heard(boss, leg, Supervising.LISTEN, by_itself=True)
    assert _now(boss).mode is Mode.LISTEN
    supervise(_boss(city, "2002"), telephone, call_id, Mode.BARGE)


def test_a_late_word_about_an_earlier_mode_changes_nothing(
    boss: Context, call_id: int, telephone: FakeTelephone
) -> None:
    leg = _up(boss, Mode.LISTEN, call_id, telephone)
    supervise(boss, telephone, call_id, Mode.WHISPER)
    heard(boss, leg, Supervising.LISTEN)
    assert _now(boss).mode is Mode.WHISPER


@pytest.mark.parametrize("before", [None, Mode.LISTEN])
def test_with_the_exchange_away_nothing_has_changed(
    boss: Context, call_id: int, telephone: FakeTelephone, before: Mode | None
) -> None:
    if before:
        _up(boss, before, call_id, telephone)
    telephone.away = True
    with pytest.raises(TelephoneAway):
        supervise(boss, telephone, call_id, Mode.WHISPER)
    assert _open_modes(boss) == ([before] if before else [])
    assert [deed for _, deed in _log(boss)][-2:] == [Deed.WHISPER, Deed.FAILED]
    telephone.away = False
    supervise(boss, telephone, call_id, Mode.WHISPER)
    assert _open_modes(boss) == [Mode.WHISPER]


def test_a_telephone_that_nobody_picks_up_ends_the_session(
    boss: Context, call_id: int, telephone: FakeTelephone
) -> None:
    not_answered(boss, supervise(boss, telephone, call_id, Mode.LISTEN))
    assert _now(boss).end is SessionEnd.NOT_ANSWERED
    supervise(boss, telephone, call_id, Mode.LISTEN)
    assert _open_modes(boss) == [Mode.LISTEN]


def test_a_telephone_that_still_rings_takes_no_other_order(
    boss: Context, call_id: int, telephone: FakeTelephone
) -> None:
    supervise(boss, telephone, call_id, Mode.LISTEN)
    with pytest.raises(rules.OwnTelephoneBusy):
        supervise(boss, telephone, call_id, Mode.BARGE)


def _waits(city: City, linkedid: str = "1763768100.9") -> int:
    opened = calls.open_call(city.context, linkedid, CITIZEN, "12345")
    calls.leg_started(city.context, linkedid, linkedid, "PJSIP/trunk-00000009")
    calls.call_queued(city.context, linkedid)
    return opened.call_id


def test_there_is_nothing_to_listen_to_while_a_caller_waits(
    city: City, boss: Context, telephone: FakeTelephone
) -> None:
    with pytest.raises(rules.NothingToListenTo):
        supervise(boss, telephone, _waits(city), Mode.LISTEN)


def test_a_call_that_ended_meanwhile_is_over(boss: Context, call_id: int, telephone: FakeTelephone) -> None:
    leg = _up(boss, Mode.LISTEN, call_id, telephone)
    left(boss, leg)
    calls.call_ended(boss, LINKEDID)
    settle(boss, leg)
    assert _now(boss).end is SessionEnd.CALL_OVER
    with pytest.raises(rules.CallIsOver):
        supervise(boss, telephone, call_id, Mode.LISTEN)
    with pytest.raises(rules.NoSuchCall):
        supervise(boss, telephone, 999, Mode.LISTEN)
    with pytest.raises(rules.NoSession):
        stop(boss, telephone)


def test_a_supervisor_without_a_registered_telephone_is_told_so(
    city: City, call_id: int, telephone: FakeTelephone
) -> None:
    bare = city.context.acting_as(city.supervisor)
    unplugged = _boss(city, "2003")
    with city.context.writing() as session:
        seat_of(session, "2003").registered = False
    gone_just_now = _boss(city, "2004")
    telephone.unplugged = {"2004"}
    for context in (bare, unplugged, gone_just_now):
        with pytest.raises(rules.NoOwnTelephone):
            supervise(context, telephone, call_id, Mode.LISTEN)
    assert _open_modes(bare) == []


def test_nobody_listens_to_themselves(city: City, call_id: int, telephone: FakeTelephone) -> None:
    with city.context.writing() as session:
        seat = seat_of(session, "1001")
        seat.registered, seat.user.roles = True, [Role.AGENT, Role.SUPERVISOR]
        actor = seat.user.actor()
    with pytest.raises(rules.ListeningToOneself):
        supervise(city.context.acting_as(actor), telephone, call_id, Mode.LISTEN)


def test_one_call_at_a_time(city: City, boss: Context, call_id: int, telephone: FakeTelephone) -> None:
    user(city.context, city.hotline_id, Role.AGENT, extension="1002")
    second = _waits(city)
    calls.call_answered(boss, "1763768100.9", "1002", "1763768100.10", "PJSIP/agent-1002-00000010")
    _up(boss, Mode.LISTEN, call_id, telephone)
    with pytest.raises(rules.OnAnotherCall):
        supervise(boss, telephone, second, Mode.LISTEN)
    stop(boss, telephone)
    supervise(boss, telephone, second, Mode.LISTEN)


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
    assert _log(city.context) == []


def test_a_seat_is_paused_and_signed_off_for_a_reason(
    city: City, boss: Context, telephone: FakeTelephone
) -> None:
    seat_changed(boss, "1001", SeatState.READY)
    with pytest.raises(rules.ReasonNeeded):
        floor.pause_seat(boss, telephone, "1001", " ")
    floor.pause_seat(boss, telephone, "1001", "投诉核查")
    floor.sign_off_seat(boss, telephone, "1001", "已下班未退出")
    assert telephone.asked == [("pause", "1001", floor.FORCED), ("sign_off", "1001")]
    with boss.reading() as session:
        entries = session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
        assert [(e.deed, e.whom_name, e.reason) for e in entries] == [
            (Deed.PAUSE_SEAT, city.agent.name, "投诉核查"),
            (Deed.SIGN_OFF_SEAT, city.agent.name, "已下班未退出"),
        ]


def test_a_waiting_caller_is_moved(city: City, boss: Context, telephone: FakeTelephone) -> None:
    waiting = _waits(city)
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
    first, second = _waits(city), _waits(city, "1763768200.9")
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
    waiting = _waits(city)
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
    about = _waits(city) if deed is Deed.MOVE_CALLER else call_id
    with pytest.raises(TelephoneAway):
        ACTS[deed](boss, telephone, about)
    assert [deed for _, deed in _log(boss)] == [deed, Deed.FAILED]


def test_the_audit_log_is_only_added_to(boss: Context, call_id: int, telephone: FakeTelephone) -> None:
    supervise(boss, telephone, call_id, Mode.LISTEN)
    for statement in (update(AuditEntry).values(reason="nothing happened"), delete(AuditEntry)):
        with pytest.raises(DatabaseError), boss.writing() as session:
            session.execute(statement)
    with pytest.raises(AuditIsAppendOnly), boss.writing() as session:
        session.scalars(select(AuditEntry)).one().reason = "nothing happened"
    assert _log(boss) == [(boss.actor.name, Deed.LISTEN)]


def test_the_audit_log_is_read_by_who_what_and_when(
    city: City, boss: Context, call_id: int, telephone: FakeTelephone, clock: FixedClock
) -> None:
    supervise(boss, telephone, call_id, Mode.LISTEN)
    clock.advance(hours=1)
    floor.pause_seat(_boss(city, "2002"), telephone, "1001", "核查")
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


def test_sessions_whose_leg_is_not_there_are_over_after_a_restart(
    boss: Context, call_id: int, telephone: FakeTelephone, clock: FixedClock
) -> None:
    supervise(boss, telephone, call_id, Mode.LISTEN)
    end_what_is_gone(boss, set(), "")
    assert _open_modes(boss) == [Mode.LISTEN]  # ordered just now: its leg is about to come
    end_what_is_gone(boss, set(), "another")
    clock.advance(minutes=2)
    end_what_is_gone(boss, set(), "")
    assert _open_modes(boss) == []


def test_a_day_is_counted(city: City, boss: Context, call_id: int, clock: FixedClock) -> None:
    waiting = _waits(city)
    clock.advance(seconds=40)
    calls.call_ended(boss, "1763768100.9")
    assert waiting
    with boss.reading() as session:
        counted = today(session, clock.now().replace(hour=0))
    assert (counted.answered, counted.in_time, counted.abandoned) == (1, 1, 1)
    assert counted.in_time_share == 0.5


def test_an_answer_after_fifteen_seconds_is_late(city: City, boss: Context, clock: FixedClock) -> None:
    _waits(city)
    clock.advance(seconds=16)
    calls.call_answered(boss, "1763768100.9", "1001", "1763768100.10", "PJSIP/agent-1001-00000010")
    with boss.reading() as session:
        counted = today(session, clock.now().replace(hour=0))
    assert (counted.answered, counted.in_time, counted.abandoned) == (1, 0, 0)


def test_a_supervisors_seat_is_not_in_the_queue(
    boss: Context, call_id: int, telephone: FakeTelephone
) -> None:
    _up(boss, Mode.BARGE, call_id, telephone)
    with boss.reading() as session:
        seat = session.scalars(select(Seat).where(Seat.extension == "2001")).one()
    assert seat.state is SeatState.OFFLINE


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
