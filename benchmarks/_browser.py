"""A browser without a window: signs in to a served console as people do, and keeps what it is given."""

import http.client
import urllib.parse

from tests.factories import PASSWORD


def signed_in(connection: http.client.HTTPConnection, name: str) -> tuple[str, str]:
    """The cookie of the sign-in and the token that forms need."""
    connection.request("GET", "/sign-in")
    answer = connection.getresponse()
    cookie = (answer.getheader("Set-Cookie") or "").partition(";")[0]
    token = answer.read().decode().split('"X-CSRFToken": "', 1)[1].split('"', 1)[0]
    form = urllib.parse.urlencode({"username": name, "password": PASSWORD})
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": cookie, "X-CSRFToken": token}
    connection.request("POST", "/sign-in", form, headers)
    answer = connection.getresponse()
    answer.read()
    assert answer.status == 302, answer.status
    return (answer.getheader("Set-Cookie") or "").partition(";")[0], token
