"""Statements that are built once: the same one each time, with other values."""

from datetime import date

from sqlalchemy import Select, Update, select, update

from hotline.built_once import built_once
from hotline.database import Database
from hotline.tickets.models import DailySequence

MONDAY, TUESDAY = date(2020, 3, 2), date(2020, 3, 3)
BUILT: list[date] = []


@built_once
def last_of(day: date, channel: str) -> Select[int]:
    BUILT.append(day)
    return select(DailySequence.last).where(DailySequence.day == day, DailySequence.channel == channel)


@built_once
def set_last(day: date, last: int) -> Update:
    """Its parameters are called as columns are: they set these and no others."""
    return update(DailySequence).where(DailySequence.day == day).values(last=last)


def test_a_statement_is_built_once_and_given_its_values_each_time(database: Database) -> None:
    with database.writing() as session:
        session.add_all(DailySequence(day=day, channel="DH", last=1) for day in (MONDAY, TUESDAY))
        session.flush()
        session.execute(*set_last(MONDAY, 7))
        session.execute(*set_last(day=TUESDAY, last=9))
        assert session.scalar(*last_of(MONDAY, "DH")) == 7
        assert session.scalar(*last_of(TUESDAY, channel="DH")) == 9
        assert session.scalar(*last_of(MONDAY, "LX")) is None
    assert len(BUILT) == 1
    assert last_of(MONDAY, "DH")[0] is last_of(TUESDAY, "LX")[0]
