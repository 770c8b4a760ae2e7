"""Which numbers are called, for what, by whom, when."""

from datetime import time

import pytest

from hotline.calls.rules import (
    EMERGENCY,
    NATIONAL,
    WHO,
    OutgoingRefused,
    OutgoingRules,
    Purpose,
    Reason,
    plain,
)
from hotline.people.actors import Role

RULES = OutgoingRules()
NOON, NIGHT = time(12), time(23)
AGENT = {Role.AGENT}


def reason(
    number: str,
    purpose: Purpose = Purpose.OUTSIDE,
    roles: set[Role] = AGENT,
    at: time = NOON,
    listed: bool = False,
    rules: OutgoingRules = RULES,
) -> Reason | None:
    try:
        rules.check(number, purpose, roles, at, listed)
    except OutgoingRefused as refusal:
        return refusal.reason
    return None


@pytest.mark.parametrize(
    ("number", "digits"),
    [
        ("13800001234", "13800001234"),
        ("+86 138-0000-1234", "13800001234"),
        ("008613800001234", "13800001234"),
        ("0532 8411 0000", "053284110000"),
        ("+86 532-8411 0000", "053284110000"),
        ("(010)62345678", "01062345678"),
        ("84110000", "84110000"),
        ("4001234567", "4001234567"),
    ],
)
def test_national_numbers_are_dialled_as_inside_the_country(number: str, digits: str) -> None:
    assert RULES.check(number, Purpose.OUTSIDE, AGENT, NOON) == digits


@pytest.mark.parametrize(
    ("number", "why"),
    [
        ("", Reason.NOT_A_NUMBER),
        ("12", Reason.NOT_A_NUMBER),
        ("1" * 21, Reason.NOT_A_NUMBER),
        ("138０0001234", Reason.NOT_A_NUMBER),
        ("13800001234@evil", Reason.NOT_A_NUMBER),
        ("13800001234\r\nChannel: x", Reason.NOT_A_NUMBER),
        ("*72", Reason.NOT_A_NUMBER),
        ("0044 20 7946 0000", Reason.INTERNATIONAL),
        ("+44 20 7946 0000", Reason.INTERNATIONAL),
        ("+8613800001234+", Reason.NOT_A_NUMBER),
        ("00", Reason.INTERNATIONAL),
        ("+8600441234567", Reason.INTERNATIONAL),
        ("16812345", Reason.PREMIUM),
        ("16012345", Reason.PREMIUM),
        ("01016812345", Reason.PREMIUM),
        ("110", Reason.NOT_LISTED),
        ("12345", Reason.NOT_LISTED),
        ("10086", Reason.NOT_LISTED),
        ("12800001234", Reason.NOT_LISTED),
    ],
)
def test_other_numbers_are_refused_with_their_reason(number: str, why: Reason) -> None:
    assert reason(number) is why


@pytest.mark.parametrize("number", sorted(EMERGENCY))
def test_emergency_services_are_called_at_any_hour_and_by_their_own_way(number: str) -> None:
    assert reason(number, Purpose.EMERGENCY, at=NIGHT) is None
    assert reason("13800001234", Purpose.EMERGENCY) is Reason.NOT_LISTED


def test_a_directory_number_may_be_of_any_pattern_but_not_of_those_that_nobody_may_call() -> None:
    assert reason("5201", Purpose.DIRECTORY, listed=True, at=NIGHT) is None
    assert reason("5201", Purpose.DIRECTORY) is Reason.NOT_LISTED
    assert reason("5201", Purpose.OUTSIDE, listed=True) is Reason.NOT_LISTED
    assert reason("0044123456", Purpose.DIRECTORY, listed=True) is Reason.INTERNATIONAL
    assert reason("16812345", Purpose.DIRECTORY, listed=True) is Reason.PREMIUM


@pytest.mark.parametrize("purpose", list(Purpose))
def test_each_purpose_belongs_to_its_roles(purpose: Purpose) -> None:
    number = "110" if purpose is Purpose.EMERGENCY else "13800001234"
    allowed = {role for role in Role if reason(number, purpose, {role}) is None}
    assert allowed == WHO[purpose]
    assert reason(number, purpose, set()) is Reason.NOT_BY_THIS_ROLE


def test_a_typed_number_has_hours_and_other_calls_have_none() -> None:
    assert reason("13800001234", at=NIGHT) is Reason.NOT_AT_THIS_HOUR
    assert reason("13800001234", at=time(22)) is Reason.NOT_AT_THIS_HOUR
    assert reason("13800001234", at=time(7)) is None
    assert reason("13800001234", Purpose.CALLBACK, at=NIGHT) is None
    night_shift = OutgoingRules(hours=(time(22), time(6)))
    assert reason("13800001234", at=NIGHT, rules=night_shift) is None
    assert reason("13800001234", at=NOON, rules=night_shift) is Reason.NOT_AT_THIS_HOUR
    assert reason("13800001234", at=NIGHT, rules=OutgoingRules(hours=(time(0), time(0)))) is None


def test_a_city_allows_other_patterns() -> None:
    with_short = OutgoingRules(patterns=(*NATIONAL, r"96\d{3}"))
    assert reason("96123", rules=with_short) is None
    assert reason("961234", rules=with_short) is Reason.NOT_LISTED
    assert reason("0096123", rules=OutgoingRules(patterns=(r".*",))) is Reason.INTERNATIONAL


def test_a_number_in_its_plain_form_stays_as_it_is() -> None:
    assert plain(plain("+86 532-8411 0000")) == "053284110000"


def test_a_refusal_does_not_repeat_the_number() -> None:
    with pytest.raises(OutgoingRefused) as refused:
        RULES.check("0044207946", Purpose.OUTSIDE, AGENT, NOON)
    assert str(refused.value) == "international"
