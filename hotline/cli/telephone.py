"""The SIP account of a seat, for whoever sets up a desk telephone."""

from hotline.cli.failure import CommandFailed
from hotline.config import Settings
from hotline.context import Context
from hotline.people.queries import seats
from hotline.people.rules import sip_password
from ivr.pbx import desk_endpoint


def account(settings: Settings, extension: str) -> dict[str, str]:
    """Server, user and password. Raises `CommandFailed` where no active user has the extension."""
    context = Context.of(settings)
    with context.reading() as session:
        known = seats(session)
    context.database.dispose()
    if extension not in known:
        raise CommandFailed(f"nobody has extension {extension}; there are: {', '.join(known) or 'none'}")
    return {
        "server": f"{settings.sip_host}:{settings.sip_port} (UDP)",
        "user": desk_endpoint(extension),
        "password": sip_password(settings.secrets.sip, extension),
    }
