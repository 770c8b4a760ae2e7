"""How a conversation stands, by where its people are; what may be done in it; who is on duty when."""

from datetime import datetime, time
from itertools import count

import pytest

from hotline.calls.ports import Meeting
from hotline.conversations.models import Party, PartyKind, PartyState
from hotline.conversations.rules import Phase, Refusal, Standing, Step, TalkRefused, place, readable_keys
from hotline.deadlines.calendar import ChineseCalendar
from hotline.directory.models import DutyDays, DutyPhone
from hotline.directory.rules import is_on_duty, on_duty
from tests.factories import local

AGENT_ID = 7
NOW = local("2020-04-30 16:00")
_ids = count(1)


def party(kind: PartyKind, bridge: str, meeting: Meeting | None = None, **more: object) -> Party:
    """Somebody who is up, and in this room."""
    user_id = AGENT_ID if kind is PartyKind.AGENT and meeting is None else None
    found = Party(id=next(_ids), kind=kind, bridge=bridge, meeting=meeting, user_id=user_id)
    found.state, found.answered_at, found.muted, found.holding = PartyState.HELD, NOW, False, False
    for name, value in more.items():
        setattr(found, name, value)
    return found


def caller(bridge: str, **more: object) -> Party:
    return party(PartyKind.CALLER, bridge, **more)


def agent(bridge: str, **more: object) -> Party:
    return party(PartyKind.AGENT, bridge, **more)


def third(bridge: str, meeting: Meeting = Meeting.JOIN, **more: object) -> Party:
    return party(PartyKind.DEPARTMENT, bridge, meeting, **more)


def ringing(meeting: Meeting = Meeting.JOIN) -> Party:
    return third("", meeting, state=PartyState.RINGING, answered_at=None)


def left(one: Party) -> Party:
    one.state, one.bridge = PartyState.LEFT, ""
    return one


def standing(*parties: Party, paused: bool = False) -> Standing:
    place(parties)
    return Standing(parties, AGENT_ID, paused)


TALKING = {Step.HOLD, Step.MUTE, Step.KEYS, Step.PAUSE_RECORDING, Step.CONSULT, Step.TRANSFER, Step.ADD}
HELD = {Step.RESUME, Step.MUTE, Step.PAUSE_RECORDING, Step.CONSULT, Step.TRANSFER}
CONSULTING = {Step.RESUME, Step.MUTE, Step.KEYS, Step.PAUSE_RECORDING, Step.JOIN, Step.HAND_OVER, Step.REMOVE}


@pytest.mark.parametrize(
    ("parties", "phase", "steps"),
    [
        ([caller("a"), agent("a")], Phase.TALKING, TALKING),
        ([caller("music"), agent("quiet")], Phase.HELD, HELD),
        ([caller("a"), agent("a", holding=True)], Phase.HELD, None),
        ([caller("music"), agent("b"), third("b", Meeting.CONSULT)], Phase.CONSULTING, CONSULTING),
        ([caller("music"), agent("b"), ringing(Meeting.CONSULT)], Phase.HELD, None),
        ([caller("a"), agent("a"), third("a")], Phase.TALKING, None),
        ([caller("a"), left(agent("a")), third("a")], Phase.HANDED_OVER, set()),
        ([left(caller("a")), agent("b"), third("b")], Phase.CALLER_LEFT, {Step.MUTE, Step.KEYS, Step.REMOVE}),
        ([left(caller("a")), left(agent("a"))], Phase.OVER, set()),
        ([caller("music"), left(agent("a"))], Phase.OVER, set()),
    ],
)
def test_phase_and_steps_follow_from_the_rooms(
    parties: list[Party], phase: Phase, steps: set[Step] | None
) -> None:
    now = standing(*parties)
    assert now.phase is phase
    if steps is not None:
        assert now.steps() == steps


