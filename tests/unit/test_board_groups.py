"""What the wall counts of the seats: who does the same, and who stands out."""

import pytest

from agent_console.board.reads import Group, SeatRow, groups
from hotline.calls.models import Seat, SeatState


def _row(state: SeatState, reason: str = "", *, too_long: bool = False, unreachable: bool = False) -> SeatRow:
    seat = Seat(extension="1001", state=state, reason=reason)
    return SeatRow(seat=seat, too_long=too_long, unreachable=unreachable, supervising=None, due_since=None)


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([_row(SeatState.OFFLINE)], []),
        (
            [_row(SeatState.PAUSED, "meal"), _row(SeatState.READY, "rang_out"), _row(SeatState.READY)],
            [Group(SeatState.READY, "", 2, 0, 0), Group(SeatState.PAUSED, "meal", 1, 0, 0)],
        ),
        (
            [
                _row(SeatState.PAUSED, "meal"),
                _row(SeatState.PAUSED, "break", too_long=True),
                _row(SeatState.PAUSED, "break"),
            ],
            [Group(SeatState.PAUSED, "break", 2, 1, 0), Group(SeatState.PAUSED, "meal", 1, 0, 0)],
        ),
        ([_row(SeatState.READY, unreachable=True)], [Group(SeatState.READY, "", 1, 0, 1)]),
    ],
)
def test_seats_are_grouped(rows: list[SeatRow], expected: list[Group]) -> None:
    assert groups(rows) == expected


def test_every_state_at_work_has_its_place() -> None:
    at_work = [state for state in SeatState if state is not SeatState.OFFLINE]
    assert len(groups([_row(state) for state in at_work])) == len(at_work)
