"""House numbers after a road: by their sound, since recognisers write 时就好 for 十九号. Pure functions."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from hotline.language.sounds import plain, sounds
from hotline.language.spoken_numbers import digits_of

_LONGEST_NUMBER = 8
_NUMBER_SOUNDS = {
    "ling": "零", "yi": "一", "yao": "幺", "er": "二", "liang": "两", "san": "三", "si": "四", "wu": "五",
    "liu": "六", "qi": "七", "ba": "八", "jiu": "九", "shi": "十", "bai": "百", "qian": "千",
}  # fmt: skip
# A digit that was misheard among others that were not: by its beginning, where only one digit begins so.
_BEGINNINGS = {"q": "七", "b": "八", "j": "九", "w": "五"}
_NUMBER_CHARACTERS = frozenset("0123456789零〇一二三四五六七八九十百千幺两")
_HOUSE = {"hao": "号", "nong": "弄"}
_WRITTEN = "[0-9零一二三四五六七八九十百千幺两]"
_BUILDING = "楼(?![上下里外道梯前后顶旁])"  # 62号楼下: below number 62, not building 62
_PART = re.compile(
    rf"(?P<letter>[甲乙丙丁]?)(?P<number>{_WRITTEN}{{1,6}})"
    rf"(?P<what>号院|号{_BUILDING}|号|栋|幢|座|单元|楼|层|室|户)"
)
_OF_A_BUILDING = re.compile(f"院|{_BUILDING}")
_ROOM = re.compile(rf"(?P<number>{_WRITTEN}{{2,5}})(?P<what>室|户|东户|西户|)")


@dataclass(frozen=True)
class House:
    """A house number: `number` like 68号, `parts` behind it like 2号楼3单元402; `end` in the text."""

    number: str
    parts: str
    end: int

    @property
    def whole(self) -> str:
        """As it is written behind the road's name."""
        return self.number + self.parts


def has_number(readings: Sequence[str], start: int) -> bool:
    """Whether number sounds and 号 follow from `start` on."""
    return _number_end(readings, start) is not None


def house_at(text: str, start: int) -> House | None:
    """The house number that begins at `start`, right behind a road's name; None if none does."""
    readings = sounds(text)
    end = _number_end(readings, start)
    if end is None:
        return _bare_number(text, start)
    words = "".join(_digit(text[i], readings[i]) or "" for i in range(start, end))
    number = digits_of(words) + _HOUSE[plain(readings[end])]
    after = end + 1
    if what := _OF_A_BUILDING.match(text, after):  # 68号院, 2号楼: not of the road
        number += what[0]
        after = what.end()
    parts, after = _parts(text, after)
    return House(number, parts, after)


def building_at(text: str, start: int) -> House | None:
    """Building, unit and room behind a community's name: 3号楼2单元501; None if none follows."""
    parts, end = _parts(text, start)
    return House("", parts, end) if parts else None


def _number_end(readings: Sequence[str], start: int) -> int | None:
    """Where the number ends, at a sound like 号; None if none stands at `start`."""
    misheard = 0
    for place in range(start, min(start + _LONGEST_NUMBER + 1, len(readings))):
        if plain(readings[place]) in _HOUSE and place > start:
            return place if misheard == 0 or (misheard == 1 and place - start > 1) else None
        misheard += _number_character(readings[place], readings[place]) is None
        if _digit(readings[place], readings[place]) is None:
            return None
    return None


def _digit(character: str, reading: str) -> str | None:
    return _number_character(character, reading) or _BEGINNINGS.get(reading[:1])


def _number_character(character: str, reading: str) -> str | None:
    if character in _NUMBER_CHARACTERS:
        return character
    return _NUMBER_SOUNDS.get(plain(reading)) or (reading if reading in _NUMBER_CHARACTERS else None)


def _bare_number(text: str, start: int) -> House | None:
    """A number whose 号 was left out: only where it is written as one and nothing is counted by it."""
    match = re.match(rf"{_WRITTEN}{{2,6}}(?=$|[\s，。的这那有门旁附对后楼])", text[start:])
    return House(digits_of(match[0]) + "号", "", start + match.end()) if match else None


def _parts(text: str, place: int) -> tuple[str, int]:
    parts = ""
    while match := _PART.match(text, place):
        parts += match["letter"] + digits_of(match["number"]) + match["what"]
        place = match.end()
    if parts and (room := _ROOM.match(text, place)):
        parts += digits_of(room["number"]) + room["what"]
        place = room.end()
    return parts, place
