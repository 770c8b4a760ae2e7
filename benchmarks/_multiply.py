"""Rows that the services have written, multiplied inside PostgreSQL until they are as many as a season's."""

import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import psycopg
from sqlalchemy import Column, Date, DateTime, Index, String, Table, UniqueConstraint

from hotline import all_models
from hotline.database import Database

CHUNK_ROWS = 250_000
_INDEXES_OF_TEXT = {"ticket_index": "ticket", "segment_index": "segment"}  # which migrations have made
_ROOT = "contact"


@dataclass(frozen=True)
class Copies:
    """So many copies, each by `step` (whole minutes) further in the past; what was closed before
    `archived_before` is in the archive. Calls and registrations are shared out among these agents, whose ids
    go on from the first."""

    count: int
    step: timedelta
    archived_before: datetime
    first_agent: int
    agents: int


def marks(link: "psycopg.Connection[Any]") -> dict[str, int]:
    """The highest id of every table that hangs on contacts, as it is now."""
    return {
        table.name: _one(link, f"SELECT coalesce(max({own.name}), 0) FROM {table.name}")  # noqa: S608
        for table in _hanging()
        if (own := _own_id(table)) is not None
    }


def multiply(link: "psycopg.Connection[Any]", since: Mapping[str, int], copies: Copies) -> int:
    """Add copies of every row since these marks: contacts and whatever hangs on them. Returns how many rows.

    Ids go on where they ended, so that no table has a hole. Foreign keys are right by construction and are
    not looked at meanwhile; the other indexes are made anew at the end, which takes a third of the time.
    """
    until, rows = marks(link), 0
    spans = {name: (since.get(name, 0), top - since.get(name, 0)) for name, top in until.items()}
    grown = [table for table in _hanging() if _has_grown(link, table, spans)]
    link.execute("SET session_replication_role = replica; SET TimeZone = 'UTC'")
    with _without_indexes(link, [table.name for table in grown], when=copies.count > 100):
        for table in grown:
            rows += _copy(link, table, spans, copies)
        for name, target in _INDEXES_OF_TEXT.items():
            rows += _copy_text_index(link, name, spans[target], copies)
    for table in grown:
        if (own := _own_id(table)) is not None:
            link.execute(  # type: ignore[call-overload]
                f"SELECT setval(pg_get_serial_sequence('{table.name}', '{own.name}'),"  # noqa: S608
                f" (SELECT max({own.name}) FROM {table.name}))"
            )
    link.execute("SET session_replication_role = origin")
    return rows


def settle(database: Database) -> None:
    """As the autovacuum of a server leaves it that has had a night."""
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as link:
        link.exec_driver_sql("VACUUM (ANALYZE)")


def _copy(
    link: "psycopg.Connection[Any]", table: Table, spans: Mapping[str, tuple[int, int]], copies: Copies
) -> int:
    names = ", ".join(f'"{column.name}"' for column in table.columns)
    values = ", ".join(_value(column, spans, copies) for column in table.columns)
    order = "k" if (own := _own_id(table)) is None else f"k, o.{own.name}"
    statement = (
        f"INSERT INTO {table.name} ({names}) SELECT {values}"  # noqa: S608
        f" FROM {table.name} AS o, generate_series(%s::int, %s::int) AS k"
        f" WHERE {_is_original(table, spans)} ORDER BY {order}"
    )
    originals = _one(
        link,
        f"SELECT count(*) FROM {table.name} AS o WHERE {_is_original(table, spans)}",  # noqa: S608
    )
    return _in_chunks(link, table.name, statement, originals, copies.count)


def _copy_text_index(
    link: "psycopg.Connection[Any]", name: str, span: tuple[int, int], copies: Copies
) -> int:
    mark, size = span
    original = f"o.rowid > {mark} AND o.rowid <= {mark + size}"
    statement = (
        f"INSERT INTO {name} (rowid, terms) SELECT o.rowid + k * {size}, o.terms"  # noqa: S608
        f" FROM {name} AS o, generate_series(%s::int, %s::int) AS k WHERE {original} ORDER BY k, o.rowid"
    )
    originals = _one(link, f"SELECT count(*) FROM {name} AS o WHERE {original}")  # noqa: S608
    return _in_chunks(link, name, statement, originals, copies.count)


