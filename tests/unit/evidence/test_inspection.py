"""Which files may be attached, by what is in them."""

import zipfile
from io import BytesIO

import pytest
from PIL import Image

from hotline.evidence.faults import Fault, Unfit
from hotline.evidence.inspection import inspected
from hotline.evidence.kinds import Kind, recognised, told_name
from tests import evidence_files as files

LARGEST = 1024 * 1024
GOOD = {
    "现场.jpg": files.photograph,
    "after.PNG": lambda: files.image("PNG"),
    "now.webp": lambda: files.image("WEBP"),
    "report.pdf": files.pdf,
    "linked.pdf": lambda: files.pdf(files.opens_a_page),
    "minutes.docx": files.docx,
    "linked.docx": lambda: files.docx(relations=files.relation("hyperlink", "https://12345.example/")),
    "page.docx": lambda: files.docx(files.word_field(" PAGE ")),
    "wages.xlsx": files.xlsx,
    "talk.wav": files.sound,
    "talk.mp3": lambda: files.sound("MP3"),
    "talk.flac": lambda: files.sound("FLAC"),
    "talk.ogg": lambda: files.sound("OGG"),
}
HTML = b"<!DOCTYPE html><script>alert(1)</script>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
TYPE = '<Override PartName="/word/x" ContentType="{}"/>'.format
DTD = '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'


def zipped() -> bytes:
    made = BytesIO()
    with zipfile.ZipFile(made, "w") as package:
        package.writestr("a.txt", "a")
    return made.getvalue()


def with_one_name_twice() -> bytes:
    made = BytesIO(files.docx())
    with zipfile.ZipFile(made, "a") as package:
        package.writestr("WORD/document.xml", "<other/>")
    return made.getvalue()


BAD: list[tuple[str, bytes, Fault]] = [
    ("a.jpg", b"", Fault.EMPTY),
    ("a.png", b"\x89PNG\r\n\x1a\n" + bytes(LARGEST), Fault.TOO_LARGE),
    # neither by name nor by content one of ours
    ("a.svg", SVG, Fault.UNKNOWN_KIND),
    ("a.jpg", SVG, Fault.UNKNOWN_KIND),
    ("a.html", HTML, Fault.UNKNOWN_KIND),
    ("a.pdf", HTML, Fault.UNKNOWN_KIND),
    ("a.exe", b"MZ" + bytes(99), Fault.UNKNOWN_KIND),
    ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(99), Fault.UNKNOWN_KIND),
    ("a.docm", files.docx(), Fault.UNKNOWN_KIND),
    ("a.jpg.exe", files.image(), Fault.UNKNOWN_KIND),
    ("jpg", files.image(), Fault.UNKNOWN_KIND),
    ("a.gif", b"GIF89a" + bytes(99), Fault.UNKNOWN_KIND),
    # another kind than the name says
    ("a.pdf", files.image(), Fault.NOT_AS_NAMED),
    ("a.jpg", files.pdf(), Fault.NOT_AS_NAMED),
    ("a.xlsx", files.docx(), Fault.NOT_AS_NAMED),
    ("a.docx", files.xlsx(), Fault.NOT_AS_NAMED),
    ("a.png", zipped(), Fault.NOT_AS_NAMED),
    # two in one
    ("a.jpg", files.image() + zipped(), Fault.TWO_IN_ONE),
    ("a.png", files.image("PNG") + zipped(), Fault.TWO_IN_ONE),
    ("a.pdf", files.pdf() + zipped(), Fault.TWO_IN_ONE),
    ("a.pdf", files.pdf() + HTML, Fault.TWO_IN_ONE),
    ("a.pdf", b"%PDF-1.7\n" + HTML + files.pdf(), Fault.TWO_IN_ONE),
    ("a.jpg", files.image(comment=b"%PDF-1.4"), Fault.TWO_IN_ONE),
    ("a.jpg", files.image(comment=HTML), Fault.TWO_IN_ONE),
    ("a.mp3", b"ID3\x03\x00\x00\x00\x00\x00\x7f" + SVG, Fault.TWO_IN_ONE),
    ("a.wav", files.sound() + zipped(), Fault.TWO_IN_ONE),
    ("a.docx", files.docx() + b"x", Fault.TWO_IN_ONE),
    ("a.docx", b"PK\x03\x04" + bytes(60) + files.docx(), Fault.TWO_IN_ONE),
    ("a.docx", with_one_name_twice(), Fault.TWO_IN_ONE),
    # broken
    ("a.jpg", files.image()[:-200], Fault.DAMAGED),
    ("a.png", files.image("PNG")[:40], Fault.DAMAGED),
    ("a.webp", files.image("WEBP")[:20], Fault.DAMAGED),
    ("a.pdf", b"%PDF-1.7 nothing\n%%EOF", Fault.DAMAGED),
    ("a.pdf", files.pdf()[:-30], Fault.DAMAGED),
    ("a.pdf", files.pdf().replace(b"startxref\n", b"startxref\n9"), Fault.DAMAGED),
    ("a.docx", files.docx()[:-40] + files.docx()[-22:], Fault.DAMAGED),
    ("a.docx", zipped(), Fault.DAMAGED),
    ("a.wav", files.sound()[:20], Fault.DAMAGED),
    ("a.mp3", b"\xff\xfb" + bytes(500), Fault.DAMAGED),
    # locked
    ("a.pdf", files.locked_pdf(), Fault.LOCKED),
    ("a.docx", files.locked_zip(), Fault.LOCKED),
    # acts by itself
    ("a.pdf", files.pdf(files.runs_script), Fault.ACTIVE),
    ("a.pdf", files.pdf(files.hides_script), Fault.ACTIVE),
    ("a.pdf", files.pdf(files.holds_an_unused_script), Fault.ACTIVE),
    ("a.pdf", files.escaped_pdf(), Fault.ACTIVE),
    ("a.pdf", files.pdf(files.runs_script, object_stream_mode=files.IN_STREAMS), Fault.ACTIVE),
    ("a.pdf", files.pdf(files.launches), Fault.ACTIVE),
    ("a.docx", files.docx({"word/vbaProject.bin": "x"}), Fault.ACTIVE),
    ("a.docx", files.docx(types=TYPE("application/vnd.ms-office.vbaProject")), Fault.ACTIVE),
    (
        "a.docx",
        files.docx(types=TYPE("application/vnd.ms-word.document.macroEnabled.main+xml")),
        Fault.ACTIVE,
    ),
    ("a.docx", files.docx(relations=files.relation("vbaProject", "x", "Internal")), Fault.ACTIVE),
    ("a.xlsx", files.xlsx({"xl/macrosheets/sheet1.xml": "x"}), Fault.ACTIVE),
    ("a.docx", files.docx({"word/activeX/activeX1.xml": "x"}), Fault.ACTIVE),
    ("a.docx", files.docx({"word/_rels/document.xml.rels": DTD}), Fault.ACTIVE),
    # holds another file
    ("a.pdf", files.pdf(files.holds_a_file), Fault.EMBEDDED),
    ("a.pdf", files.pdf(files.plays), Fault.EMBEDDED),
    ("a.docx", files.docx({"word/embeddings/oleObject1.bin": "x"}), Fault.EMBEDDED),
    ("a.docx", files.docx(relations=files.relation("oleObject", "x", "Internal")), Fault.EMBEDDED),
    # fetches something
    ("a.docx", files.docx(relations=files.relation("attachedTemplate", "http://x/t.dotm")), Fault.EXTERNAL),
    ("a.docx", files.docx(relations=files.relation("image", "http://x/pixel.png")), Fault.EXTERNAL),
    ("a.docx", files.docx(relations=files.relation("hyperlink", "file://x/share")), Fault.EXTERNAL),
    ("a.docx", files.docx(relations=files.relation("image", "http://x", "external")), Fault.EXTERNAL),
    ("a.docx", files.docx(files.word_field(" DDE", "AUTO c:\\\\cmd.exe")), Fault.EXTERNAL),
    ("a.xlsx", files.xlsx({"xl/externalLinks/externalLink1.xml": "x"}), Fault.EXTERNAL),
    ("a.xlsx", files.xlsx({"xl/connections.xml": "x"}), Fault.EXTERNAL),
    # swollen, moving
    ("a.xlsx", files.swollen_xlsx(), Fault.TOO_COMPLEX),
    ("a.png", files.vast_picture(9000, 8000), Fault.TOO_COMPLEX),
    ("a.png", files.vast_picture(12000, 9000), Fault.TOO_COMPLEX),
    ("a.png", files.vast_picture(30000, 30000), Fault.TOO_COMPLEX),
    ("a.webp", files.moving_picture(), Fault.MOVING),
]


