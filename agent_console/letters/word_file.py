"""A letter as a Word file, with the fonts that offices have for official papers."""

from io import BytesIO

from docx import Document
from docx.document import Document as DocxDocument
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsmap, qn
from docx.shared import Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph
from docx.text.run import Run

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
)

BODY_FONT, TITLE_FONT = "仿宋", "宋体"
MARKS_TOP_PT = (200, 420, 640)
"""Where down the page the marks are."""
_VML = "urn:schemas-microsoft-com:vml"
_MARK = f"""
<w:pict xmlns:w="{nsmap["w"]}" xmlns:v="{_VML}" xmlns:o="urn:schemas-microsoft-com:office:office">
  <v:shapetype id="mark-type-{{number}}" o:spt="136" coordsize="21600,21600"
    path="m0,0l21600,0m0,21600l21600,21600e">
    <v:path textpathok="t"/><v:textpath on="t" fitshape="t"/>
  </v:shapetype>
  <v:shape id="mark-{{number}}" type="#mark-type-{{number}}" fillcolor="{{grey}}" stroked="f"
    style="position:absolute;margin-left:60pt;margin-top:{{top}}pt;width:400pt;height:20pt;rotation:{{turn}};z-index:-1;
    mso-position-horizontal-relative:page;mso-position-vertical-relative:page">
    <v:textpath string=""/>
  </v:shape>
</w:pict>"""
CENTRE, RIGHT = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT


def as_docx(letter: Letter) -> bytes:
    """The file's bytes."""
    document = Document()
    _page(document, letter)
    _line(document, letter.issuer, HEAD_PT, TITLE_FONT, CENTRE, colour=RED)
    _underlined(_line(document, letter.number, alignment=CENTRE))
    _line(document, letter.title, TITLE_PT, TITLE_FONT, CENTRE)
    _line(document, f"{letter.addressee}：")
    _body(document, letter.opening)
    _facts(document, letter)
    for heading, paragraphs in letter.numbered:
        _body(document, heading)
        for paragraph in paragraphs:
            _body(document, paragraph)
    _body(document, letter.closing)
    _line(document, letter.issuer, alignment=RIGHT)
    _line(document, letter.day, alignment=RIGHT)
    for blank in letter.blanks:
        _line(document, blank)
    file = BytesIO()
    document.save(file)
    return file.getvalue()


def _page(document: DocxDocument, letter: Letter) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = (Mm(side) for side in PAGE_MM)
    for side, width in MARGINS_MM.items():
        setattr(section, f"{side}_margin", Mm(width))
    _set(section.footer.paragraphs[0].add_run(letter.footer), SMALL_PT, BODY_FONT)
    _mark(section.header.paragraphs[0], letter.mark)


def _mark(paragraph: Paragraph, words: str) -> None:
    """Text across the page as Word makes watermarks: shapes in the header, behind the text (VML, ECMA-376
    part 4)."""
    for number, top_pt in enumerate(MARKS_TOP_PT):
        grey, turn = "#" + 3 * f"{FAINT:02x}", 360 - MARK_DEGREES
        picture = parse_xml(_MARK.format(number=number, top=top_pt, turn=turn, grey=grey))
        picture.find(f"{{{_VML}}}shape/{{{_VML}}}textpath").set("string", words)
        paragraph.add_run()._element.append(picture)


def _line(
    document: DocxDocument,
    text: str,
    size: int = BODY_PT,
    font: str = BODY_FONT,
    alignment: WD_ALIGN_PARAGRAPH | None = None,
    colour: tuple[int, int, int] = (0, 0, 0),
) -> Paragraph:
    paragraph = document.add_paragraph()
    if alignment is not None:
        paragraph.alignment = alignment
    paragraph.paragraph_format.space_after = Pt(size / 2)
    _set(paragraph.add_run(text), size, font, colour)
    return paragraph


def _body(document: DocxDocument, text: str) -> None:
    """A paragraph of the text begins two characters in."""
    _line(document, text).paragraph_format.first_line_indent = Pt(2 * BODY_PT)


def _facts(document: DocxDocument, letter: Letter) -> None:
    table = document.add_table(rows=0, cols=2, style="Table Grid")
    table.autofit = False
    text_mm = PAGE_MM[0] - MARGINS_MM["left"] - MARGINS_MM["right"] - LABEL_MM
    for name, said in letter.facts:
        cells = table.add_row().cells
        for cell, text, width in zip(cells, (name, said), (LABEL_MM, text_mm), strict=True):
            cell.width = Mm(width)
            _set(cell.paragraphs[0].add_run(text), BODY_PT - 2, BODY_FONT)
    document.add_paragraph()


def _set(run: Run, size: int, font: str, colour: tuple[int, int, int] = (0, 0, 0)) -> None:
    """Word takes Chinese characters from the font that is named for East Asia."""
    run.font.size, run.font.name = Pt(size), font
    run.font.color.rgb = RGBColor(*colour)
    run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)


def _underlined(paragraph: Paragraph) -> None:
    """The red line below the head."""
    edge = OxmlElement("w:bottom")
    red = "".join(f"{part:02X}" for part in RED)
    for name, value in {"val": "single", "sz": "18", "space": "6", "color": red}.items():
        edge.set(qn(f"w:{name}"), value)
    borders = OxmlElement("w:pBdr")
    borders.append(edge)
    properties = paragraph._element.get_or_add_pPr()
    properties.insert_element_before(borders, "w:spacing", "w:ind", "w:jc")  # their order is Word's
