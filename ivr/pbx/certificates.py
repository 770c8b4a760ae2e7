"""Certificates of the line: an authority of this installation's own, and what it signs for the PBX.

Files in `settings.tls_folder`: `ca.pem` (give it to telephones), `ca-key.pem`, `server.pem` and
`server-key.pem`. Put a public authority's certificate and key in the place of the last two, and nothing here
will touch them.
"""

import ipaddress
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

AUTHORITY = "Minsheng line authority"
AUTHORITY_LIFE = timedelta(days=3650)
RENEW_BEFORE = timedelta(days=30)
# Clocks of telephones differ from ours.
_BACKDATED = timedelta(hours=1)

_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_HOST_NAME = re.compile(rf"(?:\*\.)?{_LABEL}(?:\.{_LABEL})*")  # RFC 1123, section 2.1; a wildcard by RFC 6125
_LONGEST_NAME = 253
_LONGEST_COMMON_NAME = 64  # RFC 5280, appendix A.1; telephones look at the names behind it


class CertificateError(Exception):
    """What lies in the folder is no certificate and key of ours; the text says what to do."""


@dataclass(frozen=True)
class Certificates:
    """Where the four files lie."""

    folder: Path

    @property
    def authority(self) -> Path:
        """The authority's certificate, which telephones must trust."""
        return self.folder / "ca.pem"

    @property
    def authority_key(self) -> Path:
        """The authority's key; nobody but `ensure` reads it."""
        return self.folder / "ca-key.pem"

    @property
    def server(self) -> Path:
        """The PBX's certificate."""
        return self.folder / "server.pem"

    @property
    def server_key(self) -> Path:
        """The PBX's key."""
        return self.folder / "server-key.pem"

    def expires_at(self) -> datetime | None:
        """When the PBX's certificate ends (UTC); None if there is none. Raises `CertificateError`."""
        return _read(self.server).not_valid_after_utc if self.server.exists() else None

    def fingerprint(self) -> str:
        """Another one for another certificate or key; empty while these two do not belong together."""
        try:
            certificate = _read(self.server)
            key = serialization.load_pem_private_key(self.server_key.read_bytes(), None)
        except (CertificateError, ValueError, TypeError, UnsupportedAlgorithm, OSError):
            return ""
        if certificate.public_key() != key.public_key():
            return ""
        return certificate.fingerprint(hashes.SHA256()).hex()

    def ensure(self, names: Sequence[str], now: datetime, life: timedelta, renew: bool = False) -> bool:
        """Make what is missing, ends within a month, or is not for these names. True if anything was made.

        `names` are host names and IP addresses by which telephones reach the PBX. Raises `CertificateError`.
        """
        if not names:
            raise CertificateError("a certificate is for at least one name")
        _general(names)
        self._refuse_strangers()
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        made = self._ensure_authority(now)
        if made or renew or not self._serves(names, now):
            self._sign_server(names, now, life)
            return True
        return False

    def names(self) -> list[str]:
        """The names that the PBX's certificate is for; empty if there is none. Raises `CertificateError`."""
        if not self.server.exists():
            return []
        found = _read(self.server).extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        return [str(name.value) for name in found]

    def _refuse_strangers(self) -> None:
        issuer = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, AUTHORITY)])
        if self.server.exists() and _read(self.server).issuer != issuer:
            raise CertificateError(f"{self.server} is not of our authority: renew it where it came from")

    def _ensure_authority(self, now: datetime) -> bool:
        if self.authority.exists() and self.authority_key.exists():
            return False
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, AUTHORITY)])
        usage = x509.KeyUsage(False, False, False, False, False, True, True, False, False)
        builder = _certificate(name, name, key.public_key(), now, AUTHORITY_LIFE)
        builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        signed = builder.add_extension(usage, critical=True).sign(key, hashes.SHA256())
        _write_key(self.authority_key, key)
        _write(self.authority, signed.public_bytes(serialization.Encoding.PEM), 0o644)
        return True

    def _serves(self, names: Sequence[str], now: datetime) -> bool:
        if not self.server.exists() or not self.server_key.exists():
            return False
        present = _read(self.server)
        found = present.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        return set(found) == set(_general(names)) and present.not_valid_after_utc > now + RENEW_BEFORE

    def _sign_server(self, names: Sequence[str], now: datetime, life: timedelta) -> None:
        authority, authority_key = _read(self.authority), _read_key(self.authority_key)
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, names[0][:_LONGEST_COMMON_NAME])])
        # The trunk and the telephones may be asked for certificates by us: the same one serves as a client's.
        purposes = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH])
        builder = _certificate(subject, authority.subject, key.public_key(), now, life)
        builder = builder.add_extension(x509.SubjectAlternativeName(_general(names)), critical=False)
        builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        signed = builder.add_extension(purposes, critical=False).sign(authority_key, hashes.SHA256())
        _write_key(self.server_key, key)
        _write(self.server, signed.public_bytes(serialization.Encoding.PEM), 0o644)


def _certificate(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, now: datetime, life: timedelta
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _BACKDATED)
        .not_valid_after(now + life)
    )


def _general(names: Sequence[str]) -> list[x509.GeneralName]:
    general: list[x509.GeneralName] = []
    for name in names:
        try:
            general.append(x509.IPAddress(ipaddress.ip_address(name)))
        except ValueError:
            if len(name) > _LONGEST_NAME or not _HOST_NAME.fullmatch(name):
                raise CertificateError(f"{name!r} is neither a host name nor an address") from None
            general.append(x509.DNSName(name))
    return general


def _read(path: Path) -> x509.Certificate:
    try:
        return x509.load_pem_x509_certificate(path.read_bytes())
    except (ValueError, OSError) as error:
        raise CertificateError(f"{path} cannot be read as a certificate ({type(error).__name__})") from None


def _read_key(path: Path) -> ec.EllipticCurvePrivateKey:
    try:
        key = serialization.load_pem_private_key(path.read_bytes(), None)
    except (ValueError, TypeError, OSError) as error:
        raise CertificateError(f"{path} cannot be read as a key ({type(error).__name__})") from None
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise CertificateError(f"{path} is not a key of our authority")
    return key


def _write_key(path: Path, key: ec.EllipticCurvePrivateKey) -> None:
    pem, pkcs8 = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    _write(path, key.private_bytes(pem, pkcs8, serialization.NoEncryption()), 0o600)


def _write(path: Path, content: bytes, mode: int) -> None:
    """Whole under another name, and then into place: Asterisk may read it at any moment."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
    draft.chmod(mode)
    draft.replace(path)
