"""The SIP account that a page's browser phone asks for."""

from flask import Response, jsonify, request

from agent_console.house import acting_context, house
from agent_console.security import phone_websocket
from hotline.telephones.models import LONGEST_PAGE
from hotline.telephones.service import NoSeat, PhoneTaken, SignInNeeded, browser_account


def account_of_page() -> Response:
    """Account and exchanges of the seat of whoever is signed in, as JSON; 404 for somebody without a seat,
    403 for one whom a supervisor has logged out, until they sign in anew, 409 for a page from which another
    has taken the telephone: `page` is the page's name for itself, `takes` is yes when it begins.

    It holds until `expires`; asked for again after half of its life, there is a new one.
    """
    try:
        page, takes = request.args.get("page", "")[:LONGEST_PAGE], request.args.get("takes") == "yes"
        account = browser_account(acting_context(), house().call_control, page, takes)
    except NoSeat:
        return Response(status=404)
    except SignInNeeded:
        return Response(status=403)
    except PhoneTaken:
        return Response(status=409)
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
