"""The legs of recorded calls, as the reconciler writes them into the core: once, also across restarts."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from sqlalchemy import select

from hotline.calls.models import Call, CallEnd, CallLeg, OwedCallback
from hotline.context import Context
from ivr.pbx.process import channel_events_file
from ivr.reconcile import Reconciler
from tests.factories import City
from tests.unit.ivr.recordings_of_asterisk import FOLDER


@pytest.fixture
def events_file(context: Context, city: City) -> Path:
    assert city.agent.user_id
    file = channel_events_file(context.settings)
    file.parent.mkdir(parents=True)
    return file


def lines_of(shape: str) -> list[str]:
    return (FOLDER / "shapes" / f"{shape}.csv").read_text(encoding="utf-8").splitlines(keepends=True)


def read(context: Context, file: Path, lines: Sequence[str]) -> None:
    """What a reconciler that begins anew makes of these lines more."""
    with file.open("a", encoding="utf-8") as opened:
        opened.writelines(lines)
    reconciler = Reconciler(context)
    reconciler.catch_up()
    reconciler.close()


def legs(context: Context) -> list[tuple[str, str | None, int | None, int | None]]:
    """Of each leg: role, seat, and whole seconds of talk and hold."""
    with context.reading() as session:
        rows = session.scalars(select(CallLeg).order_by(CallLeg.started_at, CallLeg.id)).all()
        return [(leg.role, leg.extension, _whole(leg.talk_seconds), _whole(leg.hold_seconds)) for leg in rows]


def _whole(seconds: float | None) -> int | None:
    return None if seconds is None else round(seconds)


def end(context: Context) -> tuple[CallEnd | None, int | None]:
    with context.reading() as session:
        call = session.scalars(select(Call)).one()
        return call.end, call.rating


CONSULTED = [("caller", None, 2, 2), ("agent", "1001", 4, 0), ("third", None, 2, 0)]


def test_a_consultation(context: Context, events_file: Path) -> None:
    read(context, events_file, lines_of("consult_and_return"))
    assert legs(context) == CONSULTED
    assert end(context) == (CallEnd.TALKED, None)


@pytest.mark.parametrize("known", range(3, 51, 4))
def test_a_restart_at_any_moment(context: Context, events_file: Path, known: int) -> None:
    lines = lines_of("consult_and_return")
    read(context, events_file, lines[:known])
    read(context, events_file, lines[known:])
    assert legs(context) == CONSULTED


def test_one_line_at_a_time(context: Context, events_file: Path) -> None:
    """An expert's own identity ends before the next event says which call they are in now."""
    reconciler = Reconciler(context)
    for line in lines_of("consult_and_transfer"):
        with events_file.open("a", encoding="utf-8") as opened:
            opened.write(line)
        reconciler.catch_up()
    reconciler.close()
    assert legs(context) == [("caller", None, 3, 1), ("agent", "1001", 2, 0), ("third", None, 3, 0)]
    read(context, events_file, [])
    assert len(legs(context)) == 3


def test_a_caller_who_got_another_agent_after_a_break(context: Context, events_file: Path) -> None:
    read(context, events_file, lines_of("broken_and_another"))
    assert end(context) == (CallEnd.TALKED, None)


def test_a_caller_who_hung_up_after_a_break(context: Context, events_file: Path) -> None:
    """Neither seen by anybody of ours."""
    lines = lines_of("broken_and_another")
    broken = next(place for place, line in enumerate(lines) if '"BROKEN"' in line)
    over = [line for line in lines[broken:] if '"PJSIP/trunk-' in line and '"BRIDGE' not in line]
    read(context, events_file, [*lines[: broken + 1], *over])
    assert end(context) == (CallEnd.CUT_OFF, None)
    with context.reading() as session:
        assert session.scalars(select(OwedCallback.reason)).all() == ["cut_off"]


@pytest.mark.parametrize(
    ("extra", "rating"),
    [('{""extra"":""4""}', 4), ('{""extra"":""9""}', None), ("junk", None), ("", None)],
)
def test_a_key_that_the_dialplan_wrote_down(
    context: Context, events_file: Path, extra: str, rating: int | None
) -> None:
    lines = lines_of("plain_agent_hangs_up")
    answer = next(line for line in lines if '"ANSWER"' in line)
    pressed = answer.replace('"ANSWER"', '"SATISFACTION"').rstrip("\n").rpartition(',"')[0] + f',"{extra}"\n'
    place = next(place for place, line in enumerate(lines) if '"HANGUP"' in line)
    read(context, events_file, [*lines[: place + 2], pressed, *lines[place + 2 :]])
    assert end(context) == (CallEnd.TALKED, rating)
