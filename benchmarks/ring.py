"""How soon a caller is greeted, and how soon an idle agent's telephone rings.

    python -m benchmarks.ring [CALLS] [CALLS_A_SECOND]

A second Asterisk dials the hotline on this machine and plays the desk phones of ten agents, of whom some are
always idle. Measured by the hotline's Asterisk alone: from the INVITE (the channel's birth) to the beginning
of the greeting, script `intake` and its commit included; and from the caller's joining the line to the
agent's telephone saying that it rings. The limits are 300 ms each, at the 95th percentile.
"""

import csv
import logging
import re
import statistics
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import structlog

from hotline.clock import SystemClock
from hotline.config import Settings
from hotline.context import Context
from hotline.database import Database
from hotline.people.actors import Role
from hotline.sweep import sweep_once
from ivr import service
from ivr.control import AmiCallControl
from ivr.network import Line, NetworkCall, TelephoneNetwork, listen
from ivr.pbx import Pbx, channel_events_file, folder_of, prepare, seats_of
from tests.factories import department, user
from tests.telephony.ami_tap import AmiTap, Packet
from tests.telephony.conftest import private_settings
from tests.telephony.sounds import shorten_greeting

CALLS = 60
CALLS_A_SECOND = 2.0
AGENTS = 10
STAY_SECONDS = 3.0
TALK_SECONDS = 1.5
LIMIT_SECONDS = 0.3
RINGING = "5"


def main(calls: int, rate: float) -> int:
    """Exit status 0 if every call was greeted and rang, both within the limit at the 95th percentile."""
    with tempfile.TemporaryDirectory(prefix="ring.") as folder:
        settings = private_settings(Path(folder), wrap_up_seconds=0, satisfaction_by_key=False)
        shorten_greeting(settings.state_dir)
        extensions = [str(1001 + number) for number in range(AGENTS)]
        seats = seats_of(extensions, settings.secrets.sip)
        prepared = prepare(settings, seats)
        _note_prompts(settings)
        with (
            Pbx(prepared) as pbx,
            TelephoneNetwork(settings) as network,
            _hotline(settings, extensions),
            AmiTap(settings) as tap,
        ):
            for seat in seats:
                network.agent_phone(seat.extension, seat.password, _talk_shortly)
                pbx.control(f"queue add member PJSIP/{seat.desk} to hotline")
            for call in _place(network, calls, rate):
                call.wait_ended(60)
            rings = _rings(tap.packets)
        return _judge(calls, _greetings(settings), rings)


def _note_prompts(settings: Settings) -> None:
    """Let the channel events tell when a prompt begins, too."""
    path = folder_of(settings) / "conf" / "cel.conf"
    path.write_text(re.sub(r"(?m)^apps *=.*$", "apps=queue,background,playback", path.read_text()))


@contextmanager
def _hotline(settings: Settings, extensions: list[str]) -> Iterator[None]:
    """Scripts, events and the sweep, with people on these extensions."""
    database = Database(settings.database)
    database.upgrade()
    context = Context(database, SystemClock(), settings)
    hotline = department(context, "hotline", is_hotline=True)
    for extension in extensions:
        user(context, hotline, Role.AGENT, extension=extension)
    stop = threading.Event()
    threads = [
        threading.Thread(target=service.run, args=(context, stop)),
        threading.Thread(target=_sweep, args=(context, stop)),
    ]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join(20)
        database.dispose()


def _sweep(context: Context, stop: threading.Event) -> None:
    control = AmiCallControl(context.settings)
    while not stop.wait(0.5):
        sweep_once(context, control)


def _talk_shortly(line: Line) -> None:
    line.ring(0.2)
    line.answer()
    line.listen(TALK_SECONDS)
    line.hang_up()


def _place(network: TelephoneNetwork, calls: int, rate: float) -> list[NetworkCall]:
    placed, begun = [], time.monotonic()
    for number in range(calls):
        time.sleep(max(0.0, begun + number / rate - time.monotonic()))
        placed.append(network.citizen_calls(f"139{number:08d}", listen(STAY_SECONDS)))
    return placed


def _greetings(settings: Settings) -> list[float]:
    """Seconds from each citizen's INVITE to the greeting."""
    moments: dict[str, dict[str, datetime]] = defaultdict(dict)
    with channel_events_file(settings).open(newline="") as file:
        for linkedid, uniqueid, event, at, *_, application in (row[:10] for row in csv.reader(file)):
            if linkedid == uniqueid:
                kind = f"{event} {application}" if event == "APP_START" else event
                moments[linkedid].setdefault(kind, datetime.fromisoformat(at))
    starts = ("APP_START BackGround", "APP_START Playback")
    found = [(told["CHAN_START"], [told[s] for s in starts if s in told]) for told in moments.values()]
    return [(min(played) - born).total_seconds() for born, played in found if played]


def _rings(packets: list[Packet]) -> list[float]:
    """Seconds from each caller's joining the line to the first telephone that rings."""
    joined: dict[str, float] = {}
    rang: dict[str, float] = {}
    for packet in packets:
        linkedid = packet.get("Linkedid", "")
        if packet.get("Event") == "QueueCallerJoin":
            joined.setdefault(linkedid, float(packet["Timestamp"]))
        elif packet.get("Event") == "Newstate" and packet.get("ChannelState") == RINGING:
            rang.setdefault(linkedid, float(packet["Timestamp"]))
    return [rang[linkedid] - at for linkedid, at in joined.items() if linkedid in rang]


def _judge(calls: int, greetings: list[float], rings: list[float]) -> int:
    greeted, rang = (statistics.quantiles(spans, n=20)[-1] for spans in (greetings, rings))
    whole = len(greetings) == len(rings) == calls
    good = whole and greeted < LIMIT_SECONDS and rang < LIMIT_SECONDS
    print(
        f"ring: {'good' if good else 'BROKEN'}; {calls} calls, {len(greetings)} greeted, {len(rings)} rang; "
        f"INVITE to greeting p95 {greeted * 1000:.0f} ms, ratio {greeted / LIMIT_SECONDS:.2f}; "
        f"line to ring p95 {rang * 1000:.0f} ms, ratio {rang / LIMIT_SECONDS:.2f} (limit 1.00, 300 ms)"
    )
    return 0 if good else 1


if __name__ == "__main__":
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    given = [float(word) for word in sys.argv[1:]]
    wanted = [*given, *(CALLS, CALLS_A_SECOND)[len(given) :]]
    sys.exit(main(int(wanted[0]), wanted[1]))
