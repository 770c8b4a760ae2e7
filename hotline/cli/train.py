"""`hotline train`: the suggestions' classifier learns from past tickets."""

import click

from hotline.cli.failure import CommandFailed
from hotline.cli.opened import opened
from hotline.config import Settings
from hotline.suggestions.service import report, train
from hotline.suggestions.training import TooFewExamples


def train_from_tickets(settings: Settings) -> None:
    """Train, print the report, say where it is kept. Raises `CommandFailed`."""
    with opened(settings) as context:
        try:
            training = train(context)
        except TooFewExamples as few:
            why = f"nothing was trained: {few}; until then the directory's words are used"
            raise CommandFailed(why) from None
    click.echo(report(training))
    click.echo(f"Kept in {training.report}")
