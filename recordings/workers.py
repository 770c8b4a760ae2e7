"""Several transcribers on one machine: processes that share the memory of one loaded model."""

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable
from multiprocessing.context import ForkProcess

import structlog

_log = structlog.get_logger()
_LOOK_SECONDS = 0.5
_END_SECONDS = 60.0


def run_workers(count: int, work: Callable[[threading.Event], None], stop: threading.Event) -> None:
    """Fork `count` processes that do `work` until `stop`; one that dies is replaced.

    Forked after the model is loaded, they share its pages. SIGTERM to this process ends them, each after the
    recording that it has begun; they end with this process, however it ends.
    """
    forking = multiprocessing.get_context("fork")
    parent = os.getpid()
    workers: list[ForkProcess] = []
    while not stop.wait(_LOOK_SECONDS if workers else 0):
        for dead in [worker for worker in workers if not worker.is_alive()]:
            _log.error("transcriber.worker_died", exit_code=dead.exitcode)
            workers.remove(dead)
        while len(workers) < count:
            worker = forking.Process(target=_serve, args=(work, parent), daemon=True)
            worker.start()
            workers.append(worker)
    for worker in workers:
        worker.terminate()
    for worker in workers:
        worker.join(_END_SECONDS)


def _serve(work: Callable[[threading.Event], None], parent: int) -> None:
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    signal.signal(signal.SIGINT, signal.SIG_IGN)

    def watch() -> None:
        while os.getppid() == parent and not stop.wait(_LOOK_SECONDS):
            pass
        stop.set()

    threading.Thread(target=watch, daemon=True).start()
    work(stop)
