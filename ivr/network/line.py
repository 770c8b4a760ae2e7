"""One line of the telephone network in the hands of a script.

Asterisk's scripting protocol is spoken directly and not through `ivr.agi`: here we are the citizen, who needs
any application of Asterisk, and in tests the hotline's own scripts must not vouch for themselves.
"""

import re
import select
import shutil
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from ivr.network.calls import CallFailed, NetworkCall, Step

_POLL_SECONDS = 0.05
_RESULT = re.compile(r"^200 result=(-?\d+)(?: \((.*)\))?")
_HANG_UP_NOTICE = "HANGUP"
_DEAD_CHANNEL = "511"


class LineDead(Exception):
    """The other side hung up."""


class Conversation:
    """The scripting protocol on a socket: one command, one answer."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._file = connection.makefile("r", encoding="utf-8", errors="replace", newline="\n")
        self.environment = dict(self._header())

    def _header(self) -> Iterator[tuple[str, str]]:
        while line := self._file.readline().strip():
            name, _, value = line.partition(": ")
            yield name, value

    def ask(self, command: str) -> int:
        """Result of a command. Raises `LineDead`."""
        return int(self._answer(command)[1])

    def variable(self, name: str) -> str:
        """Value of a channel variable, empty if unset. Raises `LineDead`."""
        return self._answer(f"GET VARIABLE {name}")[2] or ""

    def _answer(self, command: str) -> re.Match[str]:
        try:
            self._connection.sendall(command.encode() + b"\n")
            answer = self._file.readline().strip()
        except OSError:
            raise LineDead from None
        if answer in {"", _HANG_UP_NOTICE} or answer.startswith(_DEAD_CHANNEL):
            raise LineDead
        if not (found := _RESULT.match(answer)):
            raise CallFailed(f"Asterisk refused {command.split()[0]}")
        return found

    def close(self) -> None:
        """Give the line back to Asterisk, which ends it."""
        self._file.close()
        self._connection.close()

    def wait(self, seconds: float) -> None:
        """Let the line be for so long. Raises `LineDead` as soon as the other side hangs up."""
        if select.select([self._connection], [], [], seconds)[0]:
            raise LineDead


class Line:
    """What somebody at a telephone can do. Every method raises `LineDead` once the other side hung up."""

    def __init__(self, conversation: Conversation, call: NetworkCall) -> None:
        self._conversation = conversation
        self._call = call
        self._began = time.monotonic()

    @property
    def heard(self) -> Path:
        """WAV of what came so far; it grows until the call is over."""
        return self._call.heard

    def answer(self) -> None:
        """Pick up (nothing happens on a call that we placed), and record both directions from now on."""
        with self._step("answer"):
            self._conversation.ask("ANSWER")
            self._execute(
                "MixMonitor",
                f",r({self._call.heard})t({self._call.said}),/usr/bin/touch {self._call.closed}",
            )
            self._call.answered.set()
            self._keep_quiet()

    def ring(self, seconds: float) -> None:
        """Let it ring without picking up."""
        with self._step("ring"):
            self._execute("Ringing")
            self._conversation.wait(seconds)

    def refuse_as_busy(self) -> None:
        """The line is engaged."""
        with self._step("busy"):
            self._execute("Busy", "1")

    def refuse_as_dead(self) -> None:
        """The exchange cannot reach the line (Q.850 cause 27: destination out of order)."""
        with self._step("dead"):
            self._execute("Hangup", "27")

    def say(self, speech: Path) -> None:
        """Play a WAV file (8 kHz, s16, mono) to its end."""
        with self._step("say"):
            copy = self._call.folder / f"speech-{len(self._call.steps)}.wav"
            shutil.copyfile(speech, copy)
            self._conversation.ask(f'STREAM FILE "{copy.with_suffix("")}" ""')
            self._keep_quiet()

    def hum(self, hertz: int) -> None:
        """Sound a tone from now on, whatever else is done."""
        with self._step(f"hum {hertz}"):
            self._execute("Playtones", f"{hertz}/1000")

    def press(self, keys: str) -> None:
        """Press keys, a quarter of a second each."""
        with self._step(f"press {keys}"):
            self._execute("SendDTMF", f"{keys},250,250")
            self._keep_quiet()

    def keys(self, count: int, seconds: float) -> str:
        """The next `count` keys that the other side presses; fewer if they do not come in time."""
        with self._step("keys"):
            self._execute("Read", f"KEYS,,{count},,1,{seconds:.0f}")
            return self._conversation.variable("KEYS")

    def variable(self, name: str) -> str:
        """What this side's Asterisk knows of the call: a variable or a function, empty if unset."""
        return self._conversation.variable(name)

    def hear_voice(self, seconds: float = 30) -> None:
        """Wait until 200 ms of sound were heard. Raises `CallFailed` after `seconds`."""
        with self._step("hear voice"):
            self._execute("WaitForNoise", f"200,1,{seconds:.0f}")
            self._expect("WAITSTATUS", "NOISE")

    def hear_silence(self, milliseconds: int = 1500, seconds: float = 60) -> None:
        """Wait until nothing was heard for so long: a prompt ended. Raises `CallFailed` after `seconds`."""
        with self._step("hear silence"):
            self._execute("WaitForSilence", f"{milliseconds},1,{seconds:.0f}")
            self._expect("WAITSTATUS", "SILENCE")

    def wait_until(self, condition: Callable[[], bool], seconds: float = 60) -> None:
        """Listen until `condition()` holds. Raises `CallFailed` after `seconds`."""
        due = time.monotonic() + seconds
        with self._step("wait"):
            while not condition():
                if time.monotonic() > due:
                    raise CallFailed("what the script waited for did not happen")
                self._conversation.wait(_POLL_SECONDS)

    def listen(self, seconds: float) -> None:
        """Listen for so long."""
        with self._step("listen"):
            self._conversation.wait(seconds)

    def listen_to_the_end(self, seconds: float = 300) -> None:
        """Listen until the other side hangs up (ends the script by `LineDead`)."""
        self.listen(seconds)
        raise CallFailed("the other side did not hang up")

    def fall_silent(self) -> None:
        """Send nothing at all from now on, as a telephone does whose network is gone; the line stays."""
        with self._step("fall silent"):
            self._execute("StopPlaytones")

    def hang_up(self) -> None:
        """Put down the receiver."""
        with self._step("hang up"):
            self._conversation.ask("HANGUP")

    def _keep_quiet(self) -> None:
        """Send silence while we only listen, as telephones do; Asterisk by itself would send nothing."""
        self._execute("Playtones", "0/1000")

    def _execute(self, application: str, arguments: str = "") -> None:
        if self._conversation.ask(f'EXEC {application} "{arguments}"') == -1:
            raise LineDead

    def _expect(self, variable: str, value: str) -> None:
        if self._conversation.variable(variable) != value:
            raise CallFailed(f"waited in vain: {variable} is not {value}")

    @contextmanager
    def _step(self, name: str) -> Iterator[None]:
        began = time.monotonic() - self._began
        yield
        self._call.steps.append(Step(name, began, time.monotonic() - self._began))


Script = Callable[[Line], None]
"""What somebody does at a telephone; ends by returning, by hanging up, or by `LineDead`."""
