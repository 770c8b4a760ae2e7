"""Candidates for a duplicate while an agent types, among many tickets on PostgreSQL.

    python -m benchmarks.duplicates [TICKETS]

A season of tickets (118 days, one in twenty still open) is written into a private PostgreSQL; then drafts are
compared as the desk compares them (`hotline.suggestions.similar`). The limit is the same two queries by the
database's driver, without entities and without a score, on the same rows in the same run.
"""

import random
import sys
from datetime import UTC, datetime, timedelta

import psycopg
from sqlalchemy import insert

from benchmarks._timing import p95
from hotline.contacts.models import Contact
from hotline.database import Database
from hotline.dispatch.models import Category
from hotline.suggestions.similar import Matter, alike_to
from hotline.tickets.models import Ticket
from hotline.tickets.states import Channel, State
from tests.postgres import Cluster

TICKETS = 30_000
LIMIT_MS = 300.0
DRAFTS = 60
DAYS = 118
CHUNK = 5_000
NOW = datetime(2020, 12, 1, 8, tzinfo=UTC)
_DISTRICTS = [f"第{n}区" for n in range(12)]
_ROADS = [f"{name}路" for name in ("幸福", "长江", "海天", "人民", "和平", "解放", "中山", "建设")]
_MATTERS = (
    "水管爆裂路面积水",
    "夜间施工噪声扰民",
    "路灯不亮",
    "暖气不热",
    "垃圾多日未清运",
    "违停堵住消防通道",
)
_OPEN_ONES = (
    "contact_id <> %(contact)s AND number IS NOT NULL AND received_at > %(since)s"
    " AND confidentiality <> 'sealed' AND state NOT IN"
    " ('draft', 'closed', 'archived', 'withdrawn', 'not_accepted', 'merged')"
)
_BARE = (
    f"SELECT id, description, address FROM ticket WHERE {_OPEN_ONES} AND complainant_phone = %(phone)s"  # noqa: S608
    " ORDER BY id DESC LIMIT 300",
    f"SELECT id, description, address FROM ticket WHERE {_OPEN_ONES}"  # noqa: S608
    " AND (category_code = %(category)s OR category_code LIKE %(below)s OR district = %(district)s)"
    " ORDER BY id DESC LIMIT 300",
)


def main(tickets: int) -> int:
    """Exit status 0 if the 95th percentile is within its limit."""
    chance = random.Random(12345)
    with Cluster() as cluster:
        cluster.create("season")
        database = Database(cluster.url("season"))
        database.upgrade()
        _fill(database, tickets, chance)
        matters = [_draft(n, tickets, chance) for n in range(DRAFTS)]
        ours = p95(lambda matter: _ours(database, matter), matters)
        with database.engine.connect() as connection:
            driver = connection.connection.driver_connection
            assert isinstance(driver, psycopg.Connection)
            bare = p95(lambda matter: _bare(driver, matter), matters)
        database.dispose()
    figures = f"p95 {ours:.1f} ms (limit {LIMIT_MS:.0f} ms), bare {bare:.1f} ms, ratio {ours / bare:.1f}"
    print(f"candidates among {tickets:,} tickets: {figures}")
    return 0 if ours <= LIMIT_MS else 1


def _fill(database: Database, tickets: int, chance: random.Random) -> None:
    with database.writing() as session:
        session.add_all(Category(code=code, name_zh=code, name_en=code) for code in _codes())
    for first in range(1, tickets + 1, CHUNK):
        ids = range(first, min(first + CHUNK, tickets + 1))
        with database.writing() as session:
            session.execute(insert(Contact), [_contact(n, tickets) for n in ids])
            session.execute(insert(Ticket), [_ticket(n, tickets, chance) for n in ids])
        print(f"\r{ids[-1]:,} of {tickets:,}", end="", file=sys.stderr)
    print(file=sys.stderr)
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE")


def _codes() -> list[str]:
    return [f"class{one}.kind{two}" for one in range(12) for two in range(5)]


def _at(n: int, tickets: int) -> datetime:
    return NOW - timedelta(days=DAYS * (1 - n / tickets))


def _contact(n: int, tickets: int) -> dict[str, object]:
    at = _at(n, tickets)
    return {"id": n, "channel": Channel.PHONE, "source_ref": f"call-{n}", "number": "", "received_at": at}


def _ticket(n: int, tickets: int, chance: random.Random) -> dict[str, object]:
    return {
        "id": n,
        "contact_id": n,
        "number": f"S{n:016d}",
        "channel": Channel.PHONE,
        "state": State.HANDLING if chance.random() < 0.05 else State.CLOSED,
        "received_at": _at(n, tickets),
        "version": 1,
        **_said(tickets, chance),
    }


def _said(tickets: int, chance: random.Random) -> dict[str, object]:
    """What a citizen tells, and from which telephone: two of three have called before."""
    return {
        "complainant_phone": f"139{chance.randrange(max(1, tickets // 3)):08d}",
        "category_code": chance.choice(_codes()),
        "district": chance.choice(_DISTRICTS),
        "address": f"{chance.choice(_ROADS)}{chance.randrange(1, 300)}号",
        "description": "，".join(chance.sample(_MATTERS, 3)) * 3,
    }


def _draft(n: int, tickets: int, chance: random.Random) -> Matter:
    said = _said(tickets, chance)
    return Matter(
        ticket_id=0,
        contact_id=-n,
        phone=str(said["complainant_phone"]),
        category_code=str(said["category_code"]),
        district=str(said["district"]),
        address=str(said["address"]),
        text=str(said["description"]),
    )


def _ours(database: Database, matter: Matter) -> None:
    with database.reading() as session:
        alike_to(session, matter, NOW)


def _bare(connection: psycopg.Connection, matter: Matter) -> None:
    values = {
        "contact": matter.contact_id,
        "since": NOW - timedelta(days=30),
        "phone": matter.phone,
        "category": matter.category_code,
        "below": f"{matter.category_code}.%",
        "district": matter.district,
    }
    for query in _BARE:
        connection.execute(query, values).fetchall()


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else TICKETS))
