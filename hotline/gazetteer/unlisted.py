"""A road that no gazetteer names, told by the house number behind it. Pure functions."""

import re
from collections.abc import Iterable

from hotline.gazetteer.houses import House, house_at

_WHAT = re.compile(r"大街|大道|路|街|巷")
# 延安三路, 东海中路: part of the name, but none by itself.
_WHICH = "一二三四五六七八九十东南西北中"
# What people say in front of a road: 我住在长江路, 请到长江路.
_BEFORE = frozenset("在住到是去从的了往家址个，。、")
_SHORTEST, _USUAL, _LONGEST = 2, 2, 4


def unlisted_road(text: str, named: Iterable[int] = ()) -> tuple[str, int, House] | None:
    """The name of a road, where it begins, and the house behind it: 长江路, 2 and 62号 of 住在长江路六十二号.

    `named` are the ends of known places (市南区): a name begins behind one of them, behind a word that people
    say in front of it, else two characters before what it is. Without a number everything is a road (半路).
    Nothing is matched across a line break.
    """
    ends = frozenset(named)
    for what in _WHAT.finditer(text):
        start = _start(text, what.start(), ends)
        if start is not None and (house := house_at(text, what.end())):
            return text[start : what.end()], start, house
    return None


def _start(text: str, what: int, ends: frozenset[int]) -> int | None:
    """Where the name begins; None if there is not room for one."""
    room = what - (text.rfind("\n", 0, what) + 1)
    for length in range(_SHORTEST, min(_LONGEST, room) + 1):
        start = what - length
        if start in ends or length == room or text[start - 1] in _BEFORE:
            return start
    usual = _USUAL + (what > 0 and text[what - 1] in _WHICH)
    return what - usual if usual <= room else None