def _in_chunks(
    link: "psycopg.Connection[Any]", name: str, statement: str, originals: int, copies: int
) -> int:
    """Some copies in each statement, with progress. Returns how many rows were added."""
    at_once, added = max(1, CHUNK_ROWS // max(1, originals)), 0
    for first in range(1, copies + 1, at_once):
        last = min(copies, first + at_once - 1)
        added += link.execute(statement, (first, last)).rowcount  # type: ignore[call-overload]
        print(f"\r{name}: {added:,} of {originals * copies:,} rows    ", end="", file=sys.stderr)
    print(file=sys.stderr)
    return added


class _without_indexes:  # noqa: N801 (read as a word of `with`)
    """Without those indexes that no constraint needs, while the block lasts."""

    def __init__(self, link: "psycopg.Connection[Any]", tables: list[str], when: bool) -> None:
        self._link, self._tables, self._when = link, [*tables, *_INDEXES_OF_TEXT], when
        self._made_by: list[str] = []

    def __enter__(self) -> None:
        if not self._when:
            return
        found = self._link.execute(
            "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename = ANY(%s)"
            " AND indexname NOT IN (SELECT conname FROM pg_constraint)",
            (self._tables,),
        ).fetchall()
        for name, made_by in found:
            self._link.execute(f"DROP INDEX {name}")
            self._made_by.append(made_by)

    def __exit__(self, *_error: object) -> None:
        for number, made_by in enumerate(self._made_by, start=1):
            self._link.execute(made_by)  # type: ignore[call-overload]
            print(f"\rindexes: {number} of {len(self._made_by)}", end="", file=sys.stderr)
        print(file=sys.stderr)


def _value(column: Column[Any], spans: Mapping[str, tuple[int, int]], copies: Copies) -> str:
    """What a column of copy `k` holds, as SQL over the original `o`."""
    table, here, step = column.table.name, f'o."{column.name}"', f"interval '{copies.step.total_seconds()} s'"
    if (of_its_own := _SPECIAL.get((table, column.name))) is not None:
        contact, by = ("id" if table == "contact" else "contact_id"), spans["contact"][1]
        assigned = spans["assignment"][1]
        return of_its_own.format(
            contact=f"(o.{contact} + k * {by})", step=step, copies=copies, assigned=assigned
        )
    own = _own_id(column.table)
    if column is own:
        return f"{here} + k * {spans[table][1]}"
    if (target := _target(column)) is not None and target in spans:
        mark, size = spans[target]
        return f"CASE WHEN {here} > {mark} THEN {here} + k * {size} ELSE {here} END"
    if isinstance(column.type, DateTime) or isinstance(getattr(column.type, "impl", None), DateTime):
        return f"{here} - k * {step}"
    if isinstance(column.type, Date):
        return f"({here} - k * {step})::date"
    return f"{here} || '~' || k" if column in set(_told_apart_by(column.table)) else here


_SPECIAL = {
    # Two of three citizens have called before; number and telephone keep the form that they have.
    ("contact", "number"): "CASE WHEN o.number = '' THEN '' ELSE '139' ||"
    " lpad(({contact}::bigint * 7919 %% 273300)::text, 8, '0') END",
    ("ticket", "complainant_phone"): "CASE WHEN o.complainant_phone = '' THEN '' ELSE '139' ||"
    " lpad(({contact}::bigint * 7919 %% 273300)::text, 8, '0') END",
    ("ticket", "number"): "CASE WHEN o.number IS NOT NULL THEN"
    " to_char(o.received_at - k * {step}, 'YYYYMMDD') || substr(o.number, 9, 2)"
    " || ({contact} + 5000000)::text END",
    ("ticket", "registered_by_id"): "CASE WHEN o.registered_by_id IS NOT NULL THEN"
    " {copies.first_agent} + {contact} %% {copies.agents} END",
    ("call", "agent_id"): "CASE WHEN o.agent_id IS NOT NULL THEN"
    " {copies.first_agent} + {contact} %% {copies.agents} END",
    ("call_leg", "agent_id"): "CASE WHEN o.agent_id IS NOT NULL THEN"
    " {copies.first_agent} + (o.call_id + k) %% {copies.agents} END",
    # By which the sweep knows that a step was taken: trigger, assignment, and mostly the due time.
    ("supervision_case", "occurrence"): "split_part(o.occurrence, ':', 1) || ':' ||"
    " (split_part(o.occurrence, ':', 2)::bigint + k * {assigned}) ||"
    " coalesce(':' || to_char(to_timestamp(nullif(split_part(o.occurrence, ':', 3), ''), 'YYYYMMDDHH24MI')"
    " - k * {step}, 'YYYYMMDDHH24MI'), '')",
    ("ticket", "state"): "CASE WHEN o.state = 'closed' AND"
    " o.closed_at - k * {step} <= '{copies.archived_before}' THEN 'archived' ELSE o.state END",
}


def _hanging() -> list[Table]:
    """Contacts and every table of which each row belongs to one, by however many foreign keys."""
    found: dict[str, Table] = {}
    for table in all_models.Base.metadata.sorted_tables:
        needed = [
            key for key in table.foreign_keys if isinstance(key.parent, Column) and not key.parent.nullable
        ]
        targets = {key.column.table.name for key in needed}
        if table.name == _ROOT or targets & found.keys():
            found[table.name] = table
    return list(found.values())


def _own_id(table: Table) -> Column[Any] | None:
    keys = list(table.primary_key.columns)
    is_own = len(keys) == 1 and not keys[0].foreign_keys and keys[0].type.python_type is int
    return keys[0] if is_own else None


def _target(column: Column[Any]) -> str | None:
    """The table whose ids the column holds: where a key is another table's key as well, that one."""
    for key in column.foreign_keys:
        return _target(key.column) or key.column.table.name
    return None


def _has_grown(link: "psycopg.Connection[Any]", table: Table, spans: Mapping[str, tuple[int, int]]) -> bool:
    if not _keyed(table, spans):
        return False
    original = _is_original(table, spans)
    return bool(_one(link, f"SELECT EXISTS (SELECT FROM {table.name} AS o WHERE {original})"))  # noqa: S608


def _keyed(table: Table, spans: Mapping[str, tuple[int, int]]) -> list[tuple[str, int, int]]:
    """By which columns a row is known to be an original."""
    if (own := _own_id(table)) is not None:
        return [(own.name, *spans[table.name])]
    return [
        (column.name, *spans[target])
        for column in table.columns
        if (target := _target(column)) is not None and target in spans
    ][:1]


def _is_original(table: Table, spans: Mapping[str, tuple[int, int]]) -> str:
    return " AND ".join(
        f"o.{name} > {mark} AND o.{name} <= {mark + size}" for name, mark, size in _keyed(table, spans)
    )


def _told_apart_by(table: Table) -> Iterator[Column[Any]]:
    """Of each unique constraint that holds text alone, the column that is to differ."""
    unique = [one for one in table.constraints if isinstance(one, UniqueConstraint)]
    for together in [*unique, *(index for index in table.indexes if index.unique)]:
        columns = [column for column in together.columns if isinstance(column, Column)]
        assert isinstance(together, UniqueConstraint | Index)
        if not any(column.foreign_keys or _is_time(column) for column in columns):
            yield from [column for column in columns if isinstance(column.type, String)][-1:]


def _is_time(column: Column[Any]) -> bool:
    return isinstance(getattr(column.type, "impl", column.type), DateTime)


def _one(link: "psycopg.Connection[Any]", query: str) -> int:
    row = link.execute(query).fetchone()  # type: ignore[call-overload]
    assert row is not None
    return int(row[0])
