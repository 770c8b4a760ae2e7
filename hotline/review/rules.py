"""Signals of a perfunctory reply (糊弄答复, rulebook B7, R1-R8). No database; flags only: a person decides.

Every signal takes what was written and what is on record, and names the words that triggered it by their
place in the text: characters from `start` to before `end`. Word lists are data, see `hotline.review.wording`.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from difflib import SequenceMatcher
from enum import StrEnum
from functools import lru_cache

from hotline.language.addresses import same_house
from hotline.language.likeness import cosine, pairs


class Signal(StrEnum):
    """What may be wrong with a reply."""

    PROMISE = "R1"  # words about the future without a date, a person and a measure
    UNANSWERED = "R2"  # a question without an answer of its own
    COPIED = "R3"  # nearly another reply of the department, on a different matter
    ECHO = "R4"  # says the complaint again, or hardly anything
    NO_CONTACT = "R5"  # speaks of a contact or visit that is not on record
    LAST_MINUTE = "R6"  # at the end of the limit, and nothing done before
    NOT_SOLVED = "R7"  # "solved", but the citizen said no, or it has come back
    ATTITUDE = "R8"  # only attitude, nothing done


class WordList(StrEnum):
    """What a list of words is for."""

    PROMISE = "promise"
    ATTITUDE = "attitude"
    MEASURE = "measure"
    CONTACT = "contact"
    VISIT = "visit"
    SOLVED = "solved"
    NO_ANSWER = "no_answer"


WEIGHTS: Mapping[Signal, int] = dict.fromkeys(Signal, 1) | {Signal.NO_CONTACT: 2, Signal.NOT_SOLVED: 2}
"""A reply that the record contradicts weighs as much as two signs of carelessness."""
MUST_DECIDE = 2
"""From this score on a reviewer says of each signal whether it holds."""

SAME_TEXT = 0.9
SAME_MATTER = 0.6
SHORTEST_COMPARED = 10
OWN_CONTENT = 30
HARDLY_ANYTHING = 10
LEAST_COPIED = 6
SHORTEST_ECHO = 4
LAST_PART = 0.05

PUBLIC_TEXT = "public_text"

_SENTENCE = re.compile(r"[^。！？；!?;\n]+")
_CLAUSE = re.compile(r"[^，。！？；、,!?;\n]+")
_DATE = re.compile(
    r"\d+\s*[年月日号]|\d{1,2}[./-]\d{1,2}|[一二三四五六七八九十]+[月日号]|[今明后][天日]|[本下]周|星期[一二三四五六日天]|"
    r"[本下]个?月|[年月季]度?[底末初]前?|[\d一二三四五六七八九十两]+\s*个?(?:小时|工作日|天|日|周|月)(?:之?内|以内)"
)
_NOBODY = re.compile(
    r"(?:我|本)(?:局|委|办|单位|公司|中心|街道|社区)|(?:有关|相关|责任|职能|属地|主管)(?:部门|单位|人员|公司|科室)"
)
_SOMEBODY = re.compile(
    r"局|公司|中心|街道|社区|物业|居委会|村委会|[大支中]队|派出所|供水所|供电所|管理所|管理站|养护[所站]|科室|工程师|师傅|"
    r"经理|科长|所长|队长|站长|主任|书记|责任人|联系人|\d{7,}"
)
_NOT_YET = re.compile(r"将|拟|计划|准备|争取|下一步|尽快|尽早|有待|待定|研究|安排中|考虑|建议您")
_NOT_REACHED = re.compile(
    r"未接|未能|无人接|没有接|未联系上|没有联系上|联系不上|关机|停机|空号|无法接通|未接通"
)


@dataclass(frozen=True)
class Asked:
    """One question of the citizen and the answer to it. `position` counts from 1."""

    position: int
    text: str
    answer: str


@dataclass(frozen=True)
class OtherReply:
    """Another reply of the same department, on a different matter."""

    number: str
    text: str


@dataclass(frozen=True)
class Facts:
    """A reply and what is on record. Times are aware.

    `acted_at`: when the department did anything with the ticket but sign it and send this reply.
    `says_no`: the citizen was asked, said that it is not solved, and was not spoken with since.
    """

    public_text: str
    at: datetime
    questions: Sequence[Asked] = ()
    matter: str = ""
    is_solved: bool = True
    reached: bool = True
    visited: bool = True
    dispatched_at: datetime | None = None
    due_at: datetime | None = None
    acted_at: Sequence[datetime] = ()
    says_no: bool = False
    came_back: bool = False
    others: Sequence[OtherReply] = ()


@dataclass(frozen=True)
class Span:
    """Words that triggered a signal: `where` is `PUBLIC_TEXT` or `answer-<position>`."""

    where: str
    start: int
    end: int
    words: str


@dataclass(frozen=True)
class Found:
    """A signal, its words, and what else there is to say: the other ticket's number, questions, a reason."""

    signal: Signal
    spans: tuple[Span, ...] = ()
    about: str = ""

    @property
    def weight(self) -> int:
        """Its part of the score."""
        return WEIGHTS[self.signal]


