"""Where people are signed in, and every way in which that ends."""

from pathlib import Path

import pytest
from sqlalchemy import select

from hotline.calls.models import SeatState
from hotline.calls.seats import seat_changed
from hotline.context import Context
from hotline.database import Database
from hotline.people import administration as acts
from hotline.people import sign_ins
from hotline.people.actors import Actor, Role
from hotline.people.models import SignIn, SignInEnd, SignInKind
from hotline.people.service import change_password
from tests.factories import PASSWORD, FixedClock, department, make_context, user


@pytest.fixture
def context(sqlite_database: Database, clock: FixedClock, tmp_path: Path) -> Context:
    """Sign-ins last fourteen hours and four without use, as where nothing is set."""
    return make_context(sqlite_database, clock, tmp_path, session_hours=14, session_idle_minutes=240)


@pytest.fixture
def wang(context: Context) -> Actor:
    return user(context, department(context, "hotline", is_hotline=True), Role.AGENT, extension="1001")


def signed_in(context: Context, actor: Actor, kind: SignInKind = SignInKind.BROWSER) -> str:
    return sign_ins.begin(context, actor.user_id or 0, kind, "10.1.0.7", "Mozilla/5.0")


def is_in(context: Context, token: str, kind: SignInKind = SignInKind.BROWSER, used: bool = True) -> bool:
    return sign_ins.found(context, token, kind, used) is not None


def ends(context: Context) -> list[SignInEnd | None]:
    with context.reading() as session:
        return list(session.scalars(select(SignIn.end).order_by(SignIn.id)))


def test_a_token_is_good_for_its_kind_and_is_nowhere_kept(context: Context, wang: Actor) -> None:
    token = signed_in(context, wang)
    assert is_in(context, token)
    assert not is_in(context, token, SignInKind.HEADSET)
    assert not is_in(context, "forged")
    with context.reading() as session:
        kept = session.scalars(select(SignIn)).one()
    assert token not in kept.digest
    assert not is_in(context, kept.digest)


def test_what_is_used_stays_and_what_is_not_ends(context: Context, wang: Actor, clock: FixedClock) -> None:
    used, left = signed_in(context, wang), signed_in(context, wang)
    for _ in range(3):
        clock.advance(minutes=239)
        assert is_in(context, used)
        is_in(context, left, used=False)  # a page that renews itself
    assert not is_in(context, left)
    clock.advance(minutes=123)  # fourteen hours since it began
    assert not is_in(context, used)
    assert ends(context) == [SignInEnd.TOO_OLD, SignInEnd.IDLE]


def test_no_telephone_is_taken_from_a_citizen(context: Context, wang: Actor, clock: FixedClock) -> None:
    token = signed_in(context, wang)
    seat_changed(context, "1001", SeatState.READY)
    clock.advance(hours=13)
    assert is_in(context, token, used=False)
    seat_changed(context, "1001", SeatState.TALKING)
    clock.advance(hours=3)
    assert is_in(context, token, used=False)
    seat_changed(context, "1001", SeatState.READY)
    assert not is_in(context, token)


def test_one_signs_out_here_or_elsewhere_but_nobody_else(context: Context, wang: Actor) -> None:
    other = user(context, wang.department_id or 0, Role.AGENT)
    tokens = [signed_in(context, wang) for _ in range(3)] + [signed_in(context, other)]
    acting = context.acting_as(wang)
    here, second, _, others = (sign_ins.found(context, token, SignInKind.BROWSER) for token in tokens)
    assert here is not None
    assert second is not None
    assert others is not None
    assert sign_ins.end_elsewhere(acting, here.id, others.id) == 0
    sign_ins.sign_out(acting, others.id)
    assert sign_ins.end_elsewhere(acting, here.id, second.id) == 1
    assert sign_ins.end_elsewhere(acting, here.id) == 1
    assert [is_in(context, token) for token in tokens] == [True, False, False, True]
    sign_ins.sign_out(acting, here.id)
    assert not is_in(context, tokens[0])


def test_long_past_ones_are_forgotten(context: Context, wang: Actor, clock: FixedClock) -> None:
    ended, left = signed_in(context, wang), signed_in(context, wang)
    clock.advance(hours=15)
    assert not is_in(context, ended)
    clock.advance(days=179)
    assert sign_ins.forget_old(context) == 0
    fresh = signed_in(context, wang)
    clock.advance(days=2)
    assert sign_ins.forget_old(context) == 2
    assert not is_in(context, left)
    clock.advance(days=-2)
    assert is_in(context, fresh)


def test_all_of_them_end_with_the_password_and_with_the_account(context: Context, wang: Actor) -> None:
    boss = context.acting_as(user(context, wang.department_id or 0, Role.ADMINISTRATOR))
    first, second = signed_in(context, wang), signed_in(context, wang, SignInKind.HEADSET)
    here = sign_ins.found(context, first, SignInKind.BROWSER)
    assert here is not None
    change_password(context.acting_as(wang), PASSWORD, "another one 1", here.id)
    assert is_in(context, first)
    assert not is_in(context, second, SignInKind.HEADSET)
    acts.reset_password(boss, wang.user_id or 0, "忘了")
    assert not is_in(context, first)
    again = signed_in(context, wang)
    acts.deactivate_user(boss, wang.user_id or 0, "离职", aware=True)
    acts.reactivate_user(boss, wang.user_id or 0, "回来了")
    assert not is_in(context, again)
    assert ends(context) == [SignInEnd.PASSWORD, SignInEnd.PASSWORD, SignInEnd.DEACTIVATED]
