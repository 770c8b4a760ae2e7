"""Every page of the console, the searches and the sweeps, on a database as big as a season's.

    python -m benchmarks.whole_season [TICKETS] [ROUNDS]

Some hundred tickets go through the services into PostgreSQL, closed and in every stage, with their calls and
transcripts; PostgreSQL then multiplies these rows to as many as a season has (819,900 tickets in 118 days),
which takes minutes where the services would take most of a day. Pages are asked for by somebody of each role;
times are the server's alone. The slowest are printed; exit status 1 if one is over its limit.
"""

import random
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

import psycopg
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from agent_console import build
from agent_console.app import create_app
from benchmarks._console import places, signed_in
from benchmarks._multiply import Copies, marks, multiply, settle
from benchmarks._season import DAYS, Matter, Season, founded
from benchmarks._season_pages import morning, sweep_of, transcribe
from benchmarks._timing import p95
from benchmarks._writes import Notes
from hotline.archiving.service import ENDED_FOR
from hotline.calls import service as calls
from hotline.calls.models import Call, CallLeg, CallState, SeatState
from hotline.calls.seats import seat_changed
from hotline.cli.memory import keep_what_is_loaded
from hotline.consistency.checking import Checker
from hotline.database import Database
from hotline.people.actors import Actor, Role
from hotline.people.models import Department, User
from hotline.suggestions.similar import Matter as Compared
from hotline.suggestions.similar import alike_to
from hotline.sweep import passes, slow_passes
from hotline.tickets.models import Ticket
from hotline.tickets.states import State
from tests.factories import FakeTelephone, FixedClock, make_context, user
from tests.postgres import FAST, Cluster

TICKETS = 50_000
ROUNDS = 20
PAGE_MS = 100.0
SEARCH_MS = 200.0
CANDIDATES_MS = 300.0
SWEEP_SECONDS = 1.0
DUE_ROWS = 1_000
IDLE_PASSES = 100
"""The checks of calls follow the event log in parts, in some of which nothing is to be done."""
FINISHED = 240
"""So many go through the services to their end, or nearly; of each the season has many."""
AFTERWARDS = 3
WAITING = 15
AGE_DAYS = 2
"""As old is the oldest of what is under way."""
UNDER_WAY = 0.015
"""Share of a season that is under way at its end."""
SHOWN = 25
SEED = 12345
AGENTS = 300
SEAT = "1001"
_NO_PAGES = ("/events", "/api", "/static", "/metrics", "/sign", "/health")
UNIT_ROLES = (Role.HANDLER, Role.UNIT_REVIEWER, Role.ASSIST_UNIT)
SERVER = (*FAST, "shared_buffers=1GB", "wal_level=minimal", "max_wal_senders=0", "max_wal_size=4GB")


class Found(NamedTuple):
    """What was measured, and its limit; milliseconds."""

    what: str
    took: float
    limit: float


def main(tickets: int, rounds: int) -> int:
    """Exit status 0 if everything is quick enough."""
    with Cluster(SERVER) as cluster, tempfile.TemporaryDirectory(prefix="whole-season-") as folder:
        cluster.create("season")
        season = filled(cluster.url("season"), Path(folder), tickets)
        found = list(measured(season, rounds))
        season.context.database.dispose()
    return _judge(found, tickets)


def filled(url: str, folder: Path, tickets: int) -> Season:
    """The city at the end of a season of so many tickets."""
    database, clock = Database(url), FixedClock()
    database.upgrade()
    context = make_context(database, clock, folder, follow_up_delay_seconds=0)
    season = founded(context, clock, Notes(database), random.Random(SEED))
    first = _agents(season)
    _grown(season, _finished(season), first, tickets)
    return season


