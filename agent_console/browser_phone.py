"""The SIP account that a page's browser phone asks for."""

from flask import Response, jsonify

from agent_console.house import acting_context, house
from agent_console.security import phone_websocket
from hotline.telephones.service import NoSeat, SignInNeeded, browser_account


def account_of_page() -> Response:
    """Account and exchanges of the seat of whoever is signed in, as JSON; 404 for somebody without a seat,
    403 for one whom a supervisor has logged out, until they sign in anew.

    It holds until `expires`; asked for again after half of its life, there is a new one.
    """
    try:
        account = browser_account(acting_context(), house().call_control)
    except NoSeat:
        return Response(status=404)
    except SignInNeeded:
        return Response(status=403)
    settings = house().context.settings
    exchanges = [
        {
            "websocket": phone_websocket(pbx),
            "uri": f"sip:agent-{account.extension}@{pbx.host if pbx.name else settings.sip_host}",
        }
        for pbx in settings.all_pbxs
    ]
    expires = account.expires_at.isoformat() if account.expires_at else None
    return jsonify(exchanges=exchanges, password=account.password, expires=expires)
