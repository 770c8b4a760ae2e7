"""`hotline ivr` with one script more, which times round trips of FastAGI from inside that very process.

    python -m benchmarks._entrance PORT RESULTS

Whatever holds up the hotline's own scripts (the reader of events, the reconciler, a lock of Python's) holds
up this one. In turns with each command a bare socket is asked something. RESULTS gets both, in seconds, as
JSON.
"""

import json
import signal
import sys
import threading
import time
from pathlib import Path

from benchmarks._echo import Echo, echo
from hotline import journal
from hotline.config import load_settings
from hotline.context import Context
from ivr.agi.script import AgiCall
from ivr.agi.server import AgiServer, take_short_turns
from ivr.service import run

ROUND_TRIPS = 500


class Timed:
    """Reads a variable again and again, and notes how long each took; and the bare socket's."""

    name = "timed"

    def __init__(self, bare: Echo) -> None:
        self._bare = bare
        self.found: dict[str, list[float]] = {}

    def execute(self, call: AgiCall) -> None:
        """The last run counts."""
        trips, bare = list[float](), list[float]()
        self.found = {"fastagi": trips, "bare": bare}
        for _ in range(ROUND_TRIPS):
            begun = time.perf_counter()
            call.read_variable("EPOCH")
            trips.append(time.perf_counter() - begun)
            bare.append(self._bare.round_trip())


def main(port: int, results: Path) -> None:
    """Serve until SIGTERM, then write what was found."""
    journal.start("ivr")
    take_short_turns()
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda number, frame: stop.set())
    with echo() as peer:
        timed = Timed(peer)
        scripts = AgiServer(("127.0.0.1", port), [timed])
        scripts.start()
        run(Context.of(load_settings()), stop)
        scripts.stop()
    results.write_text(json.dumps(timed.found))


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
