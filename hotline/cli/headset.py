"""`hotline headset`: an agent's telephone in a terminal, on a machine that needs no browser phone."""

import os
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial

import click

from hotline.cli.failure import CommandFailed
from hotline.config import Settings
from ivr.headset import sound
from ivr.headset.headset import Headset
from ivr.headset.preferences import Preferences, remember, remembered
from ivr.headset.recorder import record_prompt
from ivr.headset.screen import on_terminal, tell_in_lines, without_terminal
from ivr.headset.site import FORBIDDEN, Agent, Refused, SignedOut, Site, SiteAway
from ivr.headset.words import sentence, words

PASSWORD_VARIABLE = "MINSHENG_HEADSET_PASSWORD"  # noqa: S105 - its name


def run(settings: Settings, chosen: Preferences, ready: bool, answers_by_itself: bool) -> None:
    """Sign in, and be the agent's telephone until `q`. Raises `CommandFailed`."""
    _need_sound(settings)
    preferences, site, agent = signed_in(settings, chosen)
    said = words(agent.language or settings.language)
    if agent.extension is None:
        raise CommandFailed(said["no_seat"])
    click.echo(said["extension"].format(extension=agent.extension))
    terminal = sys.stdin.isatty() and sys.stdout.isatty()
    headset = Headset(
        site,
        partial(_open, preferences),
        (lambda _: None) if terminal else partial(tell_in_lines, said),
        answers_by_itself,
        begins_ready=ready,
    )
    stop, failed = threading.Event(), list[SignedOut]()

    def keep() -> None:
        try:
            headset.run(stop)
        except SignedOut as error:
            failed.append(error)
            stop.set()

    keeper = threading.Thread(target=keep, name="headset")
    keeper.start()
    try:
        on_terminal(headset, said, stop) if terminal else without_terminal(headset, stop)
    except KeyboardInterrupt:
        click.echo()
    finally:
        headset.wait_orders()
        stop.set()
        keeper.join()
    if failed:
        raise CommandFailed(said[failed[0].word])


def signed_in(settings: Settings, chosen: Preferences) -> tuple[Preferences, Site, Agent]:
    """With what was chosen now, else before; what worked is remembered. Raises `CommandFailed`."""
    given = {name: value for name, value in vars(chosen).items() if value is not None}
    preferences = remembered().changed_by(**given)
    said = words(settings.language)
    username = preferences.username or click.prompt(said["user"])
    password = os.environ.get(PASSWORD_VARIABLE) or click.prompt(said["password"], hide_input=True)
    server = preferences.server or settings.console_url
    try:
        site = Site(server)
        agent = _agent(site, username, password, said["code"])
    except SiteAway:
        raise CommandFailed(f"{said['unreachable']} {server}") from None
    except Refused as refusal:
        raise CommandFailed(said.get(refusal.word, refusal.word)) from None
    except ValueError:
        raise CommandFailed(said["bad_address"]) from None
    preferences = preferences.changed_by(username=username, server=server)
    remember(remembered().changed_by(username=username, server=server))
    click.echo(words(agent.language or settings.language)["welcome"].format(name=agent.name))
    return preferences, site, agent


def _agent(site: Site, username: str, password: str, question: str) -> Agent:
    """Whoever has a second factor is asked for its code."""
    try:
        return site.sign_in(username, password)
    except Refused as refusal:
        if refusal.word != "code_needed":
            raise
    return site.sign_in(username, password, click.prompt(question))


def record(settings: Settings, chosen: Preferences, language: str, name: str) -> None:
    """Read a prompt into the headset. Raises `CommandFailed`."""
    _need_sound(settings)
    preferences, site, agent = signed_in(settings, chosen)
    said = words(agent.language or settings.language)
    try:
        kept = record_prompt(site, partial(_open, preferences), (language, name), _typed, click.echo, said)
    except SiteAway:
        raise CommandFailed(f"{said['unreachable']} {preferences.server}") from None
    except Refused as refusal:
        word = "not_permitted" if refusal.word == FORBIDDEN else refusal.word
        raise CommandFailed(sentence(said, word)) from None
    except sound.SoundError as error:
        raise CommandFailed(sentence(said, error.word, error.device)) from None
    if kept:
        click.echo(said["kept"])


def _typed(sentence: str) -> str:
    click.echo(sentence)
    return sys.stdin.readline()


@contextmanager
def _open(
    preferences: Preferences, heard: Callable[[bytes], None], following: Callable[[], bytes]
) -> Iterator[sound.SoundCard]:
    """The devices that were chosen; those that could be opened are remembered. Raises `SoundError`."""
    with sound.SoundCard(preferences.microphone, preferences.loudspeaker, heard, following) as card:
        remember(preferences)
        yield card


def _need_sound(settings: Settings) -> None:
    """Before anybody types a password. Raises `CommandFailed`."""
    try:
        sound.load()
    except sound.NoPortAudio as error:
        raise CommandFailed(words(settings.language)[error.word]) from None


def list_devices(settings: Settings) -> None:
    """Print every microphone and loudspeaker. Raises `CommandFailed` where there is neither."""
    _need_sound(settings)
    said = words(settings.language)
    found = {"microphones": sound.microphones(), "loudspeakers": sound.loudspeakers()}
    if not any(found.values()):
        raise CommandFailed(said["no_card"])
    for title, devices in found.items():
        click.echo(said[title])
        _list(devices, said)


def _list(devices: list[sound.Device], said: Mapping[str, str]) -> None:
    for device in devices:
        mark = f"  ({said['default']})" if device.is_default else ""
        click.echo(f"  {device.name}  [{device.host}]{mark}")
    if not devices:
        click.echo(f"  {said['nothing']}")
