"""Who looks at calls, and when: the sweep by itself, several workers at once, and `hotline findings`."""

import threading
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from hotline import sweep
from hotline.cli.main import main
from hotline.clock import SystemClock
from hotline.consistency.checking import Checker, follow_log
from hotline.consistency.models import ConsistencyCheck, LogPosition, ReviewFinding
from hotline.consistency.rules import Kind
from hotline.context import Context
from hotline.database import Database
from hotline.events import Event
from hotline.tickets.service import register
from tests.factories import City, FakeTelephone, make_context
from tests.integration.checked_calls import BARE, COMPLAINT
from tests.spoken import talked
from tests.threads import at_once
from tests.waiting import until

CALLS = 6


def calls(city: City, count: int) -> None:
    """So many calls with transcript and ticket."""
    for number in range(count):
        ticket_id = city.drafted(f"1390000000{number}")
        talked(city.context, ticket_id, COMPLAINT, city.agent)
        register(city.context.acting_as(city.agent), ticket_id, BARE)


def found(context: Context) -> Counter[Kind]:
    with context.reading() as session:
        return Counter(session.scalars(select(ReviewFinding.kind)))


def test_each_call_is_looked_at_by_one_worker_only(city: City) -> None:
    calls(city, CALLS)
    checkers = [Checker(city.context) for _ in range(4)]

    def work(checker: Checker) -> int:
        follow_log(city.context)
        done = 0
        while checker.check_next():
            done += 1
        return done

    assert sum(at_once([lambda checker=checker: work(checker) for checker in checkers])) == CALLS
    assert set(found(city.context).values()) == {CALLS}
    with city.context.reading() as session:
        checks = session.scalars(select(ConsistencyCheck)).all()
        assert len(checks) == CALLS
        assert all(check.due_at is None and check.checked_at and not check.failure for check in checks)


@pytest.fixture
def here(context: Context) -> City:
    """The city on the machine's own clock."""
    settings = context.settings
    return City.founded(make_context(context.database, SystemClock(), settings.state_dir))


def test_the_sweep_does_it_by_itself(here: City) -> None:
    calls(here, 1)
    stop = threading.Event()
    thread = threading.Thread(target=sweep.run, args=(here.context, FakeTelephone(), stop))
    thread.start()
    try:
        until(lambda: found(here.context), what="the sweep to look at the call")
    finally:
        stop.set()
        thread.join(timeout=30)
    assert not thread.is_alive()


def _today(here: City) -> str:
    """In the city; at midnight another one the next moment."""
    return here.context.now().astimezone(here.context.settings.zone).date().isoformat()


def test_a_span_of_days_is_looked_at_again_with_progress(here: City) -> None:
    first = _today(here)
    calls(here, 2)
    checker = Checker(here.context)
    assert checker.check_due() == 2
    with here.context.writing() as session:
        session.execute(ReviewFinding.__table__.delete())
    words = ["findings", "--from", first, "--until", _today(here)]
    done = CliRunner().invoke(main, words, env=here.context.settings.environment())
    assert done.exit_code == 0, done.stderr
    assert done.stdout == "2 calls looked at, 0 are left to hotline sweep\n"
    assert "2 of 2" in done.stderr
    assert found(here.context)[Kind.PLACE_MISSING] == 0, "no gazetteer here"
    assert found(here.context)[Kind.TIME_MISSING] == 2


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--from", "2026-01-01"), "Missing option '--until'"),
        (("--from", "2026-01-02", "--until", "2026-01-01"), "lies before"),
        (("--from", "soon", "--until", "2026-01-01"), "soon"),
    ],
)
def test_what_cannot_be_meant_is_refused(
    sqlite_database: Database, tmp_path: Path, words: tuple[str, ...], told: str
) -> None:
    settings = make_context(sqlite_database, SystemClock(), tmp_path).settings
    refused = CliRunner().invoke(main, ["findings", *words], env=settings.environment())
    assert refused.exit_code != 0
    assert told in refused.output


def test_an_upgrade_sends_no_old_calls_to_reviewers(empty_database_url: str) -> None:
    database = Database(empty_database_url)
    database.upgrade("0008")
    happened = datetime(2020, 4, 30, tzinfo=UTC)
    with database.writing() as session:
        session.add(Event(id=7, at=happened, kind="ticket.registered", subject="ticket:1", payload={}))
    database.upgrade()
    with database.reading() as session:
        assert session.scalars(select(LogPosition.event_id)).one() == 7
    database.dispose()
