"""What was said, held against what was written down."""

from dataclasses import replace

import pytest

from hotline.consistency.rules import Finding, Kind, Recorded, findings
from hotline.suggestions.values import Evidence, Field, Piece, Suggestion
from hotline.tickets.states import TicketType, Urgency

WELL = Recorded(TicketType.COMPLAINT, "noise", has_place=True, has_time=True, urgency=Urgency.FLASH)
SAID = (Evidence("那些话", 12.5),)
ADDRESS = Suggestion(Field.ADDRESS, "同安路68号", 0.95, SAID)
TIME = Suggestion(Field.OCCURRED_AT, "2026-11-19T20:00", 0.95, SAID)
URGENCY = Suggestion(Field.URGENCY, "urgent", 0.8, SAID)
TYPE = Suggestion(Field.TYPE, "complaint", 0.95, SAID)


def found(suggested: list[Suggestion], *recorded: Recorded, pieces: tuple[Piece, ...] = ()) -> list[Finding]:
    return findings(pieces, suggested, recorded, lambda words: "water" if "停水" in words else None)


@pytest.mark.parametrize(
    ("suggestion", "recorded", "kind"),
    [
        (ADDRESS, replace(WELL, has_place=False), Kind.PLACE_MISSING),
        (TIME, replace(WELL, has_time=False), Kind.TIME_MISSING),
        (URGENCY, replace(WELL, urgency=Urgency.NORMAL), Kind.URGENCY_LOWER),
        (TYPE, replace(WELL, type=TicketType.CONSULTATION), Kind.COMPLAINT_AS_ENQUIRY),
    ],
)
def test_what_was_said_and_not_written(suggestion: Suggestion, recorded: Recorded, kind: Kind) -> None:
    assert found([suggestion], recorded) == [Finding(kind, 12.5, "那些话", suggestion.value)]
    assert found([suggestion], WELL) == []
    assert found([suggestion]) == []  # no ticket at all is for others to find
    assert found([suggestion], recorded, WELL) == []  # written in another ticket of the call


def test_what_was_not_surely_said_is_no_finding() -> None:
    nothing = replace(WELL, has_place=False, has_time=False, type=TicketType.CONSULTATION)
    unsure = [replace(s, confidence=0.5) for s in (ADDRESS, TIME, TYPE)]
    assert found(unsure, nothing) == []


@pytest.mark.parametrize(
    ("words", "is_found"),
    [("我要投诉楼下", True), ("上次投诉的事怎么样了", False), ("有没有投诉电话", False)],
)
def test_a_complaint_is_sure_where_the_caller_says_so_outright(words: str, is_found: bool) -> None:
    enquiry = replace(WELL, type=TicketType.CONSULTATION)
    by_one_word = replace(TYPE, confidence=0.6)
    seen = found([by_one_word], enquiry, pieces=(Piece("caller", words, 1.0, 3.0),))
    assert [finding.kind for finding in seen] == ([Kind.COMPLAINT_AS_ENQUIRY] if is_found else [])


def test_a_higher_urgency_than_the_words_is_the_agents_right() -> None:
    assert found([URGENCY], replace(WELL, urgency=Urgency.FLASH)) == []


def test_a_second_matter_that_no_ticket_is_of() -> None:
    pieces = (Piece("caller", "楼下太吵", 1.0, 2.0), Piece("caller", "另外我们家停水了", 9.0, 11.0))
    assert found([], WELL, pieces=pieces) == [
        Finding(Kind.MATTER_MISSING, 9.0, "另外我们家停水了", "water", until_s=11.0)
    ]
    assert found([], WELL, replace(WELL, category="water"), pieces=pieces) == []
    agents = (Piece("agent", "另外您家停水吗", 9.0, 11.0),)
    assert found([], WELL, pieces=agents) == []


def test_long_silences() -> None:
    pieces = (
        Piece("caller", "喂", 0.0, 1.0),
        Piece("agent", "您好", 21.0, 22.0),
        Piece("caller", "喂", 41.9, 43.0),
    )
    assert found([], WELL, pieces=pieces) == [Finding(Kind.LONG_SILENCE, 1.0, value="20", until_s=21.0)]


@pytest.mark.parametrize(
    ("quiet", "begins"),
    [
        ([(0.0, 50.0)], None),  # nobody there yet, or on hold all the while
        ([(10.0, 45.0)], None),  # too little is left before it, and after it
        ([(0.0, 25.0)], 25.0),  # the agent was there from the 25th second on
        ([(12.0, 14.0), (0.0, 11.0)], 14.0),
    ],
)
def test_nobody_has_to_speak_on_hold_or_before_an_agent_is_there(
    quiet: list[tuple[float, float]], begins: float | None
) -> None:
    pieces = (Piece("caller", "喂", 0.0, 1.0), Piece("agent", "您好", 50.0, 51.0))
    silences = findings(pieces, [], [WELL], lambda _: None, quiet)
    assert [finding.at_s for finding in silences] == ([] if begins is None else [begins])


def test_somebody_talking_through_is_no_silence() -> None:
    pieces = (
        Piece("caller", "很长", 0.0, 60.0),
        Piece("agent", "嗯", 10.0, 11.0),
        Piece("agent", "好", 61.0, 62.0),
    )
    assert found([], WELL, pieces=pieces) == []


def test_both_at_once() -> None:
    pieces = (Piece("caller", "说话", 5.0, 10.0), Piece("agent", "也说话", 7.0, 12.0))
    assert found([], WELL, pieces=pieces) == [Finding(Kind.BOTH_TALK, 7.0, value="3", until_s=10.0)]
    interjection = (Piece("caller", "说话", 5.0, 10.0), Piece("agent", "嗯", 7.0, 7.5))
    assert found([], WELL, pieces=interjection) == []


def test_typed_words_have_no_second() -> None:
    assert found([], WELL, pieces=(Piece("caller", "另外停水了"),))[0].at_s is None