@dataclass(frozen=True)
class Words:
    """The lists of words as they stand."""

    of: Mapping[WordList, Sequence[str]] = field(default_factory=dict)

    def __getitem__(self, which: WordList) -> Sequence[str]:
        return self.of.get(which, ())


def signals(facts: Facts, words: Words) -> list[Found]:
    """Everything that is noticed about a reply, in the order of the codes."""
    found = (rule(facts, words) for rule in _RULES)
    return [one for one in found if one is not None]


def score(found: Iterable[Found]) -> int:
    """The weights together."""
    return sum(one.weight for one in found)


def answer_place(position: int) -> str:
    """`Span.where` of the answer to a question."""
    return f"answer-{position}"


def is_same_matter(matter: str, address: str, other_matter: str, other_address: str) -> bool:
    """Whether two tickets speak of the same thing, to which the same reply may be given."""
    if address and other_address and not same_house(address, other_address):
        return False
    return cosine(pairs(matter), pairs(other_matter)) >= SAME_MATTER


def _promise(facts: Facts, words: Words) -> Found | None:
    """R1: an announcement names a date, somebody, and what they will do, or it is empty."""
    spans = [
        span
        for where, text in _texts(facts)
        for sentence in _SENTENCE.finditer(text)
        if not _is_commitment(sentence.group(), words)
        for span in _spans(where, text, words[WordList.PROMISE], sentence.start(), sentence.end())
    ]
    return Found(Signal.PROMISE, tuple(spans)) if spans else None


def _is_commitment(sentence: str, words: Words) -> bool:
    somebody = _SOMEBODY.search(_NOBODY.sub("", sentence))
    return bool(_DATE.search(sentence) and somebody and _has(sentence, words[WordList.MEASURE]))


def _unanswered(facts: Facts, words: Words) -> Found | None:
    """R2: no answer, only words like "see above", or the question said again."""
    empty = [asked for asked in facts.questions if _says_nothing(asked, words[WordList.NO_ANSWER])]
    if not empty:
        return None
    spans = tuple(
        _whole(answer_place(asked.position), asked.answer) for asked in empty if asked.answer.strip()
    )
    return Found(Signal.UNANSWERED, spans, "、".join(str(asked.position) for asked in empty))


def _says_nothing(asked: Asked, no_answers: Sequence[str]) -> bool:
    said = _letters(asked.answer)
    if not said or any(said.startswith(word) and len(said) <= len(word) + 4 for word in no_answers):
        return True
    return len(said) >= SHORTEST_ECHO and said in _letters(asked.text)


def _copied(facts: Facts, words: Words) -> Found | None:
    """R3: at least 0.9 alike, by pairs of characters."""
    if len(_letters(facts.public_text)) < SHORTEST_COMPARED:
        return None
    own = pairs(facts.public_text)
    likeness = [(cosine(own, pairs(other.text)), other) for other in facts.others]
    best = max(likeness, key=lambda pair: pair[0], default=None)
    if best is None or best[0] < SAME_TEXT:
        return None
    blocks = SequenceMatcher(None, facts.public_text, best[1].text, autojunk=False).get_matching_blocks()
    spans = (
        _span(PUBLIC_TEXT, facts.public_text, block.a, block.a + block.size)
        for block in blocks
        if block.size >= LEAST_COPIED
    )
    return Found(Signal.COPIED, tuple(spans), best[1].number)


def _echo(facts: Facts, words: Words) -> Found | None:
    """R4: less than thirty characters beside what the citizen said, or less than ten at all."""
    source = "\n".join([facts.matter, *(asked.text for asked in facts.questions)])
    copied = list(_stretches(facts.public_text, source))
    theirs = "".join(facts.public_text[start:end] for start, end in copied)
    own = len(_letters(facts.public_text)) - len(_letters(theirs))
    if own >= (OWN_CONTENT if copied else HARDLY_ANYTHING):
        return None
    spans = (_span(PUBLIC_TEXT, facts.public_text, start, end) for start, end in copied)
    return Found(Signal.ECHO, tuple(spans), str(own))