@pytest.mark.parametrize(
    ("parties", "step", "refusal"),
    [
        ([caller("music"), agent("quiet")], Step.HOLD, Refusal.ALREADY_HELD),
        ([caller("a"), agent("a")], Step.RESUME, Refusal.NOT_HELD),
        ([caller("a"), agent("a")], Step.LEAVE, Refusal.NOBODY_ELSE),
        ([caller("a"), agent("a"), ringing()], Step.LEAVE, Refusal.NOT_ANSWERED),
        ([caller("a"), agent("a"), ringing()], Step.TRANSFER, Refusal.SOMEBODY_RINGS),
        ([caller("m"), agent("q"), ringing(Meeting.TRANSFER)], Step.ADD, Refusal.ALREADY_HELD),
        ([caller("m"), agent("q"), ringing(Meeting.CONSULT)], Step.JOIN, Refusal.NOT_ANSWERED),
        ([caller("m"), agent("q")], Step.HAND_OVER, Refusal.NOT_CONSULTING),
        ([caller("m"), agent("b"), third("b", Meeting.CONSULT)], Step.CONSULT, Refusal.CONSULTING),
        ([caller("a"), agent("a"), third("a")], Step.CONSULT, Refusal.FULL),
        ([caller("a"), agent("a"), *(ringing() for _ in range(4))], Step.ADD, Refusal.FULL),
        ([caller("a"), agent("a", muted=True)], Step.MUTE, Refusal.MUTE_STATE),
        ([caller("a"), agent("a")], Step.RESUME_RECORDING, Refusal.RECORDING_STATE),
        ([caller("a"), agent("a")], Step.REMOVE, Refusal.NOBODY_ELSE),
        ([left(caller("a")), agent("b"), third("b")], Step.HOLD, Refusal.CALLER_LEFT),
        ([caller("a"), left(agent("a")), third("a")], Step.HOLD, Refusal.NOT_YOURS),
        ([left(caller("a")), left(agent("a"))], Step.MUTE, Refusal.OVER),
    ],
)
def test_what_cannot_be_done_now_is_refused_with_its_reason(
    parties: list[Party], step: Step, refusal: Refusal
) -> None:
    assert standing(*parties).refusal(step) is refusal


def test_five_and_one_more_are_six_and_no_seventh_comes() -> None:
    five = [caller("a"), agent("a"), third("a"), third("a"), third("a")]
    assert standing(*five).refusal(Step.ADD) is None
    assert standing(*five, third("a")).refusal(Step.ADD) is Refusal.FULL


@pytest.mark.parametrize("keys", ["", " ", "12x", "12a", "1;2", "1" * 21, "一"])
def test_only_keys_are_pressed(keys: str) -> None:
    with pytest.raises(TalkRefused) as refused:
        readable_keys(keys)
    assert refused.value.refusal is Refusal.BAD_KEYS


def test_keys_are_read_as_people_write_them() -> None:
    assert readable_keys("12 34#*") == "1234#*"


def phone(
    begins: str, ends: str, days: DutyDays = DutyDays.EVERY_DAY, weekdays: str = "1234567", position: int = 0
) -> DutyPhone:
    window = {"from_time": time.fromisoformat(begins), "until_time": time.fromisoformat(ends)}
    return DutyPhone(id=next(_ids), days=days, weekdays=weekdays, position=position, **window)


@pytest.mark.parametrize(
    ("entry", "at", "there"),
    [
        (phone("08:30", "17:30"), "2020-04-30 08:29", False),
        (phone("08:30", "17:30"), "2020-04-30 08:30", True),
        (phone("08:30", "17:30"), "2020-04-30 17:30", False),
        (phone("00:00", "00:00"), "2020-04-30 03:00", True),
        (phone("22:00", "06:00"), "2020-04-30 23:00", True),
        (phone("22:00", "06:00"), "2020-05-01 05:59", True),
        (phone("22:00", "06:00"), "2020-05-01 06:00", False),
        # The night of Thursday belongs to Thursday, also after midnight.
        (phone("22:00", "06:00", weekdays="4"), "2020-05-01 05:00", True),
        (phone("22:00", "06:00", weekdays="4"), "2020-05-01 23:00", False),
        # 1 May is a holiday; 9 May, a Saturday, was worked for it.
        (phone("08:30", "17:30", DutyDays.WORKDAYS), "2020-05-01 10:00", False),
        (phone("08:30", "17:30", DutyDays.WORKDAYS), "2020-05-09 10:00", True),
        (phone("08:30", "17:30", DutyDays.DAYS_OFF), "2020-05-01 10:00", True),
        (phone("08:30", "17:30", DutyDays.DAYS_OFF), "2020-05-09 10:00", False),
    ],
)
def test_who_is_on_duty(entry: DutyPhone, at: str, there: bool) -> None:
    moment: datetime = local(at)
    assert is_on_duty(entry, moment, ChineseCalendar()) is there


def test_those_on_duty_come_in_their_order() -> None:
    night, office = phone("00:00", "00:00", position=1), phone("08:30", "17:30")
    found = on_duty([night, office], local("2020-04-30 10:00"), ChineseCalendar())
    assert found == [office, night]
    assert on_duty([night, office], local("2020-04-30 20:00"), ChineseCalendar()) == [night]
