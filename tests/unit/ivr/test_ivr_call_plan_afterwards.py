"""Calls to merged numbers that nobody of ours saw: tickets by the plan that held when they came."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from hotline.call_plan import service
from hotline.call_plan.document import Plan
from hotline.calls.models import Call, CallEnd
from hotline.calls.service import open_call
from hotline.context import Context
from ivr.moment import context_at
from ivr.reconcile import Reconciler
from tests.factories import City
from tests.unit.call_plan.plans import line, own_line
from tests.unit.ivr.recordings_of_asterisk import ANSWERED
from tests.unit.ivr.test_ivr_reconcile import LINES, events_file, reconciler, write

__all__ = ["events_file", "reconciler"]

BEFORE, AFTER = datetime(2026, 11, 21, 12, tzinfo=UTC), datetime(2026, 11, 21, 23, tzinfo=UTC)
MERGED = [row.replace('"12345","from-trunk"', '"12320","from-trunk"') for row in LINES]


def merge(context: Context, city: City, at: datetime) -> int:
    """12320 becomes one of the hotline's numbers; returns the version."""
    supervising = context_at(context, at).acting_as(city.supervisor)

    def merged(plan: Plan) -> Plan:
        return plan.model_copy(update={"lines": (own_line(), line("12320"))})

    revision = service.change_draft(supervising, service.begin_draft(supervising), merged)
    return service.make_live(supervising, revision, "合并")


def calls(context: Context) -> list[tuple[str, CallEnd | None]]:
    """What every call dialled, and how it ended."""
    with context.reading() as session:
        return [(call.dialled, call.end) for call in session.scalars(select(Call))]


def test_a_merged_number_is_the_hotlines(
    reconciler: Reconciler, context: Context, city: City, events_file: Path
) -> None:
    merge(context, city, BEFORE)
    write(events_file, MERGED)
    reconciler.catch_up()
    assert calls(context) == [("12320", CallEnd.TALKED)]


def test_a_number_that_was_given_up_since_still_was(
    reconciler: Reconciler, context: Context, city: City, events_file: Path
) -> None:
    version = merge(context, city, BEFORE)
    service.go_back(context_at(context, AFTER).acting_as(city.supervisor), 0, version, "拆回")
    write(events_file, MERGED)
    reconciler.catch_up()
    assert calls(context) == [("12320", CallEnd.TALKED)]


@pytest.mark.parametrize("at", [AFTER, None])
def test_a_number_that_was_not_yet_is_not(
    at: datetime | None, reconciler: Reconciler, context: Context, city: City, events_file: Path
) -> None:
    if at is not None:
        merge(context, city, at)
    write(events_file, MERGED)
    reconciler.catch_up()
    assert calls(context) == []


def test_what_was_dialled_is_put_right(
    reconciler: Reconciler, context: Context, city: City, events_file: Path
) -> None:
    merge(context, city, BEFORE)
    open_call(context, ANSWERED, "13800138000", "12345")  # by the queue's event, which does not say
    write(events_file, MERGED)
    reconciler.catch_up()
    assert [dialled for dialled, _ in calls(context)] == ["12320"]
