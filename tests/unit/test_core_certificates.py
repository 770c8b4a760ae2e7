"""The certificates of the line: made, renewed when it is time, never somebody else's replaced."""

import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from hotline.cli.main import main
from ivr.pbx.certificates import CertificateError, Certificates

NAMES = ["pbx.example.cn", "10.1.0.5"]
NOW = datetime(2026, 11, 22, tzinfo=UTC)
YEAR = timedelta(days=365)


@pytest.fixture
def certificates(tmp_path: Path) -> Certificates:
    return Certificates(tmp_path / "tls")


def modes(certificates: Certificates) -> dict[str, int]:
    return {path.name: path.stat().st_mode & 0o777 for path in certificates.folder.iterdir()}


def test_an_authority_and_a_certificate_are_made_once(certificates: Certificates) -> None:
    assert certificates.expires_at() is None
    assert certificates.ensure(NAMES, NOW, YEAR)
    keys, public = 0o600, 0o644
    assert modes(certificates) == {
        "ca.pem": public,
        "ca-key.pem": keys,
        "server.pem": public,
        "server-key.pem": keys,
    }
    assert certificates.folder.stat().st_mode & 0o777 == 0o700
    assert certificates.names() == NAMES
    before = certificates.server.read_bytes()
    assert not certificates.ensure(NAMES, NOW + timedelta(days=300), YEAR)
    assert certificates.server.read_bytes() == before
    context = ssl.create_default_context(cafile=str(certificates.authority))
    context.load_cert_chain(certificates.server, certificates.server_key)


def test_it_is_renewed_a_month_before_its_end_for_other_names_and_when_asked(
    certificates: Certificates,
) -> None:
    certificates.ensure(NAMES, NOW, YEAR)
    authority = certificates.authority.read_bytes()
    later = NOW + timedelta(days=340)
    assert certificates.ensure(NAMES, later, YEAR)
    assert certificates.expires_at() == later + YEAR
    assert certificates.ensure([*NAMES, "sip.example.cn"], later, YEAR)
    assert certificates.ensure([*NAMES, "sip.example.cn"], later, YEAR, renew=True)
    assert certificates.authority.read_bytes() == authority


def test_a_certificate_of_another_authority_is_left_alone(certificates: Certificates) -> None:
    certificates.ensure(NAMES, NOW, YEAR)
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "pbx.example.cn")])
    builder = x509.CertificateBuilder(name, name, key.public_key(), 1, NOW, NOW + YEAR)
    foreign = builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
    certificates.server.write_bytes(foreign)
    for renew in (False, True):
        with pytest.raises(CertificateError, match="not of our authority"):
            certificates.ensure(NAMES, NOW, YEAR, renew)
    assert certificates.server.read_bytes() == foreign


def test_nonsense_in_the_place_of_a_certificate_is_named(certificates: Certificates) -> None:
    certificates.ensure(NAMES, NOW, YEAR)
    certificates.server.write_text("nonsense")
    with pytest.raises(CertificateError, match=r"server\.pem cannot be read"):
        certificates.ensure(NAMES, NOW, YEAR)


@pytest.mark.parametrize(
    "names",
    [
        [],
        ["名字.example"],
        ["bad name"],
        ["-a.example"],
        ["a..b"],
        ["a" * 64],
        [""],
        ["x.*.example"],
        ["a.b" * 100],
    ],
)
def test_names_that_no_certificate_can_have_are_refused(certificates: Certificates, names: list[str]) -> None:
    with pytest.raises(CertificateError):
        certificates.ensure(names, NOW, YEAR)


def test_the_command_keeps_the_names_of_last_time(tmp_path: Path) -> None:
    def run(*words: str) -> str:
        environment = {"HOTLINE_STATE_DIR": str(tmp_path)}
        answer = CliRunner().invoke(main, ["certificates", *words], env=environment)
        assert answer.exit_code == 0, answer.output
        return answer.output

    assert "HOTLINE_SIP_TLS_PORT" in run("pbx.example.cn")
    assert "is good: for pbx.example.cn, 127.0.0.1" in run()
    assert "made: for pbx.example.cn" in run("--renew")
