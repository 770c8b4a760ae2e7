"""What callers are told of the wait: one sound for each place and time, found by a language of its own."""

from pathlib import Path

import numpy as np
import pytest

from hotline.config import Settings
from hotline.prompts.texts import known_prompts
from ivr.prompts.render import sounds_folder
from ivr.prompts.waits import PROMPT, base_of, ensure_wait
from ivr.prompts.wave_files import write_wave


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Every prompt is a tenth of a second of silence."""
    settings = Settings(state_dir=tmp_path)
    for language in ("zh", "en"):
        folder = sounds_folder(settings) / language
        folder.mkdir(parents=True)
        for prompt in known_prompts(language):
            write_wave(folder / f"{prompt}.wav", np.zeros(800))
    return settings


@pytest.mark.parametrize(
    ("language", "base"),
    [("zh", "zh"), ("en_slow", "en_slow"), ("zh_wait_3_5", "zh"), ("zh_slow_wait_12_", "zh_slow")],
)
def test_the_language_before_anything_was_told(language: str, base: str) -> None:
    assert base_of(language) == base


@pytest.mark.parametrize("language", ["", "../zh", "zh/..", "ZH", "zh_wait_a_b/x"])
def test_odd_languages_are_refused(settings: Settings, language: str) -> None:
    with pytest.raises(ValueError, match="language"):
        ensure_wait(settings, language, 1, 60)


@pytest.mark.parametrize(
    ("language", "position", "seconds", "name"),
    [
        ("zh", 1, 20.0, "zh_wait_1_0"),
        ("zh_wait_1_0", 3, 300.0, "zh_wait_3_5"),
        ("en", 2, None, "en_wait_2_"),
        ("zh_slow", 500, 780.0, "zh_slow_wait_0_15"),
        ("zh", 4, 1e6, "zh_wait_4_"),
    ],
)
def test_the_sound_is_made_once(
    settings: Settings, language: str, position: int, seconds: float | None, name: str
) -> None:
    assert ensure_wait(settings, language, position, seconds) == name
    sound = sounds_folder(settings) / name / f"{PROMPT}.wav"
    made = sound.stat().st_mtime_ns
    assert sound.stat().st_size > 2 * 1600
    ensure_wait(settings, language, position, seconds)
    assert sound.stat().st_mtime_ns == made


def test_a_prompt_that_is_missing_is_said(settings: Settings) -> None:
    (sounds_folder(settings) / "zh" / "wait-busy.wav").unlink()
    with pytest.raises(OSError, match="wait-busy"):
        ensure_wait(settings, "zh", 1, 60)
