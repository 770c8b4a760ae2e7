"""Events of a real Asterisk become facts of the core, in order, whatever goes wrong on the way."""

import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest
import structlog
from sqlalchemy import select, text

from hotline.calls.models import Call, CallEnd, CallState, OwedCallback, Seat, SeatState
from hotline.calls.reachability import UNREACHABLE
from hotline.calls.seats import seat_changed, withdraw
from hotline.context import Context
from hotline.follow_up.models import Attempt, AttemptOutcome
from hotline.follow_up.service import begin_attempt, record_answers
from hotline.tickets.models import Ticket
from ivr.ami.client import AmiLost, AmiTimeout, Packet
from ivr.ami.feed import Feed, Resync
from ivr.events import PARKED, Consumer
from ivr.handlers.callers import Callers
from ivr.handlers.follow_ups import FollowUps
from ivr.handlers.seats import Seats
from ivr.moment import context_at
from tests.factories import City, FakeTelephone
from tests.unit.ivr.recordings_of_asterisk import ANSWERED, recorded
from tests.waiting import until


@dataclass
class Desk:
    """A consumer fed by the test, turn by turn."""

    context: Context
    telephone: FakeTelephone = field(default_factory=FakeTelephone)
    resync: Callable[[], None] = lambda: None
    calls_over: int = 0
    stop: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self.feed = Feed()
        handlers = [
            Callers(self._over, self.telephone),
            FollowUps(),
            Seats(self.context, self.telephone),
        ]
        self.consumer = Consumer(self.context, self.feed, handlers, lambda: self.resync(), grace_seconds=0)

    def _over(self) -> None:
        self.calls_over += 1

    def hears(self, *packets: Packet) -> None:
        for packet in packets:
            self.consumer.consume(packet, self.stop)

    def runs_until(self, condition: Callable[[], object]) -> None:
        thread = threading.Thread(target=self.consumer.run, args=(self.stop,))
        thread.start()
        try:
            until(condition)
        finally:
            self.stop.set()
            thread.join()

    def call(self, linkedid: str = ANSWERED) -> Call:
        with self.context.reading() as session:
            call = session.scalars(select(Call).where(Call.linkedid == linkedid)).one()
            assert call.contact
            assert call.legs is not None
            return call

    def seat(self) -> Seat:
        with self.context.reading() as session:
            return session.scalars(select(Seat).where(Seat.extension == "1001")).one()


@pytest.fixture
def desk(context: Context, city: City) -> Desk:
    assert city.agent.user_id
    return Desk(context)


def up_to(packets: list[Packet], name: str) -> list[Packet]:
    last = max(place for place, packet in enumerate(packets) if packet.name == name)
    return packets[: last + 1]


@pytest.mark.parametrize(
    ("last", "call_state", "seat_state"),
    [
        ("QueueCallerJoin", CallState.WAITING, SeatState.READY),
        ("AgentCalled", CallState.WAITING, SeatState.RINGING),
        ("AgentConnect", CallState.TALKING, SeatState.TALKING),
        ("Hangup", CallState.ENDED, SeatState.WRAP_UP),
    ],
)
def test_an_answered_call_step_by_step(
    desk: Desk, last: str, call_state: CallState, seat_state: SeatState
) -> None:
    desk.hears(*up_to(recorded("answered_call"), last))
    assert (desk.call().state, desk.seat().state) == (call_state, seat_state)
    assert desk.seat().registered
    assert desk.calls_over == (1 if last == "Hangup" else 0)


def test_an_answered_call_was_talked_and_opened_a_ticket(desk: Desk) -> None:
    desk.hears(*recorded("answered_call"))
    call = desk.call()
    assert (call.end, call.contact.number) == (CallEnd.TALKED, "13800138000")
    assert [(leg.role, leg.extension) for leg in call.legs] == [("caller", None), ("agent", "1001")]
    with desk.context.reading() as session:
        assert len(session.scalars(select(Ticket)).all()) == 1


def test_facts_bear_the_time_at_which_they_happened(desk: Desk) -> None:
    desk.hears(*recorded("answered_call"))
    call = desk.call()
    at = {packet.name: packet.at for packet in recorded("answered_call")}
    assert (call.queued_at, call.answered_at) == (at["QueueCallerJoin"], at["AgentConnect"])
    assert call.wait_seconds == pytest.approx(0.508, abs=0.005)
    assert call.ended_at == at["Hangup"]


@pytest.mark.parametrize("timestamp", ["", "soon", "-1", "1e300", "9" * 40])
def test_an_event_without_a_time_counts_as_of_now(desk: Desk, timestamp: str) -> None:
    [join] = [packet for packet in recorded("answered_call") if packet.name == "QueueCallerJoin"]
    desk.hears(Packet(join.name, {**join.headers, "Timestamp": timestamp}))
    assert desk.call().queued_at == desk.context.now()


