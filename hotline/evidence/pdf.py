"""PDF: read as it stands by qpdf, and searched for whatever acts by itself or hides another file."""

from collections.abc import Iterator
from io import BytesIO

import pikepdf

from hotline.evidence.faults import Fault, Unfit

MOST_OBJECTS = 300_000
DEEPEST = 60

# ISO 32000-2, 12.6.4: actions that run a program or a script, send or fetch data, or open another file.
_ACTIONS = frozenset(
    {"/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/GoToE", "/GoToR", "/Rendition", "/Movie"}
)
_SCRIPTS = frozenset({"/JS", "/XFA"})
_FILES = frozenset({"/EF", "/EmbeddedFiles", "/AF"})
_PLAYERS = frozenset({"/RichMedia", "/3D", "/Screen", "/FileAttachment", "/Movie", "/Sound"})


def check_pdf(content: bytes) -> None:
    """Raises `Unfit`. What qpdf could only read by guessing is refused: a viewer might guess otherwise."""
    _before, mark, behind = content.rpartition(b"%%EOF")
    if not mark:
        raise Unfit(Fault.DAMAGED)
    if behind.strip(b"\x00\t\r\n\f "):
        raise Unfit(Fault.TWO_IN_ONE)
    try:
        with pikepdf.open(BytesIO(content), attempt_recovery=False, suppress_warnings=True) as document:
            if len(document.objects) > MOST_OBJECTS:
                raise Unfit(Fault.TOO_COMPLEX)
            for part in _dictionaries(document):
                _check(part)
    except pikepdf.PasswordError:
        raise Unfit(Fault.LOCKED) from None
    except (pikepdf.PdfError, ValueError):
        raise Unfit(Fault.DAMAGED) from None


def _check(part: dict[str, pikepdf.Object]) -> None:
    keys = part.keys()
    if keys & _SCRIPTS or _name(part.get("/S")) in _ACTIONS:
        raise Unfit(Fault.ACTIVE)
    if (
        keys & _FILES
        or _name(part.get("/Type")) == "/EmbeddedFile"
        or _name(part.get("/Subtype")) in _PLAYERS
    ):
        raise Unfit(Fault.EMBEDDED)


def _name(value: pikepdf.Object | None) -> str:
    return str(value) if isinstance(value, pikepdf.Name) else ""


def _dictionaries(document: pikepdf.Pdf) -> Iterator[dict[str, pikepdf.Object]]:
    """Every dictionary of the file, those within others and those of streams too; also what no page uses."""
    for whole in (document.trailer, *document.objects):
        waiting = [(whole, 0)]
        while waiting:
            one, depth = waiting.pop()
            if depth > DEEPEST:
                raise Unfit(Fault.TOO_COMPLEX)
            inner: list[pikepdf.Object] = []
            if isinstance(one, pikepdf.Dictionary | pikepdf.Stream):
                part = dict(one.items())
                yield part
                inner = list(part.values())
            elif isinstance(one, pikepdf.Array):
                inner = list(one)
            waiting += [(each, depth + 1) for each in inner if _is_within(each)]


def _is_within(value: object) -> bool:
    """Not one that stands by itself in the file: that one is met anyway, and might lead back."""
    return isinstance(value, pikepdf.Object) and not value.is_indirect
