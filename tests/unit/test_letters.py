"""Official letters as files: what is in them, read back."""

from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from docx import Document
from docx.oxml.ns import qn
from docx.shared import Mm, RGBColor
from pypdfium2 import PdfDocument

from agent_console.letters import Letter, NoFont, as_file, until_words
from agent_console.letters.letter import RED
from agent_console.letters.pdf_file import as_pdf
from tests.factories import local

LETTER = Letter(
    issuer="热线中心",
    number="督〔2026〕0007号",
    title="督办通知单",
    addressee="水务局",
    opening="市民反映的下列事项，经研究，决定予以督办。",
    facts=(("工单编号", "20261128DH0000015"), ("答复期限", "2026年11月30日24时")),
    sections=(("反映事项", "三楼以上早晚没有水。" * 200), ("具体诉求", "恢复水压\n说明原因")),
    closing="请贵单位于2026年11月30日24时前，由分管领导签字后书面答复办理情况。",
    dated=date(2026, 11, 29),
    blanks=("分管领导（签字）：",),
    footer="张三 2026-11-29 10:00 导出",
    mark="张三 督查室 2026-11-29 10:00",
)


def test_the_word_file_has_the_parts_of_an_official_letter() -> None:
    document = Document(BytesIO(as_file(LETTER, "docx")))
    lines = [paragraph.text for paragraph in document.paragraphs if paragraph.text]
    assert lines == [
        "热线中心",
        "督〔2026〕0007号",
        "督办通知单",
        "水务局：",
        LETTER.opening,
        "一、反映事项",
        LETTER.sections[0][1],
        "二、具体诉求",
        "恢复水压",
        "说明原因",
        LETTER.closing,
        "热线中心",
        "2026年11月29日",
        "分管领导（签字）：",
    ]
    head = document.paragraphs[0].runs[0]
    assert head.font.color.rgb == RGBColor(*RED)
    assert head._element.rPr.rFonts.get(qn("w:eastAsia")) == "宋体"
    assert [[cell.text for cell in row.cells] for row in document.tables[0].rows] == [
        list(fact) for fact in LETTER.facts
    ]
    page = document.sections[0]
    assert (round(page.page_width / Mm(1)), round(page.page_height / Mm(1))) == (210, 297)
    assert page.footer.paragraphs[0].text == LETTER.footer
    marks = page.header._element.xpath(".//*[local-name()='shape']/*[local-name()='textpath']")
    assert [mark.get("string") for mark in marks] == [LETTER.mark] * 3


def test_the_pdf_says_the_same_with_the_font_in_it() -> None:
    file = as_file(LETTER, "pdf")
    pages = list(PdfDocument(file))
    assert len(pages) > 1
    text, mark = "", "".join(LETTER.mark.split())
    for page in pages:
        words = "".join(page.get_textpage().get_text_range().replace(LETTER.footer, "").split())
        assert words.count(mark) >= 4  # repeated, on each page
        text += words.replace(mark, "")
    said = (
        LETTER.number,
        LETTER.title,
        LETTER.facts[1][1],
        LETTER.sections[0][1],
        LETTER.closing,
        LETTER.day,
    )
    assert [words for words in said if words not in text] == []
    assert b"/FontFile3" in file
    grey = pages[0].render(scale=0.5).to_pil().convert("L")
    inked = sum(grey.histogram()[:128]) / (grey.width * grey.height)
    assert 0.01 < inked < 0.3  # characters were drawn, not left out and not as boxes


def test_without_a_font_there_is_no_pdf(tmp_path: Path) -> None:
    with pytest.raises(NoFont):
        as_pdf(LETTER, tmp_path / "none.ttc")


@pytest.mark.parametrize(
    ("at", "words"),
    [("2026-12-01 00:00", "2026年11月30日24时"), ("2026-12-01 09:05", "2026年12月1日9时05分")],
)
def test_midnight_is_the_end_of_the_day_before(at: str, words: str) -> None:
    assert until_words(local(at)) == words
