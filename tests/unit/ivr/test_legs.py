"""Who talked, held, rang and waited for how long, in calls of every shape, as a real Asterisk tells.

`python -m tests.telephony.record_shapes` records the fixtures: each thing that people do lasts a second
or two.
"""

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache

import pytest

from hotline.calls.timeline import LegRole, Span, SpanKind, TimedLeg, talked_with, total
from ivr.cel import CelRow, parse_row
from ivr.legs import legs_of
from ivr.stories import Stories
from tests.unit.ivr.recordings_of_asterisk import FOLDER

SHAPES = sorted(path.stem for path in (FOLDER / "shapes").glob("*.csv"))
CLOSE = 0.7
"""Seconds by which what people did may differ from what they were asked to do: the machine was busy."""


def rows_of(shape: str) -> list[CelRow]:
    lines = (FOLDER / "shapes" / f"{shape}.csv").read_text(encoding="utf-8").splitlines()
    rows = [parse_row(line) for line in lines]
    assert all(rows)
    return [row for row in rows if row]


@cache
def timed(shape: str) -> tuple[TimedLeg, ...]:
    """The legs of the shape's one call: of the story with the citizen in it."""
    stories, rows = Stories(), rows_of(shape)
    for row in rows:
        stories.tell(row)
    story = max(stories, key=lambda story: len(story.rows))
    last_sound = story.last_at + timedelta(seconds=0 if story.over else 1)
    return tuple(legs_of(story.linkedid, story.rows, last_sound))


def who(leg: TimedLeg) -> str:
    return leg.extension or leg.role.value


def table(shape: str) -> list[tuple[str, float, float, float]]:
    """Of each leg: who, and the seconds of ringing, talking and holding."""
    ring, talk, hold = SpanKind.RING, SpanKind.TALK, SpanKind.HOLD
    return [(who(leg), leg.seconds(ring), leg.seconds(talk), leg.seconds(hold)) for leg in timed(shape)]


# Of each leg, in the order of their coming: who; seconds of ringing, talking, holding.
EXPECTED: dict[str, list[tuple[str, float, float, float]]] = {
    "plain_caller_hangs_up": [("caller", 0, 2.3, 0), ("1001", 0.3, 2.3, 0)],
    "plain_agent_hangs_up": [("caller", 0, 1, 0), ("1001", 0.3, 1, 0)],
    "abandoned": [("caller", 0, 0, 0)],
    "rang_out_then_second": [("caller", 0, 1, 0), ("1001", 15, 0, 0), ("1002", 0.3, 1, 0)],
    "hold_and_resume": [("caller", 0, 2, 2), ("1001", 0.3, 2, 2)],
    "three_way_expert_leaves": [("caller", 0, 4.3, 0), ("1001", 0.3, 4.3, 0), ("third", 0.3, 2, 0)],
    "agent_leaves_the_two": [("caller", 0, 4.3, 0), ("1001", 0.3, 2.3, 0), ("third", 0.3, 3, 0)],
    # Who consults talks, to the expert; the caller alone is held.
    "consult_and_return": [("caller", 0, 2, 2.3), ("1001", 0.3, 4, 0.3), ("third", 0.3, 2, 0)],
    "consult_and_transfer": [("caller", 0, 3, 1.3), ("1001", 0.3, 2, 0.3), ("third", 0.3, 3, 0)],
    "consult_and_join": [("caller", 0, 3, 1.3), ("1001", 0.3, 4, 0.3), ("third", 0.3, 2, 0)],
    "transfer_to_agent": [("caller", 0, 3, 0.3), ("1001", 0.3, 1, 0.3), ("1002", 0.3, 2, 0)],
    "transfer_to_department": [("caller", 0, 3, 0.3), ("1001", 0.3, 1, 0.3), ("third", 0.3, 2, 0)],
    "transfer_to_queue": [("caller", 0, 3, 0), ("1001", 0.3, 1, 0), ("1002", 0.3, 2, 0)],
    # The silence of a line that is not yet known to be broken is part of its talk.
    "broken_and_returned": [("caller", 0, 4, 0), ("1001", 0, 3, 0), ("1001", 0.3, 1, 0)],
    "broken_and_another": [("caller", 0, 4, 0), ("1001", 0, 3, 0), ("1001", 3, 0, 0), ("1002", 0.3, 1, 0)],
    "conference_of_four": [
        ("caller", 0, 5.7, 0),
        ("1001", 0.3, 5.7, 0),
        ("third", 0.3, 2.3, 0),
        ("third", 0.3, 3, 0),
    ],
    # On hold it is not talked; the break ends both.
    "broken_on_hold": [("caller", 0, 2, 4), ("1001", 0, 1, 4), ("1001", 0.3, 1, 0)],
    # The citizen goes on with the expert; the agent comes back to both, hangs up, and they go on once more.
    "broken_in_three_way": [
        ("caller", 0, 9.5, 0),
        ("1001", 0, 8, 0),
        ("third", 0.3, 8, 0),
        ("1001", 0.3, 1, 0),
    ],
    # The department is rung first; nobody hears anybody while words of ours are spoken.
    "relay": [("third", 0.3, 3.8, 0), ("caller", 0.3, 3.8, 0)],
    "follow_up": [("caller", 0.3, 0, 0)],
    "killed": [("caller", 0, 1, 0), ("1001", 0.3, 1, 0)],
    # A supervisor who listens is in no bridge, and in no list.
    "supervised": [("caller", 0, 3.3, 0), ("1001", 0.3, 3.3, 0)],
    # One who takes over talks: a second with both, two seconds alone with the citizen.
    "taken_over": [("caller", 0, 4.3, 0), ("1001", 0.3, 2.3, 0), ("1003", 0.3, 3, 0)],
    "message_box": [("caller", 0, 0, 0)],
}


