"""Random moves by random actors over the services: no ticket is ever as no ticket may be, each reaches the
archive, its history tells all of it, and SQLite and PostgreSQL agree on every step."""

import random
from pathlib import Path
from typing import Any

from sqlalchemy import select

from agent_console.tickets.there import absent
from hotline.consistency.queries import findings_of_ticket
from hotline.database import Database
from hotline.tickets.models import Ticket
from tests.factories import FixedClock
from tests.walking.finishing import Finisher, wander
from tests.walking.town import Town
from tests.walking.walker import MOVES, Walker, snapshot

SEED, WALKS, STEPS, TICKETS = 1, 2, 150, 6
EXPECTED = {
    *("accept_it", "dispatch_it", "sign_it", "contact", "go_there", "write", "submit", "accept_the_reply"),
    *("wait", "sweep_archives"),
}
"""The way that everything takes, whatever the seed. `python -m benchmarks.walk` counts every move."""


def hidden_on_pages(database: Database) -> list[str]:
    """What a ticket has though its page takes it for having none; findings, for a reader, are left out."""
    wrong = []
    with database.reading() as session:
        for ticket in session.scalars(select(Ticket)).all():
            for one in absent(session, ticket):
                asked = [query for query in one.none if query is not findings_of_ticket]
                answers = [(query, query(session, *one.of(ticket)), one.none[query]) for query in asked]
                wrong += [query.__name__ for query, answer, none in answers if _plain(answer) != _plain(none)]
    return wrong


def _plain(answer: Any) -> Any:
    return [_plain(part) for part in answer] if isinstance(answer, list | tuple) else answer


def walk(walker: Walker, other: Walker, chance: random.Random) -> None:
    """One walk to the archive, and the same steps on the other database."""
    for _ in range(STEPS):
        wander(walker, chance, TICKETS)
    Finisher(walker).finish()
    for step in walker.town.steps:
        other.take(step)
    assert other.town.outcomes == walker.town.outcomes
    for here, there in zip(snapshot(walker.town), snapshot(other.town), strict=True):
        assert there == here


def test_no_walk_leads_astray_and_both_databases_agree(
    sqlite_database: Database, postgresql_database: Database, tmp_path: Path
) -> None:
    walker = Walker(Town.founded(sqlite_database, FixedClock(), tmp_path))
    other = Walker(Town.founded(postgresql_database, FixedClock(), tmp_path))
    chance = random.Random(SEED)  # noqa: S311
    for _ in range(WALKS):
        walk(walker, other, chance)
        walker.begin_anew()
        other.begin_anew()
    assert hidden_on_pages(sqlite_database) == []
    walker.town.close()
    done = {name for name in MOVES if walker.tally.done[name]}
    assert done >= EXPECTED
    assert len(done) > len(MOVES) / 2, "a walk of a few moves proves little"
    assert walker.tally.refused.total() > WALKS * STEPS / 10, "a walk without refusals proves little"
