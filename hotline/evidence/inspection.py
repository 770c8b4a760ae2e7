"""Whether a file may be kept, by its content. Imports no database: it runs in a process of its own."""

import re
import zipfile
from io import BytesIO

from hotline.evidence.faults import Fault, Unfit
from hotline.evidence.kinds import IMAGES, OFFICE, Kind

_HEAD = 1_024
_PAGE = re.compile(rb"<\s*(!doctype|html|svg|script|body|iframe|\?xml)", re.IGNORECASE)


def inspected(content: bytes, kind: Kind) -> bytes:
    """What is kept of the file: an image drawn anew, all others as they are. Raises `Unfit`.

    The reader of this kind alone is loaded: that takes longer than most files, and no other can be attacked.
    """
    _check_for_a_second(content, kind)
    if kind in IMAGES:
        from hotline.evidence.images import redrawn

        return redrawn(content, kind)
    if kind is Kind.PDF:
        from hotline.evidence.pdf import check_pdf

        check_pdf(content)
    elif kind in OFFICE:
        from hotline.evidence.office import check_office

        check_office(content, kind)
    else:
        from hotline.evidence.audio import check_sound

        check_sound(content, kind)
    return content


def _check_for_a_second(content: bytes, kind: Kind) -> None:
    """Bytes that another program takes for another file: an archive behind, a document or page in front."""
    head = content[:_HEAD]
    if kind not in OFFICE and zipfile.is_zipfile(BytesIO(content)):
        raise Unfit(Fault.TWO_IN_ONE)
    if kind is not Kind.PDF and b"%PDF-" in head:
        raise Unfit(Fault.TWO_IN_ONE)
    if kind not in OFFICE and _PAGE.search(head.replace(b"<?xpacket", b"")):
        raise Unfit(Fault.TWO_IN_ONE)
