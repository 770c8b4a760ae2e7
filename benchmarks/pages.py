"""How long the server takes for each page of the console, for somebody who may open everything.

    python -m benchmarks.pages

Tickets in every stage of the loop lie in SQLite, which is what a county begins with; a person with all roles
of the hotline and one with those of a department open every place of their bar and a ticket of each stage.
Times are the server's alone: no browser, no network. The limit in the same run is the sign-in page, the same
frame without anything from the database. The slowest five are printed; exit status 1 if one is too slow.
"""

import statistics
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from flask import Flask
from sqlalchemy import select

from agent_console import build
from agent_console.app import create_app
from benchmarks._console import places, signed_in
from benchmarks._timing import p95
from hotline.calls.models import Call
from hotline.calls.service import call_ended
from hotline.cli.memory import keep_what_is_loaded
from hotline.clock import SystemClock
from hotline.database import Database
from hotline.people.actors import Role
from hotline.tickets.models import Ticket
from tests.factories import City, FakeTelephone, make_context, user

GOAL_MS = 50.0
OF_EACH_STAGE = 30
ROUNDS = 100  # of twenty the 95th percentile is the slowest, whatever made that one slow
UNIT_ROLES = (Role.HANDLER, Role.UNIT_REVIEWER)


def main() -> int:
    """Exit status 0 if every page is quick enough."""
    with tempfile.TemporaryDirectory(prefix="pages.") as folder:
        database = Database(f"sqlite:///{folder}/hotline.sqlite")
        database.upgrade()
        city = City.founded(make_context(database, SystemClock(), Path(folder)))
        numbers = [_number(city, ticket_id) for ticket_id in _tickets(city)]
        build.compile_translations()
        build.bundle()
        app = create_app(city.context, FakeTelephone())
        keep_what_is_loaded()  # as the console does
        limit = p95(app.test_client().get, ["/sign-in"] * ROUNDS)
        found = dict(_measured(app, city, numbers))
        database.dispose()
    return _judge(found, limit)


def _tickets(city: City) -> list[int]:
    """Many of each stage; returns one of each."""
    stages: tuple[Callable[[], int], ...] = (city.registered, city.accepted, city.signed, city.replied)
    made = [[stage() for _ in range(OF_EACH_STAGE)] for stage in (*stages, lambda: city.owed()[0])]
    with city.context.reading() as session:
        lines = session.scalars(select(Call.linkedid)).all()
    for linkedid in lines:
        call_ended(city.context, linkedid)
    return [ids[-1] for ids in made]


def _number(city: City, ticket_id: int) -> str:
    with city.context.reading() as session:
        return session.get_one(Ticket, ticket_id).number or ""


def _measured(app: Flask, city: City, numbers: list[str]) -> Iterator[tuple[str, float]]:
    """Every page with its p95 in milliseconds."""
    hotline = [role for role in Role if role not in (*UNIT_ROLES, Role.SYSTEM, Role.CITIZEN)]
    people = (
        user(city.context, city.hotline_id, *hotline, username="hotline-all", extension="1099"),
        user(city.context, city.water_id, *UNIT_ROLES, username="unit-all"),
    )
    for person in people:
        client = signed_in(app, person)
        in_bar = places(client)
        assert len(in_bar) > 3, f"{person.name} sees no bar"
        for place in [*in_bar, *(f"/tickets/{number}" for number in numbers)]:
            answer = client.get(place)
            if answer.status_code != 403:  # a ticket that is not with this department
                assert answer.status_code == 200, (person.name, place, answer.status_code)
                yield f"{place} ({person.name})", p95(client.get, [place] * ROUNDS)


def _judge(found: dict[str, float], limit: float) -> int:
    for place in sorted(found, key=found.__getitem__, reverse=True)[:5]:
        print(f"{found[place]:6.1f} ms  {place}")
    slowest = max(found.values())
    good = slowest < GOAL_MS
    print(
        f"pages: {'good' if good else 'MISSED'}; {len(found)} pages, slowest p95 {slowest:.0f} ms "
        f"(goal < {GOAL_MS:.0f} ms), median {statistics.median(found.values()):.0f} ms; "
        f"the sign-in page {limit:.1f} ms"
    )
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
