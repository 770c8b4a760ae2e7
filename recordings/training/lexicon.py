"""How words are pronounced: units of `recordings.training.units` for every word of the vocabulary."""

from collections import Counter
from functools import cache
from itertools import product

from pypinyin import Style, pinyin
from pypinyin.contrib.tone_convert import to_tone3
from pypinyin.pinyin_dict import pinyin_dict

from hotline.language.pinyin import syllables
from recordings.training.units import SILENCE, parse, units_of

# The tone of these two depends on what follows, which a word at its end does not know.
_TONE_CHANGES = {"一": ("yi1", "yi2", "yi4"), "不": ("bu4", "bu2")}
_SECOND_READING_COST = 2.5
_OLDEST_COMMON, _NEWEST_COMMON = 0x4E00, 0x9FA5
# Written in dictionaries, but nobody's syllable: espeak-ng cannot speak them either.
_NOT_SYLLABLES = ("m", "n", "ng", "hm", "hng")


def pronunciations(word: str) -> dict[tuple[str, ...], float]:
    """The word's unit sequences with a cost (negative log, 0 for the usual one); empty if unreadable."""
    usual = syllables(word)
    if not all(_is_syllable(syllable) for syllable in usual):
        return {}
    variants = {units_of(usual): 0.0}
    last = word[-1]
    if last in _TONE_CHANGES:
        variants |= {units_of((*usual[:-1], ending)): 0.0 for ending in _TONE_CHANGES[last]}
    elif len(word) == 1:
        for reading in _other_readings(word):
            variants.setdefault(units_of((reading,)), _SECOND_READING_COST)
    return variants


def _other_readings(character: str) -> list[str]:
    (readings,) = pinyin(character, style=Style.TONE3, heteronym=True, neutral_tone_with_five=True)
    return [reading for reading in readings[:3] if _is_syllable(reading)]


def _is_syllable(text: str) -> bool:
    try:
        parse(text)
    except ValueError:
        return False
    return text[:-1] not in _NOT_SYLLABLES


@cache
def common_syllables() -> list[str]:
    """Every tone-numbered syllable that is the first reading of at least three characters."""
    counted: Counter[str] = Counter()
    for codepoint, readings in pinyin_dict.items():
        if _OLDEST_COMMON <= codepoint <= _NEWEST_COMMON:
            written = to_tone3(readings.split(",")[0], v_to_u=False).replace("ü", "v")
            counted[written if written[-1].isdigit() else f"{written}5"] += 1
    return sorted(s for s, count in counted.items() if count >= 3 and _is_syllable(s))


@cache
def all_units() -> list[str]:
    """Every unit, silence first: the outputs of the acoustic model."""
    spoken = {unit for syllable in _all_syllables() for unit in parse(syllable).units}
    return [SILENCE, *sorted(spoken)]


def toneless_units() -> list[str]:
    """Initials and first halves of finals: enough to tell speech from words, a quarter of all units.

    With all of them, what is no word could be said in so many ways that a runtime grammar took ten seconds
    for one of speech.
    """
    return [unit for unit in all_units() if unit != SILENCE and not unit[-1].isdigit()]


def _all_syllables() -> set[str]:
    toneless = {syllable[:-1] for syllable in common_syllables()}
    return {f"{letters}{tone}" for letters, tone in product(toneless, "12345")}
