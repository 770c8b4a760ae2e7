"""Text -> tone-numbered pinyin, the only spelling of Mandarin that espeak-ng 1.51 reads correctly.

Give the result to the voice `cmn-latn-pinyin` or a variant of it such as `cmn-latn-pinyin+f2`; the voice
`cmn` of Debian 12 reads Chinese characters as English letters.
"""

import re
import unicodedata
from collections.abc import Callable
from functools import cache, lru_cache, partial

from hotline.language.numerals import spell_numerals

VOICE = "cmn-latn-pinyin"

# Words that pypinyin 0.55 misreads, or reads by their bookish pronunciation.
READINGS = {
    "协调": "xie2 tiao2",
    "堵塞": "du3 se4",
    "处理": "chu3 li3",
    "处理一下": "chu3 li3 yi1 xia4",
    "一下": "yi1 xia4",
    "重庆南路": "chong2 qing4 nan2 lu4",
    "长江中路": "chang2 jiang1 zhong1 lu4",
    "睡不着觉": "shui4 bu4 zhao2 jiao4",
    "睡不着": "shui4 bu4 zhao2",
    "毁绿种菜": "hui3 lv4 zhong4 cai4",
    "种菜": "zhong4 cai4",
    "好长时间": "hao3 chang2 shi2 jian1",
    "供暖": "gong1 nuan3",
    "供水": "gong1 shui3",
    "供电": "gong1 dian4",
    "供热": "gong1 re4",
    "尽快": "jin3 kuai4",
    "为什么": "wei4 shen2 me5",
    "转人工": "zhuan3 ren2 gong1",
    "请按": "qing3 an4",
    "都没": "dou1 mei2",
    "都不": "dou1 bu4",
    "还没": "hai2 mei2",
    "长了": "zhang3 le5",
    "行人": "xing2 ren2",
    "银行": "yin2 hang2",
    "嗯": "en1",
    "喂": "wei2",
    "呗": "bei5",
    "哟": "you1",
    "呣": "mu2",
    "噷": "hen1",
    "哼": "heng1",
    "唔": "wu2",
    "誒": "ei1",
    "诶": "ei1",
    "欸": "ei1",
}

# The names of Latin letters as Mandarin speakers say them.
_LETTERS = {
    "A": "ei1", "B": "bi4", "C": "xi1", "D": "di4", "E": "yi4", "F": "ai2 fu5",
    "G": "ji4", "H": "ai2 chi5", "I": "ai4", "J": "jie4", "K": "kei4", "L": "ai2 lou5",
    "M": "ai2 mu5", "N": "en1", "O": "ou1", "P": "pi4", "Q": "kiu4", "R": "a2 er5",
    "S": "ai2 si5", "T": "ti4", "U": "you4", "V": "wei4", "W": "da2 bu5 liu5", "X": "ai2 ke5 si5",
    "Y": "wai4", "Z": "zei4",
}  # fmt: skip

_LONG_PAUSE = "。！？!?…\n"
_SHORT_PAUSE = "，、；：,;:—"
_SYLLABLE = re.compile(r"[a-z]{1,6}[1-5]")
_TOKEN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0002fa1f]+|[A-Za-z]|[^\w\s]|\n")
_DIGIT_WORDS = frozenset("零一二三四五六七八九十百千万亿幺两")
_ORDINAL_NOUNS = frozenset("月号日楼层级期")


@cache
def _reader() -> Callable[[str], list[str]]:
    """pypinyin with our readings: half a second and 57 MB, which processes that never speak do without."""
    from pypinyin import Style, lazy_pinyin, load_phrases_dict
    from pypinyin.contrib.tone_convert import tone3_to_tone

    load_phrases_dict({word: [[tone3_to_tone(s)] for s in spelt.split()] for word, spelt in READINGS.items()})
    return partial(lazy_pinyin, style=Style.TONE3, neutral_tone_with_five=True)


def speakable(text: str) -> str:
    """Any text -> pinyin syllables with tone numbers, `,` and `.` standing for pauses.

    "您好，12345热线。" -> "nin2 hao3 , yao1 er4 san1 si4 wu3 re4 xian4 ."
    Numerals are spelt out, Latin letters are named, and what cannot be spoken is skipped: a text without
    anything speakable gives "".
    """
    spelt = spell_numerals(unicodedata.normalize("NFKC", text))
    spoken: list[str] = []
    for token in _TOKEN.findall(spelt):
        spoken += _speak(token)
    while spoken and spoken[0] in ",.":
        del spoken[0]
    return " ".join(spoken)


def _speak(token: str) -> list[str]:
    if token in _LONG_PAUSE:
        return ["."]
    if token in _SHORT_PAUSE:
        return [","]
    if token.upper() in _LETTERS:
        return _LETTERS[token.upper()].split()
    if len(token) == 1 and unicodedata.category(token)[0] != "L":
        return []
    return [syllable for syllable in syllables(token) if syllable]


@lru_cache(maxsize=65_536)
def syllables(characters: str) -> tuple[str, ...]:
    """One tone-numbered syllable for every Chinese character, "" for one without a known reading.

    The tone changes of 一 and 不 are applied; espeak-ng makes those of the third tone by itself.
    """
    readings: list[str] = []
    for reading in _reader()(characters):
        # pypinyin hands back a run of characters that it does not know as one piece.
        readings += [reading] if _SYLLABLE.fullmatch(reading) else [""] * len(reading)
    return tuple(_change_tones(characters, readings))


def _change_tones(characters: str, readings: list[str]) -> list[str]:
    changed = list(readings)
    for place, character in enumerate(characters):
        following = readings[place + 1] if place + 1 < len(readings) else ""
        if character == "不" and following:
            changed[place] = "bu2" if following.endswith("4") else "bu4"
        elif character == "一" and readings[place] == "yi1":
            changed[place] = _tone_of_one(characters, place, following)
    return changed


def _tone_of_one(characters: str, place: int, following: str) -> str:
    before = characters[place - 1] if place else ""
    after = characters[place + 1] if following else ""
    if not following or before in _DIGIT_WORDS or before == "第" or after in _ORDINAL_NOUNS:
        return "yi1"
    if after in _DIGIT_WORDS and after not in "百千万亿":
        return "yi1"
    return "yi2" if following.endswith(("4", "5")) else "yi4"
