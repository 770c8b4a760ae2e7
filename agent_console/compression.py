"""Pages, styles and scripts go over the wire compressed; event streams, sound and files as they are."""

from flask import Flask
from flask_compress import Compress

COMPRESSED = ("text/html", "text/css", "text/javascript", "application/json", "image/svg+xml")


def install(app: Flask) -> None:
    """Where the browser takes Brotli or gzip. A page is small enough for a level that costs a millisecond."""
    app.config.update(
        COMPRESS_MIMETYPES=list(COMPRESSED),
        COMPRESS_ALGORITHM=["br", "gzip"],
        COMPRESS_ALGORITHM_STREAMING=["br", "gzip"],
        COMPRESS_BR_LEVEL=5,
        COMPRESS_MIN_SIZE=1000,
    )
    Compress(app)
