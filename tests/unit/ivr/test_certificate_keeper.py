"""When Asterisk is told to read its certificate anew."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from hotline.config import Settings
from ivr.ami.client import AmiLost, Headers, Packet
from ivr.certificate_keeper import CertificateKeeper
from ivr.pbx.certificates import Certificates

NAMES, LIFE = ["127.0.0.1"], timedelta(days=90)


@dataclass
class Asterisk:
    """Takes commands down, or is away."""

    away: bool = False
    commands: list[str] = field(default_factory=list)

    def ask(
        self,
        action: str,
        headers: Mapping[str, str] | None = None,
        variables: Mapping[str, str] | None = None,
    ) -> Packet:
        if self.away:
            raise AmiLost("away")
        self.commands.append((headers or {})["Command"])
        return Packet("Success", {})

    def ask_list(self, action: str, headers: Headers | None = None) -> list[Packet]:
        raise NotImplementedError


@pytest.fixture
def certificates(tmp_path: Path) -> Certificates:
    return Certificates(tmp_path / "tls")


def renewed(certificates: Certificates) -> None:
    certificates.ensure(NAMES, datetime.now(UTC), LIFE, renew=True)


@pytest.fixture
def asterisk() -> Asterisk:
    return Asterisk()


@pytest.fixture
def keeper(certificates: Certificates, asterisk: Asterisk) -> CertificateKeeper:
    renewed(certificates)
    return CertificateKeeper(Settings(tls_dir=str(certificates.folder), sip_tls_port=5061), asterisk)


def test_asterisk_is_told_at_first_and_when_the_files_are_others(
    keeper: CertificateKeeper, certificates: Certificates, asterisk: Asterisk
) -> None:
    assert keeper.look()
    assert asterisk.commands == ["module reload http", "module reload res_pjsip.so"]
    assert not keeper.look()
    renewed(certificates)
    assert keeper.look()
    assert len(asterisk.commands) == 4


def test_what_could_not_be_told_is_told_later(
    keeper: CertificateKeeper, certificates: Certificates, asterisk: Asterisk
) -> None:
    asterisk.away = True
    assert not keeper.look()
    asterisk.away = False
    assert keeper.look()


def test_half_a_renewal_is_not_told(
    keeper: CertificateKeeper, certificates: Certificates, asterisk: Asterisk
) -> None:
    keeper.look()
    old = certificates.server.read_bytes()
    renewed(certificates)
    new = certificates.server.read_bytes()
    certificates.server.write_bytes(old)  # the key is the new one already
    assert not keeper.look()
    certificates.server.write_bytes(b"-----BEGIN")
    assert not keeper.look()
    certificates.server.write_bytes(new)
    assert keeper.look()
