"""FastAGI round trips under load beside bare sockets: same peers, same machine, same run.

    python -m benchmarks.agi

Asterisk's side is played by another process: 50 calls at once, each answering at once whatever it is asked.
Our side sets 200 variables a call, once by a script of the FastAGI server, once by bare sends and receives in
an equal number of threads. Printed are round trips a second of both and their ratio (1.00: AGI is free).

Then one call alone, beside a thread that computes without a pause, as the one does that reads events: once
with the short turns of `hotline ivr`, once with Python's own. Printed is the ratio of the 95th percentiles.
"""

import json
import multiprocessing
import socket
import socketserver
import statistics
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from ivr.agi.script import AgiCall
from ivr.agi.server import TURN_SECONDS, AgiServer

CALLS = 50
ROUND_TRIPS = 200
ROUNDS = 5
LIMIT = 5.0
TURNS_LIMIT = 0.5
PYTHONS_TURN = 0.005
HEADER = b"agi_network: yes\nagi_network_script: talk\nagi_uniqueid: 1700000000.1\n\n"
ANSWER = b"200 result=1\n"
COMMAND = b'SET VARIABLE "TICKET" "1234"\n'


class Talk:
    """Sets variables and notes how long each took, in seconds."""

    name = "talk"

    def __init__(self) -> None:
        self.latencies: list[float] = []

    def execute(self, call: AgiCall) -> None:
        for _ in range(ROUND_TRIPS):
            begun = time.perf_counter()
            call.write_variable("TICKET", "1234")
            self.latencies.append(time.perf_counter() - begun)


class _Bare(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        """The same bytes without any AGI."""
        self.request.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.request.recv(4096)
        for _ in range(ROUND_TRIPS):
            self.request.sendall(COMMAND)
            self.request.recv(4096)


class _BareServer(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 512


def answer_all(port: int) -> None:
    """One call: greet, then answer every line until the other side is done."""
    with socket.create_connection(("127.0.0.1", port)) as peer:
        peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        peer.sendall(HEADER)
        while peer.recv(4096):
            peer.sendall(ANSWER)


def load(port: int) -> None:
    """All calls at once; ends when every one has ended."""
    with ThreadPoolExecutor(CALLS) as pool:
        list(pool.map(answer_all, [port] * CALLS))


def trips_per_second(port: int) -> float:
    """Round trips a second under the load, start of the playing process left out."""
    ready = multiprocessing.get_context("spawn").Pool(1)
    with ready as pool:
        pool.apply(time.time)
        begun = time.perf_counter()
        pool.apply(load, (port,))
        return CALLS * ROUND_TRIPS / (time.perf_counter() - begun)


def beside_a_busy_thread(play: Callable[[], object], talk: Talk, turn_seconds: float) -> list[float]:
    """The latencies of the one call that `play` makes, in seconds."""
    before, over = len(talk.latencies), threading.Event()

    def compute() -> None:
        while not over.is_set():
            json.loads('{"a packet": [1, 2, 3]}')

    busy = threading.Thread(target=compute)
    sys.setswitchinterval(turn_seconds)
    busy.start()
    try:
        play()
    finally:
        over.set()
        busy.join()
        sys.setswitchinterval(PYTHONS_TURN)
    return talk.latencies[before:]


def turns(port: int, talk: Talk) -> tuple[float, float]:
    """The 95th percentile beside a busy thread, in seconds: with our turns, and with Python's."""
    found: dict[float, list[float]] = {TURN_SECONDS: [], PYTHONS_TURN: []}
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        for _ in range(ROUNDS):
            for turn_seconds, latencies in found.items():
                play = partial(pool.apply, answer_all, (port,))
                latencies += beside_a_busy_thread(play, talk, turn_seconds)
    ours, pythons = (statistics.quantiles(found[one], n=20)[-1] for one in (TURN_SECONDS, PYTHONS_TURN))
    return ours, pythons


def main() -> int:
    """Measure, print, and fail beyond the limits."""
    talk = Talk()
    ours = AgiServer(("127.0.0.1", 0), [talk])
    ours.start()
    bare = _BareServer(("127.0.0.1", 0), _Bare)
    threading.Thread(target=bare.serve_forever, daemon=True).start()
    speeds, bare_speeds = [], []
    for _ in range(ROUNDS):
        bare_speeds.append(trips_per_second(bare.server_address[1]))
        speeds.append(trips_per_second(ours.port))
    bare.shutdown()
    bare.server_close()
    median, worst = (statistics.quantiles(talk.latencies, n=100)[place] * 1000 for place in (49, 98))
    quick, slow = turns(ours.port, talk)
    ours.stop()
    ratio = statistics.median(bare_speeds) / statistics.median(speeds)
    print(f"bare sockets  {statistics.median(bare_speeds):8.0f} round trips a second")
    print(f"FastAGI       {statistics.median(speeds):8.0f} round trips a second, {CALLS} calls at once")
    print(f"latency       {median:8.2f} ms median, {worst:.2f} ms p99")
    print(f"beside a busy thread: p95 {quick * 1000:.2f} ms, with Python's own turns {slow * 1000:.2f} ms")
    good = ratio <= LIMIT and quick / slow <= TURNS_LIMIT
    print(
        f"agi: {'good' if good else 'MISSED'}; ratio {ratio:.2f} (limit {LIMIT:.2f}), "
        f"of the turns {quick / slow:.2f} (limit {TURNS_LIMIT:.2f})"
    )
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
