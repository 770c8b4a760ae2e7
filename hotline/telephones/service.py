"""Giving out, renewing and ending the SIP accounts of seats, and adding seats.

What is written here holds at once in the database; every Asterisk is told at once, too. One that is away just
then is brought into line by its machine's `hotline run ivr` (see `wanted_accounts`), whose absence in turn
changes nothing for telephones that are registered.
"""

import re
import secrets
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline import events
from hotline.calls.models import Seat
from hotline.calls.ports import AccountControl, PhoneKind, TelephoneAway
from hotline.context import Context
from hotline.people.actors import Role
from hotline.people.models import User
from hotline.people.queries import user_by_id
from hotline.people.rules import sip_password
from hotline.telephones.models import LONGEST_EXTENSION, PhoneAccount

_EXTENSION = re.compile(rf"[0-9]{{2,{LONGEST_EXTENSION}}}")
PAGE_GONE = timedelta(seconds=90)
"""A page that has the browser phone asks for its account once a minute; one that has not is closed."""


class NoSeat(LookupError):
    """The user has no extension, or nobody has the extension that was named."""


class SignInNeeded(Exception):
    """A supervisor has logged this seat out: its telephone has no account until its agent signs in anew."""


class PhoneTaken(Exception):
    """Another page has taken the seat's browser phone, in another browser or at another computer."""


class SeatRefused(ValueError):
    """This seat cannot be had; the text says why."""


@dataclass(frozen=True)
class Account:
    """What a telephone is told. `expires_at` None: until it is revoked."""

    extension: str
    password: str = field(repr=False)
    expires_at: datetime | None = None


def browser_account(
    context: Context, control: AccountControl, page: str = "", takes: bool = False
) -> Account:
    """The account for the browser phone of whoever acts, with at least half its life before it.

    The same one for every page that the agent opens meanwhile, but one page at a time has the telephone: the
    one that last took it (`takes`), because an exchange rings whichever registered last. `page` is a name
    that the page gave itself, "" for a program. Raises `NoSeat`, `SignInNeeded`, `PhoneTaken`.
    """
    life = timedelta(hours=context.settings.phone_account_hours)
    now = context.now()
    with context.writing() as session:
        user = user_by_id(session, context.actor.user_id) if context.actor.user_id else None
        if user is None or not user.extension:
            raise NoSeat("no telephone belongs to this user")
        row = _row(session, user.extension, PhoneKind.BROWSER)
        if row is not None and _is_barred(row, user):
            raise SignInNeeded
        if row is not None and row.in_force(now) and not takes and _is_taken(row, page, now):
            raise PhoneTaken
        fresh = row is not None and row.expires_at is not None and row.expires_at - now >= life / 2
        if row is None or not fresh or not row.in_force(now) or row.user_id != user.id:
            row = _issue(session, context, user.extension, PhoneKind.BROWSER, now + life)
        if page:
            row.page, row.page_asked_at = page, now
        account = Account(row.extension, _password(context, row), row.expires_at)
    _tell(lambda: control.give_account(account.extension, PhoneKind.BROWSER, account.password))
    return account


def end_browser_account(context: Context, control: AccountControl) -> None:
    """Whoever acts has signed out. Nothing happens for those without a browser phone."""
    with context.writing() as session:
        query = select(PhoneAccount).where(
            PhoneAccount.user_id == context.actor.user_id,
            PhoneAccount.kind == PhoneKind.BROWSER,
            PhoneAccount.ended_at.is_(None),
        )
        ended = session.scalars(query).all()
        for row in ended:
            _end(session, context, row)
        extensions = [row.extension for row in ended]
    for extension in extensions:
        _tell(partial(control.take_account, extension, PhoneKind.BROWSER))


def log_out_browser(session: Session, context: Context, extension: str) -> None:
    """A supervisor logs the seat out, in the transaction that says so: the account of its browser phone ends,
    and the page gets no other before its agent signs in anew. The exchange is to be told by `take_account`.

    A desk phone keeps its account, which belongs to the desk and not to a sign-in.
    """
    row = _row(session, extension, PhoneKind.BROWSER)
    if row is None:
        row = _issue(session, context, extension, PhoneKind.BROWSER, None)
    row.barred_at = context.now()
    _end(session, context, row)


def desk_account(context: Context, extension: str) -> Account:
    """The account of the seat's desk phone. Raises `NoSeat`, also where it has been revoked."""
    with context.reading() as session:
        _holder(session, extension)
        row = _row(session, extension, PhoneKind.DESK)
        if row is None:
            return Account(extension, sip_password(context.settings.secrets.sip, extension))
        if not row.in_force(context.now()):
            raise NoSeat(f"the desk phone of {extension} was revoked; make its account anew")
        return Account(extension, _password(context, row))


def renew_desk_account(context: Context, control: AccountControl, extension: str) -> Account:
    """A new password for the seat's desk phone; the old one is worth nothing from now on."""
    with context.writing() as session:
        _holder(session, extension)
        row = _issue(session, context, extension, PhoneKind.DESK, None)
        account = Account(extension, _password(context, row))
    _tell(lambda: control.give_account(extension, PhoneKind.DESK, account.password))
    return account


def revoke_desk_account(context: Context, control: AccountControl, extension: str) -> None:
    """No desk phone may be this seat's until its account is made anew."""
    with context.writing() as session:
        _holder(session, extension)
        row = _row(session, extension, PhoneKind.DESK) or _issue(
            session, context, extension, PhoneKind.DESK, None
        )
        _end(session, context, row)
    _tell(lambda: control.take_account(extension, PhoneKind.DESK))


