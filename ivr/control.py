"""What the core and the console ask of the telephone, done through AMI."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from hotline.calls.ports import NotDialable, TelephoneAway
from hotline.config import Settings
from ivr.ami.client import Account, AmiConnection, AmiError, AmiRefused, Timings
from ivr.ami.events import FOLLOW_UP
from ivr.ami.lists import listed_contacts
from ivr.pbx.seats import browser_endpoint, desk_endpoint
from ivr.variables import ATTEMPT

QUEUE = "hotline"
TRUNK = "trunk"
AMI_USER = "hotline"
RING_SECONDS = 30

_EXTENSION = re.compile(r"\d{2,10}")
_NUMBER = re.compile(r"\d{3,20}")
_CHANNEL = re.compile(r"[A-Za-z0-9][A-Za-z0-9./@;_-]{0,119}")
# What Asterisk 22 answers where a thing is as it was asked to be.
_ALREADY_SO = ("already there", "not there", "interface not found", "no such channel")


def ami_account(settings: Settings) -> Account:
    """Where and as whom this installation's processes speak AMI."""
    return Account("127.0.0.1", settings.ami_port, AMI_USER, settings.secrets.ami)


def dialable(number: str) -> str:
    """The digits to dial inside China: blanks, hyphens and `+86` or `0086` go. Raises `NotDialable`."""
    bare = re.sub(r"[ ()-]", "", number)
    bare = re.sub(r"^(\+86|0086)", "", bare)
    if not _NUMBER.fullmatch(bare) or not bare.isascii():
        raise NotDialable("not a telephone number")
    return bare


class AmiCallControl:
    """Implements `hotline.calls.ports.CallControl`, in any process: each order is a connection of its own.

    A login costs milliseconds on the same machine, and nothing has to be kept alive across forks.
    """

    def __init__(self, settings: Settings, timings: Timings | None = None) -> None:
        """Connects only when asked for something."""
        self._settings = settings
        self._timings = timings or Timings()

    def make_ready(self, extension: str) -> None:
        """Put the seat's telephone into the queue, not paused; the browser phone comes first."""
        with self._asterisk() as asterisk:
            chosen = _registered_phone(asterisk, extension)
            member = {"Queue": QUEUE, "Interface": chosen, "MemberName": extension, "Paused": "false"}
            _unless_already(asterisk, "QueueAdd", member)
            asterisk.ask("QueuePause", {"Queue": QUEUE, "Interface": chosen, "Paused": "false"})
            for other in _phones(extension):
                if other != chosen:
                    _unless_already(asterisk, "QueueRemove", {"Queue": QUEUE, "Interface": other})

    def pause(self, extension: str, reason: str) -> None:
        """Offer no calls to this seat; line breaks in `reason` become blanks."""
        spoken = " ".join(reason.split())
        with self._asterisk() as asterisk:
            for phone in _phones(extension):
                pause = {"Queue": QUEUE, "Interface": phone, "Paused": "true", "Reason": spoken}
                _unless_already(asterisk, "QueuePause", pause)

    def sign_off(self, extension: str) -> None:
        """Take the seat out of the queue."""
        with self._asterisk() as asterisk:
            for phone in _phones(extension):
                _unless_already(asterisk, "QueueRemove", {"Queue": QUEUE, "Interface": phone})

    def hang_up(self, channel: str) -> None:
        """End one channel; one that has gone already is no error."""
        if not _CHANNEL.fullmatch(channel):
            raise ValueError("not a channel's name")
        with self._asterisk() as asterisk:
            _unless_already(asterisk, "Hangup", {"Channel": channel, "Cause": "16"})

    def call_citizen(self, number: str, attempt_id: int, channel_id: str) -> None:
        """Dial a citizen into the context `follow-up`. Raises `NotDialable` before anything is sent."""
        if not _CHANNEL.fullmatch(channel_id):
            raise ValueError("not a channel's identity")
        order = {
            "ActionID": f"{FOLLOW_UP}{attempt_id}",
            "Channel": f"PJSIP/{dialable(number)}@{TRUNK}",
            "ChannelId": channel_id,
            "Context": "follow-up",
            "Exten": "s",
            "Priority": "1",
            "CallerID": self._settings.hotline_number,
            "Timeout": str(RING_SECONDS * 1000),
            "Async": "true",
        }
        with self._asterisk() as asterisk:
            asterisk.ask("Originate", order, {ATTEMPT: str(attempt_id)})

    @contextmanager
    def _asterisk(self) -> Iterator[AmiConnection]:
        try:
            with AmiConnection(ami_account(self._settings), self._timings) as connection:
                yield connection
        except AmiError as error:
            raise TelephoneAway(type(error).__name__) from error


def _phones(extension: str) -> tuple[str, str]:
    """The seat's interfaces, in the order in which they are preferred."""
    if not _EXTENSION.fullmatch(extension):
        raise ValueError("not an extension")
    return f"PJSIP/{browser_endpoint(extension)}", f"PJSIP/{desk_endpoint(extension)}"


def _registered_phone(asterisk: AmiConnection, extension: str) -> str:
    phones = _phones(extension)
    registered = {f"PJSIP/{entry.get('Endpoint')}" for entry in listed_contacts(asterisk)}
    return next((phone for phone in phones if phone in registered), phones[0])


def _unless_already(asterisk: AmiConnection, action: str, headers: dict[str, str]) -> None:
    """Ask for what may be so already."""
    try:
        asterisk.ask(action, headers)
    except AmiRefused as refused:
        if not any(words in refused.reason.lower() for words in _ALREADY_SO):
            raise
