"""Disks small enough to be filled: a tmpfs in a mount namespace of its own. No root rights are needed."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

from ivr.pbx.instance import Instance
from tests.waiting import until

_FILLING = "filling"
_PIECES = (4096, 1)


@dataclass(frozen=True)
class SmallDisk:
    """`folder` is its path for processes outside of the namespace."""

    folder: Path

    @property
    def free(self) -> int:
        """Bytes that can still be written."""
        status = os.statvfs(self.folder)
        return status.f_bavail * status.f_bsize

    def fill(self) -> None:
        """Leave no byte free."""
        with (self.folder / _FILLING).open("ab", buffering=0) as file:
            for size in _PIECES:
                with suppress(OSError):
                    while file.write(b"\0" * size):
                        pass

    def make_room(self) -> None:
        """Undo `fill`."""
        (self.folder / _FILLING).unlink()


def on_a_small_disk(instance: Instance, spool: Path, size: int) -> Instance:
    """The same Asterisk with `size` bytes for its recordings."""
    return replace(instance, words=(*_with_tmpfs(spool, size), *instance.words))


def disk_of(instance: Instance, spool: Path) -> SmallDisk:
    """The disk for recordings of the running Asterisk."""
    conf = str(instance.folder / "conf" / "asterisk.conf").encode()
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            words = (process / "cmdline").read_bytes().split(b"\0")
            if words[0] == b"asterisk" and conf in words and b"-f" in words:
                return SmallDisk(process / "root" / spool.relative_to("/"))
    raise AssertionError("no Asterisk runs there")


@contextmanager
def small_disk(place: Path, size: int) -> Iterator[SmallDisk]:
    """A disk of `size` bytes for the length of a `with` block, which a waiting process holds at `place`."""
    place.mkdir()
    words = [*_with_tmpfs(place, size), "sh", "-c", "echo $$; read -r _"]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdin is not None
        assert holder.stdout is not None
        pid = holder.stdout.readline().strip()
        yield SmallDisk(Path("/proc") / pid / "root" / place.relative_to("/"))
        holder.stdin.close()
        until(lambda: holder.poll() is not None, what="the end of the disk")


def _with_tmpfs(place: Path, size: int) -> tuple[str, ...]:
    namespace = ("bwrap", "--dev-bind", "/", "/", "--die-with-parent")
    return (*namespace, "--size", str(size), "--tmpfs", str(place), "--")
