"""Passwords of people (argon2) and of their telephones (derived, never stored)."""

import hashlib
import hmac

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

MINIMUM_PASSWORD_LENGTH = 8

_hasher = PasswordHasher()
# A generated password has 59 bits: nobody guesses it, however quick a guess is. A sheet of people is quick.
_quick_hasher = PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1)


class WeakPassword(ValueError):
    """The password is too short."""


def hash_password(password: str) -> str:
    """An argon2id hash. Raises `WeakPassword` below eight characters."""
    if len(password) < MINIMUM_PASSWORD_LENGTH:
        raise WeakPassword(f"a password has at least {MINIMUM_PASSWORD_LENGTH} characters")
    return _hasher.hash(password)


def hash_generated_password(password: str) -> str:
    """An argon2id hash of a password that was drawn by lot, and that its user must change."""
    return _quick_hasher.hash(password)


def password_matches(stored_hash: str, password: str) -> bool:
    """Whether the password is the one of the hash; a broken hash matches nothing."""
    try:
        return _hasher.verify(stored_hash, password)
    except (VerificationError, InvalidHashError):
        return False


def sip_password(secret: str, extension: str, serial: str = "") -> str:
    """The SIP password of a telephone: derived from the installation's secret, so that no table holds it.

    `serial` tells the accounts of a seat apart; without one it is the desk phone's, born with the seat.
    """
    subject = f"seat:{extension}:{serial}" if serial else f"seat:{extension}"
    return hmac.new(secret.encode(), subject.encode(), hashlib.sha256).hexdigest()[:32]
