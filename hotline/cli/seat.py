"""Seats of the hotline: which user has which extension."""

from hotline.cli.opened import opened
from hotline.config import Settings
from hotline.people.queries import users_with_seats
from hotline.telephones.service import add_seat, remove_seat
from ivr.control import AmiCallControl


def add(settings: Settings, extension: str, username: str) -> None:
    """Raises `CommandFailed`."""
    with opened(settings) as context:
        add_seat(context, username, extension)


def remove(settings: Settings, extension: str) -> None:
    """Raises `CommandFailed`."""
    with opened(settings) as context:
        remove_seat(context, AmiCallControl(settings), extension)


def listed(settings: Settings) -> list[tuple[str, str]]:
    """Extension and user name of every seat. Raises `CommandFailed`."""
    with opened(settings) as context, context.reading() as session:
        return users_with_seats(session)
