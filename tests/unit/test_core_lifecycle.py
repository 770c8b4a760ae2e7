"""The lifecycle table against rulebook B2, row by row, and what happens to moves that it does not have."""

from datetime import UTC, datetime
from itertools import product

import pytest

from hotline.contacts.models import Contact
from hotline.people.actors import SYSTEM, Actor, Role
from hotline.tickets import guards
from hotline.tickets.lifecycle import (
    TRANSITIONS,
    GuardFailed,
    IllegalMove,
    MoveNotPermitted,
    Transition,
)
from hotline.tickets.models import Question, Ticket
from hotline.tickets.states import Channel, KeptOpenBy, ScreeningClass, State, TicketTrack, TicketType

# The rulebook's table, typed from the page and not from the code.
RULEBOOK = """
T01 -              DRAFT          open_record
T02 DRAFT          REGISTERED     submit
T03 DRAFT          CLOSED         answer_directly
T04 DRAFT          TRANSFERRED    hot_transfer
T05 REGISTERED     NEED_INFO      ask_info
T06 NEED_INFO      REGISTERED     info_received
T07 NEED_INFO      CLOSED         info_timeout
T08 REGISTERED     NOT_ACCEPTED   refuse
T09 NOT_ACCEPTED   REGISTERED     refusal_overturned
T10 REGISTERED     MERGED         merge
T11 MERGED         REGISTERED     unmerge
T12 REGISTERED     TRANSFERRED    refer_out
T13 TRANSFERRED    CLOSED         external_receipt
T14 TRANSFERRED    REGISTERED     external_return
T15 REGISTERED     TO_DISPATCH    accept
T16 TO_DISPATCH    DISPATCHED     dispatch
T17 TO_DISPATCH    CLOSED         answer_backoffice
T18 DISPATCHED     HANDLING       sign
T19 DISPATCHED     RETURN_PENDING request_return
T20 HANDLING       RETURN_PENDING request_return
T21 RETURN_PENDING TO_DISPATCH    approve_return
T22 RETURN_PENDING DISPATCHED     reject_return
T23 HANDLING       NEED_INFO_UNIT ask_info
T24 NEED_INFO_UNIT HANDLING       info_received
T25 HANDLING       SUSPENDED      suspend
T26 SUSPENDED      HANDLING       resume
T27 HANDLING       REPLIED        submit_reply
T28 REPLIED        HANDLING       reject_reply
T29 REPLIED        CALLBACK       accept_reply
T30 CALLBACK       CLOSED         close
T31 CALLBACK       REWORK         not_satisfied
T32 REWORK         HANDLING       redispatch
T33 CALLBACK       CLOSED         unreachable
T34 CLOSED         TO_DISPATCH    reopen
T35 CLOSED         ARCHIVED       archive
T36 REGISTERED     WITHDRAWN      withdraw
T37 TO_DISPATCH    WITHDRAWN      withdraw
T38 DISPATCHED     WITHDRAWN      withdraw
T39 HANDLING       WITHDRAWN      withdraw
T40 WITHDRAWN      REGISTERED     withdraw_cancelled
T41 WITHDRAWN      ARCHIVED       archive
T42 NOT_ACCEPTED   ARCHIVED       archive
T43 MERGED         CLOSED         master_closed
T44 ARCHIVED       TO_DISPATCH    reopen_exceptional
"""
ROWS = [tuple(line.split()) for line in RULEBOOK.strip().splitlines()]

# Who acts, from the rulebook's actor column; where it names a person and the system, both are here.
ACTORS = {
    "T08": {Role.SCREENER, Role.SUPERVISOR},  # B4: where two screeners disagree
    "T09": {Role.SUPERVISOR},
    "T11": {Role.SUPERVISOR},
    "T15": {Role.SCREENER, Role.MEDIA_SCREENER},  # B13: media screen what their own channel brings
    "T16": {Role.DISPATCHER},
    "T19": {Role.UNIT_REVIEWER},
    "T20": {Role.UNIT_REVIEWER},
    "T21": {Role.DISPATCHER, Role.SUPERVISOR, Role.DIRECTOR},  # the director designates (B5.4, decision 0039)
    "T22": {Role.DISPATCHER, Role.SUPERVISOR, Role.DIRECTOR},
    "T25": {Role.SUPERVISOR},
    "T27": {Role.UNIT_REVIEWER},
    "T28": {Role.REVIEWER},
    "T29": {Role.REVIEWER},
    "T32": {Role.SUPERVISOR},
    "T33": {Role.SYSTEM},
    "T35": {Role.SYSTEM},
    "T38": {Role.SUPERVISOR},
    "T39": {Role.SUPERVISOR},
    "T40": {Role.CITIZEN},
    "T44": {Role.DIRECTOR},
}

