"""Files to attach: good ones, and hostile ones made for one fault each."""

import struct
import zipfile
import zlib
from collections.abc import Callable, Mapping
from io import BytesIO

import numpy as np
import pikepdf
import soundfile
from pikepdf import Array, Dictionary, Name, Pdf, String
from PIL import Image

_CONTENT_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_MAIN = "application/vnd.openxmlformats-officedocument"
_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
IN_STREAMS = pikepdf.ObjectStreamMode.generate
GPS_IFD, LATITUDE, MAKE = 0x8825, 2, 0x010F


def image(kind: str = "JPEG", size: tuple[int, int] = (8, 6), **saved: object) -> bytes:
    """A picture of one colour; the same colour, the same bytes."""
    made = BytesIO()
    Image.new("RGB", size, "teal").save(made, format=kind, **saved)  # type: ignore[arg-type]
    return made.getvalue()


def photograph() -> bytes:
    """Taken upright with a telephone that lies on its side, at a place that it wrote down."""
    exif = Image.Exif()
    exif[MAKE] = "Seagull"
    exif[0x0112] = 6  # orientation: turn by 90 degrees
    exif.get_ifd(GPS_IFD)[LATITUDE] = (36.0, 3.0, 42.0)
    return image(exif=exif, comment=b"shot by Wang Xiaoming")


def vast_picture(width: int, height: int) -> bytes:
    """A few bytes that say that they are this large."""
    made = bytearray(image("PNG"))
    struct.pack_into(">II", made, 16, width, height)
    struct.pack_into(">I", made, 29, zlib.crc32(made[12:29]))
    return bytes(made)


def moving_picture() -> bytes:
    made = BytesIO()
    frames = [Image.new("RGB", (8, 6), colour) for colour in ("teal", "red")]
    frames[0].save(made, format="WEBP", save_all=True, append_images=frames[1:])
    return made.getvalue()


def pdf(change: Callable[[Pdf], object] = lambda _document: None, **saved: object) -> bytes:
    """A document of one page; `change` makes it hostile."""
    document = Pdf.new()
    document.add_blank_page()
    change(document)
    made = BytesIO()
    document.save(made, **saved)  # type: ignore[arg-type]
    return made.getvalue()


def runs_script(document: Pdf) -> None:
    document.Root.OpenAction = Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"))


def hides_script(document: Pdf) -> None:
    """Within an array within a page's annotation."""
    action = Dictionary(S=Name.GoTo, Next=Array([Dictionary(S=Name.JavaScript, JS=String("1"))]))
    note = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=Array([0, 0, 9, 9]), A=action)
    document.pages[0].Annots = Array([note])


def launches(document: Pdf) -> None:
    document.Root.OpenAction = Dictionary(S=Name.Launch, F=String("cmd.exe"))


def opens_a_page(document: Pdf) -> None:
    """What every second word processor writes, and a link that has to be clicked."""
    document.Root.OpenAction = Array([document.pages[0].obj, Name.Fit])
    action = Dictionary(S=Name.URI, URI=String("https://12345.example/"))
    note = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=Array([0, 0, 9, 9]), A=action)
    document.pages[0].Annots = Array([document.make_indirect(note)])


def holds_a_file(document: Pdf) -> None:
    document.attachments["tool.exe"] = b"MZ"


def holds_an_unused_script(document: Pdf) -> None:
    document.Root.Extra = document.make_indirect(Dictionary(JS=String("1")))


def plays(document: Pdf) -> None:
    note = Dictionary(Type=Name.Annot, Subtype=Name.RichMedia, Rect=Array([0, 0, 9, 9]))
    document.pages[0].Annots = Array([note])


def locked_pdf() -> bytes:
    return pdf(encryption=pikepdf.Encryption(owner="o", user="u"))


def escaped_pdf() -> bytes:
    """`/J#53` is `/JS` to every reader."""
    plain = pdf(lambda document: setattr(document.Root, "Extra", Dictionary(JS=String("app.alert"))))
    escaped = plain.replace(b"/JS (app", b"/J#53 (a")
    assert escaped != plain
    return escaped


def docx(parts: Mapping[str, str] | None = None, **told: str) -> bytes:
    """A document of Word with further parts; `told` are further lines of types and relations."""
    body = f'<w:document xmlns:w="{_WORD}"><w:body/></w:document>'
    return office("word/document.xml", f"{_MAIN}.wordprocessingml.document.main+xml", body, parts, **told)


def xlsx(parts: Mapping[str, str] | None = None, **told: str) -> bytes:
    """A workbook."""
    main = f"{_MAIN}.spreadsheetml.sheet.main+xml"
    return office("xl/workbook.xml", main, "<workbook/>", parts, **told)


def office(
    main: str, kind: str, body: str, parts: Mapping[str, str] | None, types: str = "", relations: str = ""
) -> bytes:
    """A package with a main part."""
    made = BytesIO()
    with zipfile.ZipFile(made, "w") as package:
        package.writestr(
            "[Content_Types].xml",
            f'<Types xmlns="{_CONTENT_TYPES}"><Override PartName="/{main}" ContentType="{kind}"/>'
            f"{types}</Types>",
        )
        package.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{_RELATIONS}">'
            f'<Relationship Id="r1" Type="{_OFFICE}/officeDocument" Target="{main}"/>'
            f"{relations}</Relationships>",
        )
        if not parts or main not in parts:
            package.writestr(main, body)
        for name, text in (parts or {}).items():
            package.writestr(name, text)
    return made.getvalue()


def relation(kind: str, target: str, mode: str = "External") -> str:
    """One relation of a package to something else."""
    return f'<Relationship Id="r9" Type="{_OFFICE}/{kind}" Target="{target}" TargetMode="{mode}"/>'


def word_field(*pieces: str) -> dict[str, str]:
    """A field of Word whose instruction stands in pieces."""
    runs = "".join(f"<w:r><w:instrText>{piece}</w:instrText></w:r>" for piece in pieces)
    field = f'<w:r><w:fldChar w:fldCharType="begin"/></w:r>{runs}<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    return {"word/document.xml": f'<w:document xmlns:w="{_WORD}"><w:body>{field}</w:body></w:document>'}


def locked_zip() -> bytes:
    """The flag of an encrypted part, in both headers."""
    made = bytearray(docx())
    made[6] |= 1
    made[made.index(b"PK\x01\x02") + 8] |= 1
    return bytes(made)


def swollen_xlsx() -> bytes:
    """A part that says of itself that it unpacks to 300 MB."""
    made = bytearray(xlsx())
    struct.pack_into("<I", made, made.rindex(b"PK\x01\x02") + 24, 300 * 1024 * 1024)
    return bytes(made)


def sound(kind: str = "WAV") -> bytes:
    """A tenth of a second of silence."""
    made = BytesIO()
    soundfile.write(made, np.zeros(800, dtype="int16"), 8000, format=kind)
    return made.getvalue()
