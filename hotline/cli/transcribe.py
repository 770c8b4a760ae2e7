"""`hotline transcribe --again`: old calls by a better model."""

import os
import socket
from datetime import datetime, timedelta
from pathlib import Path

import click

from hotline import all_models, journal
from hotline.cli.failure import CommandFailed
from hotline.config import Settings
from hotline.context import Context
from hotline.transcripts.again import Wanted

_ = all_models  # a ticket refers to tables that nothing else here loads


def again(settings: Settings, since: datetime, until: datetime, model: Path | None) -> None:
    """Write the calls of the days from `since` to `until`, inclusive and by the city's clock, down anew."""
    from recordings.again import Done, transcribe_again
    from recordings.speech_models import Models
    from recordings.tracks import Spool

    journal.start("again")
    if until < since:
        raise CommandFailed("--until lies before --from")
    chosen = settings.model_copy(update={"vosk_models": {}} | ({"vosk_model": model} if model else {}))
    better = Models.of(chosen).usual
    zone = settings.zone
    wanted = Wanted(since.replace(tzinfo=zone), until.replace(tzinfo=zone) + timedelta(days=1), better.sha256)

    def told(done: Done, total: int) -> None:
        seen = done.written + done.unreadable + done.elsewhere
        click.echo(f"\r{seen} of {total}", nl=False, err=True)

    worker = f"again:{socket.gethostname()}:{os.getpid()}"
    done = transcribe_again(Context.of(settings), better, Spool.of(settings), wanted, worker, told)
    click.echo("", err=True)
    click.echo(
        f"{done.written} written down anew by {better.name}, {done.unreadable} could not be read, "
        f"{done.elsewhere} were another worker's"
    )