NOW = datetime(2020, 4, 30, 8, tzinfo=UTC)
WATER, HOTLINE = 7, 1


def somebody(*roles: Role, department_id: int = HOTLINE, user_id: int = 5) -> Actor:
    return Actor(user_id, "somebody", frozenset(roles), department_id)


def ticket(state: State = State.DRAFT, **fields: object) -> Ticket:
    contact = Contact(channel=Channel.PHONE, source_ref="c1", number="", received_at=NOW)
    plain = {"description": "", "address": "", "district": "", "complainant_phone": "", "holder_id": WATER}
    return Ticket(state=state, contact=contact, channel=Channel.PHONE, **{**plain, **fields})


def _row(row: Transition) -> tuple[str, str, str, str]:
    return row.id, row.source.name if row.source else "-", row.target.name, row.event


@pytest.mark.parametrize("row", ROWS, ids=[row[0] for row in ROWS])
def test_the_table_is_the_rulebooks(row: tuple[str, ...]) -> None:
    assert row in [_row(transition) for transition in TRANSITIONS]


def test_the_table_has_nothing_else() -> None:
    assert len(TRANSITIONS) == len(ROWS) == 44
    assert len({(row.source, row.event) for row in TRANSITIONS}) == 44
    assert len(State) == 18


@pytest.mark.parametrize("number", sorted(ACTORS))
def test_the_rulebooks_actors_make_the_move(number: str) -> None:
    assert {set(row.roles) == ACTORS[number] for row in TRANSITIONS if row.id == number} == {True}


def reached_from(start: State) -> set[State]:
    found, todo = {start}, [start]
    while todo:
        state = todo.pop()
        new = {row.target for row in TRANSITIONS if row.source is state} - found
        found |= new
        todo.extend(new)
    return found


def test_every_state_is_reached_and_has_an_exit_and_ends_in_the_archive() -> None:
    assert reached_from(State.DRAFT) == set(State)
    for state in State:
        assert any(row.source is state for row in TRANSITIONS), f"{state} has no exit"
        assert State.ARCHIVED in reached_from(state), f"{state} never gets into the archive"


EVENTS = sorted({row.event for row in TRANSITIONS})
LEGAL = {(row.source, row.event) for row in TRANSITIONS}


@pytest.mark.parametrize(
    ("state", "event"),
    [pair for pair in product(State, EVENTS) if pair not in LEGAL],
    ids=lambda value: str(value),
)
def test_a_move_that_the_table_lacks_is_refused_by_name(state: State, event: str) -> None:
    everybody = somebody(*Role)
    moved = ticket(state)
    with pytest.raises(IllegalMove) as refusal:
        moved.move(event, everybody, NOW)
    assert (refusal.value.state, refusal.value.event, refusal.value.actor) == (state, event, everybody)
    for word in (state, event, "somebody"):
        assert word in str(refusal.value)
    assert (moved.state, moved.history) == (state, [])


@pytest.mark.parametrize("row", [row for row in TRANSITIONS if row.source], ids=lambda row: row.id)
def test_a_move_by_the_wrong_role_is_refused_by_name(row: Transition) -> None:
    assert row.source is not None
    outsider = somebody(*(set(Role) - row.roles))
    moved = ticket(row.source)
    with pytest.raises(MoveNotPermitted) as refusal:
        moved.move(row.event, outsider, NOW)
    assert (refusal.value.state, refusal.value.event, refusal.value.actor) == (
        row.source,
        row.event,
        outsider,
    )
    assert row.source in str(refusal.value)
    assert moved.state is row.source


