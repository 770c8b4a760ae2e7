"""Random moves by random actors over the services: no ticket is ever as no ticket may be, each reaches the
archive, its history tells all of it, and SQLite and PostgreSQL agree on every step."""

import random
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test
from sqlalchemy import select

from agent_console.tickets.there import absent
from hotline.consistency.queries import findings_of_ticket
from hotline.database import Database
from hotline.tickets.models import Ticket
from tests.factories import FixedClock
from tests.walking.finishing import Finisher, wander
from tests.walking.town import Town
from tests.walking.walker import MOVES, Walker, snapshot

WALKS, STEPS, TICKETS = 4, 60, 4
EXPECTED = {
    *("accept_it", "dispatch_it", "sign_it", "contact", "go_there", "write", "submit", "accept_the_reply"),
    *("wait", "sweep_archives"),
}
"""The way that everything takes, whatever the steps. `python -m benchmarks.walk` counts every move."""


def machine_in(walker: Walker) -> type[RuleBasedStateMachine]:
    """Every walk of the machine goes on in the same town, with the tickets that are there.

    Booleans, for of integers Hypothesis now and then takes one that stands somewhere in our code, and every
    change anywhere would make another walk of this one.
    """

    class Walk(RuleBasedStateMachine):
        @rule(bits=st.tuples(*[st.booleans()] * 12))
        def go_on(self, bits: tuple[bool, ...]) -> None:
            wander(walker, random.Random(str(bits)), TICKETS)  # noqa: S311

    return Walk


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


def test_no_walk_leads_astray_and_both_databases_agree(
    sqlite_database: Database, postgresql_database: Database, tmp_path: Path
) -> None:
    walker = Walker(Town.founded(sqlite_database, FixedClock(), tmp_path))
    run_state_machine_as_test(
        machine_in(walker),
        settings=settings(
            max_examples=WALKS,
            stateful_step_count=STEPS,
            derandomize=True,
            database=None,
            deadline=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )
    Finisher(walker).finish()
    assert hidden_on_pages(sqlite_database) == []
    walker.town.close()
    done = {name for name in MOVES if walker.tally.done[name]}
    assert done >= EXPECTED
    assert len(done) > len(MOVES) / 3, "a walk of a few moves proves little"
    assert walker.tally.refused.total() > WALKS * STEPS / 10, "a walk without refusals proves little"

    other = Walker(Town.founded(postgresql_database, FixedClock(), tmp_path))
    for step in walker.town.steps:
        other.take(step)
    assert other.town.outcomes == walker.town.outcomes
    for here, there in zip(snapshot(walker.town), snapshot(other.town), strict=True):
        assert there == here
