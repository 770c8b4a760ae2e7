"""What the headset asks of the console, by HTTP and JSON: see `agent_console/headset`."""

import http.client
import json
import urllib.error
import urllib.request
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

_SECONDS = 5.0
FORBIDDEN = "forbidden"
"""The word for what the roles of whoever signed in do not allow."""


class SiteAway(Exception):
    """The console does not answer."""


class Refused(Exception):
    """The console said no; `word` says why."""

    def __init__(self, word: str) -> None:
        super().__init__(word)
        self.word = word


class SignedOut(Refused):
    """The token is worth nothing any more: sign in again."""


@dataclass(frozen=True)
class Agent:
    """Who signed in."""

    name: str
    extension: str | None
    """Of the seat; None for somebody who takes no calls, but may record prompts."""
    language: str | None


class Site:
    """The console at one address."""

    def __init__(self, address: str) -> None:
        """`address` is an http(s) URL, as in the browser. Raises ValueError for anything else."""
        if urlsplit(address).scheme not in ("http", "https"):
            raise ValueError("the hotline's address begins with http:// or https://")
        self._address = address.rstrip("/")
        self._token = ""

    def sign_in(self, username: str, password: str, code: str = "") -> Agent:
        """Raises `Refused` (by `code_needed` for somebody with a second factor) or `SiteAway`."""
        proof = {"username": username, "password": password, "code": code}
        given = self._ask("/sign-in", json.dumps(proof).encode())
        self._token = str(given["token"])
        return Agent(str(given["name"]), given["extension"], given["language"])

    def open_line(self) -> str:
        """URL of the line's sound. Raises `Refused` or `SiteAway`."""
        return str(self._ask("/line")["media"])

    def ask(self, path: str, body: bytes = b"") -> Any:
        """Any other request. Raises `Refused` or `SiteAway`."""
        return self._ask(path, body)

    def _ask(self, path: str, body: bytes = b"") -> Any:
        kind = "application/json" if body[:1] == b"{" else "application/octet-stream"
        headers = {"Content-Type": kind} | ({"Authorization": f"Bearer {self._token}"} if self._token else {})
        request = urllib.request.Request(  # noqa: S310 - http and https alone, see __init__
            f"{self._address}/headset{path}", body, headers, method="POST"
        )
        try:
            with urllib.request.urlopen(request, timeout=_SECONDS) as answer:  # noqa: S310
                return json.load(answer)
        except urllib.error.HTTPError as error:
            with error:
                raise _refusal(error) from None
        except (OSError, ValueError, http.client.HTTPException) as error:
            raise SiteAway(type(error).__name__) from None


def _refusal(error: urllib.error.HTTPError) -> Exception:
    try:
        answer = json.load(error)
        word = str(answer["refused"])
    except (ValueError, KeyError, TypeError, OSError):
        word = ""
    if word:
        return Refused(word)
    if error.code == http.client.UNAUTHORIZED:
        return SignedOut("signed_out")
    if error.code == http.client.FORBIDDEN:
        return Refused(FORBIDDEN)
    return SiteAway(f"status {error.code}")
