"""A letter as a PDF file with the font in it, so that it prints the same everywhere."""

from collections.abc import Sequence
from itertools import product
from pathlib import Path

from fpdf import FPDF
from fpdf.enums import Align, WrapMode

from agent_console.letters.letter import (
    BODY_PT,
    FAINT,
    HEAD_PT,
    LABEL_MM,
    MARGINS_MM,
    MARK_DEGREES,
    PAGE_MM,
    RED,
    SMALL_PT,
    TITLE_PT,
    Letter,
    NoFont,
)

FONT_FILE = Path("/usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc")
"""Debian's `fonts-noto-cjk`, which bootstrap installs."""
SIMPLIFIED = 2  # the third font of the collection has mainland China's shapes
FONT = "song"
INDENT = "　　"
TEXT_MM = PAGE_MM[0] - MARGINS_MM["left"] - MARGINS_MM["right"]
MARKS_X_MM, MARKS_Y_MM = (15, 110), (90, 170, 250)
"""Where on the page the mark begins."""


class _Page(FPDF):
    """An A4 page of official letters, with the footer and the mark on each."""

    def __init__(self, footer: str, mark: str, font_file: Path) -> None:
        super().__init__(format=PAGE_MM)
        self._footer, self._mark = footer, mark
        self.set_margins(MARGINS_MM["left"], MARGINS_MM["top"], MARGINS_MM["right"])
        self.set_auto_page_break(True, MARGINS_MM["bottom"])
        self.add_font(FONT, fname=font_file, collection_font_number=SIMPLIFIED)
        self.set_font(FONT, size=BODY_PT)
        self.add_page()

    def header(self) -> None:
        """The mark, under everything that is written afterwards."""
        self.set_font(FONT, size=SMALL_PT + 4)
        self.set_text_color(FAINT)
        for x, y in product(MARKS_X_MM, MARKS_Y_MM):
            with self.rotation(MARK_DEGREES, x, y):
                self.text(x, y, self._mark)

    def footer(self) -> None:
        """Who took the file out of the console, and when."""
        self.set_y(-MARGINS_MM["bottom"] / 2)
        self.set_font(FONT, size=SMALL_PT)
        self.cell(TEXT_MM, text=self._footer)
        self.set_font(FONT, size=BODY_PT)

    def line_of(self, text: str, size: int = BODY_PT, align: Align = Align.L) -> None:
        """A paragraph; Chinese breaks between any two characters."""
        self.set_font(FONT, size=size)
        height = size * 0.55  # mm for points: lines one and a half as high as characters
        self.multi_cell(
            TEXT_MM, height, text, align=align, wrapmode=WrapMode.CHAR, new_x="LMARGIN", new_y="NEXT"
        )
        self.ln(height / 3)


def as_pdf(letter: Letter, font_file: Path = FONT_FILE) -> bytes:
    """The file's bytes. Raises `NoFont`."""
    return all_as_pdf([letter], font_file)


def all_as_pdf(letters: Sequence[Letter], font_file: Path = FONT_FILE) -> bytes:
    """Letters that one person takes out now, each from a new page on. Raises `NoFont`."""
    if not font_file.is_file():
        raise NoFont(str(font_file))
    page = _Page(letters[0].footer, letters[0].mark, font_file)
    page.set_title("、".join(letter.file_name for letter in letters))
    for letter in letters:
        if letter is not letters[0]:
            page.add_page()
        _write(page, letter)
    return bytes(page.output())


def _write(page: _Page, letter: Letter) -> None:
    _head(page, letter)
    page.line_of(letter.title, TITLE_PT, Align.C)
    page.line_of(f"{letter.addressee}：")
    page.line_of(INDENT + letter.opening)
    _facts(page, letter)
    for heading, paragraphs in letter.numbered:
        for text in (heading, *paragraphs):
            page.line_of(INDENT + text)
    page.line_of(INDENT + letter.closing)
    page.line_of(letter.issuer, align=Align.R)
    page.line_of(letter.day, align=Align.R)
    for blank in letter.blanks:
        page.line_of(blank)


def _head(page: _Page, letter: Letter) -> None:
    page.set_text_color(*RED)
    page.line_of(letter.issuer, HEAD_PT, Align.C)
    page.set_text_color(0)
    page.line_of(letter.number, align=Align.C)
    page.set_draw_color(*RED)
    page.set_line_width(0.7)
    page.line(page.l_margin, page.y, page.l_margin + TEXT_MM, page.y)
    page.set_draw_color(0)
    page.set_line_width(0.2)
    page.ln(BODY_PT / 2)


def _facts(page: _Page, letter: Letter) -> None:
    page.set_font(FONT, size=BODY_PT - 2)
    with page.table(
        [[name, said] for name, said in letter.facts],
        col_widths=(LABEL_MM, TEXT_MM - LABEL_MM),
        first_row_as_headings=False,
        line_height=BODY_PT * 0.5,
        padding=1.5,
        text_align="LEFT",
        wrapmode=WrapMode.CHAR,
    ):
        pass
    page.ln(BODY_PT / 3)
