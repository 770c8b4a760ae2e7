"""How many calls are followed at once: learnt from the lag, the newest are let go first."""

from hotline.live_text.ports import Load
from hotline.live_text.rules import CALM_SECONDS, LATE_SECONDS, SHED_SECONDS, Ceiling

WELL, LATE, FULL = Load(8, 0.05, 0.3), Load(8, 1.5, 1.0), Load(8, 0.1, 0.9)


def test_all_are_followed_while_all_is_well() -> None:
    ceiling = Ceiling()
    ceiling.observe(WELL, 4, 0)
    assert ceiling.allowed([1, 2, 3, 4]) == {1, 2, 3, 4}


def late(ceiling: Ceiling, followed: int, since: float) -> float:
    """Sound has come too late for long enough; the time is then."""
    ceiling.observe(LATE, followed, since)
    ceiling.observe(LATE, followed, since + LATE_SECONDS)
    return since + LATE_SECONDS


def test_a_moment_of_lateness_lets_nobody_go() -> None:
    ceiling = Ceiling()
    for second in range(0, 60, 2):
        ceiling.observe(LATE, 4, second)
        ceiling.observe(WELL, 4, second + 1)
    assert ceiling.allowed([1, 2, 3, 4]) == {1, 2, 3, 4}


def test_the_newest_goes_first_and_the_next_only_when_that_was_felt() -> None:
    ceiling = Ceiling()
    now = late(ceiling, 4, 0)
    assert ceiling.allowed([1, 2, 3, 4]) == {1, 2, 3}
    ceiling.observe(LATE, 3, now + SHED_SECONDS / 2)
    assert ceiling.allowed([1, 2, 3, 4]) == {1, 2, 3}
    ceiling.observe(LATE, 3, now + SHED_SECONDS)
    assert ceiling.allowed([1, 2, 3, 4]) == {1, 2}


def test_of_many_calls_several_go_at_once() -> None:
    ceiling = Ceiling()
    late(ceiling, 40, 0)
    assert len(ceiling.allowed(range(40))) == 35


def test_even_a_single_call_is_let_go_and_taken_back() -> None:
    ceiling = Ceiling()
    now = late(ceiling, 1, 0)
    assert ceiling.allowed([1]) == set()
    ceiling.observe(WELL, 0, now + CALM_SECONDS)
    assert ceiling.allowed([1]) == {1}


def test_calls_come_back_one_by_one_after_a_calm_while() -> None:
    ceiling = Ceiling()
    now = late(ceiling, 4, 0)
    ceiling.observe(LATE, 3, now + SHED_SECONDS)
    ceiling.observe(WELL, 2, now + CALM_SECONDS)
    assert ceiling.allowed([1, 2, 3, 4]) == {1, 2}
    ceiling.observe(WELL, 2, now + SHED_SECONDS + CALM_SECONDS)
    assert ceiling.allowed([1, 2, 3, 4]) == {1, 2, 3}


def test_none_comes_back_while_the_cores_are_full() -> None:
    ceiling = Ceiling()
    now = int(late(ceiling, 4, 0))
    for second in range(now + 1, now + 60):
        ceiling.observe(FULL, 3, second)
    assert ceiling.allowed([1, 2, 3, 4]) == {1, 2, 3}


def test_the_settings_limit_holds_whatever_was_learnt() -> None:
    ceiling = Ceiling(most=2)
    assert ceiling.allowed([1, 2, 3]) == {1, 2}
    late(ceiling, 2, 0)
    assert ceiling.allowed([1, 2, 3]) == {1}
    for second in (100, 200, 300):
        ceiling.observe(WELL, 2, second)
    assert ceiling.allowed([1, 2, 3]) == {1, 2}
