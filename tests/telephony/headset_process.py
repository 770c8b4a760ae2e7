"""`hotline headset` as a process of its own, on a sound card made of pipes, and a console that serves it."""

import fcntl
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import numpy as np
from werkzeug.serving import make_server

from agent_console.app import create_app
from hotline.context import Context
from ivr.control import AmiCallControl
from ivr.prompts.wave_files import write_wave
from tests.telephony.sounds import read_wave
from tests.waiting import until

_FRAME_BYTES, _FRAME_SECONDS = 320, 0.02
_SET_PIPE_SIZE = 1031  # F_SETPIPE_SZ of Linux
_SMALLEST_PIPE = 4096
# Two devices, because ALSA writes what such a device hears into its `file`, too.
_ALSA = """
</usr/share/alsa/alsa.conf>
pcm.microphone {{
  type plug
  slave.pcm {{ type file slave.pcm "null" format "raw" infile "{said}" file "/dev/null" }}
  hint {{ show on description "A microphone made of a pipe" }}
}}
pcm.loudspeaker {{
  type plug
  slave.pcm {{ type file slave.pcm "null" format "raw" infile "/dev/null" file "{heard}" }}
  hint {{ show on description "A loudspeaker made of a pipe" }}
}}
"""


class PipeCard:
    """A sound card for ALSA without hardware: what is said is a tone, what is heard goes into a file.

    The pipes are filled and emptied at the pace of a real card, and so is whoever uses it.
    """

    def __init__(self, folder: Path, tone: Path) -> None:
        self.configuration = folder / "asound.conf"
        self._heard_file = folder / "heard.wav"
        self._heard = bytearray()
        self._tone = (read_wave(tone) * 32767).astype("<i2").tobytes()
        self._said_pipe, self._heard_pipe = folder / "said", folder / "heard"
        for pipe in (self._said_pipe, self._heard_pipe):
            os.mkfifo(pipe)
        self.configuration.write_text(_ALSA.format(said=self._said_pipe, heard=self._heard_pipe))
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> "PipeCard":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    @property
    def heard(self) -> Path:
        """What was heard so far, as a file."""
        write_wave(self._heard_file, np.frombuffer(bytes(self._heard), "<i2") / 32768)
        return self._heard_file

    def _run(self) -> None:
        said = os.open(self._said_pipe, os.O_RDWR | os.O_NONBLOCK)
        heard = os.open(self._heard_pipe, os.O_RDWR | os.O_NONBLOCK)
        for pipe in (said, heard):
            fcntl.fcntl(pipe, _SET_PIPE_SIZE, _SMALLEST_PIPE)
        place, due = 0, time.monotonic()
        while not self._stop.wait(max(0.0, due - time.monotonic())):
            due += _FRAME_SECONDS
            place = self._turn(said, heard, place)
        os.close(said)
        os.close(heard)

    def _turn(self, said: int, heard: int, place: int) -> int:
        frame = self._tone[place : place + _FRAME_BYTES]
        with suppress(BlockingIOError):
            os.write(said, frame)
            place = (place + _FRAME_BYTES) % (len(self._tone) // _FRAME_BYTES * _FRAME_BYTES)
        with suppress(BlockingIOError):
            self._heard += os.read(heard, _FRAME_BYTES)
        return place


class HeadsetProcess:
    """The command, driven by the words that it takes where there is no terminal."""

    def __init__(
        self, folder: Path, card: PipeCard, server: str, username: str, password: str, ready: bool = True
    ) -> None:
        devices = ["--microphone", "microphone", "--loudspeaker", "loudspeaker"]
        words = ["--server", server, "--user", username, *devices, *(["--ready"] if ready else [])]
        environment = {
            "ALSA_CONFIG_PATH": str(card.configuration),
            "MINSHENG_HEADSET_PASSWORD": password,
            "XDG_CONFIG_HOME": str(folder),
            "HOTLINE_STATE_DIR": str(folder / "state"),
        }
        self.lines: list[tuple[float, str]] = []
        self._process = subprocess.Popen(
            [sys.executable, "-m", "hotline", "headset", *words],
            env=os.environ | environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        threading.Thread(target=self._read, daemon=True).start()

    def press(self, command: str) -> None:
        """As a key does."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"{command}\n")
        self._process.stdin.flush()

    def until(self, line: str, seconds: float = 15) -> float:
        """The moment (monotonic) at which it said so, after what was asked for before."""

        def said() -> float | None:
            return next((at for at, text in self.lines if text == line), None)

        try:
            found = until(said, seconds, repr(line))
        except AssertionError as error:
            raise AssertionError(f"{error}; it said {[text for _, text in self.lines]}") from None
        while self.lines.pop(0)[1] != line:
            continue
        return found

    def freeze(self) -> None:
        """As a machine does that hangs: its connections stay."""
        self._process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self._process.send_signal(signal.SIGCONT)

    def kill(self) -> None:
        """Without last words."""
        self._process.kill()
        self._process.wait(10)

    def quit(self) -> int:
        """By its key. Returns the exit status."""
        self.press("quit")
        return self._process.wait(10)

    def end(self) -> None:
        """Kill it if it still runs."""
        if self._process.poll() is None:
            self.kill()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self.lines.append((time.monotonic(), line.rstrip("\n")))


@contextmanager
def serving(context: Context) -> Iterator[str]:
    """The console behind a real socket; gives its address."""
    app = create_app(context, AmiCallControl(context.settings))
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