def test_everything_told_twice_is_the_same(desk: Desk) -> None:
    desk.hears(*recorded("answered_call"))
    before = desk.call()
    desk.hears(*recorded("answered_call"))
    after = desk.call()
    assert (after.state, after.end, after.ended_at) == (before.state, before.end, before.ended_at)
    assert len(after.legs) == 2


def test_a_caller_who_hangs_up_in_the_queue_is_owed_a_callback(desk: Desk) -> None:
    packets = recorded("answered_call")
    [join] = [packet for packet in packets if packet.name == "QueueCallerJoin"]
    hang_up = Packet(
        "Hangup", {"Linkedid": ANSWERED, "Uniqueid": ANSWERED, "Cause": "16", "ChannelState": "6"}
    )
    desk.hears(join, hang_up)
    assert desk.call().end is CallEnd.ABANDONED
    with desk.context.reading() as session:
        assert len(session.scalars(select(OwedCallback)).all()) == 1


def test_a_caller_whom_nobody_answered_in_time(desk: Desk) -> None:
    [join] = [packet for packet in recorded("answered_call") if packet.name == "QueueCallerJoin"]
    finished = {
        "UserEvent": "HotlineCallFinished",
        "Linkedid": ANSWERED,
        "Answered": "no",
        "CallbackOwed": "yes",
    }
    desk.hears(join, Packet("UserEvent", finished))
    desk.hears(Packet("Hangup", {"Linkedid": ANSWERED, "Uniqueid": ANSWERED, "Cause": "16"}))
    assert desk.call().end is CallEnd.UNANSWERED


def test_a_call_that_ended_with_asterisk_is_cut_off(desk: Desk) -> None:
    packets = recorded("answered_call")
    hang_up = next(place for place, packet in enumerate(packets) if packet.name == "Hangup")
    finished = {"UserEvent": "HotlineCallFinished", "Linkedid": ANSWERED, "Answered": "yes", "CutOff": "yes"}
    desk.hears(*packets[:hang_up], Packet("UserEvent", finished), *packets[hang_up:])
    assert desk.call().end is CallEnd.CUT_OFF


def test_ringing_out_frees_the_agent(desk: Desk) -> None:
    desk.hears(*up_to(recorded("answered_call"), "AgentCalled"))
    desk.hears(Packet("AgentRingNoAnswer", {"Linkedid": ANSWERED, "Interface": "PJSIP/desk-1001"}))
    assert (desk.call().state, desk.seat().state) == (CallState.WAITING, SeatState.READY)


def member(name: str, phone: str, paused: str = "0", reason: str = "", at: float | None = None) -> Packet:
    """`at`: when Asterisk said so; else now."""
    told = {"Interface": f"PJSIP/{phone}-1001", "Paused": paused, "PausedReason": reason}
    return Packet(name, told if at is None else told | {"Timestamp": f"{at:.6f}"})


def test_a_seat_is_in_the_queue_while_one_of_its_phones_is(desk: Desk) -> None:
    desk.hears(member("QueueMemberAdded", "desk"), member("QueueMemberAdded", "agent"))
    desk.hears(member("QueueMemberRemoved", "desk"))
    assert desk.seat().state is SeatState.READY
    desk.hears(member("QueueMemberPause", "agent", "1", "午餐"))
    assert (desk.seat().state, desk.seat().reason) == (SeatState.PAUSED, "午餐")
    desk.hears(member("QueueMemberRemoved", "agent"))
    desk.runs_until(lambda: desk.seat().state is SeatState.OFFLINE)


def test_a_late_word_does_not_take_back_what_the_agent_has_chosen_since(desk: Desk) -> None:
    """Paused and ready again before the pause is heard of: the page does not show the pause once more."""
    spoken_at = desk.context.now().timestamp()
    seat_changed(
        context_at(desk.context, datetime.fromtimestamp(spoken_at + 2, UTC)), "1001", SeatState.READY
    )
    desk.hears(member("QueueMemberPause", "desk", "1", "午餐", at=spoken_at))
    assert desk.seat().state is SeatState.READY
    desk.hears(member("QueueMemberPause", "desk", at=spoken_at + 1))
    desk.hears(member("QueueMemberPause", "desk", "1", "值班长", at=spoken_at + 3))
    assert (desk.seat().state, desk.seat().reason) == (SeatState.PAUSED, "值班长")