LED = {"due_at": NOW, "lead_id": 7, "lead_can_lead": True}
GUARDED = [
    ("T02", State.DRAFT, {}, {}, "still missing: type, category, description, demand, place or telephone"),
    ("T03", State.DRAFT, {"type": TicketType.COMPLAINT}, {"answer": "x"}, "only consultations"),
    ("T03", State.DRAFT, {"type": TicketType.CONSULTATION}, {}, "an answer"),
    ("T04", State.DRAFT, {}, {"service": "12345", "by_call": True}, "name 110"),
    ("T04", State.DRAFT, {}, {"service": "119"}, "how the service was told"),
    ("T05", State.REGISTERED, {}, {}, "what the citizen is asked"),
    ("T07", State.NEED_INFO, {}, {"requests": 1}, "asked twice"),
    ("T08", State.REGISTERED, {}, {"second_screener_id": 6, "right_channel": "court"}, "reason code"),
    ("T08", State.REGISTERED, {}, {"code": "a", "second_screener_id": 5, "right_channel": "c"}, "second"),
    ("T08", State.REGISTERED, {}, {"code": "a", "second_screener_id": 6}, "right channel"),
    ("T09", State.NOT_ACCEPTED, {}, {}, "a reason"),
    ("T10", State.REGISTERED, {}, {}, "master"),
    ("T12", State.REGISTERED, {"screening_class": ScreeningClass.SERVICE}, {}, "referred out"),
    ("T13", State.TRANSFERRED, {}, {}, "receipt"),
    ("T15", State.REGISTERED, {"screening_class": ScreeningClass.PETITION}, {}, "only government service"),
    ("T15", State.REGISTERED, {"screening_class": ScreeningClass.SERVICE}, {}, "still missing: type"),
    ("T16", State.TO_DISPATCH, {}, {"due_at": NOW}, "exactly one lead"),
    ("T16", State.TO_DISPATCH, {}, {"due_at": NOW, "lead_id": 7}, "reviewing leader and a handler"),
    (
        "T16",
        State.TO_DISPATCH,
        {},
        {"due_at": NOW, "lead_id": 7, "lead_can_lead": True, "assist_ids": [7]},
        "assist itself",
    ),
    ("T16", State.TO_DISPATCH, {}, {"lead_id": 7, "lead_can_lead": True}, "due time"),
    ("T16", State.TO_DISPATCH, {"track": TicketTrack.HIGH_LEVEL}, LED, "leaders are briefed"),
    ("T16", State.TO_DISPATCH, {"track": TicketTrack.COORDINATED}, LED, "name a coordinator"),
    (
        "T16",
        State.TO_DISPATCH,
        {"track": TicketTrack.COORDINATED, "track_ready_at": NOW},
        LED,
        "two departments",
    ),
    ("T18", State.DISPATCHED, {}, {}, "holds the ticket"),
    ("T19", State.DISPATCHED, {}, {}, "holds the ticket"),
    ("T25", State.HANDLING, {}, {"plan": "pump"}, "review date"),
    ("T27", State.HANDLING, {}, {}, "holds the ticket"),
    ("T30", State.CALLBACK, {}, {}, "does not close"),
    ("T31", State.CALLBACK, {}, {}, "rework"),
    ("T32", State.REWORK, {}, {"reworks": 2, "due_at": NOW}, "after two reworks"),
    ("T33", State.CALLBACK, {}, {"attempts": 2}, "three attempts"),
    ("T33", State.CALLBACK, {"kept_open_by": KeptOpenBy.INSTRUCTION}, {"attempts": 3}, "still open"),
    ("T35", State.CLOSED, {}, {"still_open": True}, "still open"),
    ("T39", State.HANDLING, {}, {"reason": "moved away"}, "pressed"),
    ("T43", State.MERGED, {}, {}, "called back"),
]


