"""SIP accounts of seats: given out for hours, ended at sign-out, made anew, revoked; seats added."""

from datetime import timedelta

import pytest

from hotline.calls.models import SeatState
from hotline.calls.ports import PhoneKind, TelephoneAway
from hotline.calls.seats import UnknownSeat, seat_changed
from hotline.monitoring.floor import sign_off_seat
from hotline.people.actors import NotPermitted, Role
from hotline.people.models import User
from hotline.people.service import log_in
from hotline.telephones.service import (
    NoSeat,
    PhoneTaken,
    SeatRefused,
    SignInNeeded,
    add_seat,
    browser_account,
    desk_account,
    end_browser_account,
    remove_seat,
    renew_desk_account,
    revoke_desk_account,
    wanted_accounts,
)
from tests.factories import PASSWORD, City, FakeTelephone, FixedClock, user

BROWSER, DESK = ("1001", PhoneKind.BROWSER), ("1001", PhoneKind.DESK)


@pytest.fixture
def telephone() -> FakeTelephone:
    return FakeTelephone()


def test_an_account_serves_every_page_of_a_shift_and_then_another_takes_its_place(
    city: City, telephone: FakeTelephone, clock: FixedClock
) -> None:
    agent = city.context.acting_as(city.agent)
    first = browser_account(agent, telephone)
    assert first.expires_at == clock.now() + timedelta(hours=10)
    assert telephone.asked == [("give_account", "1001", PhoneKind.BROWSER, first.password)]
    clock.advance(hours=5)
    assert browser_account(agent, telephone) == first
    clock.advance(minutes=1)
    second = browser_account(agent, telephone)
    assert second.password != first.password
    assert second.expires_at == clock.now() + timedelta(hours=10)
    assert wanted_accounts(city.context) == {BROWSER: second.password}


def test_one_page_at_a_time_has_the_telephone_the_last_that_took_it(
    city: City, telephone: FakeTelephone, clock: FixedClock
) -> None:
    agent = city.context.acting_as(city.agent)
    account = browser_account(agent, telephone, "old desk", takes=True)
    assert browser_account(agent, telephone, "new desk", takes=True) == account
    with pytest.raises(PhoneTaken):
        browser_account(agent, telephone, "old desk")
    assert browser_account(agent, telephone) == account  # a program holds no telephone
    clock.advance(seconds=60)
    assert browser_account(agent, telephone, "new desk") == account
    clock.advance(seconds=60)
    with pytest.raises(PhoneTaken):
        browser_account(agent, telephone, "old desk")
    clock.advance(seconds=60)  # the new desk's page was closed and asks no more
    assert browser_account(agent, telephone, "old desk") == account


def test_an_account_that_ended_is_nobodys(city: City, telephone: FakeTelephone) -> None:
    agent = city.context.acting_as(city.agent)
    browser_account(agent, telephone, "old desk", takes=True)
    ended = browser_account(agent, telephone, "new desk", takes=True)
    end_browser_account(agent, telephone)
    assert browser_account(agent, telephone, "old desk") != ended


def test_an_account_ends_with_its_time_with_sign_out_and_with_its_user(
    city: City, telephone: FakeTelephone, clock: FixedClock
) -> None:
    agent = city.context.acting_as(city.agent)
    first = browser_account(agent, telephone)
    clock.advance(hours=10)
    assert wanted_accounts(city.context) == {BROWSER: None}
    second = browser_account(agent, telephone)
    end_browser_account(agent, telephone)
    assert telephone.asked[-1] == ("take_account", "1001", PhoneKind.BROWSER)
    assert wanted_accounts(city.context) == {BROWSER: None}
    third = browser_account(agent, telephone)
    assert len({first.password, second.password, third.password}) == 3
    with city.context.writing() as session:
        session.get_one(User, city.agent.user_id).is_active = False
    assert wanted_accounts(city.context) == {BROWSER: None, DESK: None}
    with pytest.raises(NoSeat):
        browser_account(agent, telephone)


