"""Real-time factor of our recogniser beside bare Vosk: same model, same audio, same run.

    python -m benchmarks.recogniser [MODEL]

Speaks for about two minutes by espeak-ng through G.711, lets both transcribe it in turns, and prints
processor seconds a second of audio for each and their ratio (1.00: our layer costs nothing). The exit status
is 1 beyond the limit.
"""

import json
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import soxr
import vosk
from numpy.typing import NDArray

from hotline.config import Settings
from recordings.recogniser import Recogniser
from tests.unit.recordings.speech import spoken

ROUNDS = 5
LIMIT = 1.10
SENTENCES = (
    "您好，我想反映一下我们小区门口的路灯坏了一个星期了，晚上出门特别不方便",
    "请问医保报销需要什么材料，去哪里办",
    "楼下的饭店油烟太大，我们都不敢开窗户，希望城管尽快处理",
    "我的电话是13964285701，谢谢，再见",
)


def bare(model: vosk.Model, rate: int, samples: NDArray[np.int16]) -> str:
    """What somebody writes who uses Vosk directly."""
    recognizer = vosk.KaldiRecognizer(model, rate)
    recognizer.SetWords(True)
    content = samples.tobytes()
    blocks = (content[start : start + 4000] for start in range(0, len(content), 4000))
    texts = [json.loads(recognizer.Result())["text"] for block in blocks if recognizer.AcceptWaveform(block)]
    return " ".join([*texts, json.loads(recognizer.FinalResult())["text"]])


def seconds(work: Callable[[], object]) -> float:
    """Processor time of the work."""
    begun = time.process_time()
    work()
    return time.process_time() - begun


def main() -> int:
    """Measure, print, and fail beyond the limit."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Settings().vosk_model
    recogniser = Recogniser(folder)
    samples = np.concatenate([spoken(sentence) for sentence in SENTENCES] * 5)
    model = vosk.Model(str(folder))
    length = len(samples) / 8000
    audio = np.asarray(soxr.resample(samples, 8000, recogniser.rate), np.int16)
    ours, theirs = [], []
    for _ in range(ROUNDS):
        theirs.append(seconds(lambda: bare(model, recogniser.rate, audio)) / length)
        ours.append(seconds(lambda: recogniser.transcribe(audio, recogniser.rate)) / length)
    mine, plain = statistics.median(ours), statistics.median(theirs)
    print(f"{length:.0f} s of speech, model {recogniser.name}, median of {ROUNDS} rounds")
    ratio = mine / plain
    times = f"ours {mine:.4f}, bare Vosk {plain:.4f}"
    print(f"real-time factor: {times}, ratio {ratio:.2f} (limit {LIMIT:.2f})")
    return 0 if ratio <= LIMIT else 1


if __name__ == "__main__":
    sys.exit(main())
