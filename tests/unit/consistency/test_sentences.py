"""What agents have to say, and the notice before the talk."""

import pytest

from hotline.consistency.rules import Finding, Kind
from hotline.consistency.sentences import (
    Notice,
    Sentence,
    Where,
    missing_notice,
    missing_sentences,
)
from hotline.suggestions.values import Piece

GREETING = Sentence("greeting", ("12345", "服务热线"), Where.OPENING)
CLOSING = Sentence("closing", ("再见",), Where.CLOSING)
NUMBER = Sentence("number", ("工单编号",), with_number=True)
TALK = (
    Piece("agent", "您好幺二三四五热线", 8.0, 10.0),
    Piece("caller", "我要投诉", 11.0, 13.0),
    Piece("agent", "您的公单编号是三七", 100.0, 103.0),
    Piece("agent", "感谢来电再见", 200.0, 202.0),
)


def missed(
    *pieces: Piece, sentences: tuple[Sentence, ...] = (GREETING, CLOSING, NUMBER), number: bool = True
):  # type: ignore[no-untyped-def]
    return list(missing_sentences(pieces, sentences, number))


def test_a_talk_in_which_all_was_said() -> None:
    assert missed(*TALK) == []


@pytest.mark.parametrize(
    ("left_out", "name", "at_s"), [(0, "greeting", 100.0), (2, "number", 8.0), (3, "closing", 100.0)]
)
def test_what_was_not_said_is_missed_where_it_belongs(left_out: int, name: str, at_s: float) -> None:
    pieces = [piece for place, piece in enumerate(TALK) if place != left_out]
    assert missed(*pieces) == [Finding(Kind.SENTENCE_MISSING, at_s, value=name)]


def test_only_the_agents_own_words_count() -> None:
    by_the_citizen = [Piece("caller", piece.text, piece.start_s, piece.end_s) for piece in TALK]
    pieces = [*by_the_citizen, Piece("agent", "嗯", 50.0, 51.0)]
    assert {finding.value for finding in missed(*pieces)} == {"greeting", "closing", "number"}


def test_a_greeting_in_the_middle_is_none() -> None:
    pieces = (Piece("agent", "请讲", 8.0, 9.0), Piece("agent", "这里是服务热线", 40.0, 42.0))
    assert missed(*pieces, sentences=(GREETING,)) == [Finding(Kind.SENTENCE_MISSING, 8.0, value="greeting")]
    assert missed(*pieces, sentences=(Sentence("greeting", GREETING.phrases),)) == []


def test_no_number_is_missed_that_nobody_knew_yet() -> None:
    pieces = [TALK[0], TALK[3]]
    assert missed(*pieces, number=False) == []
    assert [finding.value for finding in missed(*pieces)] == ["number"]


def test_where_no_agent_was_understood_nothing_is_missed() -> None:
    assert missed(TALK[1], Piece("agent", " ", 3.0, 4.0)) == []


@pytest.mark.parametrize(
    ("played", "heard_out", "said", "found"),
    [
        (True, True, "请讲", None),
        (True, False, "请讲", Notice.NOT_HEARD_OUT),
        (False, False, "请讲", Notice.NOT_PLAYED),
        (False, False, "本次通话将录音请讲", None),  # the agent said it, as on a callback
        (False, False, "您提供的录音我们听了", Notice.NOT_PLAYED),
    ],
)
def test_the_notice(played: bool, heard_out: bool, said: str, found: Notice | None) -> None:
    pieces = [Piece("agent", said, 3.0, 5.0), Piece("caller", "你们会录音吗", 6.0, 7.0)]
    findings = list(missing_notice(pieces, played, heard_out))
    assert findings == ([Finding(Kind.NOTICE_MISSING, 0.0, value=found)] if found else [])
