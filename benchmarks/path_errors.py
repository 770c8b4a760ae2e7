"""What the way from a telephone to a transcript adds to the character errors of bare Vosk.

    python -m benchmarks.path_errors [MODEL]

Citizens say sentences that nobody prepared over real SIP (G.711) to agents; the track that Asterisk has made
of each citizen goes through our worker's reading and recogniser. Bare Vosk hears the same samples as they
were spoken (8 kHz, clean), and again after G.711 alone. Points are errors for a hundred characters that were
said. One line at the end; the exit status is 1 when a goal is missed. Needs a machine that does nothing else:
packets that come late are lost words.
"""

import json
import subprocess
import sys
import tempfile
import wave
from functools import partial
from pathlib import Path

import numpy as np
import vosk
from numpy.typing import NDArray

from hotline.config import PROJECT_ROOT, Settings
from hotline.language.pinyin import VOICE, speakable
from ivr.network import Phone, TelephoneNetwork, complain, talk_as_agent
from ivr.pbx import Pbx, prepare, seats_of
from recordings.accuracy import character_errors, spoken_characters
from recordings.recogniser import Recogniser, join_words
from recordings.tracks import Spool, parse_wav
from recordings.training.telephone import RATE, band_limited, through_g711, to_telephone_rate, with_peak
from recordings.transcriber import hear
from tests.telephony.conftest import private_settings
from tests.telephony.sounds import shorten_greeting
from tests.waiting import until

SENTENCES = 36
CALLS = 3  # at once, so that all of it takes little more than a minute
CLEAN_GOAL = 2.0
CODED_GOAL = 0.5
_PAUSE_S = 0.6
_PEAK = 16_000


def main() -> int:
    """Exit status 0 if both goals are reached."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Settings().vosk_model
    sentences = (PROJECT_ROOT / "recordings/training/unprepared.txt").read_text("utf-8").split()[:SENTENCES]
    clean = [_clean(sentence) for sentence in sentences]
    size = -(-len(clean) // CALLS)
    parts = [clean[begin : begin + size] for begin in range(0, len(clean), size)]
    with tempfile.TemporaryDirectory(prefix="path-errors.") as place:
        heard = _talk(Path(place), parts, folder)
    model = vosk.Model(str(folder))
    whole = [np.concatenate(part) for part in parts]
    coded = [np.asarray(through_g711(part.astype(np.float64), "a"), np.int16) for part in whole]
    texts = {
        "clean": "".join(_bare(model, part) for part in whole),
        "coded": "".join(_bare(model, part) for part in coded),
        "path": heard,
    }
    return _judge("".join(sentences), texts)


def _judge(said: str, texts: dict[str, str]) -> int:
    reference = spoken_characters(said)
    points = {
        name: 100 * character_errors(reference, spoken_characters(text)) / len(reference)
        for name, text in texts.items()
    }
    over_clean, over_coded = points["path"] - points["clean"], points["path"] - points["coded"]
    good = over_clean < CLEAN_GOAL and over_coded < CODED_GOAL
    print(
        f"path errors: {len(reference)} characters; bare Vosk {points['clean']:.2f} % clean, "
        f"{points['coded']:.2f} % after G.711; the whole path {points['path']:.2f} %: "
        f"{over_clean:+.2f} points over clean (goal < {CLEAN_GOAL}), {over_coded:+.2f} over G.711 "
        f"(goal < {CODED_GOAL}): {'reached' if good else 'MISSED'}"
    )
    return 0 if good else 1


def _clean(sentence: str) -> NDArray[np.int16]:
    """The sentence at 8 kHz in the band of a telephone, with a pause behind it."""
    words = ["espeak-ng", "-v", VOICE, "--stdin", "--stdout"]
    spoken = subprocess.run(words, input=speakable(sentence).encode(), capture_output=True, check=True)
    audio = parse_wav(spoken.stdout)
    line = with_peak(band_limited(to_telephone_rate(audio.samples, audio.rate), 300, 3400), _PEAK)
    return np.concatenate([line, np.zeros(round(_PAUSE_S * RATE))]).astype(np.int16)


def _bare(model: vosk.Model, samples: NDArray[np.int16]) -> str:
    """What somebody gets who uses Vosk directly. The model must be one for 8 kHz."""
    recognizer = vosk.KaldiRecognizer(model, float(RATE))
    content = samples.tobytes()
    blocks = (content[start : start + 4000] for start in range(0, len(content), 4000))
    texts = [json.loads(recognizer.Result())["text"] for block in blocks if recognizer.AcceptWaveform(block)]
    texts.append(json.loads(recognizer.FinalResult())["text"])
    return join_words(" ".join(texts).split())


def _talk(place: Path, parts: list[list[NDArray[np.int16]]], model: Path) -> str:
    """The text of the citizens' tracks after a call for each part, all at once, in the parts' order."""
    settings = private_settings(place, queue_timeout_seconds=120, wrap_up_seconds=0)
    shorten_greeting(settings.state_dir)
    seats = seats_of([f"100{number}" for number in range(1, len(parts) + 1)], settings.secrets.sip)
    with Pbx(prepare(settings, seats)) as pbx, TelephoneNetwork(settings) as network:
        calls, tracks = [], []
        for number, (seat, part) in enumerate(zip(seats, parts, strict=True)):
            files = [_written(place / f"{number}-{at}.wav", samples) for at, samples in enumerate(part)]
            phone = network.agent_phone(seat.extension, seat.password, talk_as_agent([]))
            pbx.control(f"queue add member PJSIP/{seat.desk} to hotline")
            begun = set(settings.spool_dir.rglob("caller.wav"))
            citizen = complain(files, until=partial(_answered, phone), before_hanging_up=lambda: True)
            calls.append(network.citizen_calls(f"1380000123{number}", citizen))
            tracks.append(until(partial(_another, settings.spool_dir, begun), 20, "the citizen's track"))
            until(partial(_answered, phone), 30, "the agent's answer")
        for call in calls:
            call.wait_ended(300)
        until(lambda: "0 active channels" in pbx.control("core show channels count"), 20, "the end")
    paths = {at: str(track.relative_to(settings.spool_dir)) for at, track in enumerate(tracks)}
    heard = hear(Recogniser(model), Spool(settings.spool_dir), paths, lambda: None)
    return "".join(segment.text for at in paths for segment in heard.get(at, ()))


def _answered(phone: Phone) -> bool:
    return bool(phone.answered)


def _another(spool: Path, begun: set[Path]) -> Path | None:
    return next(iter(set(spool.rglob("caller.wav")) - begun), None)


def _written(path: Path, samples: NDArray[np.int16]) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(samples.astype("<i2").tobytes())
    return path


if __name__ == "__main__":
    sys.exit(main())
