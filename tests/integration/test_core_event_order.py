"""On PostgreSQL an event gets its id when the log is its writer's: ids become visible in their order."""

import threading

from sqlalchemy import text

from hotline import events
from hotline.database import Database
from tests.factories import local
from tests.waiting import until

_WAITING = text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
AT = local("2020-04-30 16:00")


def _tell(database: Database, *kinds: str) -> None:
    with database.writing() as session:
        for kind in kinds:
            events.record(session, AT, kind, "ticket:1", said=kind)


def test_who_waits_for_the_log_has_no_id_yet(postgresql_database: Database) -> None:
    database = postgresql_database
    late = threading.Thread(target=_tell, args=(database, "late.one", "late.two"))
    with database.engine.begin() as link:
        link.exec_driver_sql(f"SELECT pg_advisory_xact_lock({events.LOG_LOCK})")
        late.start()
        with database.engine.connect() as looking:
            until(lambda: looking.execute(_WAITING).scalar() == 1, what="the other writer to wait")
        link.exec_driver_sql(
            "INSERT INTO event_log (at, kind, subject, payload) VALUES (now(), 'early', '', '{}')"
        )
    late.join()
    with database.reading() as session:
        told = events.since(session, 0)
    assert [(one.kind, one.payload.get("said")) for one in told] == [
        ("early", None),
        ("late.one", "late.one"),
        ("late.two", "late.two"),
    ]
    assert told[1].at == AT