def verdict(name: str, content: bytes) -> Fault | None:
    try:
        inspected(content, recognised(name, content, LARGEST))
    except Unfit as unfit:
        return unfit.fault
    return None


@pytest.mark.parametrize("name", GOOD)
def test_ordinary_files_may_be_attached(name: str) -> None:
    assert verdict(name, GOOD[name]()) is None


def test_hostile_and_broken_files_may_not() -> None:
    """All at once: the table is long, and each takes milliseconds."""
    wrong = [
        (number, name, expected, found)
        for number, (name, content, expected) in enumerate(BAD)
        if (found := verdict(name, content)) is not expected
    ]
    assert wrong == []


def test_only_the_picture_is_kept_of_a_photograph() -> None:
    kept = inspected(files.photograph(), Kind.JPEG)
    with Image.open(BytesIO(kept)) as image:
        assert image.size == (6, 8), "turned upright before its orientation goes"
        assert len(image.getexif()) == 0
        assert "comment" not in image.info
    for trace in (b"Exif", b"Seagull", b"Xiaoming"):
        assert trace in files.photograph()
        assert trace not in kept


def test_a_second_file_of_any_kind_does_not_survive_an_image() -> None:
    assert b"no known kind" not in inspected(files.image() + b"no known kind", Kind.JPEG)


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        ("现场 照片.jpg", "现场 照片.jpg"),
        ("C:\\Users\\li\\a.jpg", "a.jpg"),
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("a\u202egpj.exe", "agpj.exe"),
        ("a\r\nb\x00.pdf", "ab.pdf"),
        ("  a   b .pdf ", "a b .pdf"),
        ('<b>"x".pdf', "_b__x_.pdf"),
        ("长" * 200 + ".pdf", "长" * 116 + ".pdf"),
        ("...", ""),
    ],
)
def test_names_are_told_without_what_nobody_sees(sent: str, told: str) -> None:
    assert told_name(sent) == told
