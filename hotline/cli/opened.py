"""The database in the hands of a command; what is wrong with it is told in one sentence."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import OperationalError, ProgrammingError

from hotline.cli.failure import CommandFailed
from hotline.config import Settings
from hotline.context import Context
from hotline.telephones.service import NoSeat, SeatRefused


@contextmanager
def opened(settings: Settings) -> Iterator[Context]:
    """The installation that `settings` describe, acting as the system. Raises `CommandFailed`."""
    try:
        context = Context.of(settings)
    except OSError as error:
        raise CommandFailed(
            f"{settings.state_dir} cannot be made or written to ({error.strerror}): look at HOTLINE_STATE_DIR"
        ) from None
    try:
        yield context
    except (NoSeat, SeatRefused) as refusal:
        raise CommandFailed(str(refusal)) from None
    except (OperationalError, ProgrammingError) as error:
        raise CommandFailed(
            f"the database does not answer, or is not set up ({type(error).__name__}): "
            "`hotline check` says what to do"
        ) from None
    finally:
        context.database.dispose()
