"""Follows a file that another program appends to, through rotation and through our own restarts."""

import json
import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import BinaryIO


@dataclass(frozen=True)
class Position:
    """A place in a file that may meanwhile have been renamed: inode and bytes from its start."""

    inode: int
    offset: int


class Tail:
    """Yields the complete lines that are new. The place to go on from is kept in a small file of ours."""

    def __init__(self, path: Path, memory: Path) -> None:
        """Follow `path`, beginning at the place remembered in `memory`, else at the oldest line there is."""
        self._path = path
        self._memory = memory
        self._file: BinaryIO | None = None
        self._remembered = _recall(memory)
        self._start = self._remembered

    def close(self) -> None:
        """Close the file; the next read begins again at the remembered place."""
        if self._file is not None:
            self._file.close()
        self._file, self._start = None, self._remembered

    def lines(self) -> Iterator[tuple[Position, str]]:
        """Every complete new line with the place where it begins, up to the present end."""
        while file := self._opened():
            inode = os.fstat(file.fileno()).st_ino
            yield from _complete_lines(file, inode)
            if not self._go_on_after(file, inode):
                return

    def here(self) -> Position | None:
        """The place behind the last line that was read."""
        if self._file is None:
            return self._remembered
        return Position(os.fstat(self._file.fileno()).st_ino, self._file.tell())

    def remember(self, position: Position | None) -> None:
        """Go on from `position` after a restart."""
        if position is None or position == self._remembered:
            return
        draft = self._memory.with_name(f".{self._memory.name}.{os.getpid()}")
        draft.write_text(json.dumps(asdict(position)))
        draft.replace(self._memory)
        self._remembered = position

    def _opened(self) -> BinaryIO | None:
        if self._file is None:
            files = self._files()
            names = [path for path, inode in files if self._start and inode == self._start.inode]
            first = names[0] if names else (files[0][0] if files and self._start is None else self._path)
            with suppress(FileNotFoundError):
                self._file = first.open("rb")
                if names and self._start:
                    self._file.seek(self._start.offset)
        if self._file is not None and os.fstat(self._file.fileno()).st_size < self._file.tell():
            self._file.seek(0)  # truncated in place
        return self._file

    def _go_on_after(self, file: BinaryIO, inode: int) -> bool:
        """At the end of a file: open the next younger one, if the file was rotated away."""
        files = self._files()
        inodes = [known for _, known in files]
        if not files or inodes[-1] == inode:
            return False
        following = inodes.index(inode) + 1 if inode in inodes else len(inodes) - 1
        file.close()
        self._file = files[following][0].open("rb")
        return True

    def _files(self) -> list[tuple[Path, int]]:
        """The file and its rotated elders with their inodes, the oldest first, the living one last."""
        elders = []
        for path in self._path.parent.glob(f"{self._path.name}.*"):
            with suppress(FileNotFoundError):
                status = path.stat()
                elders.append((status.st_mtime_ns, path, status.st_ino))
        files = [(path, inode) for _, path, inode in sorted(elders)]
        with suppress(FileNotFoundError):
            files.append((self._path, self._path.stat().st_ino))
        return files


def _complete_lines(file: BinaryIO, inode: int) -> Iterator[tuple[Position, str]]:
    while True:
        begin = file.tell()
        line = file.readline()
        if not line.endswith(b"\n"):
            file.seek(begin)
            return
        yield Position(inode, begin), line.decode("utf-8", errors="replace").rstrip("\r\n")


def _recall(memory: Path) -> Position | None:
    try:
        kept = json.loads(memory.read_text())
        return Position(int(kept["inode"]), int(kept["offset"]))
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return None
