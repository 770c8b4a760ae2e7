"""What every kind of order to Asterisk needs: a connection, and names that can be trusted."""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from hotline.calls.ports import TelephoneAway
from hotline.calls.rules import plain
from hotline.config import Settings
from hotline.line_settings import PbxAddress
from hotline.queueing.rules import GENERAL
from ivr.ami.client import Account, AmiConnection, AmiError, AmiRefused, Timings
from ivr.ami.link import Asks

QUEUE = GENERAL
TRUNK = "trunk"
EMERGENCY_TRUNK = "emergency"
"""The trunk for calls that show another number than the hotline's."""
AMI_USER = "hotline"

_CHANNEL = re.compile(r"[A-Za-z0-9][A-Za-z0-9./@;_-]{0,119}")
# What Asterisk 22 answers where a thing is as it was asked to be.
# A channel is "not up" while it is on its way to where it was just sent, and while it hangs up.
_ALREADY_SO = ("already there", "not there", "interface not found", "no such channel", "channel not up")


def ami_account(settings: Settings) -> Account:
    """Where and as whom this machine's processes speak with this machine's Asterisk."""
    return Account(settings.ami_host, settings.ami_port, AMI_USER, settings.secrets.ami)


def dialable(number: str) -> str:
    """The digits to dial inside the country, of a number that may be called at all. Raises `NotDialable`.

    Who may have it called was asked before (`hotline.line_security.permit`); here, before every order, is the
    last gate: no foreign and no premium number passes, whatever asks for it.
    """
    return plain(number)


def channel(name: str) -> str:
    """A channel's name or uniqueid, as it came. Raises `ValueError` for what cannot be one."""
    if not _CHANNEL.fullmatch(name):
        raise ValueError("not a channel")
    return name


def general_queue_alone(extension: str) -> Mapping[str, int]:
    """The queues of a seat where nobody has a skill."""
    return {QUEUE: 0}


@contextmanager
def logged_in(settings: Settings, pbx: PbxAddress, timings: Timings | None = None) -> Iterator[AmiConnection]:
    """A connection to this Asterisk for giving orders. Raises `AmiError`."""
    account = Account(pbx.host, pbx.ami_port, AMI_USER, settings.secrets.ami)
    with AmiConnection(account, timings or Timings()) as connection:
        yield connection


class Orders:
    """Base of all kinds of orders, usable in any process: each order is a connection of its own.

    A login costs milliseconds on the same machine, and nothing has to be kept alive across forks.
    """

    def __init__(
        self,
        settings: Settings,
        timings: Timings | None = None,
        queues_of: Callable[[str], Mapping[str, int]] = general_queue_alone,
    ) -> None:
        """Connects only when asked for something. `queues_of` tells the queues of a seat with the penalty in
        each; by default all have the general one."""
        self._settings = settings
        self._queues_of = queues_of
        self._timings = timings or Timings()

    @contextmanager
    def _asterisk(self, about: str = "") -> Iterator[AmiConnection]:
        """A connection for one order, to the Asterisk that has `about`: a linkedid or uniqueid.

        Where there is one Asterisk, channels' names will do. Raises `TelephoneAway`.
        """
        with self._asterisk_at(self._whose(about)) as connection:
            yield connection

    def _on_each(self, act: Callable[[AmiConnection], None]) -> None:
        """Give an order to every Asterisk but those that are away. Raises `TelephoneAway` if all are."""
        away: list[TelephoneAway] = []
        for pbx in self._settings.all_pbxs:
            try:
                with self._asterisk_at(pbx) as connection:
                    act(connection)
            except TelephoneAway as error:
                away.append(error)
        if len(away) == len(self._settings.all_pbxs):
            raise away[0]

    @contextmanager
    def _asterisk_at(self, pbx: PbxAddress) -> Iterator[AmiConnection]:
        try:
            with logged_in(self._settings, pbx, self._timings) as connection:
                yield connection
        except AmiError as error:
            raise TelephoneAway(type(error).__name__) from error

    def _whose(self, about: str) -> PbxAddress:
        """The Asterisk whose name begins the identity; this machine's, or the first, where none does."""
        pbxs = {pbx.name: pbx for pbx in self._settings.all_pbxs}
        name, hyphen, _ = about.partition("-")
        if hyphen and name in pbxs:
            return pbxs[name]
        return pbxs.get(self._settings.pbx_name) or self._settings.all_pbxs[0]


def unless_already(asterisk: Asks, action: str, headers: dict[str, str]) -> None:
    """Ask for what may be so already."""
    try:
        asterisk.ask(action, headers)
    except AmiRefused as refused:
        if not any(words in refused.reason.lower() for words in _ALREADY_SO):
            raise


def variable(asterisk: Asks, name: str, channel_name: str = "") -> str:
    """A channel's variable, or a global one; empty where there is none, or no such channel."""
    order = {"Variable": name} | ({"Channel": channel_name} if channel_name else {})
    try:
        return asterisk.ask("Getvar", order).get("Value")
    except AmiRefused:
        return ""