def test_every_recorded_shape_is_expected() -> None:
    assert set(SHAPES) == set(EXPECTED)


@pytest.mark.parametrize("shape", EXPECTED)
def test_a_shape(shape: str) -> None:
    found, expected = table(shape), EXPECTED[shape]
    assert [leg[0] for leg in found] == [leg[0] for leg in expected]
    for leg, wanted in zip(found, expected, strict=True):
        assert leg[1:] == pytest.approx(wanted[1:], abs=CLOSE), leg[0]


PAIRS: dict[str, dict[tuple[str, str], float]] = {
    "agent_leaves_the_two": {("caller", "1001"): 2.3, ("caller", "third"): 3, ("1001", "third"): 1},
    "consult_and_return": {("caller", "1001"): 2, ("1001", "third"): 2},
    "consult_and_transfer": {("caller", "1001"): 1, ("1001", "third"): 1, ("caller", "third"): 2},
    "transfer_to_agent": {("caller", "1001"): 1, ("caller", "1002"): 2},
    "transfer_to_queue": {("caller", "1001"): 1, ("caller", "1002"): 2},
    "supervised": {("caller", "1001"): 3.3},
    "taken_over": {("caller", "1001"): 2.3, ("caller", "1003"): 3, ("1001", "1003"): 1},
}


@pytest.mark.parametrize("shape", PAIRS)
def test_who_talked_with_whom(shape: str) -> None:
    names = {leg.uniqueid: who(leg) for leg in timed(shape)}
    found = {frozenset(names[one] for one in pair): s for pair, s in talked_with(timed(shape)).items()}
    assert found == {frozenset(pair): pytest.approx(s, abs=CLOSE) for pair, s in PAIRS[shape].items()}


def assert_adds_up(legs: tuple[TimedLeg, ...]) -> None:
    """Nobody does two things at once or outside their leg; talking is mutual."""
    for leg in legs:
        for earlier, later in zip(leg.spans, leg.spans[1:], strict=False):
            assert earlier.begin < earlier.end <= later.begin
        for span in leg.spans:
            assert leg.started_at <= span.begin < span.end <= leg.ended_at
            assert bool(span.others) == (span.kind is SpanKind.TALK)
        wall = (leg.ended_at - leg.started_at).total_seconds()
        assert sum(leg.seconds(kind) for kind in SpanKind) <= wall + 1e-6
    assert leg_totals(legs) == pytest.approx(sum(total(legs, kind) for kind in SpanKind))


def leg_totals(legs: tuple[TimedLeg, ...]) -> float:
    return sum(span.seconds for leg in legs for span in leg.spans)


