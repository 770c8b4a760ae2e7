"""Addresses that are refused for a while because they tried passwords."""

from datetime import UTC, datetime

from hotline.cli.failure import CommandFailed
from hotline.config import Settings
from ivr.ami.client import AmiConnection, AmiError
from ivr.bans import Bans
from ivr.control import ami_account
from ivr.pbx.ban_list import written_bans
from ivr.pbx.process import folder_of


def in_force(settings: Settings) -> list[str]:
    """A line an address: until when, in the city's time."""
    bans = written_bans(folder_of(settings) / "conf")
    return [
        f"{address:<40} until {until.astimezone(settings.zone):%Y-%m-%d %H:%M}"
        for address, until in sorted(bans.items())
    ]


def lift(settings: Settings, address: str) -> None:
    """Raises `CommandFailed`."""
    try:
        with AmiConnection(ami_account(settings)) as asterisk:
            lifted = Bans(settings, asterisk, lambda: datetime.now(UTC)).lift(address)
    except AmiError as error:
        raise CommandFailed(f"Asterisk is not reached ({type(error).__name__})") from None
    if not lifted:
        raise CommandFailed(f"{address} is not banned")
