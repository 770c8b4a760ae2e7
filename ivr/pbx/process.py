"""The hotline's PBX: from settings and seats to a running Asterisk."""

import secrets
import subprocess
import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from hotline.config import Settings
from ivr.pbx import modules
from ivr.pbx.ban_list import written_bans
from ivr.pbx.certificates import Certificates
from ivr.pbx.errors import PbxError
from ivr.pbx.install import Installation, locate
from ivr.pbx.instance import Instance
from ivr.pbx.load import processor_seconds
from ivr.pbx.ports import interface_addresses
from ivr.pbx.seats import SEATS_FILE, Seat, rendered_seats, seats_of
from ivr.pbx.templates import render_all, render_one

QUEUES_FILE = "queues.conf"
NUMBERS_FILE = "numbers.conf"


def folder_of(settings: Settings) -> Path:
    """Folder of the hotline's Asterisk: configuration, run-time files, logs."""
    return settings.state_dir / "asterisk" / "hotline"


def channel_events_file(settings: Settings) -> Path:
    """CSV of what happened to every channel; its columns are named in `cel_custom.conf.j2`."""
    return folder_of(settings) / "log" / "cel-custom" / "calls.csv"


def installed(settings: Settings) -> Installation:
    """The Asterisk to use. Raises `PbxError` where there is none."""
    if found := locate(settings.cache_dir):
        return found
    raise PbxError("Asterisk is not installed: run `make bootstrap`")


def prepare(
    settings: Settings,
    seats: Iterable[Seat],
    lines: Iterable[str] = (),
    numbers: Iterable[str] = (),
) -> Instance:
    """Write what Asterisk reads: configuration, prompts, music. Safe to repeat, also while it runs.

    `numbers` are those of the call plan; the hotline's own is always among them.
    """
    # Slow to import (speech): whoever only asks where the PBX keeps its files should not wait for it.
    from ivr.prompts import ensure_beep, ensure_music, ensure_prompts, sounds_folder

    installation = installed(settings)
    ensure_prompts(settings)
    ensure_music(settings)
    ensure_beep(settings)
    folder = folder_of(settings)
    sounds = sounds_folder(settings)
    readable = [sounds, *ensure_certificates(settings)]
    instance = Instance.create(folder, installation, readable, writable=[settings.spool_dir])
    show_sounds(folder, sounds)
    render_all(
        ["shared", "hotline"],
        folder / "conf",
        _variables(settings, installation, sounds, list(seats), list(lines))
        | _number_variables(settings, numbers),
    )
    return instance


def ensure_certificates(settings: Settings) -> list[Path]:
    """The folder that Asterisk must see for TLS. Raises `PbxError` where it lacks what it needs."""
    if not settings.uses_tls:
        return []
    found = Certificates(settings.tls_folder)
    for path in (found.server, found.server_key, found.authority):
        if not path.exists():
            raise PbxError(f"TLS is on, but {path} is missing: run `hotline certificates`")
    return [settings.tls_folder]


def add_seats(settings: Settings, extensions: Iterable[str]) -> bool:
    """Write the configuration of these seats beside those that are there already. False if all were.

    Takes effect when PJSIP is told to reload, which leaves registrations and calls alone.
    """
    configuration = folder_of(settings) / "conf"
    present = rendered_seats(configuration)
    wanted = sorted({*present, *extensions})
    if wanted == sorted(present) or not configuration.exists():
        return False
    variables = {"seats": seats_of(wanted, settings.secrets.sip)} | settings.model_dump()
    render_one(f"hotline/{SEATS_FILE}.j2", configuration, variables)
    return True


def write_queues(settings: Settings, lines: Iterable[str]) -> bool:
    """Write the queues anew beside an Asterisk that runs. False if they are as they were."""
    conf = folder_of(settings) / "conf"
    if not conf.exists():
        return False
    path = conf / QUEUES_FILE
    before = path.read_bytes() if path.exists() else b""
    render_one(f"hotline/{QUEUES_FILE}.j2", conf, settings.model_dump() | {"lines": list(lines)})
    return path.read_bytes() != before


def write_numbers(settings: Settings, numbers: Iterable[str]) -> bool:
    """Write the numbers that are answered also while the scripts are away. False if they are as they were.

    Takes effect when the dialplan is reloaded.
    """
    path = folder_of(settings) / "conf" / NUMBERS_FILE
    before = path.read_bytes() if path.exists() else b""
    if not path.parent.exists():
        return False
    render_one(f"hotline/{NUMBERS_FILE}.j2", path.parent, _number_variables(settings, numbers))
    return path.read_bytes() != before


def command(settings: Settings) -> list[str]:
    """What a supervisor runs after `prepare`: stays in the foreground, stops cleanly on SIGTERM."""
    return [sys.executable, "-m", "ivr.pbx", str(folder_of(settings))]


def show_sounds(folder: Path, sounds: Path) -> None:
    """Let an Asterisk find the prompts in its own data folder."""
    link = folder / "data" / "sounds"
    link.unlink(missing_ok=True)
    link.symlink_to(sounds)


def _number_variables(settings: Settings, numbers: Iterable[str]) -> dict[str, object]:
    return {"numbers": sorted({settings.hotline_number, *numbers})}


def _variables(
    settings: Settings, installation: Installation, sounds: Path, seats: list[Seat], lines: list[str]
) -> dict[str, object]:
    return settings.model_dump() | {
        "folder": folder_of(settings),
        "modules_dir": installation.modules_dir,
        "modules": modules.present(modules.HOTLINE, installation),
        "sounds_dir": sounds,
        "ami_secret": settings.secrets.ami,
        "nobodys_password": secrets.token_hex(24),
        "tls_folder": settings.tls_folder,
        "seats": seats,
        "bans": written_bans(folder_of(settings) / "conf"),
        "lines": lines,
        "line_begins": int(datetime(datetime.now(UTC).year, 1, 1, tzinfo=UTC).timestamp()),
        "loopback": settings.sip_host.startswith("127."),
        "interface_addresses": interface_addresses(),
    }


class Pbx:
    """A prepared Asterisk, running for the length of a `with` block."""

    def __init__(self, instance: Instance) -> None:
        self.instance = instance
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def log(self) -> Path:
        """Asterisk's warnings and errors."""
        return self.instance.log

    def processor_seconds(self) -> float:
        """Processor time that Asterisk has used so far, user and system. Raises `PbxError`."""
        if self._process is None:
            raise PbxError("the PBX does not run")
        return processor_seconds(self._process.pid)

    def control(self, line: str) -> str:
        """Answer of a command on Asterisk's console."""
        return self.instance.control(line)

    def start(self) -> None:
        """Start and return once fully booted. Raises `PbxError`, leaving nothing behind."""
        self._process = self.instance.start()
        try:
            self.instance.wait_until_booted(self._process)
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """End all calls and stop. Nothing happens where nothing runs."""
        if self._process is not None:
            self.instance.stop(self._process)
            self._process = None

    def kill(self) -> None:
        """End it as a crash does: no call is hung up, no file closed."""
        if self._process is not None:
            self.instance.kill(self._process)
            self._process = None