def test_a_late_word_that_stays_true_is_believed_in_the_end(desk: Desk) -> None:
    spoken_at = desk.context.now().timestamp()
    seat_changed(
        context_at(desk.context, datetime.fromtimestamp(spoken_at + 2, UTC)), "1001", SeatState.READY
    )
    desk.hears(member("QueueMemberPause", "desk", "1", "午餐", at=spoken_at))
    desk.runs_until(lambda: desk.seat().state is SeatState.PAUSED)


@pytest.mark.parametrize("state", [SeatState.TALKING, SeatState.RINGING, SeatState.WRAP_UP])
def test_what_the_calls_say_of_a_seat_is_not_overwritten(desk: Desk, state: SeatState) -> None:
    seat_changed(desk.context, "1001", state)
    desk.hears(member("QueueMemberAdded", "desk"), member("QueueMemberPause", "desk", "1"))
    assert desk.seat().state is state


def test_who_is_logged_out_by_a_supervisor_talks_to_the_end(desk: Desk, city: City) -> None:
    """The log-out takes the seat out of the queues at once, and Asterisk says so during the call."""
    desk.hears(member("QueueMemberAdded", "agent"), *up_to(recorded("answered_call"), "AgentConnect"))
    withdraw(desk.context.acting_as(city.supervisor), desk.telephone, "1001")
    asked: list[int] = []
    desk.resync = lambda: asked.append(1)
    desk.hears(member("QueueMemberRemoved", "agent"))
    for _ in range(2):  # by the second, what was put off is done
        desk.feed.ask_resync("connected")
    desk.runs_until(lambda: len(asked) == 2)
    assert desk.seat().state is SeatState.TALKING


def contact(status: str, uri: str) -> Packet:
    return Packet("ContactStatus", {"EndpointName": "agent-1001", "ContactStatus": status, "URI": uri})


def test_a_reloaded_page_stays_registered(desk: Desk) -> None:
    desk.hears(
        contact("Reachable", "sip:old"), contact("Reachable", "sip:new"), contact("Removed", "sip:old")
    )
    assert desk.seat().registered
    desk.hears(contact("Removed", "sip:new"))
    assert not desk.seat().registered


def test_a_ready_seat_without_a_telephone_is_paused_until_it_is_back(desk: Desk) -> None:
    desk.hears(contact("Reachable", "sip:old"), member("QueueMemberAdded", "agent"))
    desk.hears(contact("Removed", "sip:old"), member("QueueMemberPause", "agent", "1", UNREACHABLE))
    assert (desk.seat().state, desk.seat().reason) == (SeatState.PAUSED, UNREACHABLE)
    desk.hears(contact("Reachable", "sip:new"))
    assert (desk.seat().state, desk.seat().reason) == (SeatState.READY, "")
    assert desk.telephone.asked == [("pause", "1001", UNREACHABLE), ("make_ready", "1001")]


def test_a_desk_phone_that_registers_after_the_sign_on_is_rung(desk: Desk) -> None:
    seat_changed(desk.context, "1001", SeatState.READY)
    desk.hears(contact("Reachable", "sip:x"))
    assert desk.telephone.asked == [("make_ready", "1001")]
    desk.hears(contact("Reachable", "sip:x"))
    assert len(desk.telephone.asked) == 1


def test_a_telephone_that_changes_while_it_rings_is_looked_at_afterwards(desk: Desk) -> None:
    seat_changed(desk.context, "1001", SeatState.RINGING)
    desk.hears(contact("Reachable", "sip:x"))
    assert desk.telephone.asked == []
    seat_changed(desk.context, "1001", SeatState.READY)
    desk.runs_until(lambda: desk.telephone.asked == [("make_ready", "1001")])


def test_an_exchange_that_takes_no_order_loses_no_fact(desk: Desk) -> None:
    desk.telephone.away = True
    desk.hears(*recorded("answered_call"), contact("Removed", "sip:x"))
    assert desk.seat().state is SeatState.WRAP_UP


def test_a_seat_of_nobody_is_no_fault(desk: Desk) -> None:
    desk.hears(Packet("QueueMemberAdded", {"Interface": "PJSIP/desk-9999", "Paused": "0"}))
    desk.hears(*recorded("answered_call"))
    assert desk.call().state is CallState.ENDED


def attempt(desk: Desk, attempt_id: int) -> Attempt:
    with desk.context.reading() as session:
        return session.get_one(Attempt, attempt_id)


