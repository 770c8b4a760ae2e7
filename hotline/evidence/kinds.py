"""Kinds of files that may be attached, and which of them a file is by its name and first bytes. Pure."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from hotline.evidence.faults import Fault, Unfit

LONGEST_NAME = 120


class Kind(StrEnum):
    """A kind of file. Whatever is none of them is refused, SVG and HTML among it."""

    JPEG = "jpeg"
    PNG = "png"
    WEBP = "webp"
    PDF = "pdf"
    DOCX = "docx"
    XLSX = "xlsx"
    WAV = "wav"
    MP3 = "mp3"
    FLAC = "flac"
    OGG = "ogg"


@dataclass(frozen=True)
class Form:
    """How a kind is told to browsers, and how names of its files end."""

    media_type: str
    endings: tuple[str, ...]


_OFFICE = "application/vnd.openxmlformats-officedocument"

FORMS: Mapping[Kind, Form] = {
    Kind.JPEG: Form("image/jpeg", ("jpg", "jpeg")),
    Kind.PNG: Form("image/png", ("png",)),
    Kind.WEBP: Form("image/webp", ("webp",)),
    Kind.PDF: Form("application/pdf", ("pdf",)),
    Kind.DOCX: Form(f"{_OFFICE}.wordprocessingml.document", ("docx",)),
    Kind.XLSX: Form(f"{_OFFICE}.spreadsheetml.sheet", ("xlsx",)),
    Kind.WAV: Form("audio/wav", ("wav",)),
    Kind.MP3: Form("audio/mpeg", ("mp3",)),
    Kind.FLAC: Form("audio/flac", ("flac",)),
    Kind.OGG: Form("audio/ogg", ("ogg", "oga", "opus")),
}
IMAGES = frozenset({Kind.JPEG, Kind.PNG, Kind.WEBP})
OFFICE = frozenset({Kind.DOCX, Kind.XLSX})
SOUNDS = frozenset({Kind.WAV, Kind.MP3, Kind.FLAC, Kind.OGG})

_BEGINNINGS: tuple[tuple[bytes, frozenset[Kind]], ...] = (
    (b"\xff\xd8\xff", frozenset({Kind.JPEG})),
    (b"\x89PNG\r\n\x1a\n", frozenset({Kind.PNG})),
    (b"%PDF-", frozenset({Kind.PDF})),
    (b"PK\x03\x04", OFFICE),
    (b"fLaC", frozenset({Kind.FLAC})),
    (b"OggS", frozenset({Kind.OGG})),
    (b"ID3", frozenset({Kind.MP3})),
)
_UNSAFE = re.compile(r'[<>:"|?*]')
_IN_RIFF = {b"WEBP": Kind.WEBP, b"WAVE": Kind.WAV}


def named_kind(name: str) -> Kind | None:
    """The kind that a name's ending stands for, or None."""
    _stem, dot, ending = name.lower().rpartition(".")
    return next((kind for kind, form in FORMS.items() if dot and ending in form.endings), None)


def possible_kinds(content: bytes) -> frozenset[Kind]:
    """The kinds that begin as these bytes do: none, one, or both of Office, whose beginning is the same."""
    for beginning, kinds in _BEGINNINGS:
        if content.startswith(beginning):
            return kinds
    if content[:4] == b"RIFF" and content[8:12] in _IN_RIFF:
        return frozenset({_IN_RIFF[content[8:12]]})
    if len(content) > 1 and content[0] == 0xFF and content[1] & 0xE6 == 0xE2:  # MPEG audio, layer III
        return frozenset({Kind.MP3})
    return frozenset()


def told_name(name: str) -> str:
    """The name as it is kept and told: without folders, signs that are not seen, and what no disk takes."""
    last = re.split(r"[/\\]", name)[-1]
    seen = "".join(sign for sign in last if unicodedata.category(sign)[0] != "C")
    words = _UNSAFE.sub("_", " ".join(seen.split())).strip(". ")
    stem, dot, ending = words.rpartition(".")
    return f"{stem[: LONGEST_NAME - len(dot + ending)]}{dot}{ending}" if dot else words[:LONGEST_NAME]


def recognised(name: str, content: bytes, largest: int) -> Kind:
    """The kind of the file, by its first bytes and its name, which must agree. Raises `Unfit`."""
    if not content:
        raise Unfit(Fault.EMPTY)
    if len(content) > largest:
        raise Unfit(Fault.TOO_LARGE)
    named, possible = named_kind(name), possible_kinds(content)
    if named is None or not possible:
        raise Unfit(Fault.UNKNOWN_KIND)
    if named not in possible:
        raise Unfit(Fault.NOT_AS_NAMED)
    return named


def endings() -> list[str]:
    """Every ending of a name that may be attached, with its dot, for the browser's choice of files."""
    return [f".{ending}" for form in FORMS.values() for ending in form.endings]
