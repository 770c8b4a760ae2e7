"""How often the whole life of a ticket asks the database: what creeps in unseen makes every step slower."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import event, select

from hotline.archiving.service import ENDED_FOR, archive_due
from hotline.database import Database
from hotline.dispatch.service import dispatch, sign_overdue
from hotline.follow_up.service import attempt_answered, dial_due, record_answers
from hotline.tickets.models import Ticket
from hotline.tickets.states import State
from tests.factories import City, FakeTelephone, FixedClock, make_context

MOST = 102
"""From the call to the archive, with one demand; not counting BEGIN and COMMIT."""


@contextmanager
def counted(database: Database) -> Iterator[Counter[str]]:
    """Statements by their text."""
    asked: Counter[str] = Counter()

    def note(_link: object, _cursor: object, statement: str, *_rest: object) -> None:
        asked[statement] += not statement.startswith("BEGIN")

    event.listen(database.engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(database.engine, "before_cursor_execute", note)


def shown(asked: Counter[str]) -> list[str]:
    return [f"{times} x {text[:60]}" for text, times in asked.most_common()]


def test_a_life_takes_few_statements(sqlite_database: Database, clock: FixedClock, tmp_path: Path) -> None:
    city = City.founded(make_context(sqlite_database, clock, tmp_path, follow_up_delay_seconds=0))
    with counted(sqlite_database) as asked:
        city.owed()
        telephone = FakeTelephone()
        assert dial_due(city.context, telephone) == 1
        attempt_answered(city.context, telephone.last_attempt)
        record_answers(city.context, telephone.last_attempt, solved=True, satisfaction=2)
        clock.advance(days=ENDED_FOR.days + 1)
        assert archive_due(city.context) == 1
    assert asked.total() <= MOST, shown(asked)


def test_a_sweep_moves_many_at_once(database: Database, clock: FixedClock, tmp_path: Path) -> None:
    city = City.founded(make_context(database, clock, tmp_path))
    ids = [city.accepted() for _ in range(8)]
    for ticket_id in ids:
        dispatch(city.context.acting_as(city.dispatcher), ticket_id, city.water_id)
    clock.advance(days=20)
    with city.context.reading() as session:
        before = {one.id: one.version for one in session.scalars(select(Ticket))}
    with counted(database) as asked:
        assert sign_overdue(city.context) == len(ids)
    assert sum(times for text, times in asked.items() if text.startswith("UPDATE")) == 2, shown(asked)
    with city.context.reading() as session:
        for one in session.scalars(select(Ticket)):
            assert (one.state, one.version) == (State.HANDLING, before[one.id] + 1)
            assert one.history[-1].event == "sign"