@pytest.mark.parametrize(
    ("cause", "outcome"),
    [
        ("17", AttemptOutcome.BUSY),
        ("19", AttemptOutcome.NO_ANSWER),
        ("21", AttemptOutcome.NO_ANSWER),
        ("38", AttemptOutcome.FAILED),
        ("", AttemptOutcome.FAILED),
    ],
)
def test_a_follow_up_that_nobody_answered(
    desk: Desk, city: City, cause: str, outcome: AttemptOutcome
) -> None:
    started = begin_attempt(desk.context, city.owed()[1])
    channel = {"Linkedid": started.channel_id, "Uniqueid": started.channel_id, "ChannelState": "5"}
    desk.hears(Packet("Hangup", channel | {"Cause": cause}))
    assert attempt(desk, started.attempt_id).outcome is outcome


def test_a_follow_up_without_any_channel_failed(desk: Desk, city: City) -> None:
    started = begin_attempt(desk.context, city.owed()[1])
    failure = {"ActionID": f"follow-up-{started.attempt_id}", "Response": "Failure", "Reason": "0"}
    desk.feed.put(Packet("OriginateResponse", failure))
    desk.runs_until(lambda: attempt(desk, started.attempt_id).outcome is AttemptOutcome.FAILED)


def test_an_answered_follow_up_that_the_script_did_not_report_is_silent(desk: Desk, city: City) -> None:
    started = begin_attempt(desk.context, city.owed()[1])
    channel = {"Linkedid": started.channel_id, "Uniqueid": started.channel_id, "ChannelState": "6"}
    desk.feed.put(Packet("Hangup", channel | {"Cause": "16"}))
    desk.runs_until(lambda: attempt(desk, started.attempt_id).outcome is AttemptOutcome.SILENT)


def test_what_the_script_recorded_stays(desk: Desk, city: City) -> None:
    started = begin_attempt(desk.context, city.owed()[1])
    record_answers(desk.context, started.attempt_id, True, None, "1")
    channel = {"Linkedid": started.channel_id, "Uniqueid": started.channel_id, "ChannelState": "6"}
    desk.feed.put(Packet("Hangup", channel))
    desk.feed.put(recorded("answered_call")[-2])
    for packet in recorded("answered_call"):
        desk.feed.put(packet)
    desk.runs_until(lambda: desk.calls_over)
    assert attempt(desk, started.attempt_id).outcome is AttemptOutcome.PARTIAL


def test_a_database_that_is_away_holds_the_events_and_loses_none(desk: Desk) -> None:
    with desk.context.writing() as session:
        session.execute(text("ALTER TABLE call RENAME TO call_away"))
    for packet in recorded("answered_call"):
        desk.feed.put(packet)
    thread = threading.Thread(target=desk.consumer.run, args=(desk.stop,))
    with structlog.testing.capture_logs() as logs:
        thread.start()
        until(lambda: any(line["event"] == "events.put_off" for line in logs))
    try:
        with desk.context.writing() as session:
            session.execute(text("ALTER TABLE call_away RENAME TO call"))
        until(lambda: desk.calls_over)
    finally:
        desk.stop.set()
        thread.join()
    assert desk.call().end is CallEnd.TALKED


def failing_once(error: Exception, tried: list[int]) -> Callable[[], None]:
    def resync() -> None:
        tried.append(len(tried))
        if len(tried) == 1:
            raise error

    return resync


def test_what_fails_oddly_is_parked_in_sight_by_class_and_the_next_is_heard(desk: Desk) -> None:
    tried: list[int] = []
    desk.resync = failing_once(RuntimeError("13800138000"), tried)
    desk.consumer.consume(Resync("connected"), desk.stop)
    desk.hears(*recorded("answered_call"))
    assert (tried, desk.call().state) == ([0], CallState.ENDED)
    parked = (desk.context.settings.state_dir / PARKED).read_text()
    assert "13800138000" not in parked
    line = json.loads(parked)
    assert (line["event"], line["error"]) == ("Resync(reason='connected')", "RuntimeError")


def test_a_full_disk_while_parking_does_not_end_the_consumer(desk: Desk) -> None:
    (desk.context.settings.state_dir / PARKED).mkdir()
    desk.resync = failing_once(RuntimeError(), [])
    desk.consumer.consume(Resync("connected"), desk.stop)
    desk.hears(*recorded("answered_call"))
    assert desk.call().state is CallState.ENDED


def test_a_resync_that_asterisk_did_not_answer_in_time_is_tried_again(desk: Desk) -> None:
    tried: list[int] = []
    desk.resync = failing_once(AmiTimeout("QueueStatus"), tried)
    desk.consumer.consume(Resync("connected"), desk.stop)
    assert tried == [0, 1]


def test_a_resync_without_asterisk_waits_for_the_next_login(desk: Desk) -> None:
    tried: list[int] = []

    def resync() -> None:
        tried.append(1)
        raise AmiLost("gone")

    desk.resync = resync
    desk.consumer.consume(Resync("connected"), desk.stop)
    assert tried == [1]
