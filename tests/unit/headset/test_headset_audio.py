"""Frames, levels, the ring and the buffer against jitter."""

import itertools
import time

import numpy as np
import pytest

from ivr.headset.audio import (
    FLOOR_DB,
    FRAME_BYTES,
    FRAMES_A_SECOND,
    SILENCE,
    Framer,
    Playout,
    level_db,
    ring,
)
from ivr.headset.headset import METER_STEPS, Phase, SeatSeen, Standing, meter
from ivr.headset.screen import fitted, line_of, trouble_of
from ivr.headset.words import words


def frame(number: int) -> bytes:
    return number.to_bytes(2, "little") * (FRAME_BYTES // 2)


@pytest.mark.parametrize(("amplitude", "db"), [(0.0, FLOOR_DB), (1.0, 0.0), (0.1, -20.0), (1e-5, FLOOR_DB)])
def test_levels_are_in_db_below_full_scale(amplitude: float, db: float) -> None:
    square = (np.tile([1.0, -1.0], 80) * amplitude * 32767).astype("<i2").tobytes()
    assert level_db(square) == pytest.approx(db, abs=0.1)


def test_the_meter_is_full_at_full_scale_and_empty_in_silence() -> None:
    assert meter(0.0) == "▮" * METER_STEPS
    assert meter(FLOOR_DB) == "▯" * METER_STEPS
    assert meter(-30).count("▮") == METER_STEPS // 2


def test_it_rings_one_second_in_five() -> None:
    five = list(itertools.islice(ring(), 5 * FRAMES_A_SECOND))
    assert [each != SILENCE for each in five] == [True] * 50 + [False] * 200


def test_whatever_the_card_delivers_becomes_whole_frames() -> None:
    framer, sound = Framer(), b"".join(map(frame, range(1, 6)))
    cut = [list(framer.frames(sound[start : start + 333])) for start in range(0, len(sound), 333)]
    assert b"".join(itertools.chain(*cut)) == sound
    assert {len(each) for part in cut for each in part} == {FRAME_BYTES}


def test_sound_begins_with_three_frames_in_hand_and_a_gap_begins_anew() -> None:
    playout = Playout()
    playout.put(frame(1))
    playout.put(frame(2))
    assert playout.take() == SILENCE
    playout.put(frame(3))
    assert [playout.take() for _ in range(4)] == [frame(1), frame(2), frame(3), SILENCE]
    playout.put(frame(4))
    assert playout.take() == SILENCE


def test_a_faster_clock_on_the_other_side_never_means_more_than_half_a_second() -> None:
    playout = Playout()
    for number in range(26):
        playout.put(frame(number))
    assert playout.take() == frame(23)
    playout.clear()
    assert playout.take() == SILENCE


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_line_says_what_is_going_on_and_what_is_wrong(language: str) -> None:
    said = words(language)
    assert line_of(Standing(Phase.IDLE), FLOOR_DB, said).endswith(meter(FLOOR_DB))
    standing = Standing(Phase.TALKING, muted=True, trouble="site_away")
    talking = line_of(standing, -20, said)
    assert said["talking"] in talking
    assert said["muted"] in talking
    assert trouble_of(standing, said) == said["site_away"]
    assert trouble_of(Standing(trouble="no_device", device="NoSuch"), said).count("NoSuch") == 1
    assert trouble_of(Standing(), said) == ""


def test_the_line_says_what_the_seat_does_and_for_how_long() -> None:
    seat = SeatSeen("暂停 · 督办员要求", time.monotonic() - 125)
    said = words("zh")
    assert line_of(Standing(Phase.IDLE), FLOOR_DB, said, seat).startswith("● 暂停 · 督办员要求 02:05 ")
    assert line_of(Standing(Phase.TALKING), FLOOR_DB, said, seat).startswith("▶ 通话中 ")
    assert line_of(Standing(Phase.IDLE), FLOOR_DB, said).startswith("● 空闲 ")


def test_a_line_never_breaks() -> None:
    assert fitted("空闲 idle", 20) == "空闲 idle"
    assert fitted("空闲 idle", 5) == "空闲 "
    assert fitted("空闲", 3) == "空"


def test_both_languages_have_the_same_sentences() -> None:
    assert set(words("zh")) == set(words("en"))
    assert words(None) == words("fr") == words("zh")
