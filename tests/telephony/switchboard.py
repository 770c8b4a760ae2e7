"""The hotline's PBX with the telephone network around it, as tests handle them."""

import csv
import io
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from hotline.config import Settings
from ivr.ami.client import AmiConnection, Timings
from ivr.control import ami_account
from ivr.network import Phone, Script, TelephoneNetwork
from ivr.pbx import Pbx, Seat, channel_events_file
from ivr.prompts import sounds_folder
from tests.waiting import until


@dataclass(frozen=True)
class ChannelEvent:
    """One line of the channel events file."""

    linkedid: str
    uniqueid: str
    kind: str
    at: str
    number: str
    extension: str
    context: str
    channel: str
    peer: str
    application: str
    extra: str


@dataclass(frozen=True)
class Switchboard:
    """Both PBXs, running."""

    settings: Settings
    pbx: Pbx
    network: TelephoneNetwork
    seats: tuple[Seat, ...]

    def events(self, linkedid: str | None = None) -> list[ChannelEvent]:
        """What happened to every channel so far, of one call or of all."""
        path = channel_events_file(self.settings)
        if not path.exists():
            return []
        whole = path.read_bytes().rpartition(b"\n")[0]  # a line may just be being written
        rows = [ChannelEvent(*row) for row in csv.reader(io.StringIO(whole.decode(), newline=""))]
        return [row for row in rows if linkedid in {None, row.linkedid}]

    def calls(self) -> list[str]:
        """linkedid of every call so far, in the order of their coming."""
        return list(dict.fromkeys(row.linkedid for row in self.events()))

    def new_call(self, before: list[str]) -> str:
        """linkedid of the call that came after `before` was taken by `calls()`."""
        return until(lambda: next(iter(set(self.calls()) - set(before)), None), what="a new call")

    def wait_for(self, linkedid: str, kind: str, application: str = "", seconds: float = 20) -> ChannelEvent:
        """The first event of this kind (and application) of a call."""

        def found() -> ChannelEvent | None:
            rows = [row for row in self.events(linkedid) if row.kind == kind]
            return next((row for row in rows if application in {"", row.application}), None)

        return until(found, seconds, f"{kind} {application} of the call")

    def folder(self, linkedid: str) -> Path:
        """The call's folder in the spool."""
        [found] = self.settings.spool_dir.glob(f"*/*/*/{linkedid}")
        return found

    def prompt(self, name: str) -> Path:
        """A spoken prompt."""
        return sounds_folder(self.settings) / "zh" / f"{name}.wav"

    def ring(self, channel: str) -> None:
        """Ring somebody, who hears nothing for two minutes; answered on return. Raises `AmiRefused`."""
        order = {"Channel": channel, "Application": "Wait", "Data": "120", "Timeout": "10000"}
        with AmiConnection(ami_account(self.settings), Timings(answer=15)) as asterisk:
            asterisk.ask("Originate", order)

    def plug_in(self, extension: str, script: Script) -> Phone:
        """A seat's desk phone, registered on return; every call to it follows `script`."""
        [seat] = [seat for seat in self.seats if seat.extension == extension]
        return self.network.agent_phone(extension, seat.password, script)

    def seat_in_queue(self, seat: Seat) -> "SeatInQueue":
        """A context in which the queue offers calls to this seat's desk phone."""
        return SeatInQueue(self.pbx, seat)


class SeatInQueue:
    """A seat's desk phone is a member of the queue for the length of a `with` block."""

    def __init__(self, pbx: Pbx, seat: Seat) -> None:
        self._pbx = pbx
        self._member = f"PJSIP/{seat.desk}"

    def __enter__(self) -> None:
        answer = self._pbx.control(f"queue add member {self._member} to hotline")
        assert "Added" in answer

    def __exit__(self, *_: object) -> None:
        self._pbx.control(f"queue remove member {self._member} from hotline")


class QueueMembers:
    """Seats whose desk phones join the queue, until a `with` block around all of them ends."""

    def __init__(self, switchboard: Switchboard) -> None:
        self._switchboard = switchboard
        self._joined = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._joined.close()

    def sign_on(self, *extensions: str) -> None:
        """The queue offers calls to these seats from now on."""
        for seat in self._switchboard.seats:
            if seat.extension in extensions:
                self._joined.enter_context(self._switchboard.seat_in_queue(seat))
