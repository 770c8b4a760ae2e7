"""Seats of the hotline: which user has which extension."""

from hotline.cli.failure import CommandFailed
from hotline.config import Settings
from hotline.context import Context
from hotline.people.queries import users_with_seats
from hotline.telephones.service import NoSeat, SeatRefused, add_seat, remove_seat
from ivr.control import AmiCallControl


def add(settings: Settings, extension: str, username: str) -> None:
    """Raises `CommandFailed`."""
    context = Context.of(settings)
    try:
        add_seat(context, username, extension)
    except (NoSeat, SeatRefused) as refusal:
        raise CommandFailed(str(refusal)) from None
    finally:
        context.database.dispose()


def remove(settings: Settings, extension: str) -> None:
    """Raises `CommandFailed`."""
    context = Context.of(settings)
    try:
        remove_seat(context, AmiCallControl(settings), extension)
    except NoSeat as refusal:
        raise CommandFailed(str(refusal)) from None
    finally:
        context.database.dispose()


def listed(settings: Settings) -> list[tuple[str, str]]:
    """Extension and user name of every seat."""
    context = Context.of(settings)
    try:
        with context.reading() as session:
            return users_with_seats(session)
    finally:
        context.database.dispose()
