"""What an agent has to say, and the notice before the talk: whether they were said. No database."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from hotline.consistency.rules import AGENT, Finding, Kind
from hotline.language.said import is_said
from hotline.suggestions.values import Piece

OPENING_S = 30.0
CLOSING_S = 60.0
HOTLINE_NUMBER = "{number}"
"""In a phrase: the number that citizens dial, as it is spoken."""
_NOTICE_BY_THE_AGENT = ("通话录音", "会录音", "将录音", "正在录音", "会被录音")


class Where(StrEnum):
    """In which part of what the agent says a sentence belongs."""

    OPENING = "opening"  # within `OPENING_S` from the agent's first word
    CLOSING = "closing"  # within `CLOSING_S` before the agent's last word
    ANYWHERE = "anywhere"


class Notice(StrEnum):
    """What is amiss with the recording notice of a call."""

    NOT_PLAYED = "not_played"  # nothing says that it was
    NOT_HEARD_OUT = "not_heard_out"  # a key, or the end of the call, came before its end


@dataclass(frozen=True)
class Sentence:
    """One of `phrases` has to be said. `name` tells it apart from others and is kept with a finding.

    `with_number`: only where the ticket was registered while the call went on, and not answered at once.
    """

    name: str
    phrases: tuple[str, ...]
    where: Where = Where.ANYWHERE
    with_number: bool = False


def missing_sentences(
    pieces: Sequence[Piece], sentences: Sequence[Sentence], number_was_there: bool
) -> Iterator[Finding]:
    """The sentences that no agent of the call said, each with the second at which it should have come.

    Where no agent was understood at all, nothing is missed: a silent track is a fault of its own.
    """
    said = sorted((p for p in pieces if p.speaker == AGENT and p.text.strip()), key=_start)
    if not said:
        return
    for sentence in sentences:
        if sentence.with_number and not number_was_there:
            continue
        part = _part(said, sentence.where)
        text = " ".join(piece.text for piece in part)
        if not any(is_said(phrase, text) for phrase in sentence.phrases):
            yield Finding(Kind.SENTENCE_MISSING, part[0].start_s, value=sentence.name)


def missing_notice(pieces: Sequence[Piece], played: bool, heard_out: bool) -> Iterator[Finding]:
    """The caller was not told that the call is recorded: neither by the prompt nor by an agent."""
    told = " ".join(piece.text for piece in pieces if piece.speaker == AGENT)
    if heard_out or any(is_said(phrase, told) for phrase in _NOTICE_BY_THE_AGENT):
        return
    yield Finding(Kind.NOTICE_MISSING, 0.0, value=Notice.NOT_HEARD_OUT if played else Notice.NOT_PLAYED)


def _part(said: Sequence[Piece], where: Where) -> Sequence[Piece]:
    """Of one agent's or several agents' pieces, in the order of time. Never empty."""
    if where is Where.OPENING:
        return [piece for piece in said if _start(piece) <= _start(said[0]) + OPENING_S]
    if where is Where.CLOSING:
        last = max(map(_end, said))
        return [piece for piece in said if _end(piece) >= last - CLOSING_S]
    return said


def _start(piece: Piece) -> float:
    return piece.start_s or 0.0


def _end(piece: Piece) -> float:
    return piece.end_s or 0.0
