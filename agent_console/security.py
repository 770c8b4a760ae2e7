"""Response headers that hold on every page: a strict Content-Security-Policy and its companions."""

from urllib.parse import urlsplit

from flask import Flask, Response, request

from agent_console.assets import FOR_EVER, stays_as_it_is
from agent_console.house import house
from hotline.line_settings import PbxAddress

_FIXED = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "microphone=(self), camera=(), geolocation=(), payment=(), usb=()",
}


def install(app: Flask) -> None:
    """Add the headers to every response."""
    app.after_request(_add_headers)


def phone_websocket(pbx: PbxAddress | None = None) -> str:
    """Where the browser phone finds an exchange; this machine's, if none is named.

    On plain HTTP it is Asterisk's own port: on the host that the page came from, or on that of the one that
    is named among several. Behind TLS the reverse proxy passes `/ws`, or `/ws/<name>`, on, because a secure
    page may open only secure sockets; where a single Asterisk has a certificate, it is asked itself.
    """
    own_port = house().context.settings.websocket_tls_port
    if request.is_secure and own_port and not (pbx and pbx.name):
        return f"wss://{urlsplit(request.host_url).hostname}:{own_port}/ws"
    if request.is_secure:
        return f"wss://{request.host}/ws" + (f"/{pbx.name}" if pbx and pbx.name else "")
    if pbx is not None and pbx.name:
        return f"ws://{pbx.host}:{pbx.websocket_port}/ws"
    host = urlsplit(request.host_url).hostname or "localhost"
    return f"ws://{f'[{host}]' if ':' in host else host}:{house().context.settings.websocket_port}/ws"


def _policy() -> str:
    pbxs = house().context.settings.all_pbxs
    return "; ".join(
        (
            "default-src 'self'",
            "script-src 'self'",
            "style-src 'self'",
            "img-src 'self'",
            "media-src 'self'",
            f"connect-src 'self' {' '.join(map(phone_websocket, pbxs))}",
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        )
    )


def _add_headers(response: Response) -> Response:
    response.headers["Content-Security-Policy"] = _policy()
    for name, value in _FIXED.items():
        response.headers[name] = value
    if request.endpoint != "static":
        response.headers["Cache-Control"] = "no-store"
    elif response.status_code < 400 and stays_as_it_is((request.view_args or {})["filename"]):
        response.headers["Cache-Control"] = FOR_EVER
    return response
