"""What a read leaves on PostgreSQL: nothing of what it changed, and every statement that is planned; how
what looks for words is planned."""

from sqlalchemy import func, select, text

from hotline import events
from hotline.database import Database
from hotline.people.models import Department
from hotline.transcripts.index import SEGMENTS

_PLANNED = text("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%event_log%'")
_PLANS = text(
    "SELECT generic_plans, custom_plans FROM pg_prepared_statements WHERE statement LIKE '%terms @@%'"
)
_TIMES = 8  # more often than psycopg waits for before it has a statement planned
_OFTENER = 20  # more often than the server waits for before it keeps a plan for whatever values


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


def test_what_looks_for_words_is_planned_for_these_words(postgresql_database: Database) -> None:
    postgresql_database.engine.dispose()
    for _ in range(_OFTENER):
        with postgresql_database.reading() as session:
            session.execute(SEGMENTS.matching(session, ["停水"]).limit(10)).all()
    with postgresql_database.reading() as session:
        for_whatever_words, for_these = session.execute(_PLANS).one()
        assert (for_whatever_words, for_these > 0) == (0, True)
        assert session.scalar(text("SHOW plan_cache_mode")) == "auto"