@pytest.mark.parametrize("shape", EXPECTED)
def test_the_seconds_of_a_shape_add_up(shape: str) -> None:
    assert_adds_up(timed(shape))


@pytest.mark.parametrize("seed", range(40))
def test_the_seconds_add_up_whatever_the_events(seed: int) -> None:
    """Events lost, doubled and out of order: times may be wrong then, but nobody does two things at once."""
    chance = random.Random(seed)  # noqa: S311  a fixed seed
    rows = rows_of(chance.choice([shape for shape in SHAPES if shape != "follow_up"]))
    torn = [row for row in rows if chance.random() > 0.2]
    torn += chance.choices(rows, k=5)
    torn = [replace(row, at=row.at + timedelta(seconds=chance.uniform(-1, 1))) for row in torn]
    chance.shuffle(torn)
    assert_adds_up(tuple(legs_of(rows[0].linkedid, torn, max(row.at for row in torn))))


def event(seconds: float, uniqueid: str, name: str, kind: str, extra: str = "") -> CelRow:
    at = datetime(2026, 11, 22, tzinfo=UTC) + timedelta(seconds=seconds)
    return CelRow("1.0", uniqueid, kind, at, "", "s", "", name, extra)


def in_a_room(bridge: str, technology: str = "simple_bridge") -> str:
    return f'{{"bridge_id":"{bridge}","bridge_technology":"{technology}"}}'


CALLER, AGENT = ("1.0", "PJSIP/trunk-00000000"), ("1.1", "PJSIP/desk-1001-00000001")


def two_in_a_room(*middle: CelRow, room: str = "") -> list[TimedLeg]:
    """Caller and agent in one bridge from the second 1 to 9, and what happens between."""
    rows = [event(0, *CALLER, "CHAN_START"), event(0, *AGENT, "CHAN_START")]
    rows += [event(1, *leg, "BRIDGE_ENTER", room or in_a_room("a")) for leg in (CALLER, AGENT)]
    rows += middle
    rows += [event(9, *leg, kind) for kind in ("BRIDGE_EXIT", "HANGUP") for leg in (CALLER, AGENT)]
    return legs_of("1.0", rows, rows[-1].at)


def test_held_by_an_event_of_the_dialplans_own() -> None:
    caller, agent = two_in_a_room(event(3, *CALLER, "HOLD"), event(5, *CALLER, "UNHOLD"))
    for leg in (caller, agent):
        assert (leg.seconds(SpanKind.TALK), leg.seconds(SpanKind.HOLD)) == (6, 2)


def test_in_a_holding_bridge_nobody_talks() -> None:
    caller, agent = two_in_a_room(room=in_a_room("a", "holding_bridge"))
    assert caller.seconds(SpanKind.TALK) == agent.seconds(SpanKind.TALK) == 0


def test_the_halves_of_a_local_channel_join_two_bridges() -> None:
    """And a headset's half is the person itself."""
    one, other = ("1.2", "Local/x@y-00000001;1"), ("1.3", "Local/x@y-00000001;2")
    headset, line = ("1.4", "Local/1002@headset-00000002;1"), ("1.5", "WebSocket/INCOMING/abc")
    joined = [
        event(2, *one, "BRIDGE_ENTER", in_a_room("a")),
        event(2, *other, "BRIDGE_ENTER", in_a_room("b")),
        event(2, *headset, "BRIDGE_ENTER", in_a_room("b")),
        event(2, *line, "BRIDGE_ENTER", in_a_room("c")),
        event(4, *one, "BRIDGE_EXIT", in_a_room("a")),
    ]
    legs = two_in_a_room(*joined)
    assert [who(leg) for leg in legs] == ["caller", "1001", "1002"]
    assert legs[0].spans[2] == Span(SpanKind.TALK, joined[0].at, joined[-1].at, (AGENT[0], headset[0]))
    assert legs[2].seconds(SpanKind.TALK) == 2
    assert legs[2].role is LegRole.AGENT


@pytest.mark.parametrize("extra", ["", "junk", "[1]", "{}"])
def test_events_that_do_not_say_which_bridge(extra: str) -> None:
    caller, agent = two_in_a_room(room=extra)
    assert caller.seconds(SpanKind.TALK) == agent.seconds(SpanKind.TALK) == 8
