"""The second factor: confirmed by a code, asked for after the password, never by the same code twice."""

from functools import partial
from pathlib import Path

import pytest
from pyotp import TOTP
from sqlalchemy import select

from hotline.context import Context
from hotline.database import Database
from hotline.monitoring.models import AuditEntry, Deed
from hotline.people import second_factor as factor
from hotline.people.actors import NotPermitted, Role
from hotline.people.models import RecoveryCode, User
from hotline.people.second_factor import WrongCode, prove
from hotline.people.service import FAILED_LOGINS_ALLOWED, AccountLocked, CodeNeeded, LoginRefused, log_in
from tests.factories import PASSWORD, FixedClock, department, make_context, user
from tests.threads import at_once


class Protected:
    """Wang, who has a second factor, and the authenticator on Wang's telephone."""

    def __init__(self, context: Context, clock: FixedClock) -> None:
        self.system, self.clock = context, clock
        self.hotline_id = department(context, "hotline", is_hotline=True)
        self.actor = user(context, self.hotline_id, Role.AUDITOR, username="wang")
        self.id = self.actor.user_id or 0
        self.context = context.acting_as(self.actor)
        factor.begin(self.context)
        waiting = factor.pending(self.context)
        assert waiting is not None
        self.authenticator = TOTP(waiting.secret)
        self.recovery = factor.confirm(self.context, self.shown())
        clock.advance(seconds=30)

    def shown(self) -> str:
        return self.authenticator.at(self.clock.now())

    def stored(self) -> User:
        with self.system.reading() as session:
            return session.get_one(User, self.id)


@pytest.fixture
def context(sqlite_database: Database, clock: FixedClock, tmp_path: Path) -> Context:
    """One kind of database; what differs between the two has a test of its own below."""
    return make_context(sqlite_database, clock, tmp_path)


@pytest.fixture
def wang(context: Context, clock: FixedClock) -> Protected:
    return Protected(context, clock)


def test_a_right_password_alone_lets_nobody_in(wang: Protected) -> None:
    with pytest.raises(CodeNeeded) as needed:
        log_in(wang.system, "wang", PASSWORD)
    assert needed.value.user_id == wang.id
    assert wang.stored().last_login_at is None
    prove(wang.system, wang.id, f" {wang.shown()[:3]} {wang.shown()[3:]} ")
    assert wang.stored().last_login_at == wang.clock.now()


def test_no_code_counts_twice_nor_an_earlier_one_after_it(wang: Protected) -> None:
    earlier = wang.shown()
    wang.clock.advance(seconds=30)
    code = wang.shown()
    prove(wang.system, wang.id, code)
    for spent in (code, earlier):
        with pytest.raises(LoginRefused):
            prove(wang.system, wang.id, spent)
    wang.clock.advance(seconds=30)
    prove(wang.system, wang.id, wang.shown())


def test_wrong_codes_lock_and_the_right_password_forgives_none(wang: Protected) -> None:
    for _ in range(FAILED_LOGINS_ALLOWED):
        with pytest.raises(CodeNeeded):
            log_in(wang.system, "wang", PASSWORD)
        with pytest.raises(LoginRefused):
            prove(wang.system, wang.id, "000000")
    with pytest.raises(AccountLocked):
        prove(wang.system, wang.id, wang.shown())
    with pytest.raises(AccountLocked):
        log_in(wang.system, "wang", PASSWORD)
    wang.clock.advance(minutes=15)
    prove(wang.system, wang.id, wang.shown())


def test_nothing_that_is_kept_lets_anybody_in(wang: Protected) -> None:
    kept = wang.stored().factor_secret or ""
    assert wang.authenticator.secret not in kept
    with wang.system.reading() as session:
        digests = session.scalars(select(RecoveryCode.digest)).all()
    assert len(digests) == len(wang.recovery) == 10
    assert not {code.replace("-", "") for code in wang.recovery} & set(digests)
    with pytest.raises(LoginRefused):
        prove(wang.system, wang.id, digests[0])


def test_new_recovery_codes_end_the_old_ones(wang: Protected) -> None:
    with pytest.raises(WrongCode):
        factor.renew_recovery_codes(wang.context, "000000")
    fresh = factor.renew_recovery_codes(wang.context, wang.recovery[0])
    with pytest.raises(LoginRefused):
        prove(wang.system, wang.id, wang.recovery[1])
    prove(wang.system, wang.id, fresh[0].lower())


def test_only_an_administrator_resets_it_and_the_log_says_so(wang: Protected) -> None:
    boss = user(wang.system, wang.hotline_id, Role.ADMINISTRATOR)
    with pytest.raises(NotPermitted):
        factor.reset(wang.context, wang.id, "手机丢了")
    factor.reset(wang.system.acting_as(boss), wang.id, "手机丢了")
    assert log_in(wang.system, "wang", PASSWORD) == wang.id
    with wang.system.reading() as session:
        line = session.scalars(select(AuditEntry)).one()
        assert (line.actor_id, line.deed, line.whom_id) == (boss.user_id, Deed.RESET_FACTOR, wang.id)
        assert line.reason == "手机丢了"
        assert session.scalars(select(RecoveryCode)).all() == []


def test_whoever_changes_it_shows_a_code_first(wang: Protected) -> None:
    factor.begin(wang.context)  # somebody at an open screen
    with pytest.raises(factor.NothingToConfirm):
        factor.confirm(wang.context, wang.shown())
    with pytest.raises(WrongCode):
        factor.remove(wang.context, "000000")
    factor.remove(wang.context, wang.shown())
    assert not wang.stored().has_second_factor


def test_a_code_sent_twice_at_once_lets_in_once(
    database: Database, clock: FixedClock, tmp_path: Path
) -> None:
    wang = Protected(make_context(database, clock, tmp_path), clock)
    let_in: list[str] = []

    def try_it(code: str) -> None:
        try:
            prove(wang.system, wang.id, code)
        except LoginRefused:
            return
        let_in.append(code)

    for code in (wang.shown(), wang.recovery[0]):
        at_once([partial(try_it, code)] * 3)
    assert let_in == [wang.shown(), wang.recovery[0]]
