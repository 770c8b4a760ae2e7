"""Sets the stage, plays the story, and leaves the console open (or clears the stage, with `--once`)."""

import fcntl
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from sqlalchemy.exc import SQLAlchemyError

from hotline.calls.ports import TelephoneAway
from hotline.cli import up
from hotline.cli.demo import city, facts
from hotline.cli.demo.sound import LONGEST_SENTENCE, Voices, record
from hotline.cli.demo.story import Story
from hotline.cli.demo.telling import Narrator, StepFailed
from hotline.cli.failure import CommandFailed
from hotline.cli.setup import set_up
from hotline.config import Settings, load_settings
from hotline.context import Context
from hotline.people.actors import NotPermitted
from hotline.tickets.lifecycle import IllegalMove
from ivr.network import CallFailed, TelephoneNetwork
from ivr.pbx import PbxError

SENTENCE = "您好，我家住在市北区同安路六十八号，家里的暖气三天不热了，老人孩子都感冒了，希望尽快派人来修。"

# What can go wrong in a step; anything else is a defect of ours and shows its traceback.
_FAILURES = (
    StepFailed,
    CallFailed,
    TelephoneAway,
    IllegalMove,
    NotPermitted,
    LookupError,
    SQLAlchemyError,
    OSError,
    PbxError,
)


def play(settings: Settings, once: bool, say: str | None, json_file: Path | None) -> int:
    """Exit status: 0 only if every step of the story truly happened."""
    sentence = _sentence(say)
    settings = load_settings(follow_up_hours="00:00-24:00", follow_up_delay_seconds=0)
    with _alone(settings):
        click.secho("民声 Minsheng", bold=True)
        began = time.monotonic()
        set_up(settings)
        context = Context.of(settings)
        city.load(context)
        voices = record(settings.state_dir / "demo", sentence)
        started_here = _start(settings)
        click.echo(f"  Set-up took {time.monotonic() - began:.1f} s")
        try:
            told = _tell(context, sentence, voices, json_file, time.monotonic() - began)
        finally:
            context.database.dispose()
            if once and started_here:
                up.stop(settings)
    if not once:
        _leave_open(settings)
    return 0 if told else 1


def _tell(context: Context, sentence: str, voices: Voices, json_file: Path | None, setup_s: float) -> bool:
    narrator = Narrator(context.settings.language)
    truth = False
    ticket_id = 0
    live: dict[str, object] = {}
    try:
        with TelephoneNetwork(context.settings) as network:
            story = Story(context, network, narrator, sentence, voices)
            try:
                for step in story.steps():
                    step()
                truth = True
            finally:
                ticket_id = story.ticket_id
                live = story.live.measured() if story.live else {}
    except _FAILURES as error:
        narrator.fail(f"没有做到：{error}", f"This did not happen: {error}")
    seconds = narrator.seconds()
    click.echo()
    click.secho(
        f"  The whole story is true ({seconds:.0f} s)." if truth else "  The story broke off.",
        fg="green" if truth else "red",
    )
    if json_file is not None:
        _write(
            context,
            json_file,
            ticket_id,
            sentence,
            narrator,
            {"true": truth, "setup_s": setup_s, "story_s": seconds, "live": live},
        )
    return truth


def _write(
    context: Context,
    path: Path,
    ticket_id: int,
    sentence: str,
    narrator: Narrator,
    outline: dict[str, object],
) -> None:
    with context.reading() as session:
        found = facts.measured(session, ticket_id, sentence) if ticket_id else {}
    everything = {**outline, "steps": narrator.lines, **found}
    path.write_text(json.dumps(everything, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    click.echo(f"  Measured: {path}")


def _sentence(say: str | None) -> str:
    sentence = (say if say is not None else SENTENCE).strip()
    if not sentence:
        raise CommandFailed("--say needs a sentence")
    if len(sentence) > LONGEST_SENTENCE:
        raise CommandFailed(f"--say takes {LONGEST_SENTENCE} characters at most")
    return sentence


def _start(settings: Settings) -> bool:
    """Start the hotline, or use the one that this installation's earlier demo left running."""
    if up.is_up(settings):
        return False
    up.start(settings)
    return True


@contextmanager
def _alone(settings: Settings) -> Iterator[None]:
    """One demo at a time for one state folder."""
    path = settings.state_dir / "run" / "demo.lock"
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with path.open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CommandFailed(
                "another demo is running here; wait for it, or set HOTLINE_STATE_DIR"
            ) from None
        yield


def _leave_open(settings: Settings) -> None:
    click.echo()
    click.echo(f"  控制台 Console: {settings.console_url}")
    click.echo(f"  密码 Password of everybody: {city.PASSWORD}")
    for person in city.PEOPLE:
        roles = ", ".join(person.roles) + (f", telephone {person.extension}" if person.extension else "")
        click.echo(f"    {person.username:<12} {person.name}  {roles}")
    click.echo("    heating-handler, heating-leader (and so for every department)")
    click.echo("  停止 Stop: make down")
