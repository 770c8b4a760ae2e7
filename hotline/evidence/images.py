"""Images: decoded and drawn anew. Nothing but the picture is kept: no place, no name, no second file."""

import struct
import warnings
import zlib
from io import BytesIO

from PIL import Image, ImageOps

from hotline.evidence.faults import Fault, Unfit
from hotline.evidence.kinds import Kind

MOST_PIXELS = 64_000_000
_NAMES = {Kind.JPEG: "JPEG", Kind.PNG: "PNG", Kind.WEBP: "WEBP"}
_QUALITY = 90
_BROKEN = (OSError, ValueError, SyntaxError, EOFError, struct.error, zlib.error)


def redrawn(content: bytes, kind: Kind) -> bytes:
    """The picture alone, upright, in the same kind. Raises `Unfit`.

    Time, place and camera (EXIF, XMP), comments, profiles and whatever stands behind the picture are gone.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(BytesIO(content), formats=[_NAMES[kind]]) as image:
                return _saved(_checked(image), kind)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise Unfit(Fault.TOO_COMPLEX) from None
    except _BROKEN:
        raise Unfit(Fault.DAMAGED) from None


def _checked(image: Image.Image) -> Image.Image:
    if image.width * image.height > MOST_PIXELS:
        raise Unfit(Fault.TOO_COMPLEX)
    # A telephone's JPEG may hold a second picture for depth (MPO): the first is the photograph.
    if getattr(image, "n_frames", 1) > 1 and image.format != "MPO":
        raise Unfit(Fault.MOVING)
    image.load()
    return ImageOps.exif_transpose(image)


def _saved(image: Image.Image, kind: Kind) -> bytes:
    picture = image.convert(_mode(image, kind))
    picture.info.clear()  # Pillow writes comments, profiles and XMP that it finds here
    drawn = BytesIO()
    picture.save(drawn, format=_NAMES[kind], quality=_QUALITY)
    return drawn.getvalue()


def _mode(image: Image.Image, kind: Kind) -> str:
    if kind is Kind.JPEG:
        return "L" if image.mode == "L" else "RGB"
    return "RGBA" if image.has_transparency_data else "RGB"
