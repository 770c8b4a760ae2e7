"""Programs use the same addresses as pages, and are answered in JSON."""

from flask import request


def wants_json() -> bool:
    """Whether the request asks for JSON rather than for a page."""
    return request.accept_mimetypes.best_match(["text/html", "application/json"]) == "application/json"
