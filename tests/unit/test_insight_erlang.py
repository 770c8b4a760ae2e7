"""How many agents an hour needs, by Erlang's formula."""

import pytest

from hotline.insight.erlang import Demand, Promise, agents_needed, answered_share, waiting_share


@pytest.mark.parametrize(
    ("agents", "load", "share"),
    # Worked by hand from the definition: sum of load**k / k!.
    [(1, 0.5, 0.5), (2, 1.0, 1 / 3), (3, 2.0, 4 / 9), (1, 1.0, 1.0), (5, 9.0, 1.0), (4, 0.0, 0.0)],
)
def test_who_waits_at_all(agents: int, load: float, share: float) -> None:
    assert waiting_share(agents, load) == pytest.approx(share)


def test_one_agent_is_the_textbooks_single_server() -> None:
    demand = Demand(calls_per_hour=18, handling=100)  # load 0.5: share answered = 1 - 0.5 exp(-0.5 t / 100)
    assert answered_share(1, demand, 100) == pytest.approx(1 - 0.5 * 2.718281828**-0.5)
    assert answered_share(1, demand, 0) == pytest.approx(0.5)


def test_a_large_room_is_reckoned_without_overflow() -> None:
    assert 0 < waiting_share(2100, 2000) < 1


def test_the_fewest_agents_who_keep_the_promise() -> None:
    demand = Demand(calls_per_hour=400, handling=150)
    agents = agents_needed(demand)
    assert answered_share(agents, demand, 15) >= 0.95
    assert answered_share(agents - 1, demand, 15) < 0.95


def test_somebody_is_there_when_nobody_calls() -> None:
    assert agents_needed(Demand(0, 150)) == 1


def test_what_cannot_be_is_refused() -> None:
    for calls, handling in ((-1, 100), (10, 0)):
        with pytest.raises(ValueError, match="negative"):
            Demand(calls, handling)
    for share, within in ((0, 15), (1, 15), (0.9, -1)):
        with pytest.raises(ValueError, match="promise"):
            Promise(share, within)
