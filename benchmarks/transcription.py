"""How much of bare Vosk's speed is left in our workers, and how much faster two of them are than one.

    python -m benchmarks.transcription [MODEL]

Calls are spoken by espeak-ng, coded with G.711 and laid into a spool. The same tracks are then transcribed,
in turns: by bare Vosk in one process on one core, by one worker of ours (claims, table, silence check, index
and all) on the same core, and by two workers on two cores. Every process has the model before its clock
begins.
Seconds of audio a second of the wall clock; medians of the rounds. One line at the end; the exit status is 1
when a goal is missed. Needs two cores that nobody else uses.
"""

import json
import logging
import multiprocessing
import os
import shutil
import statistics
import sys
import tempfile
import time
import wave
from collections.abc import Callable
from pathlib import Path

import numpy as np
import soxr
import structlog
import vosk

from hotline.calls.service import open_call
from hotline.clock import SystemClock
from hotline.config import Settings
from hotline.context import Context
from hotline.database import Database
from hotline.transcripts.models import Speaker
from hotline.transcripts.service import TrackFile, register_recording
from recordings.recogniser import Recogniser
from recordings.speech_models import Models
from recordings.tracks import Spool
from recordings.transcriber import Transcriber
from tests.unit.recordings.speech import spoken

CALLS = 8
ROUNDS = 3
BARE_GOAL = 0.95
TWO_GOAL = 1.8
SENTENCES = (
    "您好，我想反映一下我们小区门口的路灯坏了一个星期了，晚上出门特别不方便",
    "请问医保报销需要什么材料，去哪里办",
    "楼下的饭店油烟太大，我们都不敢开窗户，希望城管尽快处理",
    "我的电话是13964285701，谢谢，再见",
)
_FORKING = multiprocessing.get_context("fork")


def main() -> int:
    """Exit status 0 if both goals are reached."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Settings().vosk_model
    cores = sorted(os.sched_getaffinity(0))[:2]
    if len(cores) < 2:
        print("two cores are needed")
        return 1
    recogniser, model = Recogniser(folder), vosk.Model(str(folder))
    with tempfile.TemporaryDirectory(prefix="transcription.") as place:
        spool, tracks, seconds = _speak(Path(place) / "spool")
        template = _template(Path(place), spool, tracks)

        def bare() -> float:
            return _timed([cores[0]], lambda: _bare(model, recogniser.rate, spool, tracks))

        def ours(on: list[int]) -> float:
            database = Path(place) / "now.sqlite"
            for leftover in Path(place).glob("now.sqlite*"):
                leftover.unlink()
            shutil.copyfile(template, database)
            return _timed(on, lambda: _work(recogniser, spool, database))

        speeds: dict[str, list[float]] = {"bare": [], "one": [], "two": []}
        for _ in range(ROUNDS):
            speeds["bare"].append(seconds / bare())
            speeds["one"].append(seconds / ours(cores[:1]))
            speeds["two"].append(seconds / ours(cores))
    return _judge(seconds, speeds)


def _judge(seconds: float, speeds: dict[str, list[float]]) -> int:
    plain, one, two = (statistics.median(speeds[name]) for name in ("bare", "one", "two"))
    good = one / plain >= BARE_GOAL and two / one >= TWO_GOAL
    print(
        f"transcription: {seconds:.0f} s of audio; a second: bare Vosk {plain:.1f} s, "
        f"one worker {one:.1f} s, ratio {one / plain:.2f} (goal >= {BARE_GOAL}); "
        f"two workers {two:.1f} s, {two / one:.2f} times one (goal >= {TWO_GOAL}): "
        f"{'reached' if good else 'MISSED'}"
    )
    return 0 if good else 1


def _speak(root: Path) -> tuple[Path, list[str], float]:
    """A spool with one track of some 30 seconds a call; their paths, and their seconds together."""
    samples = np.concatenate([spoken(sentence) for sentence in SENTENCES])
    tracks = []
    for number in range(CALLS):
        track = f"2026/11/21/{1_700_000_000 + number}.1/caller.wav"
        (root / track).parent.mkdir(parents=True)
        with wave.open(str(root / track), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(8000)
            file.writeframes(np.roll(samples, number * 4000).astype("<i2").tobytes())
        tracks.append(track)
    return root, tracks, CALLS * len(samples) / 8000


def _template(place: Path, spool: Path, tracks: list[str]) -> Path:
    """A database in which every call waits for its transcript."""
    path = place / "template.sqlite"
    context = _context(path, spool)
    context.database.upgrade()
    for track in tracks:
        linkedid = track.split("/")[3]
        open_call(context, linkedid, "13800001234", "12345")
        register_recording(
            context, linkedid, track.rpartition("/")[0], [TrackFile(Speaker.CALLER, track, 30.0)]
        )
    context.database.dispose()  # the last connection to close writes the log back into the file
    return path


def _context(database: Path, spool: Path) -> Context:
    places = {"state_dir": database.parent, "spool_dir": spool, "database_url": f"sqlite:///{database}"}
    settings = Settings(**places)  # type: ignore[arg-type]
    return Context(Database(settings.database), SystemClock(), settings)


def _bare(model: vosk.Model, rate: int, spool: Path, tracks: list[str]) -> None:
    """What somebody writes who uses Vosk directly."""
    for track in tracks:
        with wave.open(str(spool / track)) as file:
            content = file.readframes(file.getnframes())
        if rate != 8000:
            content = np.asarray(soxr.resample(np.frombuffer(content, "<i2"), 8000, rate), np.int16).tobytes()
        recognizer = vosk.KaldiRecognizer(model, rate)
        recognizer.SetWords(True)
        for start in range(0, len(content), 4000):
            if recognizer.AcceptWaveform(content[start : start + 4000]):
                json.loads(recognizer.Result())
        json.loads(recognizer.FinalResult())


def _work(recogniser: Recogniser, spool: Path, database: Path) -> None:
    """A worker, until nothing is due."""
    worker = Transcriber(_context(database, spool), Models(recogniser), Spool(spool), f"bench:{os.getpid()}")
    while worker.run_once():
        pass


def _timed(cores: list[int], work: Callable[[], None]) -> float:
    """Seconds until a process on each of the cores has done the work; forked, so each has the model."""
    ready, go = _FORKING.Barrier(len(cores) + 1), _FORKING.Event()

    def process(core: int) -> None:
        os.sched_setaffinity(0, {core})
        ready.wait()
        go.wait()
        work()

    processes = [_FORKING.Process(target=process, args=(core,)) for core in cores]
    for one in processes:
        one.start()
    ready.wait()
    begun = time.monotonic()
    go.set()
    for one in processes:
        one.join()
        if one.exitcode:
            raise RuntimeError(f"a process ended with {one.exitcode}")
    return time.monotonic() - begun


if __name__ == "__main__":
    sys.exit(main())
