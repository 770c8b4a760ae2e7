"""The console without a browser: somebody signed in, the places of their bar, how long a page takes."""

import re

from flask import Flask
from flask.testing import FlaskClient

from hotline.people.actors import Actor
from tests.factories import PASSWORD

_BAR = re.compile(r"<nav\b.*?</nav>", re.DOTALL)
_PLACE = re.compile(r'<a\b[^>]*\bhref="(/[^"#]*)"')
_TOKEN = re.compile(r'"X-CSRFToken": "([^"]+)"')


def signed_in(app: Flask, person: Actor) -> FlaskClient:
    """As somebody whom `tests.factories` has made."""
    client = app.test_client()
    token = _TOKEN.findall(client.get("/sign-in").text)[0]
    fields = {"username": person.name, "password": PASSWORD}
    client.post("/sign-in", data=fields, headers={"X-CSRFToken": token})
    return client


def places(client: FlaskClient) -> list[str]:
    """What the bar and its menu lead to."""
    bar = "".join(_BAR.findall(client.get("/", follow_redirects=True).text))
    return list(dict.fromkeys(_PLACE.findall(bar)))
