"""The headset in a terminal: one line that lives, and keys; or, without a terminal, words a line each."""

import os
import select
import sys
import termios
import threading
import tty
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Final

from ivr.headset.headset import Headset, Phase, Standing, meter

_CLEAR_LINE: Final = "\r\x1b[2K"
_BELL: Final = "\a"
_REFRESH_SECONDS = 0.1
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


def line_of(standing: Standing, meter_db: float, words: Mapping[str, str]) -> str:
    """The living line: state, meter, and what is wrong or which keys there are."""
    state = f"{_MARKS[standing.phase]} {words[standing.phase]}"
    if standing.muted:
        state += f" ({words['muted']})"
    said = words.get(standing.trouble, standing.trouble) or words["keys"]
    return f"{state}  {meter(meter_db)}  {said}"


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
    """Show the line and take keys until `q` or `stop`."""
    rang = False
    with _single_keys():
        while not stop.is_set():
            standing = headset.standing
            rings = standing.phase is Phase.RINGING
            bell = _BELL if rings and not rang else ""
            rang = rings
            sys.stdout.write(_CLEAR_LINE + line_of(standing, headset.meter_db, words)[: _width()] + bell)
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


def tell_in_lines(standing: Standing) -> None:
    """For programs: every change a line, `ringing`, `talking muted`, `connecting site_away`."""
    parts = [standing.phase.value, "muted" if standing.muted else "", standing.trouble]
    sys.stdout.write(" ".join(part for part in parts if part) + "\n")
    sys.stdout.flush()


def _width() -> int:
    """Half of the columns: a Chinese character takes two."""
    try:
        return max(20, os.get_terminal_size().columns - 32)
    except OSError:
        return 80


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
