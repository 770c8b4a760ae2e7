"""Vosk models: what they hear, and names of the city added to them."""

import json
from pathlib import Path

import click

from hotline.cli.failure import CommandFailed
from hotline.config import Settings
from hotline.context import Context
from hotline.gazetteer.queries import in_use
from hotline.people.queries import departments
from recordings.added_words import CannotAddWords, add_words
from recordings.measurement import MeasurementImpossible, as_json, measure, names_heard, table, trials
from recordings.recogniser import Recogniser


def measure_model(model: Path, every: int, json_file: Path | None) -> None:
    """Print the table of a model, and write it for programs. Raises `NotAVoskModel`, `CommandFailed`."""
    recogniser = Recogniser(model)
    try:
        with click.progressbar(length=trials(every), label=recogniser.name) as bar:
            figures = measure(recogniser, every, lambda: bar.update(1))
    except MeasurementImpossible as reason:
        raise CommandFailed(str(reason)) from None
    click.echo(table(figures))
    if json_file is not None:
        written = json.dumps(as_json(recogniser, figures), ensure_ascii=False, indent=2)
        json_file.write_text(written + "\n", "utf-8")
        click.echo(f"Written to {json_file}.")


def add_city(settings: Settings, model: Path, target: Path, more: Path | None, compare: bool) -> None:
    """Copy the model with the city's names in it, and say how many of them each of the two hears.

    Raises `NotAVoskModel`, `CommandFailed`.
    """
    names = names_of_the_city(settings) + ([] if more is None else _listed(more))
    if not names:
        raise CommandFailed("there is no department and no place in the database, and no file of names")
    try:
        words = add_words(model, target, names)
    except CannotAddWords as reason:
        raise CommandFailed(str(reason)) from None
    click.echo(f"{len(words.added)} names added, {len(words.known)} known before.")
    if words.unspeakable:
        click.echo(f"Left out, for they are not Chinese words: {'、'.join(words.unspeakable)}")
    click.echo(f"The new model: {target}")
    if compare and words.added:
        _compare(model, target, words.added)


def names_of_the_city(settings: Settings) -> list[str]:
    """Departments and places of the database, by every name that people use."""
    context = Context.of(settings)
    try:
        with context.reading() as session:
            offices = [department.name_zh for department in departments(session)]
            places = [name for place in in_use(session) for name in (place.name, *place.aliases)]
    finally:
        context.database.dispose()
    return offices + places


def _listed(file: Path) -> list[str]:
    return [line.strip() for line in file.read_text("utf-8").splitlines() if line.strip()]


def _compare(model: Path, target: Path, names: list[str]) -> None:
    try:
        for which, folder in (("before", model), ("after", target)):
            heard, said = names_heard(Recogniser(folder), names)
            click.echo(f"{which:<6} {heard} of {said} names heard right in a sentence over the telephone")
    except MeasurementImpossible as reason:
        click.echo(f"Not measured: {reason}")
