"""`hotline train`: the suggestions' classifier learns from past tickets."""

import click

from hotline.cli.failure import CommandFailed
from hotline.config import Settings
from hotline.context import Context
from hotline.suggestions.service import report, train
from hotline.suggestions.training import TooFewExamples


def train_from_tickets(settings: Settings) -> None:
    """Train, print the report, say where it is kept. Raises `CommandFailed`."""
    context = Context.of(settings)
    try:
        training = train(context)
    except TooFewExamples as few:
        raise CommandFailed(
            f"nothing was trained: {few}; until then the directory's words are used"
        ) from None
    finally:
        context.database.dispose()
    click.echo(report(training))
    click.echo(f"Kept in {training.report}")
