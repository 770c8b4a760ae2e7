"""What the recogniser hears of a sentence said by a voice held out of training, through G.711; cached.

The cache lies in `var/` (never in the repository) and is keyed by the model, the sentence and the voice.
"""

import hashlib
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random

import numpy as np

from hotline.config import Settings
from hotline.language.pinyin import speakable
from hotline.transcripts.service import SpokenSegment
from recordings.recogniser import Recogniser
from recordings.training import telephone
from recordings.training.espeak import Delivery, Espeak
from recordings.training.speech import HELD_OUT_VARIANTS, voice_name

SEED = 2718


def hear(sentences: Sequence[str], model: Path | None = None) -> Iterator[list[SpokenSegment]]:
    """The segments of every sentence, in order."""
    settings = Settings()
    recogniser = Recogniser(model or settings.vosk_model)
    cache = settings.state_dir / "heard"
    cache.mkdir(parents=True, exist_ok=True)
    rng, espeak = Random(SEED), Espeak()
    for number, sentence in enumerate(sentences):
        variant = HELD_OUT_VARIANTS[number % len(HELD_OUT_VARIANTS)]
        delivery = Delivery(voice_name(variant), rng.randint(150, 195), rng.randint(38, 62))
        key = hashlib.sha256(f"{recogniser.sha256} {delivery} {sentence}".encode()).hexdigest()
        kept = cache / f"{key}.json"
        if not kept.exists():
            heard = _heard(recogniser, espeak, sentence, delivery, ("mu", "a")[number % 2])
            kept.write_text(json.dumps([vars(segment) for segment in heard], ensure_ascii=False), "utf-8")
        yield [SpokenSegment(**segment) for segment in json.loads(kept.read_text("utf-8"))]


def _heard(
    recogniser: Recogniser, espeak: Espeak, sentence: str, delivery: Delivery, law: str
) -> list[SpokenSegment]:
    samples, _ = espeak.say(speakable(sentence), delivery)
    line = telephone.band_limited(telephone.to_telephone_rate(samples, espeak.rate), 300, 3400)
    quiet = np.zeros(telephone.RATE // 2)
    signal = np.concatenate([quiet, telephone.through_g711(telephone.with_peak(line, 16_000), law), quiet])
    return recogniser.transcribe(np.clip(np.round(signal), -32768, 32767).astype(np.int16), telephone.RATE)
