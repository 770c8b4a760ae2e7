"""A small OpenID Connect provider on 127.0.0.1 that signs real tokens, and can be told to do it wrongly."""

import base64
import hashlib
import json
import secrets
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qsl, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import KeySet, OctKey, RSAKey

from hotline.clock import Clock
from tests.ports import free_port

CLIENT, SECRET = "hotline", "the hotline's secret at the provider"
LASTS_SECONDS = 300


class Provider:
    """Inside a `with` block it answers. Whoever the test calls consents at once."""

    def __init__(self) -> None:
        self.issuer = f"http://127.0.0.1:{free_port()}"
        self.keys = KeySet([RSAKey.generate_key(2048, auto_kid=True)])
        self._stranger = RSAKey.generate_key(2048, {"kid": self.keys.keys[0].kid})
        self._server = ThreadingHTTPServer(("127.0.0.1", urlsplit(self.issuer).port or 0), _handler(self))
        self._server.daemon_threads = True
        self.behave()

    def behave(self) -> None:
        """As it should, from now on."""
        self.clock: Clock | None = None
        self.spoilt: dict[str, Any] = {}
        """Claims of the next tokens that are other than they should be; None: it is missing."""
        self.signs = "RS256"
        """Or `stranger` (another key of the same name), `HS256` (the shared secret), `none`."""
        self.is_away = False
        self._codes: dict[str, dict[str, str]] = {}

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()

    def consents(self, asked: str, username: str) -> str:
        """The user signs in at this address of ours; returns the path that they are sent back to."""
        about = dict(parse_qsl(urlsplit(asked).query))
        assert asked.startswith(f"{self.issuer}/authorize?")
        assert (about["response_type"], about["client_id"]) == ("code", CLIENT)
        assert about["code_challenge_method"] == "S256"
        assert "openid" in about["scope"].split()
        code = secrets.token_urlsafe()
        self._codes[code] = {**about, "username": username}
        back = urlsplit(about["redirect_uri"])
        return f"{back.path}?{urlencode({'code': code, 'state': about['state']})}"

    def answer(self, path: str) -> tuple[int, dict[str, Any]]:
        """What a GET brings."""
        pages: dict[str, dict[str, Any]] = {
            "/.well-known/openid-configuration": {
                "issuer": self.issuer,
                "authorization_endpoint": f"{self.issuer}/authorize",
                "token_endpoint": f"{self.issuer}/token",
                "jwks_uri": f"{self.issuer}/keys",
                "end_session_endpoint": f"{self.issuer}/out",
            },
            "/keys": dict(self.keys.as_dict(private=False)),
        }
        return (503, {}) if self.is_away else (200, pages[path])

    def exchange(self, form: dict[str, str], authorization: str) -> tuple[int, dict[str, Any]]:
        """A code for a token, once, to whoever began and shows the secret."""
        asked = self._codes.pop(form.get("code", ""), None)
        shown = base64.b64decode(authorization.removeprefix("Basic ")).decode()
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        if asked is None or challenge != asked["code_challenge"] or shown != f"{CLIENT}:{SECRET}":
            return 400, {"error": "invalid_grant"}
        if form.get("redirect_uri") != asked["redirect_uri"]:
            return 400, {"error": "invalid_grant"}
        return 200, {"access_token": "x", "token_type": "Bearer", "id_token": self._token(asked)}

    def _token(self, asked: dict[str, str]) -> str:
        assert self.clock is not None
        now = int(self.clock.now().timestamp())
        claims = {
            "iss": self.issuer,
            "aud": CLIENT,
            "sub": f"id of {asked['username']}",
            "preferred_username": asked["username"],
            "name": "王丽",
            "nonce": asked["nonce"],
            "iat": now,
            "exp": now + LASTS_SECONDS,
            **self.spoilt,
        }
        said = {name: value for name, value in claims.items() if value is not None}
        if self.signs == "none":
            parts = ({"alg": "none"}, said)
            return ".".join(_unpadded(json.dumps(part).encode()) for part in parts) + "."
        if self.signs == "HS256":
            return jwt.encode({"alg": "HS256"}, said, OctKey.import_key(SECRET))
        key = self._stranger if self.signs == "stranger" else self.keys.keys[0]
        return jwt.encode({"alg": "RS256", "kid": key.kid}, said, key)


def _unpadded(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def _handler(provider: Provider) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._send(*provider.answer(self.path))

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            self._send(*provider.exchange(dict(parse_qsl(body)), self.headers.get("Authorization", "")))

        def _send(self, status: int, page: dict[str, Any]) -> None:
            content = json.dumps(page).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """Nothing on the terminal."""

    return Handler
