"""What a read leaves on PostgreSQL: nothing of what it changed, and every statement that is planned."""

from sqlalchemy import func, select, text

from hotline import events
from hotline.database import Database
from hotline.people.models import Department

_PLANNED = text("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%event_log%'")
_TIMES = 8  # more often than psycopg waits for before it has a statement planned


def test_a_read_lets_the_server_keep_its_plans(postgresql_database: Database) -> None:
    postgresql_database.engine.dispose()  # one connection: of several, each would read too seldom
    for _ in range(_TIMES):
        with postgresql_database.reading() as session:
            events.latest_id(session)
    with postgresql_database.reading() as session:
        assert session.scalar(_PLANNED) == 1


def test_what_a_read_has_changed_is_forgotten(database: Database) -> None:
    with database.reading() as session:
        session.add(Department(code="nobody", name_zh="无", name_en="none"))
        session.flush()
    with database.writing() as session:
        assert session.scalar(select(func.count()).where(Department.code == "nobody")) == 0
