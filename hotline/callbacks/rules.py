"""When an owed callback is tried, and when the hotline gives it to a person."""

from datetime import datetime, timedelta

from hotline.callbacks.models import CallbackOutcome
from hotline.context import Context
from hotline.follow_up.rules import within_hours

MOST_TRIES = 3
BUSY_AGAIN = timedelta(minutes=5)
SILENT_AGAIN = timedelta(minutes=15)
NOBODY_HERE = timedelta(seconds=30)
STILL_AWAKE = timedelta(minutes=30)
"""Whoever called us so recently may be called at any hour of the night."""
REASON_AT_MOST = 200


def next_try(context: Context, outcome: CallbackOutcome, owed_at: datetime) -> datetime:
    """When to try again after this outcome."""
    waits = {CallbackOutcome.BUSY: BUSY_AGAIN, CallbackOutcome.NO_AGENT: NOBODY_HERE}
    return callable_at(context, context.now() + waits.get(outcome, SILENT_AGAIN), owed_at)


def callable_at(context: Context, at: datetime, owed_at: datetime) -> datetime:
    """`at`, or the next moment at which this citizen may be called."""
    return at if at - owed_at <= STILL_AWAKE else within_hours(context, at)
