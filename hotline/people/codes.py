"""Codes of the second factor: those of an authenticator (TOTP, RFC 6238) and the ten for recovery."""

import base64
import hashlib
import hmac
import secrets
from datetime import datetime

from pyotp import TOTP, random_base32

STEP_SECONDS = 30
STEPS_AROUND = 1
"""Clocks of telephones are off: the code before and the one after count, too."""
RECOVERY_CODES = 10
_RECOVERY_BYTES = 10  # 80 bits: a bare digest of it cannot be searched


def new_secret() -> str:
    """A secret for an authenticator: 160 bits in base32."""
    return random_base32()


def address(secret: str, username: str, issuer: str) -> str:
    """The `otpauth://` address that a QR code hands to an authenticator."""
    return TOTP(secret).provisioning_uri(name=username, issuer_name=issuer)


def step_of(secret: str, code: str, now: datetime) -> int | None:
    """Number of the 30 s step whose code this is, if it is one of those around `now`."""
    totp, present = TOTP(secret), int(now.timestamp()) // STEP_SECONDS
    for step in range(present - STEPS_AROUND, present + STEPS_AROUND + 1):
        if hmac.compare_digest(totp.generate_otp(step), code):
            return step
    return None


def new_recovery_code() -> str:
    """Sixteen letters and digits in fours, like `ABCD-EFGH-2345-WXYZ`."""
    text = base64.b32encode(secrets.token_bytes(_RECOVERY_BYTES)).decode()
    return "-".join(text[start : start + 4] for start in range(0, len(text), 4))


def plain(code: str) -> str:
    """A code as it is compared: typed with or without blanks and hyphens, in small or large letters."""
    return "".join(letter for letter in code.upper() if letter.isascii() and letter.isalnum())


def digest(recovery_code: str) -> str:
    """What is kept of a recovery code: SHA-256, hexadecimal."""
    return hashlib.sha256(plain(recovery_code).encode()).hexdigest()
