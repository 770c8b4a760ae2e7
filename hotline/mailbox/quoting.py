"""What of an answer its writer wrote, without our letter that their program quotes below or between it. Pure.

Nothing is taken away that is not plainly ours: other people's letters, which somebody quotes, are evidence.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

_HEAD = 8
"""Lines in which a copy says whose it is."""
_RULE = r"[-_=*—─]{2,}"
_COPY = re.compile(
    rf"\W*{_RULE}\s*(原始邮件|原邮件|回复的?原邮件|转发的?邮件|original( message| email)?|forwarded message)"
    rf"\s*{_RULE}\W*",
    re.IGNORECASE,
)
_FROM = re.compile(r"[\s|*]*(from|发件人|寄件者)[\s*|]*[:：|]", re.IGNORECASE)
_OTHER_HEADING = re.compile(
    r"[\s|*]*(sent|date|to|subject|发送时间|发送日期|日期|时间|收件人|主题)[\s*|]*[:：|]", re.IGNORECASE
)
_WROTE = re.compile(r".*(wrote|writes|写道|寫道)\s*[:：]\s*", re.IGNORECASE)
_BEGINS = re.compile(r"\s*(on|at|在|于)\b|\s*[在于]|\s*\d{4}[-/.年]", re.IGNORECASE)
_DASHES = re.compile(r"\s*[-_=*—─]{3,}\s*")


@dataclass(frozen=True)
class Signs:
    """What tells a letter of ours: its address, the ticket's number, and how our letters end."""

    address: str
    number: str
    endings: tuple[str, ...] = ()

    def names_us(self, lines: Sequence[str]) -> bool:
        """Whether address or number stands there."""
        said = " ".join(lines).lower()
        return any(sign and sign.lower() in said for sign in (self.address, self.number))

    def ends(self, line: str) -> bool:
        """Whether this is the last line of a letter of ours."""
        return any(ending and ending in line for ending in self.endings)


def own_words(text: str, signs: Signs) -> str:
    """The text without our letter; empty where it is nothing else."""
    lines = _without_copy(_without_marked(text.split("\n"), signs), signs)
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _without_marked(lines: list[str], signs: Signs) -> list[str]:
    """Lines behind `>`, and above them who wrote them, if they are ours; answers between them stay."""
    marked = [line for line in lines if _is_marked(line)]
    above = [line for at, line in enumerate(lines) if _is_above_marked(lines, at)]
    if not marked or not (signs.names_us([*marked, *above]) or any(map(signs.ends, marked))):
        return lines
    return [line for at, line in enumerate(lines) if not (_is_marked(line) or _is_above_marked(lines, at))]


def _is_marked(line: str) -> bool:
    return line.lstrip().startswith(">")


def _is_above_marked(lines: Sequence[str], at: int) -> bool:
    """`On Monday 12345 wrote:`, which programs break into two lines."""
    last = at if _WROTE.fullmatch(lines[at]) else at + 1
    if last >= len(lines) or not _WROTE.fullmatch(lines[last]):
        return False
    if last != at and not (_BEGINS.match(lines[at]) and not _BEGINS.match(lines[last])):
        return False
    after = next((line for line in lines[last + 1 :] if line.strip()), "")
    return _is_marked(after)


def _without_copy(lines: list[str], signs: Signs) -> list[str]:
    """A copy without marks goes to the end of our letter, or where that is not seen to the end of all."""
    begins = next((at for at in range(len(lines)) if _is_copy(lines, at, signs)), None)
    if begins is None:
        return lines
    ends = next((at for at in range(begins, len(lines)) if signs.ends(lines[at])), len(lines))
    before = lines[:begins]
    while before and (not before[-1].strip() or _DASHES.fullmatch(before[-1])):
        before.pop()
    return [*before, "", *lines[ends + 1 :]]


def _is_copy(lines: Sequence[str], at: int, signs: Signs) -> bool:
    """Whether a copy of our letter begins in this line."""
    head = lines[at : at + _HEAD]
    if _COPY.fullmatch(head[0]):
        return signs.names_us(head)
    if _FROM.match(head[0]):
        return any(_OTHER_HEADING.match(line) for line in head[1:5]) and signs.names_us(head)
    if _WROTE.fullmatch(head[0]):
        return signs.names_us(head[:1])
    broken = len(head) > 1 and _BEGINS.match(head[0]) is not None and _WROTE.fullmatch(head[1]) is not None
    return broken and signs.names_us(head[:2])
