"""How often the whole life of a ticket asks the database: what creeps in unseen makes every step slower."""

from collections import Counter
from typing import Any

from sqlalchemy import event

from hotline.archiving.service import ENDED_FOR, archive_due
from hotline.database import Database
from hotline.follow_up.service import attempt_answered, dial_due, record_answers
from tests.factories import City, FakeTelephone, FixedClock, make_context

MOST = 105
"""From the call to the archive, with one demand; not counting BEGIN and COMMIT."""


def test_a_life_takes_few_statements(sqlite_database: Database, clock: FixedClock, tmp_path: Any) -> None:
    city = City.founded(make_context(sqlite_database, clock, tmp_path, follow_up_delay_seconds=0))
    asked: Counter[str] = Counter()

    def note(_link: object, _cursor: object, statement: str, *_rest: object) -> None:
        asked[statement] += not statement.startswith("BEGIN")

    event.listen(sqlite_database.engine, "before_cursor_execute", note)
    try:
        city.owed()
        telephone = FakeTelephone()
        assert dial_due(city.context, telephone) == 1
        attempt_answered(city.context, telephone.last_attempt)
        record_answers(city.context, telephone.last_attempt, solved=True, satisfaction=2)
        clock.advance(days=ENDED_FOR.days + 1)
        assert archive_due(city.context) == 1
    finally:
        event.remove(sqlite_database.engine, "before_cursor_execute", note)
    assert asked.total() <= MOST, [f"{times} x {text[:60]}" for text, times in asked.most_common()]
