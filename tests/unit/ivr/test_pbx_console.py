"""Commands on Asterisk's console: what is asked, and what of what comes back is the answer."""

import socket
from pathlib import Path
from threading import Thread

import pytest

from ivr.pbx.console import ask


class Console:
    """Gives one caller an answer, whatever is asked."""

    def __init__(self, folder: Path, answer: bytes) -> None:
        self.path, self.asked, self._answer = folder / "ctl", b"", answer
        self._door = socket.socket(socket.AF_UNIX)
        self._door.bind(str(self.path))
        self._door.listen(1)
        self._thread = Thread(target=self._serve)
        self._thread.start()

    def _serve(self) -> None:
        link, _ = self._door.accept()
        with link:
            self.asked = link.recv(1000)
            link.sendall(self._answer)

    def close(self) -> None:
        self._thread.join(10)
        self._door.close()


def said_by(folder: Path, answer: bytes) -> tuple[str | None, bytes]:
    console = Console(folder, answer)
    said = ask(console.path, "core show version")
    console.close()
    return said, console.asked


def test_a_command_is_asked_alone_and_the_greeting_is_no_answer(tmp_path: Path) -> None:
    answer, asked = said_by(tmp_path, b"host/12/22.10\nAsterisk 22\nbuilt\n")
    assert answer == "Asterisk 22\nbuilt\n"
    assert asked == b"cli quit after core show version\0"


def test_remarks_for_those_who_watch_are_left_out(tmp_path: Path) -> None:
    answer, _ = said_by(tmp_path, b"host/12/22\n" + b"\xfe  -- somebody rings\n" + "排队\n".encode())
    assert answer == "排队\n"


def test_an_answer_may_be_empty_and_longer_than_a_block(tmp_path: Path) -> None:
    assert said_by(tmp_path, b"host/12/22\n")[0] == ""
    (tmp_path / "ctl").unlink()
    long = "channel\n" * 50_000
    assert said_by(tmp_path, f"host/12/22\n{long}".encode())[0] == long


def test_nobody_there_is_no_answer(tmp_path: Path) -> None:
    assert ask(tmp_path / "ctl", "core show version") is None
    left_behind = socket.socket(socket.AF_UNIX)
    left_behind.bind(str(tmp_path / "ctl"))
    left_behind.close()
    assert ask(tmp_path / "ctl", "core show version") is None
    (tmp_path / "ctl").unlink()
    assert said_by(tmp_path, b"")[0] is None, "it ended before it said a word"


def test_two_commands_in_one_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="one line"):
        ask(tmp_path / "ctl", "core show version\0core stop now")
