"""Which findings are still the same when a call is looked at anew."""

from hotline.consistency.renewal import paired
from hotline.consistency.rules import Finding, Kind

PLACE = Finding(Kind.PLACE_MISSING, 12.0, "同安路六十八号", "同安路68号")
SILENCE = Finding(Kind.LONG_SILENCE, 40.0, value="25")


def test_the_same_place_understood_a_little_later_is_the_same() -> None:
    later = Finding(Kind.PLACE_MISSING, 14.0, "同安路68号", "同安路68号")
    assert list(paired([PLACE], [later])) == [(PLACE, later)]


def test_another_place_is_another_finding() -> None:
    other = Finding(Kind.PLACE_MISSING, 12.0, "敦化路六十八号", "敦化路68号")
    assert list(paired([PLACE], [other])) == [(None, other), (PLACE, None)]


def test_a_silence_is_known_by_its_moment() -> None:
    longer = Finding(Kind.LONG_SILENCE, 38.5, value="27")
    elsewhere = Finding(Kind.LONG_SILENCE, 90.0, value="25")
    assert list(paired([SILENCE], [longer, elsewhere])) == [(SILENCE, longer), (None, elsewhere)]


def test_one_is_never_the_same_as_two() -> None:
    twice = [Finding(Kind.BOTH_TALK, 40.0, value="3"), Finding(Kind.BOTH_TALK, 43.0, value="2")]
    known = Finding(Kind.BOTH_TALK, 41.0, value="3")
    assert list(paired([known], twice)) == [(known, twice[0]), (None, twice[1])]


def test_what_is_found_no_more_comes_last() -> None:
    assert list(paired([PLACE, SILENCE], [SILENCE])) == [(SILENCE, SILENCE), (PLACE, None)]
