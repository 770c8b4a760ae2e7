"""Places in the line, queues of a seat, and what callers are told of the wait."""

from datetime import UTC, datetime, timedelta

import pytest

from hotline.queueing.estimates import (
    RING_SECONDS,
    USUAL_TALK_SECONDS,
    accuracy,
    expected_wait,
    mean_talk,
    told_minutes,
)
from hotline.queueing.rules import (
    AGAIN_TODAY,
    GENERAL,
    HEAD_OF_LINE,
    LONGEST,
    Circumstances,
    head_start,
    penalties,
    queue_of,
    skill_of,
)

NOW = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        (Circumstances(NOW), timedelta()),
        (Circumstances(NOW, line_head_start=3 * MINUTE), 3 * MINUTE),
        (Circumstances(NOW, reached_nobody_today=True), AGAIN_TODAY),
        (Circumstances(NOW, reached_nobody_today=True, line_head_start=3 * MINUTE), 3 * MINUTE),
        (Circumstances(NOW, cut_off_at=NOW - 5 * MINUTE, reached_nobody_today=True), HEAD_OF_LINE),
        (Circumstances(NOW, cut_off_at=NOW - 61 * MINUTE), timedelta()),
        (Circumstances(NOW, owed_since=NOW - 7 * MINUTE), 7 * MINUTE),
        (Circumstances(NOW, owed_since=NOW - timedelta(days=9)), LONGEST),
        (Circumstances(NOW, owed_since=NOW + MINUTE), timedelta()),  # a clock that was set back
    ],
)
def test_the_best_reason_counts(known: Circumstances, expected: timedelta) -> None:
    assert head_start(known) == expected


def test_the_place_of_an_owed_callback_is_among_those_who_wait() -> None:
    owed_since = NOW - 20 * MINUTE
    place = NOW - head_start(Circumstances(NOW, owed_since=owed_since, reached_nobody_today=True))
    assert NOW - 21 * MINUTE < place < NOW - 19 * MINUTE


def test_everybody_is_in_the_general_queue_and_in_those_of_their_skills() -> None:
    assert penalties({}) == {GENERAL: 0}
    assert penalties({"yue": 1, "min": 3}) == {GENERAL: 1, queue_of("yue"): 0, queue_of("min"): 2}


@pytest.mark.parametrize("skill", ["", "yue"])
def test_a_queue_tells_its_skill(skill: str) -> None:
    assert skill_of(queue_of(skill)) == skill


@pytest.mark.parametrize(
    ("position", "free", "working", "expected"),
    [
        (1, 0, 0, None),
        (1, 2, 5, RING_SECONDS),
        (3, 2, 5, RING_SECONDS + 40),
        (1, 0, 1, RING_SECONDS + 200),
        (10, 0, 20, RING_SECONDS + 100),
    ],
)
def test_the_expected_wait(position: int, free: int, working: int, expected: float | None) -> None:
    assert expected_wait(position, free, working, 200) == expected


def test_the_usual_talk_counts_until_some_were_talked() -> None:
    assert mean_talk([]) == USUAL_TALK_SECONDS
    assert mean_talk([60.0]) == (60 + 4 * USUAL_TALK_SECONDS) / 5
    assert mean_talk([60.0] * 10) == 60


def test_how_far_off_is_counted_to_both_sides() -> None:
    found = accuracy([(60, 30), (60, 90), (100, 100)])
    assert (found.count, found.off) == (3, 20)
    assert found.said == pytest.approx(found.waited)
    assert accuracy([]).count == 0


@pytest.mark.parametrize(
    ("seconds", "minutes"),
    [
        (0, 0),
        (59, 0),
        (60, 1),
        (599, 9),
        (600, 10),
        (760, 10),
        (790, 15),
        (7200, 120),
        (7201, None),
        (None, None),
    ],
)
def test_the_minutes_that_are_spoken(seconds: float | None, minutes: int | None) -> None:
    assert told_minutes(seconds) == minutes
