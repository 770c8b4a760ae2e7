"""One Asterisk on disk: its folder, how to start it there, how to talk to it, how to stop it."""

import json
import os
import socket
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from ivr.pbx.console import ask
from ivr.pbx.documentation import write_documentation
from ivr.pbx.errors import PbxError
from ivr.pbx.install import SEARCHED, Installation, confined
from ivr.pbx.priority import prefer_session, preferred

_FOLDERS = (
    "conf",
    "data",
    "lib/keys",
    "log/cel-custom",
    "run",
    "spool/outgoing",
    "spool/outgoing_done",
    "spool/tmp",
)
_SOCKET = Path("run", "asterisk.ctl")
_LONGEST_SOCKET_PATH = 107  # sun_path, less its end
CLOSING = "CLOSING"
"""Global variable of the dialplan: `now` as Asterisk is stopped; before that the second (since 1970) until
which no new calls are taken."""
NOW = "now"
_BOOT_SECONDS = 90.0  # it takes two; a machine that is busy with much else more
_STOP_SECONDS = 10.0
_POLL_SECONDS = 0.1


@dataclass(frozen=True)
class Instance:
    """An Asterisk whose configuration was rendered into `folder`/conf."""

    folder: Path
    words: tuple[str, ...]
    """The command, confinement included, up to and without the options that say what to do."""

    @classmethod
    def create(
        cls, folder: Path, installation: Installation, readable: list[Path], writable: list[Path]
    ) -> "Instance":
        """Make the folders (mode 0700) and note how this Asterisk is run. Raises `PbxError`."""
        if len(os.fsencode(folder / _SOCKET)) > _LONGEST_SOCKET_PATH:
            raise PbxError(f"{folder} is too long a path for Asterisk's socket: set HOTLINE_STATE_DIR")
        for path in [folder, *(folder / name for name in _FOLDERS), *writable]:
            path.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_documentation(installation, folder / "data" / "documentation")
        asterisk = ["asterisk", "-C", str(folder / "conf" / "asterisk.conf")]
        prefix: list[str] = []
        if installation.root is not None:
            prefix = [*confined(installation.root), *_binds(folder, readable, [folder, *writable])]
        instance = cls(folder, (*prefix, *asterisk))
        instance._note()
        return instance

    @classmethod
    def load(cls, folder: Path) -> "Instance":
        """The instance that `create` made in this folder. Raises `PbxError`."""
        try:
            words = json.loads((folder / "command.json").read_text())
        except FileNotFoundError:
            raise PbxError(f"no PBX was prepared in {folder}") from None
        return cls(folder, tuple(words))

    @property
    def log(self) -> Path:
        """Asterisk's warnings and errors."""
        return self.folder / "log" / "messages.log"

    def start(self) -> subprocess.Popen[bytes]:
        """Start Asterisk as a child of this thread, with which it dies; before other work where permitted.

        Returns at once.
        """
        with (self.folder / "log" / "output.log").open("ab") as output, preferred():
            process = subprocess.Popen(  # noqa: S603 - words of our own, no shell
                [*self.words, "-f"],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                umask=0o077,
                env=_environment(),
                start_new_session=True,
            )
        prefer_session(process.pid)
        return process

    def wait_until_booted(self, process: subprocess.Popen[bytes]) -> None:
        """Return once every module runs. Raises `PbxError` when Asterisk ends or takes too long."""
        due = time.monotonic() + _BOOT_SECONDS
        while time.monotonic() < due:
            if process.poll() is not None:
                raise PbxError(f"Asterisk ended with status {process.returncode}: see {self.log}")
            if "fully booted" in (self._ask("core waitfullybooted") or ""):
                return
            time.sleep(_POLL_SECONDS)
        raise PbxError(f"Asterisk was not ready after {_BOOT_SECONDS:.0f} s: see {self.log}")

    def control(self, command: str) -> str:
        """Answer of a command on Asterisk's console. Raises `PbxError` when Asterisk is not there."""
        answer = self._ask(command)
        if answer is None:
            raise PbxError(f"Asterisk in {self.folder} does not answer")
        return answer

    def stop(self, process: subprocess.Popen[bytes]) -> int:
        """End calls, close files, stop; killed when that takes too long. Returns the exit status.

        The dialplan is told before, so that calls which end now count as cut off, not as said goodbye to.
        """
        if process.poll() is None:
            self._ask(f"dialplan set global {CLOSING} {NOW}")
            self._ask("core stop now")
        try:
            return process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            return process.wait()

    def kill(self, process: subprocess.Popen[bytes]) -> None:
        """End it as a crash does. Returns once it is gone: confined, it dies a moment after its keeper."""
        process.kill()
        process.wait()
        while self._ask("core show version") is not None:
            time.sleep(_POLL_SECONDS)

    def _ask(self, command: str) -> str | None:
        return ask(self.folder / _SOCKET, command)

    def _note(self) -> None:
        path = self.folder / "command.json"
        path.touch(mode=0o600)
        path.write_text(json.dumps(self.words))


def _environment() -> dict[str, str]:
    """Times in UTC, and nothing of our own settings and secrets."""
    return {"PATH": SEARCHED, "TZ": "UTC", "LANG": "C.UTF-8"}


def _binds(folder: Path, readable: list[Path], writable: list[Path]) -> list[str]:
    """Show these folders inside under the names that they have outside."""
    hosts = folder / "conf" / "hosts"
    hosts.write_text(f"127.0.0.1 localhost {socket.gethostname()}\n")
    words = ["--ro-bind", str(hosts), "/etc/hosts"]
    if Path("/etc/resolv.conf").exists():
        words += ["--ro-bind", "/etc/resolv.conf", "/etc/resolv.conf"]
    for path in readable:
        words += ["--ro-bind", str(path), str(path)]
    for path in writable:
        words += ["--bind", str(path), str(path)]
    return [*words, "--chdir", str(folder)]
