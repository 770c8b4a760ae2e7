"""`hotline retention`: what has been kept long enough."""

from collections import Counter

import click

from hotline import all_models, journal
from hotline.config import Settings
from hotline.context import Context
from hotline.retention import anonymising, service
from hotline.retention.models import Kind

EXAMPLES = 5

_ = all_models  # a history line of a ticket refers to tables that nothing else here loads


def dry_run(settings: Settings) -> None:
    """Print what the next passes of the sweep would delete, and delete nothing."""
    context = Context.of(settings)
    for kind, days in settings.retention_days.items():
        click.echo(f"{kind:<11} {f'{days} days' if days else 'kept for good'}")
    found = service.due(context, limit=1_000_000)
    totals: Counter[Kind] = Counter()
    for one, count, size in service.sizes(context, found):
        day = one.started_at.astimezone(settings.zone).date()
        what = f"{count} segments" if one.kind is Kind.TRANSCRIPT else f"{count} files, {size} bytes"
        click.echo(f"{day} recording {one.recording_id}: {one.kind.value}, {what}")
        totals[one.kind] += 1
    told = ", ".join(f"{count} of {kind.value}" for kind, count in totals.items())
    _tell_of_persons(context)
    click.echo(f"would delete: {told or 'nothing'}")


def _tell_of_persons(context: Context) -> None:
    """Counts, and some tickets by their number: never a word of theirs. Sealed ones are neither."""
    for kind, count in anonymising.counts(context).items():
        numbers = [one.number for one in anonymising.due(context, kind, EXAMPLES) if one.number]
        like = f", like {', '.join(numbers)}" if numbers else ""
        click.echo(f"would take persons out of: {count} of {kind.value}{like}")


def delete_now(settings: Settings) -> None:
    """One pass, as the sweep makes it every ten minutes."""
    journal.start("retention")
    context = Context.of(settings)
    click.echo(f"anonymised: {anonymising.anonymise_due(context)}")
    click.echo(f"deleted: {service.delete_due(context)}")
