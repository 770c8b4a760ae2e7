"""Silences of a call, out of the times of what was said."""

import pytest

from hotline.transcripts.pauses import pauses


@pytest.mark.parametrize(
    ("spoken", "silent"),
    [
        ([], []),  # nobody was understood: it may be noise, or a language that nobody knows
        ([(0.5, 29.0)], []),
        ([(0.0, 5.0), (6.5, 29.5)], []),  # just so long as people pause
        ([(0.0, 5.0), (6.6, 29.5)], [(5.3, 6.3)]),
        ([(4.0, 30.0)], [(0.0, 3.7)]),
        ([(0.0, 10.0)], [(10.3, 30.0)]),
        ([(8.0, 30.0), (0.0, 6.0)], [(6.3, 7.7)]),  # in any order
        ([(0.0, 20.0), (2.0, 4.0), (25.0, 31.0)], [(20.3, 24.7)]),  # while one speaks nobody is silent
    ],
)
def test_pauses(spoken: list[tuple[float, float]], silent: list[tuple[float, float]]) -> None:
    assert [(round(begin, 3), round(end, 3)) for begin, end in pauses(spoken, 30.0)] == silent
