"""Where attached files lie: in one folder, by the SHA-256 of their bytes, never where a web server looks."""

import hashlib
import os
import re
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

from hotline.config import Settings

_DIGEST = re.compile(r"[0-9a-f]{64}")


class NoSuchFile(LookupError):
    """There is no such file, or its bytes are no longer those that were kept."""


class Put(NamedTuple):
    """Bytes in the store; `stamp` is the file's time (ns) where this put has written it, else None."""

    digest: str
    stamp: int | None


class Store:
    """One folder of files. The same bytes are kept once."""

    def __init__(self, root: Path) -> None:
        self.root = root.absolute()

    @classmethod
    def of(cls, settings: Settings) -> "Store":
        """The store of this installation."""
        return cls(settings.evidence_folder)

    def put(self, content: bytes) -> Put:
        """Keep the bytes. Raises `OSError`, and then nothing is left behind."""
        digest = hashlib.sha256(content).hexdigest()
        path = self._path(digest)
        if _touched(path) is not None:  # whoever wrote it does not take it back any more
            return Put(digest, None)
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle, draft = tempfile.mkstemp(dir=path.parent)  # readable for ourselves only
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            stamp = _touched(Path(draft))
            os.replace(draft, path)
        except OSError:
            Path(draft).unlink(missing_ok=True)
            raise
        return Put(digest, stamp)

    def take_back(self, put: Put) -> None:
        """Delete what this put wrote, unless somebody has put the same bytes since. Raises `OSError`."""
        path = self._path(put.digest)
        aside = path.with_suffix(".aside")
        os.replace(path, aside)  # from here on another put writes the bytes anew
        if aside.stat().st_mtime_ns == put.stamp:
            aside.unlink()
        else:
            os.replace(aside, path)

    def remove(self, digest: str) -> bool:
        """Delete the bytes, which no row names any more. False if they were gone. Raises `OSError`."""
        try:
            self._path(digest).unlink()
        except FileNotFoundError:
            return False
        return True

    def get(self, digest: str) -> bytes:
        """The bytes that were kept. Raises `NoSuchFile`, also where somebody has changed them."""
        try:
            content = self._path(digest).read_bytes()
        except OSError as error:
            raise NoSuchFile(type(error).__name__) from None
        if hashlib.sha256(content).hexdigest() != digest:
            raise NoSuchFile("the bytes are not those of their name")
        return content

    def _path(self, digest: str) -> Path:
        if not _DIGEST.fullmatch(digest):
            raise NoSuchFile("not a digest")
        return self.root / digest[:2] / digest


def _touched(path: Path) -> int | None:
    """The file's time (ns) from now on; None where there is no file."""
    now = time.time_ns()
    try:
        os.utime(path, ns=(now, now))
    except FileNotFoundError:
        return None
    return path.stat().st_mtime_ns
