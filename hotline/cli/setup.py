"""What an installation needs beyond its packages; each step looks first and is quick when all is done."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import click

from hotline.config import Settings
from hotline.context import Context

Step = Callable[[], str | None]


def set_up(settings: Settings) -> None:
    """Run every step, saying which, and how long it took. The front end is built by programs of
    its own, beside what the others do."""
    with ThreadPoolExecutor(1) as beside:
        front_end = beside.submit(_timed, _front_end)
        for title, step in _steps(settings).items():
            click.echo(f"  {title} …")
            click.echo(f"    {_timed(step)}")
        click.echo("  Front end …")
        click.echo(f"    {front_end.result()}")


def _timed(step: Step) -> str:
    began = time.monotonic()
    return f"{step() or 'ready'} ({time.monotonic() - began:.1f} s)"


def _steps(settings: Settings) -> dict[str, Step]:
    return {
        "PBX": lambda: _pbx(settings),
        "Spoken prompts": lambda: _prompts(settings),
        "Speech model": lambda: _model(settings),
        "Database": lambda: _database(settings),
    }


def _pbx(settings: Settings) -> str:
    from ivr.pbx import ensure

    found = ensure(settings.cache_dir)
    return f"Asterisk {found.version}" + (f" - warning: {found.warning}" if found.warning else "")


def _prompts(settings: Settings) -> str:
    from ivr.prompts import ensure_music, ensure_prompts

    rendered = ensure_prompts(settings)
    ensure_music(settings)
    return f"{len(rendered)} spoken" if rendered else "ready"


def _front_end() -> str:
    from agent_console import build
    from hotline.cli.failure import CommandFailed

    try:
        build.compile_translations()
        return "built" if build.bundle() else "ready"
    except build.BuildError as error:
        raise CommandFailed(f"the front end cannot be built: {error}") from None


def _model(settings: Settings) -> str:
    from recordings.recogniser import Recogniser

    return Recogniser(settings.vosk_model).name


def _database(settings: Settings) -> None:
    context = Context.of(settings)
    context.database.upgrade()
    context.database.dispose()
