"""The story of a call, as a real Asterisk wrote it down."""

from datetime import UTC, datetime

import pytest

from ivr.cel import CallStory, CelRow, parse_row
from tests.unit.ivr.recordings_of_asterisk import AGENTS_LEG, ANSWERED, FOLDER

LINES = (FOLDER / "answered_call.csv").read_text().splitlines()


def moment(clock: str) -> datetime:
    return datetime.fromisoformat(f"2026-11-21T{clock}").replace(tzinfo=UTC)


def told(lines: list[str]) -> dict[str, CallStory]:
    stories: dict[str, CallStory] = {}
    for row in filter(None, map(parse_row, lines)):
        stories.setdefault(row.linkedid, CallStory(row.linkedid, row.at, row.at)).tell(row)
    return stories


def test_an_answered_call() -> None:
    story = told(LINES)[ANSWERED]
    assert story.is_citizens("12345")
    assert (story.number, story.dialled, story.channel) == ("13800138000", "12345", "PJSIP/trunk-00000000")
    assert story.started_at == moment("20:55:29.448652")
    assert story.queued_at == moment("20:55:35.627346")
    assert story.ended_at == moment("20:55:38.164583")
    leg = story.agents[AGENTS_LEG]
    assert (leg.extension, leg.answered_at) == ("1001", moment("20:55:36.135539"))
    assert leg.ended_at == moment("20:55:38.163784")
    assert story.over
    assert not story.cut_off


def test_a_call_that_goes_on_is_not_over_until_asterisk_goes_down() -> None:
    story = told(LINES[:6])[ANSWERED]
    assert not story.over
    story.cut()
    assert story.over
    assert story.cut_off


def test_a_call_that_ended_cannot_be_cut_off() -> None:
    story = told(LINES)[ANSWERED]
    story.cut()
    assert not story.cut_off


def own_event(event: str, clock: str) -> str:
    """As `CELGenUserEvent` writes it on the caller's channel."""
    at = f"2026-11-21T{clock}Z"
    row = (
        ANSWERED,
        ANSWERED,
        event,
        at,
        "13800138000",
        "s",
        "call-finished",
        "PJSIP/trunk-00000000",
        "",
        "",
        "",
    )
    return ",".join(f'"{field}"' for field in row)


def test_a_call_that_ended_as_asterisk_was_stopped() -> None:
    story = told([*LINES[:12], own_event("CUT_OFF", "20:55:38.164000"), *LINES[12:]])[ANSWERED]
    assert story.ended_with_us
    assert story.over
    assert not story.cut_off  # its tracks are closed, as always


def test_a_call_that_was_sent_to_another_machine_is_not_this_ones() -> None:
    story = told([LINES[0], own_event("ELSEWHERE", "20:55:29.449000"), *LINES[12:15]])[ANSWERED]
    assert story.over
    assert not story.is_citizens({"12345"})


def test_a_dialled_follow_up_is_no_citizens_call() -> None:
    follow_ups = [story for key, story in told(LINES).items() if key.startswith("follow-up-")]
    assert [story.is_citizens("12345") for story in follow_ups] == [False]


@pytest.mark.parametrize(
    "line",
    [
        "",
        '"1.1"',
        '"1.1","1.1","ANSWER"',
        LINES[0].replace("2026-11-21T", "yesterday"),
        '"' * 7,
        LINES[0][:60],
    ],
)
def test_a_torn_line_is_no_row(line: str) -> None:
    assert parse_row(line) is None


def test_the_number_is_in_no_repr() -> None:
    assert isinstance(row := parse_row(LINES[0]), CelRow)
    assert "13800138000" not in repr(row) + repr(told(LINES)[ANSWERED])
