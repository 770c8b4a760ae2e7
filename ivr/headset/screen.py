"""The headset in a terminal: one line that lives, and keys; or, without a terminal, words a line each."""

import os
import select
import sys
import termios
import threading
import time
import tty
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Final

from ivr.headset.headset import UNKNOWN, Headset, Phase, SeatSeen, Standing, meter
from ivr.headset.words import sentence

_CLEAR_LINE: Final = "\r\x1b[2K"
_BELL: Final = "\a"
_REFRESH_SECONDS = 0.1
_USUAL_COLUMNS = 80
_MARKS: Final = {Phase.CONNECTING: "○", Phase.IDLE: "●", Phase.RINGING: "☎", Phase.TALKING: "▶"}
_COMMANDS: Final = {
    "answer": "a",
    "hang up": "h",
    "mute": "m",
    "ready": "r",
    "pause": "p",
    "off": "o",
    "quit": "q",
}


def line_of(standing: Standing, meter_db: float, words: Mapping[str, str], seat: SeatSeen = UNKNOWN) -> str:
    """The living line: what the headset does, or without a call what the seat does and for how long, and
    the meter."""
    state = words[standing.phase]
    if standing.phase is Phase.IDLE and seat.words:
        minutes, seconds = divmod(int(time.monotonic() - seat.since), 60)
        state = f"{seat.words} {minutes:02}:{seconds:02}"
    if standing.muted:
        state += f" ({words['muted']})"
    return f"{_MARKS[standing.phase]} {state}  {meter(meter_db)}"


def trouble_of(standing: Standing, words: Mapping[str, str]) -> str:
    """What is wrong, as a sentence; empty while nothing is."""
    return sentence(words, standing.trouble, standing.device) if standing.trouble else ""


def act(key: str, headset: Headset) -> bool:
    """Do what a key stands for. False for the key that ends it all."""
    acts: dict[str, Callable[[], None]] = {
        "a": headset.answer,
        "h": headset.hang_up,
        "m": headset.toggle_mute,
        "r": lambda: headset.set_seat("ready"),
        "p": lambda: headset.set_seat("pause"),
        "o": lambda: headset.set_seat("off"),
    }
    if key in acts:
        acts[key]()
    return key != "q"


def on_terminal(headset: Headset, words: Mapping[str, str], stop: threading.Event) -> None:
    """Show the keys, then the line, and take keys until `q` or `stop`. What is wrong is said above the line,
    where it is never cut."""
    rang, told = False, ""
    sys.stdout.write(words["keys"] + "\n")
    with _single_keys():
        while not stop.is_set():
            standing = headset.standing
            rings = standing.phase is Phase.RINGING
            bell = _BELL if rings and not rang else ""
            rang = rings
            trouble = trouble_of(standing, words)
            news = f"{_CLEAR_LINE}{trouble}\n" if trouble and trouble != told else ""
            told = trouble
            line = fitted(line_of(standing, headset.meter_db, words, headset.seat), _columns())
            sys.stdout.write(news + _CLEAR_LINE + line + bell)
            sys.stdout.flush()
            if select.select([sys.stdin], [], [], _REFRESH_SECONDS)[0]:
                key = os.read(sys.stdin.fileno(), 1).decode("ascii", errors="replace").lower()
                if not act(key or "q", headset):
                    break
    sys.stdout.write("\n")


def without_terminal(headset: Headset, stop: threading.Event) -> None:
    """Commands from standard input, a word a line (`answer`, `hang up`, `mute`, ...), until its end."""
    for line in sys.stdin:
        if stop.is_set() or not act(_COMMANDS.get(line.strip(), ""), headset):
            return


def tell_in_lines(words: Mapping[str, str], standing: Standing) -> None:
    """For programs, on standard output: every change a line, `ringing`, `talking muted`,
    `connecting site_away`. For people, on standard error: what is wrong, as a sentence."""
    if trouble := trouble_of(standing, words):
        sys.stderr.write(trouble + "\n")
    parts = [standing.phase.value, "muted" if standing.muted else "", standing.trouble]
    sys.stdout.write(" ".join(part for part in parts if part) + "\n")
    sys.stdout.flush()


def fitted(line: str, columns: int) -> str:
    """As much of the line as fits; a Chinese character takes two columns."""
    used = 0
    for place, sign in enumerate(line):
        used += 2 if unicodedata.east_asian_width(sign) in "WF" else 1
        if used > columns:
            return line[:place]
    return line


def _columns() -> int:
    """Of the terminal, less the one at which many begin a new line; some do not say."""
    try:
        return (os.get_terminal_size().columns or _USUAL_COLUMNS) - 1
    except OSError:
        return _USUAL_COLUMNS - 1


@contextmanager
def _single_keys() -> Iterator[None]:
    """Keys come as they are pressed and are not shown."""
    terminal = sys.stdin.fileno()
    before = termios.tcgetattr(terminal)
    tty.setcbreak(terminal)
    try:
        yield
    finally:
        termios.tcsetattr(terminal, termios.TCSADRAIN, before)
