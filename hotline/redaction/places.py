"""Plates of cars, and the exact part of an address: house number, building, unit, room."""

import re
from collections.abc import Iterator

from hotline.redaction.kinds import Finding, Kind

_PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
_SIGN = "[A-Za-z0-9零〇一二三四五六七八九幺两]"
_PLATE = re.compile(rf"[{_PROVINCES}]\s*[A-Za-z]\s*[·.]?\s*(?:{_SIGN}\s*){{4,5}}{_SIGN}")
_ANNOUNCED_PLATE = re.compile(rf"(?:车牌号?|车号|牌照)(?:是|为|尾号)?\s*({_SIGN}(?:\s*{_SIGN}){{3,6}})")

_N = "[0-9零〇一二三四五六七八九十百千幺两]{1,7}"
_BESIDE = "(?:[甲乙丙丁内附]|之)?"
_PART = rf"{_BESIDE}{_N}(?:号院|号楼|号|弄|栋|幢|座|单元|楼|层|室|户|期){_BESIDE}"
_END = rf"(?:{_N}室?|[东西南北中]户)?"
_ROAD = "(?<=[路街道巷弄里沟庄村园苑])"
_OF_ROAD = re.compile(rf"{_ROAD}\s*{_N}(?:号院|号楼|号|弄){_BESIDE}(?:{_PART})*{_END}")
_OF_BUILDING = re.compile(rf"(?:{_N}期)?{_N}(?:号楼|栋|幢|单元)(?:{_PART})*{_END}")
_DASHED = re.compile(r"(?<!\d)\d{1,3}-\d{1,2}-\d{2,4}(?![\d-])")
_TRAM = re.compile(rf"{_N}(?:号线|路)")


def find_plates(text: str) -> Iterator[Finding]:
    """Number plates, also with digits as words and with spaces between."""
    found = [match.span() for match in _PLATE.finditer(text)]
    for match in _ANNOUNCED_PLATE.finditer(text):
        if all(match.end(1) <= start or match.start(1) >= end for start, end in found):
            found.append(match.span(1))
    for start, end in found:
        yield Finding(start, end, Kind.PLATE)


def find_doors(text: str) -> Iterator[Finding]:
    """House numbers after a road, and buildings with unit and room: not the road, and not a floor alone."""
    for pattern in (_OF_ROAD, _OF_BUILDING, _DASHED):
        for match in pattern.finditer(text):
            if not _TRAM.match(text, match.start()):
                yield Finding(match.start() + len(match[0]) - len(match[0].lstrip()), match.end(), Kind.DOOR)
