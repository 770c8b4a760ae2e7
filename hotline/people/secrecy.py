"""Secrets of people, sealed with a key of this installation before they reach the database."""

import base64

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from hotline.config import Settings

_PURPOSE = b"minsheng: second factors of people"


class CannotUnseal(ValueError):
    """The text was sealed with another key, or changed since."""


def seal(settings: Settings, text: str) -> str:
    """The text as it may stand in the database (Fernet: AES-128-CBC and HMAC-SHA256)."""
    return _box(settings).encrypt(text.encode()).decode()


def unseal(settings: Settings, sealed: str) -> str:
    """What was sealed. Raises `CannotUnseal`."""
    try:
        return _box(settings).decrypt(sealed.encode()).decode()
    except InvalidToken:
        raise CannotUnseal from None


def _box(settings: Settings) -> Fernet:
    """By a key for this purpose alone, derived from a secret of `secrets.toml` (RFC 5869)."""
    key = HKDF(SHA256(), 32, salt=None, info=_PURPOSE).derive(settings.secrets.flask.encode())
    return Fernet(base64.urlsafe_b64encode(key))
