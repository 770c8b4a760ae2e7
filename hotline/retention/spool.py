"""Removing a call's folder from the spool: the only place that deletes audio."""

import re
from pathlib import Path

_FOLDER = re.compile(r"\d{4}/\d{2}/\d{2}/[A-Za-z0-9][A-Za-z0-9._-]{0,79}")


class NotHere(LookupError):
    """The call's folder is not below this machine's spool: nothing is deleted, and nothing may say so."""


def size_of(spool: Path, folder: str) -> tuple[int, int]:
    """Files of a call, and their bytes. Raises `NotHere`."""
    files = _files(spool, folder)
    return len(files), sum(file.stat().st_size for file in files)


def remove(spool: Path, folder: str) -> tuple[int, int]:
    """Delete the folder and all in it, and the folders of its day, month and year if they are empty now.

    Returns how many files and bytes went. Raises `NotHere`, `OSError`.
    """
    files = _files(spool, folder)
    bytes_ = sum(file.stat().st_size for file in files)
    for file in files:
        file.unlink()
    place = spool / folder
    for empty in (place, *place.parents[:3]):
        try:
            empty.rmdir()
        except OSError:  # another call of that day
            break
    return len(files), bytes_


def _files(spool: Path, folder: str) -> list[Path]:
    place = spool / folder
    root = spool.resolve()
    if not _FOLDER.fullmatch(folder) or not place.resolve().is_relative_to(root) or not place.is_dir():
        raise NotHere(folder)
    return [path for path in place.iterdir() if path.is_file() or path.is_symlink()]