def _grown(season: Season, before: dict[str, int], first: int, tickets: int) -> None:
    """What there is since these marks becomes a season's; then the last morning, which becomes many's."""
    under_way = max(1, round(tickets * UNDER_WAY / (10 * WAITING)))
    copies = max(1, (tickets - under_way * 10 * WAITING) // FINISHED - 1)
    database = season.context.database
    archived_before = season.clock.now() + timedelta(days=AGE_DAYS + 1) - ENDED_FOR
    with _connected(database.url) as link:
        link.execute("SET maintenance_work_mem = '1GB'")
        apart = timedelta(minutes=(DAYS - 8) * 24 * 60 // copies)
        rows = multiply(link, before, Copies(copies, apart, archived_before, first, AGENTS))
        rows += _archived(link)
        before = marks(link)
    _under_way(season, before["call"])
    with _connected(database.url) as link:
        # Newer than the first, not older: whatever was due by then, the sweep has done.
        apart = -timedelta(minutes=AGE_DAYS * 24 * 60 // under_way)
        rows += multiply(link, before, Copies(under_way - 1, apart, archived_before, first, AGENTS))
    settle(database)
    _say(f"{rows:,} rows multiplied")


def _agents(season: Season) -> int:
    """As many as take the season's calls; the first sits at `SEAT`. Returns the first one's id."""
    hotline_id, context = _hotline_id(season), season.context
    first = user(context, hotline_id, Role.AGENT, username="agent-0", extension=SEAT).user_id
    with context.writing() as session:
        like = session.get_one(User, first)
        session.add_all(
            User(
                username=f"agent-{n}",
                password_hash=like.password_hash,
                display_name=f"agent-{n}",
                roles=like.roles,
                department_id=hotline_id,
                extension=str(int(SEAT) + n),
            )
            for n in range(1, AGENTS)
        )
    seat_changed(context, SEAT, SeatState.READY)
    assert first is not None
    return first


def _hotline_id(season: Season) -> int:
    with season.context.reading() as session:
        return session.scalars(select(Department.id).where(Department.is_hotline)).one()


def _connected(url: str) -> "psycopg.Connection[object]":
    return psycopg.connect(url.replace("postgresql+psycopg://", "postgresql://"), autocommit=True)


def _finished(season: Season) -> dict[str, int]:
    """Tickets of four days at the season's end, nearly all closed. Returns what there was before them."""
    with _connected(season.context.database.url) as link:
        before = marks(link)
    for day in range(4 + AFTERWARDS):
        season.day(DAYS - 7 + day, FINISHED // 4 if day < 4 else 0)
        _answered(season)
        _say(f"through the services: {season.arrived} of {FINISHED} arrived, {season.closed} closed", False)
    _brought_to_an_end(season)
    transcribe(season)
    _swept(season)
    return before


def _brought_to_an_end(season: Season) -> None:
    """What a season leaves open as well: its copies would be open for months, and all of it supervised."""
    units = {unit_id: number for number, (unit_id, *_people) in enumerate(season.units)}
    with season.context.reading() as session:
        left = select(Ticket.id, Ticket.holder_id).where(Ticket.state == State.HANDLING)
        matters = [Matter(ticket_id, units[unit_id], "") for ticket_id, unit_id in session.execute(left)]
    season.submitted(matters)
    season.reviewed(matters)
    season.day(DAYS, 0)


def _answered(season: Season) -> None:
    """The calls of the day were talked, as the telephone side tells."""
    context = season.context
    with context.reading() as session:
        waiting = session.scalars(select(Call.linkedid).where(Call.state == CallState.GREETING)).all()
    for linkedid in waiting:
        calls.leg_started(context, linkedid, f"{linkedid}.1", "PJSIP/trunk-1")
        calls.call_queued(context, linkedid)
        calls.call_answered(context, linkedid, SEAT, f"{linkedid}.2", f"PJSIP/agent-{SEAT}-1")
        calls.leg_ended(context, f"{linkedid}.2")
        calls.call_ended(context, linkedid)
    with context.writing() as session:
        for leg in session.scalars(
            select(CallLeg).where(CallLeg.role == "agent", CallLeg.talk_seconds.is_(None))
        ):
            leg.ring_seconds, leg.talk_seconds, leg.hold_seconds, leg.wrap_seconds = 4.0, 120.0, 0.0, 20.0
    seat_changed(context, SEAT, SeatState.READY)


def _under_way(season: Season, calls_before: int) -> None:
    """The last morning: some tickets in each stage, and a draft of a call that goes on."""
    morning(season, WAITING)
    _answered(season)
    transcribe(season, after=calls_before)
    season.clock.advance(days=AGE_DAYS)
    _swept(season)


def _archived(link: "psycopg.Connection[object]") -> int:
    """The line of their history that the sweep writes."""
    return link.execute(
        "INSERT INTO history_line (ticket_id, at, event, actor_name, actor_roles, department_name,"
        " from_state, to_state, reason, changes) SELECT id, closed_at + interval '30 days', 'archive',"
        " 'system', 'system', '', 'closed', 'archived', '', '{}' FROM ticket WHERE state = 'archived'"
        " ORDER BY id"
    ).rowcount


def _swept(season: Season) -> None:
    """Until nothing is due."""
    parts = passes(season.context, FakeTelephone()) | slow_passes(season.context)
    for name, part in parts.items():
        while name != "follow_ups" and part() > 0:
            pass
    checker, idle = Checker(season.context), 0
    while idle < IDLE_PASSES:
        idle = 0 if checker.check_due() else idle + 1


def measured(season: Season, rounds: int) -> Iterator[Found]:
    """Everything, one after the other."""
    build.compile_translations()
    build.bundle()
    app = create_app(season.context, FakeTelephone())
    keep_what_is_loaded()  # as the console does
    for number, (who, client, place) in enumerate(_pages(app, season), start=1):
        limit = SEARCH_MS if place.startswith("/search") else PAGE_MS
        yield Found(f"{place} ({who})", p95(client.get, [place] * rounds), limit)
        _say(f"page {number}: {place} ({who})", False)
    yield Found("candidates for a duplicate", _candidates(season, rounds), CANDIDATES_MS)
    yield from _sweeps(season)
    swept = 1000 * sweep_of(season, DUE_ROWS)
    yield Found(f"sweep: {DUE_ROWS:,} unsigned tickets", swept, 1000 * SWEEP_SECONDS)


def _pages(app: Flask, season: Season) -> Iterator[tuple[str, FlaskClient, str]]:
    """Whose, and which: what is in the bar for each role, everything else once for the hotline's and once for
    the departments'."""
    numbers = [f"/tickets/{number}" for number in _one_of_each(season)]
    more = [*_without_a_name(app), *_narrowed(season), *numbers, *_searches(season)]
    had: set[tuple[bool, str]] = set()
    for person in _people(season):
        client = signed_in(app, person)
        role = next(iter(person.roles))
        own, of_unit = places(client), role in UNIT_ROLES
        others = [place for place in more if place not in own and (of_unit, place) not in had]
        for place in [*own, *others]:
            answer = client.get(place)
            assert answer.status_code in (200, 302, 403, 404), (role, place, answer.status_code)
            if answer.status_code == 200:
                had.add((of_unit, place))
                yield role.value, client, place


def _without_a_name(app: Flask) -> list[str]:
    """Everything else that is asked for by its address alone, but streams and what is for programs."""
    rules = [
        rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ()) and not rule.arguments
    ]
    return sorted(rule.rule for rule in rules if not rule.rule.startswith(_NO_PAGES))


def _people(season: Season) -> Iterator[Actor]:
    """Somebody of each role; those of a department in the one that has the most."""
    for role in Role:
        if role not in (Role.SYSTEM, Role.CITIZEN):
            place = season.units[0][0] if role in UNIT_ROLES else _hotline_id(season)
            if role is Role.AGENT:
                with season.context.reading() as session:
                    agent = session.scalars(select(User).where(User.extension == SEAT)).one().actor()
            yield agent if role is Role.AGENT else user(season.context, place, role, username=f"one-{role}")


def _one_of_each(season: Season) -> Iterator[str]:
    """Numbers of tickets: the newest of each state, and one of the season's middle."""
    with season.context.reading() as session:
        newest = select(func.max(Ticket.id)).where(Ticket.number.is_not(None)).group_by(Ticket.state)
        ids = [*session.scalars(newest), session.scalar(select(func.max(Ticket.id) / 2))]
        found = select(Ticket.number).where(Ticket.id.in_(ids)).order_by(Ticket.id)
        yield from (number or "" for number in session.scalars(found))


def _narrowed(season: Season) -> list[str]:
    """Lists as filters narrow them."""
    filters = ("due=overdue", "q=路灯", "category=class3.kind2&due=soon", "district=第1区")
    lists = ("/screening", "/dispatch", "/unit", "/review", "/follow-ups", "/supervision")
    return [f"{place}?{asked}" for place in lists for asked in filters]


def _searches(season: Season) -> list[str]:
    """A word that many tickets have, one that few have, one that none has; a number; a telephone; filters."""
    with season.context.reading() as session:
        phone = session.scalar(
            select(Ticket.complainant_phone)
            .where(Ticket.complainant_phone != "")
            .order_by(Ticket.id)
            .limit(1)
        )
    asked = (
        "q=路灯",
        "q=路灯&page=10",
        "q=路灯&page=40",
        "q=噪声 施工",
        f"q=编号 {FINISHED + 3}",
        "q=从来没有人说过",
        f"q={phone}",
        "state=open",
        "q=暖气&state=open&district=第2区",
        "department=3&state=ended",
        "since=2020-03-10&until=2020-03-11&category=class1.kind1",
        "in=calls&q=路灯",
        "in=calls&q=编号 77",
        "in=calls&q=噪声 施工",
        "in=people&q=第3局",
    )
    return [f"/search?{words}" for words in asked]


def _candidates(season: Season, rounds: int) -> float:
    """As the desk asks beside a draft."""
    with season.context.reading() as session:
        newest = select(Ticket).where(Ticket.number.is_not(None)).order_by(Ticket.id.desc()).limit(rounds)
        matters = [
            Compared(
                ticket_id=0,
                contact_id=-ticket.id,
                phone=ticket.complainant_phone,
                category_code=ticket.category_code or "",
                district=ticket.district,
                address=ticket.address,
                text=ticket.description,
            )
            for ticket in session.scalars(newest)
        ]
    return p95(lambda matter: _compared(season, matter), matters)


def _compared(season: Season, matter: Compared) -> None:
    with season.context.reading() as session:
        alike_to(session, matter, season.context.now())


def _sweeps(season: Season) -> Iterator[Found]:
    """Each part once, after a first time that does what is due."""
    control = FakeTelephone()
    parts = passes(season.context, control) | slow_passes(season.context)
    parts["consistency"] = Checker(season.context).check_due
    for name, part in parts.items():
        if name == "follow_ups":
            continue  # dials as many as there are lines, which is a limit of its own
        part()
        began = time.perf_counter()
        part()
        yield Found(f"sweep: {name}", 1000 * (time.perf_counter() - began), 1000 * SWEEP_SECONDS)


def _judge(found: list[Found], tickets: int) -> int:
    worst = sorted(found, key=lambda one: one.took / one.limit, reverse=True)
    for one in worst[:SHOWN]:
        print(f"{one.took:8.1f} ms of {one.limit:5.0f}  {one.what}")
    over = [one for one in found if one.took >= one.limit]
    pages = [one.took for one in found if one.limit == PAGE_MS]
    print(
        f"whole season: {'MISSED' if over else 'good'}; {len(found)} figures among {tickets:,} tickets,"
        f" {len(over)} over their limits; pages p95 {max(pages):.0f} ms at most (goal < {PAGE_MS:.0f} ms),"
        f" median {statistics.median(pages):.0f} ms"
    )
    return 1 if over else 0


def _say(words: str, last: bool = True) -> None:
    print(f"\r{words:<70}", end="\n" if last else "", file=sys.stderr, flush=True)


if __name__ == "__main__":
    asked = [int(word) for word in sys.argv[1:]]
    sys.exit(main(asked[0] if asked else TICKETS, asked[1] if len(asked) > 1 else ROUNDS))
