"""`hotline findings`: calls of a span of days are held against their tickets once more."""

from datetime import datetime, timedelta

import click

from hotline import all_models, journal
from hotline.cli.failure import CommandFailed
from hotline.cli.opened import opened
from hotline.config import Settings
from hotline.consistency.checking import Checker, count_left, mark_between

_ = all_models  # a ticket refers to tables that nothing else here loads


def look_again(settings: Settings, since: datetime, until: datetime) -> None:
    """Look at the calls of the days from `since` to `until`, inclusive and by the city's clock.

    What fails is tried again by `hotline sweep`, as ever. Raises `CommandFailed`.
    """
    if until < since:
        raise CommandFailed("--until lies before --from")
    journal.start("findings")
    zone = settings.zone
    with opened(settings) as context:
        first, after = since.replace(tzinfo=zone), until.replace(tzinfo=zone) + timedelta(days=1)
        total = mark_between(context, first, after)
        checker = Checker(context)
        while checker.check_next():
            click.echo(f"\r{total - count_left(context, first, after)} of {total}", nl=False, err=True)
        left = count_left(context, first, after)
    click.echo("", err=True)
    click.echo(f"{total - left} calls looked at, {left} are left to hotline sweep")
