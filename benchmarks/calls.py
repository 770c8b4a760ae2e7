"""Calls through the whole entrance: answer, intake into the database, greeting, recording, queue.

    python -m benchmarks.calls [CALLS] [CALLS_A_SECOND]

A second Asterisk dials the hotline on this machine; every caller stays until the queue has them. Printed are
how many calls were queued, became tickets and were recorded; how long callers waited for the answer, and what
the intake adds between answer and queue beyond the prompts themselves (95th percentiles, beside their
limits); and Asterisk's processor time.
"""

import csv
import logging
import statistics
import sys
import tempfile
import threading
import time
from collections import defaultdict
from datetime import datetime
from pathlib import Path

import structlog
from sqlalchemy import func, select

from hotline.calls.models import Call
from hotline.clock import SystemClock
from hotline.config import Settings
from hotline.context import Context
from hotline.database import Database
from ivr import service
from ivr.network import NetworkCall, TelephoneNetwork, listen
from ivr.pbx import Pbx, channel_events_file, prepare
from ivr.prompts import sounds_folder
from tests.telephony.conftest import private_settings
from tests.telephony.sounds import RATE, read_wave

CALLS = 60
CALLS_A_SECOND = 5.0
STAY_SECONDS = 9.0
ANSWER_LIMIT = 1.0
INTAKE_LIMIT = 1.0


def main(calls: int, rate: float) -> int:
    """Exit status 0 if nothing was lost and both limits are held."""
    with tempfile.TemporaryDirectory(prefix="calls.") as folder:
        settings = private_settings(Path(folder), queue_timeout_seconds=300)
        database = Database(settings.database)
        database.upgrade()
        context = Context(database, SystemClock(), settings)
        stop = threading.Event()
        entrance = threading.Thread(target=service.run, args=(context, stop))
        with Pbx(prepare(settings, [])) as pbx, TelephoneNetwork(settings) as network:
            entrance.start()
            for call in _place(network, calls, rate):
                call.wait_ended(60)
            _say_load(pbx, calls)
            stop.set()
            entrance.join()
        return _judge(context, calls)


def _place(network: TelephoneNetwork, calls: int, rate: float) -> list[NetworkCall]:
    placed = []
    begun = time.monotonic()
    for number in range(calls):
        time.sleep(max(0.0, begun + number / rate - time.monotonic()))
        placed.append(network.citizen_calls(f"139{number:08d}", listen(STAY_SECONDS)))
    return placed


def _say_load(pbx: Pbx, calls: int) -> None:
    spent = pbx.processor_seconds()
    print(
        f"Asterisk's processor time: {spent:.1f} s, {spent / calls / STAY_SECONDS:.4f} s a second of a call"
    )


def _judge(context: Context, calls: int) -> int:
    answer, intake = _delays(context.settings)
    with context.reading() as session:
        opened = session.scalar(select(func.count()).select_from(Call)) or 0
    recorded = sum(len(read_wave(path)) > RATE for path in context.settings.spool_dir.rglob("caller.wav"))
    print(f"of {calls} calls: queued {len(intake)}, opened in the database {opened}, recorded {recorded}")
    print(f"answer p95 {answer:.3f} s, ratio to its limit {answer / ANSWER_LIMIT:.2f}")
    added = statistics.quantiles(intake, n=20)[-1]
    print(f"intake p95 {added:.3f} s, ratio to its limit {added / INTAKE_LIMIT:.2f}")
    complete = len(intake) == opened == recorded == calls
    return 0 if complete and answer < ANSWER_LIMIT and added < INTAKE_LIMIT else 1


def _delays(settings: Settings) -> tuple[float, list[float]]:
    """95th percentile from a call's coming to its answer; and from there to the queue, less the prompts."""
    prompts = [sounds_folder(settings) / "zh" / f"{name}.wav" for name in ("greeting", "recording-notice")]
    spoken = sum(len(read_wave(prompt)) for prompt in prompts) / RATE
    moments: dict[str, dict[str, datetime]] = defaultdict(dict)
    with channel_events_file(settings).open(newline="") as file:
        for linkedid, _, event, at, *_ in csv.reader(file):
            moments[linkedid].setdefault(event, datetime.fromisoformat(at))
    answers = [(told["ANSWER"] - told["CHAN_START"]).total_seconds() for told in moments.values()]
    queued = [told for told in moments.values() if "APP_START" in told]
    intake = [(told["APP_START"] - told["ANSWER"]).total_seconds() - spoken for told in queued]
    return statistics.quantiles(answers, n=20)[-1], intake


if __name__ == "__main__":
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    given = [float(word) for word in sys.argv[1:]]
    wanted = [*given, *(CALLS, CALLS_A_SECOND)[len(given) :]]
    sys.exit(main(int(wanted[0]), wanted[1]))
