"""What an official letter says. It is Chinese in every language of the console: it goes to a department's
files. The order of its parts follows GB/T 9704-2012."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

PAGE_MM = (210, 297)
MARGINS_MM = {"top": 37, "bottom": 35, "left": 28, "right": 26}
"""GB/T 9704-2012, 5.2: what stays free around the text of an A4 page."""
HEAD_PT, TITLE_PT, BODY_PT, SMALL_PT = 26, 22, 16, 10
LABEL_MM = 32
RED = (200, 0, 0)
FAINT = 222
"""Grey of the mark across the page, of 255: it lies under the text and survives a copier."""
MARK_DEGREES = 30


class NoFont(RuntimeError):
    """This machine has no Chinese font to print with; the text names the file."""


@dataclass(frozen=True)
class Letter:
    """From the red head to the foot. `facts` are short and go into a table, `sections` are texts of any
    length with their headings, `blanks` are lines to fill in by hand, `footer` says who took the file out,
    and `mark` does so faintly across every page."""

    issuer: str
    number: str
    title: str
    addressee: str
    opening: str
    facts: Sequence[tuple[str, str]]
    sections: Sequence[tuple[str, str]]
    closing: str
    dated: date
    blanks: Sequence[str] = ()
    footer: str = ""
    mark: str = ""

    @property
    def numbered(self) -> Sequence[tuple[str, Sequence[str]]]:
        """The sections: `一、反映事项`, and its paragraphs."""
        return [
            (f"{number}、{heading}", [line.strip() for line in text.splitlines() if line.strip()])
            for number, (heading, text) in zip("一二三四五六七八九", self.sections, strict=False)
        ]

    @property
    def day(self) -> str:
        """Its date in words."""
        return day_words(self.dated)

    @property
    def file_name(self) -> str:
        """Without its ending: `督办通知单 督〔2026〕0001号`."""
        return f"{self.title} {self.number}"


def day_words(day: date) -> str:
    """`2026年11月29日`."""
    return f"{day.year}年{day.month}月{day.day}日"


def until_words(at: datetime) -> str:
    """A limit on the city's clock; midnight is the end of the day before: `2026年11月29日24时`."""
    if at.time() == time(0, 0):
        return f"{day_words(at.date() - timedelta(days=1))}24时"
    return f"{day_words(at.date())}{at.hour}时{at.minute:02d}分"
