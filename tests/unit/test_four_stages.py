"""Accepted, handled, answered, supervised: what each state shows of the four."""

from dataclasses import dataclass
from datetime import datetime

import pytest

from hotline.tickets.four_stages import Mark, Part, four_stages
from hotline.tickets.models import Ticket
from hotline.tickets.states import State
from tests.factories import local

D, N, A, X = Mark.DONE, Mark.NOW, Mark.AHEAD, Mark.NONE


@dataclass(frozen=True)
class Line:
    """A line of a history."""

    event: str
    at: datetime


@pytest.mark.parametrize(
    ("state", "outcome", "marks"),
    [
        (State.REGISTERED, None, [N, A, A, A]),
        (State.HANDLING, None, [D, N, A, A]),
        (State.REPLIED, None, [D, D, N, A]),
        (State.CALLBACK, None, [D, D, D, N]),
        (State.CLOSED, "solved", [D, D, D, D]),
        (State.ARCHIVED, "answered", [D, D, D, X]),
        (State.CLOSED, "petition_taken", [D, D, X, X]),
        (State.NOT_ACCEPTED, None, [X, X, X, X]),
        (State.HANDLING, "solved", [D, N, A, A]),  # reopened: the earlier outcome does not count
    ],
)
def test_each_state_has_its_four(state: State, outcome: str | None, marks: list[Mark]) -> None:
    found = four_stages(Ticket(state=state, outcome=outcome), ())
    assert ([one.part for one in found], [one.mark for one in found]) == (list(Part), marks)


def test_every_state_shows_at_most_one_stage_as_going_on_and_supervision_besides() -> None:
    for state in State:
        marks = [one.mark for one in four_stages(Ticket(state=state), ())]
        assert marks.count(N) <= 1, state
        assert D not in marks[marks.index(A) :] if A in marks else True, state
        assert four_stages(Ticket(state=state), (), is_supervised=True)[-1].mark is N


def test_what_is_done_again_has_the_later_time() -> None:
    lines = [Line("dispatch", local("2020-04-30 16:00")), Line("redispatch", local("2020-05-08 09:00"))]
    lines.append(Line("accept_reply", local("2020-05-06 09:00")))
    found = four_stages(Ticket(state=State.HANDLING), lines)
    assert [one.at for one in found] == [None, local("2020-05-08 09:00"), None, None]
