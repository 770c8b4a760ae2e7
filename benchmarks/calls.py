"""How many recorded calls at once: through the whole entrance, beside a bare dialplan on the same machine.

    python -m benchmarks.calls [LEAST] [MOST]

SIPp dials; each caller speaks a tone without a gap, is recorded and hears the same prompts and music: once in
a bare dialplan (answer, record, play), once through the hotline (intake into the database, greeting, queue).
A number of calls is held if no call fails, each is recorded, and no recording has a gap of more than 60 ms.
Meanwhile a script in the entrance's own process measures the round trips of FastAGI, and in turns with them
those of a bare socket to another process: what the machine itself takes at that load. Printed are the
greatest numbers held, their ratio and the round trips' 99th percentile, each beside its goal, and the
processors that Asterisk used. The last round of the hotline's is the one whose round trips count.
"""

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sqlalchemy import func, select

from benchmarks._load import callers, longest_gap
from hotline.calls.models import Call
from hotline.config import Settings
from hotline.database import Database
from ivr.ami.client import AmiConnection
from ivr.control import ami_account
from ivr.pbx import Pbx, prepare
from tests.ports import free_port
from tests.telephony.conftest import private_settings
from tests.waiting import until

LEAST, MOST, STEP = 300, 460, 20
CALLS_A_SECOND = 15
STAY_SECONDS = 12.0
LONGEST_GAP = 0.060
GOAL_RATIO, GOAL_CALLS = 0.95, 300
ROUND_TRIP_GOAL = 0.005
BARE = "5550000"
_BARE_DIALPLAN = """
[from-trunk](+)
exten => {number},1,Answer()
 same => n,Set(DIR={spool}/bare/${{UNIQUEID}})
 same => n,MixMonitor(${{DIR}}/mix.wav,r(${{DIR}}/caller.wav))
 same => n,Playback(greeting&recording-notice)
 same => n,MusicOnHold()
"""


@dataclass
class Bench:
    """The hotline under load."""

    folder: Path
    settings: Settings
    pbx: Pbx
    processors: float = 0.0
    """How many Asterisk kept busy during the last calls."""

    def holds(self, dialled: str, calls: int) -> bool:
        """Whether so many calls at once go well; says what came of them."""
        before = set(self.settings.spool_dir.rglob("caller.wav"))
        seconds = calls / CALLS_A_SECOND + STAY_SECONDS
        stop = threading.Event()
        timing = threading.Thread(target=self._time_scripts, args=(seconds - STAY_SECONDS / 2, stop))
        timing.start()
        used, begun = self.pbx.processor_seconds(), time.monotonic()
        failed = callers(self.folder, self.settings, dialled, calls, CALLS_A_SECOND, seconds).wait()
        stop.set()
        timing.join()
        self.processors = (self.pbx.processor_seconds() - used) / (time.monotonic() - begun)
        tracks = set(self.settings.spool_dir.rglob("caller.wav")) - before
        gap = max((longest_gap(track) for track in tracks), default=float("inf"))
        held = not failed and len(tracks) == calls and gap <= LONGEST_GAP
        name = "bare" if dialled == BARE else "hotline"
        print(
            f"{name}: {calls} calls, SIPp's status {failed}, {len(tracks)} recorded, "
            f"longest gap {gap * 1000:.0f} ms: {'held' if held else 'not held'}; "
            f"Asterisk used {self.processors:.2f} processors",
            flush=True,
        )
        return held

    def _time_scripts(self, after: float, stop: threading.Event) -> None:
        """A script on a channel of its own, once all calls are there."""
        if stop.wait(after):
            return
        with AmiConnection(ami_account(self.settings)) as asterisk:
            order = {
                "Channel": "Local/s@timed-scripts/n",
                "Application": "Wait",
                "Data": "30",
                "Async": "true",
            }
            asterisk.ask("Originate", order)


def main(least: int, most: int) -> int:
    """Exit status 0 if every goal is reached."""
    with tempfile.TemporaryDirectory(prefix="calls.") as name:
        folder = Path(name)
        settings = private_settings(folder, queue_timeout_seconds=600)
        database = Database(settings.database)
        database.upgrade()
        pbx, results, port = (
            Pbx(prepare(settings, [])),
            folder / "trips.json",
            free_port(socket.SOCK_STREAM, "127.0.0.1"),
        )
        _extend_dialplan(pbx, settings, port)
        with pbx:
            bench, entrance = Bench(folder, settings, pbx), _entrance(settings, port, results)
            try:
                until(lambda: "hotline" in pbx.control("manager show connected"), 60, "the entrance")
                bare = _greatest(lambda calls: bench.holds(BARE, calls), least, most)
                ours = _greatest(lambda calls: bench.holds(settings.hotline_number, calls), least, most)
            finally:
                entrance.send_signal(signal.SIGTERM)
                entrance.wait(30)
        with database.reading() as session:
            opened = session.scalar(select(func.count()).select_from(Call)) or 0
        return _judge(bare, ours, opened, json.loads(results.read_text()))


def _judge(bare: int, ours: int, opened: int, trips: dict[str, list[float]]) -> int:
    ratio = ours / bare if bare else 0.0
    print(f"{opened} calls opened in the database")
    for name, spans in trips.items():
        p50, p95, p99 = np.percentile(spans, (50, 95, 99)) * 1000
        print(f"round trips, {name}: {len(spans)}, p50 {p50:.2f}, p95 {p95:.2f}, p99 {p99:.2f} ms")
    if not trips:
        print("calls: MISSED; no script was timed")
        return 1
    slowest, usual = (float(np.percentile(trips[name], 99)) for name in ("fastagi", "bare"))
    good = ours >= GOAL_CALLS and ratio >= GOAL_RATIO and slowest < ROUND_TRIP_GOAL
    print(
        f"calls: {'good' if good else 'MISSED'}; {ours} at once beside {bare} bare, ratio {ratio:.2f} "
        f"(goals {GOAL_CALLS}, {GOAL_RATIO}); FastAGI p99 {slowest * 1000:.1f} ms "
        f"(goal < {ROUND_TRIP_GOAL * 1000:.0f} ms), {slowest / usual:.1f} times a bare socket's"
    )
    return 0 if good else 1


def _greatest(holds: Callable[[int], bool], least: int, most: int) -> int:
    """The greatest number held, by halving; 0 if not even the least is."""
    numbers = list(range(least, most + 1, STEP))
    if not holds(numbers[0]):
        return 0
    low, high = 0, len(numbers)
    while high - low > 1:
        middle = (low + high) // 2
        if holds(numbers[middle]):
            low = middle
        else:
            high = middle
    return numbers[low]


def _extend_dialplan(pbx: Pbx, settings: Settings, scripts_port: int) -> None:
    path = pbx.instance.folder / "conf" / "extensions.conf"
    timed = f"[timed-scripts]\nexten => s,1,Answer()\n same => n,AGI(agi://127.0.0.1:{scripts_port}/timed)\n"
    bare = _BARE_DIALPLAN.format(number=BARE, spool=settings.spool_dir)
    path.write_text(path.read_text() + bare + timed)


def _entrance(settings: Settings, port: int, results: Path) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [sys.executable, "-m", "benchmarks._entrance", str(port), str(results)],
        env=os.environ | settings.environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


if __name__ == "__main__":
    given = [int(word) for word in sys.argv[1:3]]
    sys.exit(main(*[*given, *(LEAST, MOST)[len(given) :]]))
