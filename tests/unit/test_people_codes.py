"""Codes of the second factor, as pure functions."""

from datetime import UTC, datetime, timedelta

import pytest
from pyotp import TOTP

from hotline.people import codes

NOW = datetime(2020, 4, 30, 8, 0, 10, tzinfo=UTC)
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@pytest.mark.parametrize(
    ("seconds", "counts"), [(-70, False), (-30, True), (-11, True), (0, True), (30, True), (50, False)]
)
def test_a_code_counts_around_its_half_minute(seconds: int, counts: bool) -> None:
    shown_at = NOW + timedelta(seconds=seconds)
    step = codes.step_of(SECRET, TOTP(SECRET).at(shown_at), NOW)
    assert step == (int(shown_at.timestamp()) // 30 if counts else None)


@pytest.mark.parametrize("code", ["", "00000", "0000000", "abcdef", "１２３４５６"])
def test_what_is_no_code_counts_never(code: str) -> None:
    assert codes.step_of(SECRET, codes.plain(code), NOW) is None


def test_a_recovery_code_is_read_however_it_is_typed() -> None:
    code = codes.new_recovery_code()
    typed = [code, code.lower(), code.replace("-", ""), code.replace("-", " "), f" {code} "]
    assert len({codes.digest(one) for one in typed}) == 1
    assert len({codes.new_recovery_code() for _ in range(50)}) == 50


def test_the_authenticator_is_told_whose_secret_it_is() -> None:
    address = codes.address(SECRET, "王 丽", "Minsheng demo")
    assert address.startswith("otpauth://totp/Minsheng%20demo:")
    assert f"secret={SECRET}" in address
