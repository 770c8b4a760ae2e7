"""Commands of `hotline`, one function each. What they do lies in the modules beside this one."""

import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from hotline.cli.memory import collect_seldom
from hotline.config import Settings, load_settings
from hotline.setting_errors import SettingsError

if TYPE_CHECKING:
    from ivr.headset.preferences import Preferences


class _Hotline(click.Group):
    """Errors that we name ourselves become one line for the administrator, not a traceback."""

    def invoke(self, context: click.Context) -> object:
        try:
            return super().invoke(context)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except Exception as error:
            from hotline.cli.errors import NAMED_ERRORS  # slow to import, and seldom needed

            if isinstance(error, NAMED_ERRORS):
                raise click.ClickException(str(error)) from None
            raise


@click.group(cls=_Hotline, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(package_name="minsheng", prog_name="hotline")
@click.pass_context
def main(context: click.Context) -> None:
    """Minsheng (民声): a government service hotline."""
    collect_seldom()
    try:
        context.obj = load_settings()
    except SettingsError as error:
        raise click.ClickException(str(error)) from None


@main.command()
@click.pass_obj
def setup(settings: Settings) -> None:
    """Install the PBX, speak the prompts, build the front end, prepare the database. Safe to repeat."""
    from hotline.cli.setup import set_up

    set_up(settings)


@main.command()
@click.option("--foreground", is_flag=True, help="Stay in the foreground, for systemd.")
@click.pass_obj
def up(settings: Settings, foreground: bool) -> None:
    """Start every process of the hotline on this machine."""
    from hotline.cli import up as processes

    if foreground:
        processes.replace_by_supervisor(settings)
    processes.start(settings)
    own = settings.own_processes
    click.echo(f"Minsheng is up: {settings.console_url if 'web' in own else ', '.join(own)}")
    click.echo("Stop it with: hotline down")


@main.command()
@click.option("--now", is_flag=True, help="Do not wait for calls that go on.")
@click.option(
    "--wait",
    metavar="SECONDS",
    default=300,
    show_default=True,
    type=click.IntRange(0, 86400),
    help="Wait so long at most; then calls are cut off, and owed a callback.",
)
@click.pass_obj
def down(settings: Settings, now: bool, wait: int) -> None:
    """Stop every process of the hotline on this machine, once nobody is on the telephone.

    Meanwhile new callers are promised a callback, or go to other machines. Ctrl+C: all stays up.
    """
    from hotline.cli.down import bring_down

    stopped = bring_down(settings, 0 if now else wait, click.echo)
    click.echo("Minsheng is down." if stopped else "Minsheng was not running.")


@main.command()
@click.pass_obj
def status(settings: Settings) -> None:
    """Say which processes run."""
    from hotline.cli import up as processes

    states = processes.states(settings)
    for state in states:
        click.echo(f"{state.name:<12} {state.state:<10} {state.description}")
    if not states:
        click.echo("Minsheng is not running.")
    sys.exit(0 if states and all(state.state == "RUNNING" for state in states) else 1)


@main.command()
@click.pass_obj
def check(settings: Settings) -> None:
    """Look at configuration, PBX, model, tools, disk and ports; say what is wrong, how to mend it."""
    from hotline.cli.check import report

    sys.exit(report(settings))


@main.command()
@click.option("--once", is_flag=True, help="End after the story; exit status 0 only if it was true.")
@click.option("--say", metavar="SENTENCE", help="What the citizen says, in Mandarin.")
@click.option(
    "--json", "json_file", type=click.Path(path_type=Path, dir_okay=False), help="Write what was measured."
)
@click.pass_obj
def demo(settings: Settings, once: bool, say: str | None, json_file: Path | None) -> None:
    """Play one citizen's story over real SIP, from the dialled call to the closed ticket."""
    from hotline.cli.demo import play

    sys.exit(play(settings, once=once, say=say, json_file=json_file))


@main.command()
@click.pass_obj
def train(settings: Settings) -> None:
    """Let the suggestions learn types and categories from past tickets; print and keep a report."""
    from hotline.cli.train import train_from_tickets

    train_from_tickets(settings)


@main.command()
@click.pass_obj
def caller(settings: Settings) -> None:
    """Be citizens and departments at their telephones, by words typed in this terminal."""
    from hotline.cli.caller import obey_lines

    obey_lines(settings, sys.stdin)


@main.command()
@click.argument("extension")
@click.option("--new", is_flag=True, help="Make a new password; the old one is worth nothing from now on.")
@click.option("--revoke", is_flag=True, help="Let no desk telephone register until there is a new password.")
@click.pass_obj
def telephone(settings: Settings, extension: str, new: bool, revoke: bool) -> None:
    """Print the SIP account of a seat, for a desk telephone or a softphone."""
    from hotline.cli import telephone as telephones

    if new and revoke:
        raise click.UsageError("--new and --revoke exclude each other")
    if revoke:
        telephones.revoke(settings, extension)
        click.echo(f"The desk telephone of {extension} is revoked.")
        return
    for name, value in telephones.account(settings, extension, new).items():
        click.echo(f"{name:<9} {value}")


@main.command()
@click.argument("names", nargs=-1)
@click.option("--days", default=365, show_default=True, type=click.IntRange(1, 3650), help="Its life.")
@click.option("--renew", is_flag=True, help="Make a new one although the old one is good.")
@click.pass_obj
def certificates(settings: Settings, names: tuple[str, ...], days: int, renew: bool) -> None:
    """Make or renew the PBX's certificate for NAMES, signed by an authority of this installation's own."""
    from hotline.cli.certificates import make

    for sentence in make(settings, names, days, renew):
        click.echo(sentence)


@main.command()
@click.option("--lift", "address", metavar="ADDRESS", help="Let this one come again.")
@click.pass_obj
def bans(settings: Settings, address: str | None) -> None:
    """Say which addresses this machine's Asterisk refuses because they tried passwords."""
    from hotline.cli import bans as banned

    if address is not None:
        banned.lift(settings, address)
        click.echo(f"{address} may come again.")
        return
    for line in banned.in_force(settings) or ["Nobody is banned."]:
        click.echo(line)


@main.command()
@click.argument("username")
@click.pass_obj
def administrator(settings: Settings, username: str) -> None:
    """Make USERNAME an administrator of the console; one there is gets a new first password."""
    from hotline.cli.people import administrator as made

    first = made(settings, username)
    click.echo(f"First password of {first.username}, to be changed at once: {first.password}")


@main.group()
def seat() -> None:
    """Give users extensions, also while everything runs."""


@seat.command("add")
@click.argument("extension")
@click.argument("user")
@click.pass_obj
def add_seat(settings: Settings, extension: str, user: str) -> None:
    """Give USER the telephone EXTENSION. A running Asterisk knows it within seconds."""
    from hotline.cli import seat as seats

    seats.add(settings, extension, user)
    click.echo(f"{user} has extension {extension}. Its desk telephone: hotline telephone {extension}")


@seat.command("remove")
@click.argument("extension")
@click.pass_obj
def remove_seat(settings: Settings, extension: str) -> None:
    """Take EXTENSION from its user; its telephones can register no more."""
    from hotline.cli import seat as seats

    seats.remove(settings, extension)
    click.echo(f"Nobody has extension {extension} any more.")


@seat.command("list")
@click.pass_obj
def list_seats(settings: Settings) -> None:
    """Say who has which extension."""
    from hotline.cli import seat as seats

    listed = seats.listed(settings)
    for extension, name in listed:
        click.echo(f"{extension:<10} {name}")
    if not listed:
        click.echo("Nobody has an extension yet: hotline seat add EXTENSION USER", err=True)


@main.group()
def model() -> None:
    """Speech models: measure one, teach one the names of the city."""


@model.command("measure")
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--every", default=1, show_default=True, type=click.IntRange(1, 100), help="Only each n-th.")
@click.option("--json", "json_file", type=click.Path(path_type=Path, dir_okay=False), help="Write it, too.")
def measure_model(path: Path, every: int, json_file: Path | None) -> None:
    """What the Vosk model at PATH gets wrong: clean, telephone, noise, babble, unseen voices, digits."""
    from hotline.cli import model as models

    models.measure_model(path, every, json_file)


@model.command("words")
@click.argument("target", type=click.Path(path_type=Path))
@click.option("--model", "source", type=click.Path(path_type=Path), help="Instead of the hotline's model.")
@click.option(
    "--file",
    "more",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="More names, one a line.",
)
@click.option("--compare/--no-compare", default=True, help="Speak some of the names and listen, by both.")
@click.pass_obj
def add_words(
    settings: Settings, target: Path, source: Path | None, more: Path | None, compare: bool
) -> None:
    """Copy the model to the new folder TARGET with the names of departments and places added. No training."""
    from hotline.cli import model as models

    models.add_city(settings, source or settings.vosk_model, target, more, compare)


@main.group(invoke_without_command=True)
@click.option("--server", metavar="URL", help="The hotline's address, as in the browser.")
@click.option("--user", "username", metavar="NAME", help="The agent's user name.")
@click.option(
    "--microphone", metavar="NAME", help="A device of `hotline headset devices`, or a part of its name."
)
@click.option("--loudspeaker", metavar="NAME", help="Likewise, for what the agent hears.")
@click.option("--ready", is_flag=True, help="Be ready for calls at once.")
@click.option("--answer-by-itself", is_flag=True, help="Take every call without a key.")
@click.pass_context
def headset(
    context: click.Context,
    server: str | None,
    username: str | None,
    microphone: str | None,
    loudspeaker: str | None,
    ready: bool,
    answer_by_itself: bool,
) -> None:
    """Be an agent's telephone in this terminal. Server, user and devices are remembered."""
    from hotline.cli import headset as headsets
    from ivr.headset.preferences import Preferences

    chosen = Preferences(server, username, microphone, loudspeaker)
    settings, context.obj = context.obj, (context.obj, chosen)
    if context.invoked_subcommand is None:
        headsets.run(settings, chosen, ready, answer_by_itself)


@headset.command("record-prompt")
@click.argument("name")
@click.option("--language", type=click.Choice(["zh", "en"]), default="zh", help="Of the prompt.")
@click.pass_obj
def headset_record(given: tuple[Settings, "Preferences"], name: str, language: str) -> None:
    """Read the prompt NAME into the headset, hear it, and put it in the place of the machine's voice."""
    from hotline.cli import headset as headsets

    headsets.record(*given, language, name)


@headset.command("devices")
@click.pass_obj
def headset_devices(given: tuple[Settings, object]) -> None:
    """List microphones and loudspeakers."""
    from hotline.cli import headset as headsets

    headsets.list_devices(given[0])


@main.command()
@click.option("--again", is_flag=True, help="Write old calls down anew; the old texts are kept.")
@click.option("--from", "since", type=click.DateTime(["%Y-%m-%d"]), help="First day of the calls.")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="Their last day.")
@click.option("--model", type=click.Path(path_type=Path, file_okay=False), help="Folder of the better model.")
@click.pass_obj
def transcribe(
    settings: Settings, again: bool, since: datetime | None, until: datetime | None, model: Path | None
) -> None:
    """Turn finished recordings into text, in the foreground; with --again, those of a span of days."""
    from hotline.cli import transcribe as transcribing
    from hotline.cli.processes import PROCESSES

    if not again:
        if since or until or model:
            raise click.UsageError("--from, --until and --model belong to --again")
        PROCESSES["transcribe"](settings)
        return
    if since is None or until is None:
        raise click.UsageError("--again needs --from and --until")
    transcribing.again(settings, since, until, model)


@main.command()
@click.option("--dry-run", is_flag=True, help="Say what is due, and delete nothing.")
@click.pass_obj
def retention(settings: Settings, dry_run: bool) -> None:
    """Delete and anonymise what has been kept long enough; `hotline sweep` does it by itself."""
    from hotline.cli import retention as retaining

    if dry_run:
        retaining.dry_run(settings)
    else:
        retaining.delete_now(settings)


@main.command()
@click.option("--from", "since", type=click.DateTime(["%Y-%m-%d"]), required=True, help="First day.")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), required=True, help="Last day of the calls.")
@click.pass_obj
def findings(settings: Settings, since: datetime, until: datetime) -> None:
    """Hold the calls of a span of days against their tickets once more; new ones are looked at anyway."""
    from hotline.cli.findings import look_again

    look_again(settings, since, until)


@main.command(hidden=True)
@click.argument("process", type=click.Choice(["pbx", "ivr", "live", "transcribe", "sweep", "mail", "web"]))
@click.pass_obj
def run(settings: Settings, process: str) -> None:
    """Run one process in the foreground (the process manager calls this)."""
    from hotline.cli.processes import PROCESSES

    PROCESSES[process](settings)
