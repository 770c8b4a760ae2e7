"""The city's OpenID Connect provider: where it sends people, and what its token says of who comes back.

Authorization code flow with PKCE, state and nonce (OpenID Connect Core 1.0, RFC 7636). Nothing of a provider
is kept: what it says of itself is asked for each time, which a few sign-ins a day can afford.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

import requests
import structlog
from authlib.integrations.base_client import OAuthError
from authlib.integrations.requests_client import OAuth2Session
from joserfc import jwt
from joserfc.errors import ExpiredTokenError, JoseError
from joserfc.jwk import KeySet

from hotline.config import Settings

_SECONDS = 5.0
_LEEWAY = 60
"""Seconds that the provider's clock may be off."""
_ALGORITHMS = ("RS256", "PS256", "ES256")
"""Signatures by a key pair alone: never by the shared secret, never none."""
_DISCOVERY = "/.well-known/openid-configuration"
log = structlog.get_logger()

_BROKEN = (JoseError, KeyError, ValueError, TypeError, AttributeError)


class Fault(StrEnum):
    """Why nobody came back from the provider."""

    AWAY = "away"  # it does not answer, or nothing that we understand
    REFUSED = "refused"  # it says no, or its user gave up
    FOREIGN = "foreign"  # an answer to a question that this browser has not asked
    EXPIRED = "expired"
    UNTRUSTED = "untrusted"  # its token is not what it should be
    UNNAMED = "unnamed"  # the token lacks the claim that names the user


class ProviderFault(Exception):
    """Nobody is signed in; `fault` says why."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.value)
        self.fault = fault


@dataclass(frozen=True)
class Asked:
    """What this browser has asked the provider, until it comes back."""

    state: str
    nonce: str
    verifier: str

    @classmethod
    def anew(cls) -> "Asked":
        """Three secrets of 256 bits."""
        return cls(*(secrets.token_urlsafe(32) for _ in range(3)))


def way_there(settings: Settings, back: str, asked: Asked) -> str:
    """The provider's address for this browser. Raises `ProviderFault`."""
    endpoint = _endpoint(_discovered(settings), "authorization_endpoint")
    with _session(settings, back) as session:
        url, _ = session.create_authorization_url(
            endpoint, state=asked.state, code_verifier=asked.verifier, nonce=asked.nonce
        )
    return str(url)


def who_came(
    settings: Settings, now: datetime, back: str, asked: Asked, answer: Mapping[str, str]
) -> dict[str, Any]:
    """The claims of whoever came back with this answer (`code` and `state`). Raises `ProviderFault`."""
    if not secrets.compare_digest(answer.get("state", "").encode(), asked.state.encode()):
        raise ProviderFault(Fault.FOREIGN)
    if "error" in answer or not answer.get("code"):
        raise ProviderFault(Fault.REFUSED)
    about = _discovered(settings)
    given = _exchanged(settings, about, back, asked, answer["code"])
    keys = _asked_for(_endpoint(about, "jwks_uri"))
    return _checked(settings.oidc_client_id, about["issuer"], now, asked.nonce, given, keys)


def way_out(settings: Settings, back: str) -> str:
    """Where the provider's own session ends; empty where it has no such place or is away."""
    try:
        endpoint = _discovered(settings).get("end_session_endpoint")
    except ProviderFault:
        return ""
    if not isinstance(endpoint, str):
        return ""
    told = {"client_id": settings.oidc_client_id, "post_logout_redirect_uri": back}
    return requests.Request("GET", endpoint, params=told).prepare().url or ""


def _discovered(settings: Settings) -> dict[str, Any]:
    about = _asked_for(settings.oidc_issuer.rstrip("/") + _DISCOVERY)
    if str(about.get("issuer", "")).rstrip("/") != settings.oidc_issuer.rstrip("/"):
        raise ProviderFault(Fault.UNTRUSTED)
    return about


def _endpoint(about: Mapping[str, Any], name: str) -> str:
    address = about.get(name)
    if not isinstance(address, str) or not address.startswith(("https://", "http://127.0.0.1:")):
        raise ProviderFault(Fault.UNTRUSTED)
    return address


def _asked_for(address: str) -> dict[str, Any]:
    try:
        answer = requests.get(address, timeout=_SECONDS, allow_redirects=False)
        answer.raise_for_status()
        found = answer.json()
    except (requests.RequestException, ValueError):
        raise ProviderFault(Fault.AWAY) from None
    if not isinstance(found, dict):
        raise ProviderFault(Fault.AWAY)
    return found


def _exchanged(settings: Settings, about: Mapping[str, Any], back: str, asked: Asked, code: str) -> str:
    """The ID token that the provider gives for the code."""
    with _session(settings, back, about) as session:
        try:
            given = session.fetch_token(
                _endpoint(about, "token_endpoint"),
                code=code,
                grant_type="authorization_code",
                code_verifier=asked.verifier,
                timeout=_SECONDS,
            )
        except OAuthError:
            raise ProviderFault(Fault.REFUSED) from None
        except (requests.RequestException, ValueError):
            raise ProviderFault(Fault.AWAY) from None
    token = given.get("id_token")
    if not isinstance(token, str):
        raise ProviderFault(Fault.UNTRUSTED)
    return token


def _checked(
    client: str, issuer: str, now: datetime, nonce: str, given: str, keys: Mapping[str, Any]
) -> dict[str, Any]:
    """The claims of an ID token, by the rules of OpenID Connect Core 1.0, 3.1.3.7."""
    must = jwt.JWTClaimsRegistry(
        now=int(now.timestamp()),
        leeway=_LEEWAY,
        iss={"essential": True, "value": issuer},
        aud={"essential": True, "value": client},
        exp={"essential": True},
        sub={"essential": True},
        nonce={"essential": True, "value": nonce},
    )
    try:
        known: Any = keys
        token = jwt.decode(given, KeySet.import_key_set(known), algorithms=_ALGORITHMS)
        must.validate(token.claims)
    except ExpiredTokenError:
        raise ProviderFault(Fault.EXPIRED) from None
    except _BROKEN:
        raise ProviderFault(Fault.UNTRUSTED) from None
    audiences, party = token.claims["aud"], token.claims.get("azp")
    several = isinstance(audiences, list) and len(audiences) > 1
    if party != client and (several or party is not None):  # it was made for somebody else, too
        raise ProviderFault(Fault.UNTRUSTED)
    return token.claims


def _session(settings: Settings, back: str, about: Mapping[str, Any] | None = None) -> OAuth2Session:
    secret = _secret(settings)
    ways = (about or {}).get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
    way = "client_secret_basic" if "client_secret_basic" in ways else "client_secret_post"
    return OAuth2Session(
        settings.oidc_client_id,
        secret or None,
        token_endpoint_auth_method=way if secret else "none",
        scope=settings.oidc_scopes,
        redirect_uri=back,
        code_challenge_method="S256",
    )


def _secret(settings: Settings) -> str:
    """What this hotline shows the provider; none for a public client."""
    name = settings.oidc_client_secret_file
    try:
        return Path(name).expanduser().read_text(encoding="utf-8").strip() if name else ""
    except (OSError, UnicodeDecodeError) as error:
        log.error("the secret for single sign-on cannot be read", file=name, error=type(error).__name__)
        raise ProviderFault(Fault.AWAY) from None