def _stretches(text: str, source: str) -> Iterator[tuple[int, int]]:
    """Where the text says at least `LEAST_COPIED` characters as the source does."""
    start = 0
    while start + LEAST_COPIED <= len(text):
        end = start + LEAST_COPIED
        if text[start:end] not in source:
            start += 1
            continue
        while end < len(text) and text[start : end + 1] in source:
            end += 1
        yield start, end
        start = end


def _no_contact(facts: Facts, words: Words) -> Found | None:
    """R5: it says that somebody called or was there, and no record does."""
    claimed = list(words[WordList.CONTACT] if not facts.reached else ())
    claimed += words[WordList.VISIT] if not facts.visited else ()
    spans = [
        span
        for where, text in _texts(facts)
        for sentence in _SENTENCE.finditer(text)
        if not _NOT_REACHED.search(sentence.group())
        for span in _spans(where, text, claimed, sentence.start(), sentence.end())
    ]
    return Found(Signal.NO_CONTACT, tuple(spans)) if spans else None


def _last_minute(facts: Facts, words: Words) -> Found | None:
    """R6: within the last twentieth of the limit or after it, and nothing on record before."""
    if facts.due_at is None or facts.dispatched_at is None:
        return None
    begins = facts.due_at - (facts.due_at - facts.dispatched_at) * LAST_PART
    if facts.at < begins or any(facts.dispatched_at <= at < begins for at in facts.acted_at):
        return None
    return Found(Signal.LAST_MINUTE)


def _not_solved(facts: Facts, words: Words) -> Found | None:
    """R7: solved by the reply, and not by what is on record."""
    solved = words[WordList.SOLVED]
    spans = tuple(span for where, text in _texts(facts) for span in _spans(where, text, solved, 0, len(text)))
    if not (facts.is_solved or spans) or not (facts.says_no or facts.came_back):
        return None
    return Found(Signal.NOT_SOLVED, spans, "says_no" if facts.says_no else "came_back")


def _attitude(facts: Facts, words: Words) -> Found | None:
    """R8: attitude or announcements, nothing that was done, and hardly anything else."""
    empty = [*words[WordList.ATTITUDE], *words[WordList.PROMISE]]
    clauses = [(where, text, clause) for where, text in _texts(facts) for clause in _CLAUSE.finditer(text)]
    if any(_is_deed(clause.group(), words) for _where, _text, clause in clauses):
        return None
    rest = {clause.group() for _where, _text, clause in clauses if not _has(clause.group(), empty)}
    if sum(len(_letters(clause)) for clause in rest) >= OWN_CONTENT:
        return None
    spans = [s for where, text in _texts(facts) for s in _spans(where, text, empty, 0, len(text))]
    return Found(Signal.ATTITUDE, tuple(spans)) if spans else None


def _is_deed(clause: str, words: Words) -> bool:
    return _has(clause, words[WordList.MEASURE]) and not _NOT_YET.search(clause)


_RULES: Sequence[Callable[[Facts, Words], Found | None]] = (
    _promise,
    _unanswered,
    _copied,
    _echo,
    _no_contact,
    _last_minute,
    _not_solved,
    _attitude,
)


def _texts(facts: Facts) -> list[tuple[str, str]]:
    """What the citizen will read: the reply, and each answer."""
    answers = [(answer_place(asked.position), asked.answer) for asked in facts.questions]
    return [(PUBLIC_TEXT, facts.public_text), *answers]


def _spans(where: str, text: str, phrases: Sequence[str], start: int, end: int) -> Iterator[Span]:
    """Every phrase within a stretch, from left to right, the longest first, none within another."""
    if not phrases:
        return
    for match in _any_of(tuple(phrases)).finditer(text, start, end):
        yield _span(where, text, match.start(), match.end())


@lru_cache(maxsize=64)  # a few lists of words, looked for in every sentence of every reply
def _any_of(phrases: tuple[str, ...]) -> re.Pattern[str]:
    longest_first = sorted(phrases, key=len, reverse=True)
    return re.compile("|".join(re.escape(phrase) for phrase in longest_first))


def _span(where: str, text: str, start: int, end: int) -> Span:
    return Span(where, start, end, text[start:end])


def _whole(where: str, text: str) -> Span:
    return _span(where, text, 0, len(text))


def _has(text: str, phrases: Sequence[str]) -> bool:
    return any(phrase in text for phrase in phrases)


def _letters(text: str) -> str:
    """Without spaces and punctuation."""
    return "".join(filter(str.isalnum, text))