@pytest.mark.parametrize("had_an_account", [True, False])
def test_whom_a_supervisor_logs_out_gets_no_account_before_signing_in_anew(
    city: City, telephone: FakeTelephone, clock: FixedClock, had_an_account: bool
) -> None:
    agent, boss = city.context.acting_as(city.agent), city.context.acting_as(city.supervisor)
    log_in(city.context, city.agent.name, PASSWORD)
    if had_an_account:
        browser_account(agent, telephone)
    clock.advance(hours=1)
    sign_off_seat(boss, telephone, "1001", "已下班未退出")
    assert ("take_account", "1001", PhoneKind.BROWSER) in telephone.asked
    assert wanted_accounts(city.context) == {BROWSER: None}
    clock.advance(minutes=1)
    with pytest.raises(SignInNeeded):
        browser_account(agent, telephone)
    log_in(city.context, city.agent.name, PASSWORD)
    account = browser_account(agent, telephone)
    assert wanted_accounts(city.context) == {BROWSER: account.password}
    assert browser_account(agent, telephone) == account


def test_a_log_out_counts_although_the_exchange_is_away(city: City, clock: FixedClock) -> None:
    agent, away = city.context.acting_as(city.agent), FakeTelephone(away=True)
    browser_account(agent, away)
    with pytest.raises(TelephoneAway):
        sign_off_seat(city.context.acting_as(city.supervisor), away, "1001", "核查")
    assert wanted_accounts(city.context) == {BROWSER: None}
    with pytest.raises(SignInNeeded):
        browser_account(agent, away)


def test_the_account_holds_although_no_asterisk_can_be_told(city: City) -> None:
    away = FakeTelephone(away=True)
    account = browser_account(city.context.acting_as(city.agent), away)
    assert wanted_accounts(city.context) == {BROWSER: account.password}
    end_browser_account(city.context.acting_as(city.agent), away)
    assert wanted_accounts(city.context) == {BROWSER: None}


def test_who_has_no_seat_has_no_account(city: City, telephone: FakeTelephone) -> None:
    with pytest.raises(NoSeat):
        browser_account(city.context.acting_as(city.screener), telephone)
    end_browser_account(city.context.acting_as(city.screener), telephone)
    assert telephone.asked == []


def test_a_desk_phone_keeps_its_account_until_it_is_made_anew_or_revoked(
    city: City, telephone: FakeTelephone, clock: FixedClock
) -> None:
    born = desk_account(city.context, "1001")
    clock.advance(days=1000)
    assert desk_account(city.context, "1001") == born
    assert wanted_accounts(city.context) == {}
    anew = renew_desk_account(city.context, telephone, "1001")
    assert anew.password != born.password
    assert desk_account(city.context, "1001") == anew
    revoke_desk_account(city.context, telephone, "1001")
    assert wanted_accounts(city.context) == {DESK: None}
    with pytest.raises(NoSeat, match="revoked"):
        desk_account(city.context, "1001")
    again = renew_desk_account(city.context, telephone, "1001")
    assert again.password not in (born.password, anew.password)
    with pytest.raises(NoSeat):
        desk_account(city.context, "1099")


def test_a_seat_is_added_moved_and_removed(city: City, telephone: FakeTelephone) -> None:
    colleague = user(city.context, city.hotline_id, Role.AGENT, username="lihua")
    add_seat(city.context, "lihua", "1002")
    first = desk_account(city.context, "1002")
    seat_changed(city.context, "1002", SeatState.OFFLINE)
    add_seat(city.context, "lihua", "1003")
    seat_changed(city.context, "1003", SeatState.OFFLINE)
    assert wanted_accounts(city.context)["1002", PhoneKind.DESK] is None
    with pytest.raises(UnknownSeat):
        seat_changed(city.context, "1002", SeatState.OFFLINE)
    remove_seat(city.context, telephone, "1003")
    assert telephone.asked[-2:] == [
        ("take_account", "1003", PhoneKind.BROWSER),
        ("take_account", "1003", PhoneKind.DESK),
    ]
    with pytest.raises(NoSeat):
        browser_account(city.context.acting_as(colleague), telephone)
    add_seat(city.context, "lihua", "1002")
    assert desk_account(city.context, "1002") != first


@pytest.mark.parametrize("extension", ["", "1", "12345678901", "10a", "１００２", "1001;"])
def test_what_is_no_extension_is_refused(city: City, extension: str) -> None:
    with pytest.raises(SeatRefused):
        add_seat(city.context, city.screener.name, extension)


def test_a_seat_belongs_to_one_active_user(city: City) -> None:
    with pytest.raises(SeatRefused, match=city.agent.name):
        add_seat(city.context, city.screener.name, "1001")
    with pytest.raises(NoSeat):
        add_seat(city.context, "nobody", "1002")
    with pytest.raises(NotPermitted):
        add_seat(city.context.acting_as(city.agent), city.agent.name, "1002")