def add_seat(context: Context, username: str, extension: str) -> None:
    """Give a user an extension. Every Asterisk knows it within seconds. Raises `SeatRefused`, `NoSeat`."""
    context.actor.must_have("add a seat", Role.ADMINISTRATOR, Role.SYSTEM)
    if not _EXTENSION.fullmatch(extension):
        raise SeatRefused(f"an extension has 2 to {LONGEST_EXTENSION} digits")
    with context.writing() as session:
        user = session.scalar(select(User).where(User.username == username, User.is_active))
        if user is None:
            raise NoSeat("no active user has this name")
        holder = session.scalar(select(User).where(User.extension == extension))
        if holder is not None and holder is not user:
            raise SeatRefused(f"{extension} belongs to {holder.username}")
        _leave_old_seat(session, user, extension)
        if user.extension and user.extension != extension:
            _bar(session, context, user.extension)
        user.extension = extension
        for row in session.scalars(select(PhoneAccount).where(PhoneAccount.extension == extension)):
            session.delete(row)  # what a former holder's telephones knew
        session.flush()
        _issue(session, context, extension, PhoneKind.DESK, None)
        events.record(session, context.now(), "seat.added", f"seat:{extension}")


def remove_seat(context: Context, control: AccountControl, extension: str) -> None:
    """Take the extension away from its user, and both accounts. Raises `NoSeat`."""
    context.actor.must_have("remove a seat", Role.ADMINISTRATOR, Role.SYSTEM)
    with context.writing() as session:
        _holder(session, extension).extension = None
        _bar(session, context, extension)
        events.record(session, context.now(), "seat.removed", f"seat:{extension}")
    for kind in PhoneKind:
        _tell(partial(control.take_account, extension, kind))


def wanted_accounts(context: Context) -> dict[tuple[str, PhoneKind], str | None]:
    """The password that each telephone should have in every Asterisk; None: none will do.

    Telephones that are not named keep the account that their seat was born with.
    """
    now = context.now()
    with context.reading() as session:
        rows = session.scalars(select(PhoneAccount)).all()
        gone = select(User.extension).where(User.extension.is_not(None), ~User.is_active)
        barred = set(session.scalars(gone))
        wanted: dict[tuple[str, PhoneKind], str | None] = {
            (row.extension, row.kind): _password(context, row) if row.in_force(now) else None for row in rows
        }
    wanted |= {(extension, kind): None for extension in barred if extension for kind in PhoneKind}
    return wanted


def _row(session: Session, extension: str, kind: PhoneKind) -> PhoneAccount | None:
    query = select(PhoneAccount).where(PhoneAccount.extension == extension, PhoneAccount.kind == kind)
    return session.scalar(query.with_for_update())


def _issue(
    session: Session, context: Context, extension: str, kind: PhoneKind, expires_at: datetime | None
) -> PhoneAccount:
    """Replaces the account of this telephone."""
    row = _row(session, extension, kind)
    if row is None:
        row = PhoneAccount(extension=extension, kind=kind)
        session.add(row)
    row.serial, row.issued_at, row.expires_at = secrets.token_hex(16), context.now(), expires_at
    row.ended_at = row.barred_at = None
    row.user_id = context.actor.user_id if kind is PhoneKind.BROWSER else None
    session.flush()
    events.record(session, context.now(), "seat.account_issued", f"seat:{extension}", phone=kind)
    return row


def _is_barred(row: PhoneAccount, user: User) -> bool:
    """Until the seat's user, or another one who has got the seat since, signs in after it."""
    signed_in_at = user.last_login_at
    return row.barred_at is not None and (signed_in_at is None or signed_in_at < row.barred_at)


def _is_taken(row: PhoneAccount, page: str, now: datetime) -> bool:
    """Whether a page other than this one has the telephone, and is still open."""
    there = row.page_asked_at is not None and now - row.page_asked_at < PAGE_GONE
    return bool(page) and row.page != page and there


def _bar(session: Session, context: Context, extension: str) -> None:
    """Neither telephone of the extension may register."""
    for kind in PhoneKind:
        _end(
            session,
            context,
            _row(session, extension, kind) or _issue(session, context, extension, kind, None),
        )


def _end(session: Session, context: Context, row: PhoneAccount) -> None:
    row.ended_at = context.now()
    events.record(session, context.now(), "seat.account_ended", f"seat:{row.extension}", phone=row.kind)


def _password(context: Context, row: PhoneAccount) -> str:
    return sip_password(context.settings.secrets.sip, row.extension, row.serial)


def _holder(session: Session, extension: str) -> User:
    user = session.scalar(select(User).where(User.extension == extension, User.is_active))
    if user is None:
        raise NoSeat(f"nobody has extension {extension}")
    return user


def _leave_old_seat(session: Session, user: User, extension: str) -> None:
    """The board's line of the user moves with them; a former holder's line of the extension stays theirs."""
    former = session.scalar(select(Seat).where(Seat.extension == extension))
    if former is not None and former.user_id != user.id:
        raise SeatRefused(f"{extension} still stands on the board as somebody else's; choose another")
    own = session.scalar(select(Seat).where(Seat.user_id == user.id))
    if own is not None:
        own.extension = extension


def _tell(order: Callable[[], None]) -> None:
    with suppress(TelephoneAway):
        order()
