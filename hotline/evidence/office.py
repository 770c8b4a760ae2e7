"""DOCX and XLSX: a package of parts (ECMA-376), searched for macros, objects and whatever is fetched."""

import re
import zipfile
import zlib
from io import BytesIO
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from hotline.evidence.faults import Fault, Unfit
from hotline.evidence.kinds import FORMS, Kind

MOST_PARTS = 5_000
MOST_BYTES = 200 * 1024 * 1024  # unpacked
LARGEST_XML = 20 * 1024 * 1024  # of a part that is read here

_TYPES = "[Content_Types].xml"
_ACTIVE = re.compile(r"macro|vba|activex|msofunction", re.IGNORECASE)
_EMBEDDED = re.compile(r"oleobject|package$|/embeddings/|embeddedobject", re.IGNORECASE)
_ACTIVE_PART = re.compile(r"vba|macrosheets?/|dialogsheets/|activex/|ctrlprops/", re.IGNORECASE)
_EXTERNAL_PART = re.compile(r"externallinks/|querytables/|xl/connections\.xml$", re.IGNORECASE)
_LINK = re.compile(r"(https?://|mailto:)", re.IGNORECASE)
_FIELD = re.compile(r"^\s*(ddeauto|dde|includetext|includepicture|import|link)\b", re.IGNORECASE)
_END = b"PK\x05\x06"
_END_BYTES = 22
_BROKEN = (zipfile.BadZipFile, zlib.error, ParseError, ValueError, KeyError, EOFError, NotImplementedError)


def check_office(content: bytes, kind: Kind) -> None:
    """Raises `Unfit`. Links that a reader has to click are left; what is fetched by itself is not."""
    if content[-_END_BYTES : -_END_BYTES + 4] != _END:
        raise Unfit(Fault.TWO_IN_ONE)
    try:
        with zipfile.ZipFile(BytesIO(content)) as package:
            _check_parts(package)
            _check_types(package, kind)
            for part in package.infolist():
                if part.filename.endswith(".rels"):
                    _check_relations(_xml(package, part.filename))
                elif kind is Kind.DOCX and re.fullmatch(r"word/[^/]+\.xml", part.filename):
                    _check_fields(_xml(package, part.filename))
    except DefusedXmlException:
        raise Unfit(Fault.ACTIVE) from None
    except _BROKEN:
        raise Unfit(Fault.DAMAGED) from None


def _check_parts(package: zipfile.ZipFile) -> None:
    parts = package.infolist()
    names = [part.filename.lower() for part in parts]
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_BYTES:
        raise Unfit(Fault.TOO_COMPLEX)
    if any(part.flag_bits & 0x1 for part in parts):
        raise Unfit(Fault.LOCKED)
    # Two parts of one name, or bytes in front of the first: programs differ about which they read.
    if len(set(names)) < len(names) or min(part.header_offset for part in parts) > 0:
        raise Unfit(Fault.TWO_IN_ONE)
    for name in names:
        if _ACTIVE_PART.search(name):
            raise Unfit(Fault.ACTIVE)
        if "embeddings/" in name:
            raise Unfit(Fault.EMBEDDED)
        if _EXTERNAL_PART.search(name):
            raise Unfit(Fault.EXTERNAL)


def _check_types(package: zipfile.ZipFile, kind: Kind) -> None:
    types = [entry.get("ContentType", "") for entry in _xml(package, _TYPES)]
    if any(_ACTIVE.search(one) for one in types):
        raise Unfit(Fault.ACTIVE)
    if any(_EMBEDDED.search(one) for one in types):
        raise Unfit(Fault.EMBEDDED)
    if f"{FORMS[kind].media_type}.main+xml" not in types:
        raise Unfit(Fault.NOT_AS_NAMED)


def _check_relations(relations: Element) -> None:
    for one in relations:
        kind, target = one.get("Type", ""), one.get("Target", "")
        if one.get("TargetMode", "").lower() == "external":
            if not (kind.endswith("/hyperlink") and _LINK.match(target)):
                raise Unfit(Fault.EXTERNAL)
        elif _ACTIVE.search(kind):
            raise Unfit(Fault.ACTIVE)
        elif _EMBEDDED.search(kind):
            raise Unfit(Fault.EMBEDDED)


def _check_fields(document: Element) -> None:
    """Fields of Word that fetch something: their instruction may stand in several pieces."""
    pieces: list[str] = []
    for element in document.iter():
        name = element.tag.rpartition("}")[2]
        if name == "instrText":
            pieces.append(element.text or "")
        elif name == "fldChar":
            _check_field("".join(pieces))
            pieces = []
        elif name == "fldSimple":
            _check_field(next((text for key, text in element.items() if key.endswith("}instr")), ""))
    _check_field("".join(pieces))


def _check_field(instruction: str) -> None:
    if _FIELD.match(instruction):
        raise Unfit(Fault.EXTERNAL)


def _xml(package: zipfile.ZipFile, name: str) -> Element:
    if package.getinfo(name).file_size > LARGEST_XML:
        raise Unfit(Fault.TOO_COMPLEX)
    found: Element = fromstring(package.read(name), forbid_dtd=True)
    return found