@pytest.mark.parametrize(
    ("number", "state", "fields", "evidence", "missing"),
    GUARDED,
    ids=[f"{g[0]}-{g[4][:18]}" for g in GUARDED],
)
def test_a_guard_says_what_is_missing(
    number: str, state: State, fields: dict[str, object], evidence: dict[str, object], missing: str
) -> None:
    row = next(row for row in TRANSITIONS if row.id == number)
    moved = ticket(state, **fields)
    evidence = dict(evidence)
    reason = str(evidence.pop("reason", ""))
    with pytest.raises(GuardFailed, match=missing) as refusal:
        moved.move(row.event, somebody(*row.roles), NOW, reason, **evidence)
    assert (refusal.value.state, refusal.value.event) == (state, row.event)
    assert moved.state is state


def test_every_closing_asks_whether_something_keeps_the_ticket_open() -> None:
    closing = {row.id for row in TRANSITIONS if row.target is State.CLOSED}
    withdrawing = {"T38", "T39"}  # from a department: decision 0064
    assert closing | withdrawing == {row.id for row in TRANSITIONS if guards.not_kept_open in row.guards}


REPLY = {"contact_recorded": True, "open_assists": 0, "unanswered": 0, "reply_id": 3}


@pytest.mark.parametrize(
    ("lacking", "missing"),
    [
        ({"contact_recorded": False}, "not contacted"),
        ({"open_assists": 1}, "assisting"),
        ({"unanswered": 2}, "not every question"),
        ({"reply_id": None}, "no reply"),
    ],
)
def test_a_reply_is_complete_or_stays(lacking: dict[str, object], missing: str) -> None:
    leader = somebody(Role.UNIT_REVIEWER, department_id=WATER)
    moved = ticket(State.HANDLING)
    with pytest.raises(GuardFailed, match=missing):
        moved.move("submit_reply", leader, NOW, **{**REPLY, **lacking})
    moved.move("submit_reply", leader, NOW, **REPLY)
    assert moved.state is State.REPLIED


RETURN = {"within_window": True, "legal_basis": "水法 12", "suggested_department_id": 9, "reason": "不属本局"}


@pytest.mark.parametrize(
    ("lacking", "missing"),
    [
        ({"within_window": False}, "window"),
        ({"returned_before": True}, "once already"),
        ({"legal_basis": ""}, "legal basis"),
        ({"suggested_department_id": None}, "legal basis"),
        ({"suggested_department_id": WATER}, "another department than one's own"),
        ({"is_designated": True}, "was designated"),
        ({"reason": ""}, "a reason"),
    ],
)
def test_returns_are_late_or_repeated_or_unfounded(lacking: dict[str, object], missing: str) -> None:
    """Rulebook B16, fixture 5: after the window, and a second time by the same unit."""
    leader = somebody(Role.UNIT_REVIEWER, department_id=WATER)
    moved = ticket(State.DISPATCHED)
    with pytest.raises(GuardFailed, match=missing):
        moved.move("request_return", leader, NOW, **{**RETURN, **lacking})
    moved.move("request_return", leader, NOW, **RETURN)
    assert moved.state is State.RETURN_PENDING


def test_the_handling_unit_neither_reviews_nor_calls_back() -> None:
    both = somebody(Role.REVIEWER, Role.CALLBACK_AGENT, department_id=WATER)
    with pytest.raises(GuardFailed, match="own reply"):
        ticket(State.REPLIED).move("accept_reply", both, NOW)
    with pytest.raises(GuardFailed, match="call back"):
        ticket(State.CALLBACK).move("close", both, NOW, outcome_closes=True)


def test_a_move_writes_one_line_of_history() -> None:
    moved = ticket(
        type=TicketType.COMPLAINT,
        category_code="w",
        description="d",
        address="a",
        questions=[Question(text="q")],
    )
    agent = somebody(Role.AGENT)
    moved.born(SYSTEM, NOW)
    line = moved.move("submit", agent, NOW, "heard it", since=NOW)
    assert moved.history == [moved.history[0], line]
    assert (moved.history[0].from_state, moved.history[0].to_state) == (None, State.DRAFT)
    assert (line.from_state, line.to_state, line.reason) == (State.DRAFT, State.REGISTERED, "heard it")
    assert (line.actor_id, line.actor_roles, line.department_id) == (5, "agent", HOTLINE)
    assert line.changes == {"since": "2020-04-30T08:00:00+00:00"}
