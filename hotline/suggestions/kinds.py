"""What sort of matter it is: type and category, by the classifier and by words."""

import re
from collections.abc import Mapping, Sequence

from hotline.redaction.rules import masked
from hotline.suggestions.classifier import Classifier
from hotline.suggestions.training import CATEGORY, TYPE
from hotline.suggestions.values import Evidence, Field, Spoken, Suggestion
from hotline.tickets.states import TicketType

# What callers say of their call themselves. The first counts, unless the classifier is sure of another.
_CUES: Sequence[tuple[TicketType, re.Pattern[str]]] = (
    (TicketType.PRAISE, re.compile(r"表扬|感谢(?!您|你们?接)|点个?赞")),
    (TicketType.REPORT, re.compile(r"举报|检举")),
    (TicketType.SUGGESTION, re.compile(r"我?建议|提个?(?:建议|意见)")),
    (TicketType.CONSULTATION, re.compile(r"咨询|想问|请问|问一下|问问|了解一下")),
    (TicketType.COMPLAINT, re.compile(r"投诉")),
    (TicketType.HELP, re.compile(r"求助|求求|求你|帮帮|帮我|帮忙")),
)
_CUE_WORTH = 0.6
_CUE_REACH = 25  # characters: what a call is for is said at its beginning
_BROKEN = re.compile(
    r"坏了|漏|堵|停水|停电|停暖|停气|不亮|不热|断了|塌|爆|着火|掉下来|没水|没电|没有水|没有电|困"
)
_WORD_CONFIDENCE = 0.5
_LEAST = 0.2


def kinds(
    spoken: Spoken, plain: str, classifier: Classifier | None, keywords: Mapping[str, Sequence[str]]
) -> list[Suggestion]:
    """Type and category. `plain` is the text without places; `keywords` are those of each category that
    is offered: what was learnt of one that has been retired since is not suggested."""
    masked_text = masked(plain)
    answered = classifier.ask(TYPE, masked_text) if classifier else []
    suggested = [_type(spoken, dict(answered)), _category(spoken, masked_text, classifier, keywords)]
    return [suggestion for suggestion in suggested if suggestion is not None]


def _type(spoken: Spoken, shares: Mapping[str, float]) -> Suggestion | None:
    cue = _first_cue(spoken.text)
    worth = dict(shares)
    if cue is not None:
        worth[cue[0]] = worth.get(cue[0], 0.0) + _CUE_WORTH
    if not worth:
        return _of_broken_things(spoken)
    best = max(worth, key=lambda name: worth[name])
    said = cue is not None and cue[0] == best
    evidence = (spoken.evidence(*cue[1].span()),) if cue and said else ()
    return Suggestion(Field.TYPE, best, min(worth[best], 1.0), evidence)


def _of_broken_things(spoken: Spoken) -> Suggestion | None:
    broken = _BROKEN.search(spoken.text)
    if broken is None:
        return None
    evidence = (spoken.evidence(*broken.span()),)
    return Suggestion(Field.TYPE, TicketType.HELP, _WORD_CONFIDENCE, evidence)


def _first_cue(text: str) -> tuple[TicketType, re.Match[str]] | None:
    found = [(kind, match) for kind, pattern in _CUES if (match := pattern.search(text, 0, _CUE_REACH))]
    return min(found, key=lambda pair: pair[1].start(), default=None)


def _category(
    spoken: Spoken, text: str, classifier: Classifier | None, keywords: Mapping[str, Sequence[str]]
) -> Suggestion | None:
    learnt = dict(classifier.ask(CATEGORY, text)) if classifier else {}
    by_words = _by_words(spoken, keywords)
    offered = [name for name in learnt if name in keywords]  # the most probable first
    if not offered:
        return by_words
    name, share = offered[0], learnt[offered[0]]
    if by_words and by_words.value not in learnt and by_words.confidence > _WORD_CONFIDENCE:
        return by_words  # the directory knows a category that has too few tickets to be learnt
    evidence = _occurrences(spoken, keywords.get(name, ()))
    return Suggestion(Field.CATEGORY, name, share, evidence) if share >= _LEAST else by_words


def _by_words(spoken: Spoken, keywords: Mapping[str, Sequence[str]]) -> Suggestion | None:
    """The category most of whose words in the service directory were said; the earlier in a tie."""
    found = {code: _occurrences(spoken, words) for code, words in keywords.items()}
    best = max(found, key=lambda code: len(found[code]), default=None)
    if best is None or not found[best]:
        return None
    confidence = min(0.9, _WORD_CONFIDENCE + 0.15 * (len(found[best]) - 1))
    return Suggestion(Field.CATEGORY, best, confidence, found[best])


def _occurrences(spoken: Spoken, words: Sequence[str]) -> tuple[Evidence, ...]:
    starts = [(spoken.text.find(word), word) for word in words]
    return tuple(spoken.evidence(start, start + len(word)) for start, word in sorted(starts) if start >= 0)
