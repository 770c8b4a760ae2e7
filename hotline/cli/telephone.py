"""The SIP account of a seat's desk phone, for whoever sets it up."""

from hotline.cli.opened import opened
from hotline.config import Settings
from hotline.telephones.service import desk_account, renew_desk_account, revoke_desk_account
from ivr.control import AmiCallControl
from ivr.pbx import desk_endpoint


def account(settings: Settings, extension: str, new: bool = False) -> dict[str, str]:
    """Server, user and password; with `new` a password that replaces the old one. Raises `CommandFailed`."""
    with opened(settings) as context:
        if new:
            found = renew_desk_account(context, AmiCallControl(settings), extension)
        else:
            found = desk_account(context, extension)
    tls = f"{settings.sip_host}:{settings.sip_tls_port} (TLS)"
    return {
        "server": tls if settings.sip_tls_port else f"{settings.sip_host}:{settings.sip_port} (UDP)",
        "user": desk_endpoint(extension),
        "password": found.password,
        "audio": {"none": "RTP", "offered": "SRTP or RTP", "required": "SRTP"}[settings.desk_encryption],
    }


def revoke(settings: Settings, extension: str) -> None:
    """The desk phone's account is worth nothing from now on. Raises `CommandFailed`."""
    with opened(settings) as context:
        revoke_desk_account(context, AmiCallControl(settings), extension)
