"""Letters are fetched from a real IMAP server: once, whatever breaks, and what cannot be read is told."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select
from structlog.testing import capture_logs

from hotline.cli.mail_check import mailbox as mailbox_check
from hotline.contacts.models import LetterFault, MailLetter
from hotline.context import Context
from hotline.database import Database
from hotline.intake.queries import written_on_the_web
from hotline.intake.web import set_aside
from hotline.line_security.models import AlarmKind
from hotline.line_security.service import open_alarms
from hotline.mailbox import queries
from hotline.mailbox.models import MailboxState
from hotline.mailbox.rules import MOST_OF_A_SENDER, Reason
from hotline.mailbox.service import fetch_due, letter_seen
from hotline.people.actors import NotPermitted
from hotline.tickets.models import Ticket
from hotline.tickets.numbers import is_ticket_number
from hotline.tickets.states import State
from tests.factories import City, FixedClock, make_context
from tests.imap_server import PASSWORD, USER, Letters, certificate, imap_server
from tests.threads import at_once
from tests.unit.mailbox.test_letters import endless

LARGEST = 200_000


def letter(name: str, text: str = "路灯不亮", sender: str = "li@example.com") -> bytes:
    said = f"From: {sender}\nSubject: {name}\nMessage-ID: <{name}@example.com>"
    return f"{said}\nContent-Type: text/plain; charset=utf-8\n\n{text}".replace("\n", "\r\n").encode()


@pytest.fixture
def letters() -> Letters:
    return Letters()


@pytest.fixture
def port(letters: Letters) -> Iterator[int]:
    with imap_server(letters) as listening:
        yield listening


def settings_of(port: int, folder: Path) -> dict[str, object]:
    secret = folder / "mailbox"
    secret.write_text(f"{PASSWORD}\n")
    return {
        "mailbox_host": "127.0.0.1",
        "mailbox_port": port,
        "mailbox_security": "none",
        "mailbox_user": USER,
        "mailbox_password_file": str(secret),
        "mailbox_letter_bytes": LARGEST,
        "mailbox_letters": 5,
    }


@pytest.fixture
def mail(sqlite_database: Database, clock: FixedClock, tmp_path: Path, port: int) -> Context:
    return make_context(sqlite_database, clock, tmp_path, **settings_of(port, tmp_path))


def drafts(context: Context) -> list[str]:
    """First lines of what waits."""
    with context.reading() as session:
        return [ticket.description.partition("\n")[0] for ticket in written_on_the_web(session)]


def again(context: Context, clock: FixedClock, seconds: int = 60) -> int:
    clock.advance(seconds=seconds)
    return fetch_due(context)


def test_letters_become_drafts_once(mail: Context, letters: Letters, clock: FixedClock) -> None:
    letters.put(letter("old"), letter("one"))
    letters.read.add(1)  # before the mailbox was connected, somebody had read it
    assert fetch_due(mail) == 1
    letters.put(letter("two", sender="=?utf-8?B?546L5bCP5piO?= <wang@example.com>"), letter("one"))
    assert fetch_due(mail) == 0  # it is not due
    assert again(mail, clock) == 2
    assert drafts(mail) == ["one", "two"]
    with mail.reading() as session:
        ticket = session.scalars(select(Ticket).order_by(Ticket.id.desc())).first()
        assert ticket is not None
        assert (ticket.state, ticket.channel) == (State.DRAFT, "YX")
        assert is_ticket_number(ticket.number or "")
        assert (ticket.description, ticket.complainant_name) == ("two\n路灯不亮", "王小明")
        assert ticket.contact.letter is not None
        assert ticket.contact.letter.sender == "wang@example.com"
        assert [line.event for line in ticket.history] == ["open_record"]
    assert again(mail, clock) == 0
    letters.validity += 1  # the server has made its box anew: all of it is read again, and known
    assert again(mail, clock) == 4
    assert drafts(mail) == ["one", "two", "old"]
    assert not [asked for asked in letters.asked if asked.startswith(("UID STORE", "SELECT"))]


def test_many_letters_come_a_few_at_a_time(mail: Context, letters: Letters) -> None:
    letters.put(*(letter(str(number)) for number in range(12)))
    assert [fetch_due(mail) for _ in range(4)] == [5, 5, 2, 0]
    assert drafts(mail) == [str(number) for number in range(12)]


def test_a_broken_letter_is_set_aside_and_stops_no_other(
    mail: Context, letters: Letters, city_of_mail: City
) -> None:
    letters.put(endless(), letter("large", "长" * LARGEST), letter("", ""), letter("good"))
    assert fetch_due(mail) == 4
    assert drafts(mail) == ["good"]
    with mail.reading() as session:
        told = [(one.fault, one.subject) for one in queries.set_aside(session)]
        ids = [one.id for one in queries.set_aside(session)]
    assert told == [
        (LetterFault.UNREADABLE, ""),
        (LetterFault.TOO_LARGE, "large"),
        (LetterFault.NO_WORDS, ""),
    ]
    assert not [asked for asked in letters.asked if asked.startswith("UID FETCH 2 (BODY.PEEK[]")]
    letter_seen(mail.acting_as(city_of_mail.agent), ids[0])
    with pytest.raises(NotPermitted):
        letter_seen(mail.acting_as(city_of_mail.dispatcher), ids[0])
    letter_seen(mail.acting_as(city_of_mail.agent), ids[1])
    with mail.reading() as session:
        assert [one.id for one in queries.set_aside(session)] == ids[2:]
        seen = [session.get_one(MailLetter, one) for one in ids[:2]]
        assert [(one.sender, one.subject) for one in seen] == [("", "")] * 2


@pytest.fixture
def city_of_mail(mail: Context) -> City:
    return City.founded(mail)


def test_a_draft_of_a_letter_is_set_aside_like_others(
    mail: Context, letters: Letters, city_of_mail: City
) -> None:
    letters.put(letter("one"))
    fetch_due(mail)
    with mail.reading() as session:
        ((ticket_id),) = session.scalars(select(Ticket.id))
    set_aside(mail.acting_as(city_of_mail.agent), ticket_id, "广告")
    assert drafts(mail) == []


def test_one_sender_does_not_fill_the_list(mail: Context, letters: Letters, clock: FixedClock) -> None:
    letters.put(
        *(letter(f"s{number}") for number in range(MOST_OF_A_SENDER + 2)),
        letter("x", sender="wu@example.com"),
    )
    while fetch_due(mail):
        continue
    assert len(drafts(mail)) == MOST_OF_A_SENDER + 1
    with mail.reading() as session:
        assert {one.fault for one in queries.set_aside(session)} == {LetterFault.TOO_MANY}


def test_a_line_that_breaks_loses_and_doubles_nothing(
    mail: Context, letters: Letters, clock: FixedClock
) -> None:
    letters.put(letter("one"), letter("two"), letter("three"))
    letters.breaks_at = 2
    with capture_logs() as logs:
        assert fetch_due(mail) == 0
    assert [line["reason"] for line in logs] == [Reason.UNREACHABLE]
    assert "example.com" not in str(logs)
    assert drafts(mail) == ["one"]
    letters.breaks_at = 0
    assert again(mail, clock) == 2
    assert drafts(mail) == ["one", "two", "three"]


def test_a_mailbox_that_does_not_answer_is_told_and_asked_again(
    mail: Context, letters: Letters, clock: FixedClock, tmp_path: Path
) -> None:
    letters.put(letter("one"))
    (tmp_path / "mailbox").write_text("another")
    assert mailbox_check(mail.settings).ok is False
    fetch_due(mail)
    assert again(mail, clock) == 0
    with mail.reading() as session:
        (alarm,) = open_alarms(session)
        state = queries.failing(session, mail.settings)
        assert (alarm.kind, alarm.subject, alarm.count) == (AlarmKind.MAILBOX, "127.0.0.1", 2)
        assert state is not None
        assert (state.reason, state.failures) == (Reason.REFUSED, 2)
        assert state.due_at - mail.now() == 2 * (mail.now() - state.failing_since)  # type: ignore[operator]
    (tmp_path / "mailbox").write_text(PASSWORD)
    assert mailbox_check(mail.settings).ok
    assert again(mail, clock) == 0  # it waits longer after the second failure
    assert again(mail, clock) == 1
    with mail.reading() as session:
        assert queries.failing(session, mail.settings) is None


def test_over_tls_only_to_a_server_that_is_trusted(
    mail: Context, letters: Letters, clock: FixedClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    letters.put(letter("one"))
    tls, trusted = certificate(tmp_path)
    with imap_server(letters, tls=tls) as port:
        given = {**settings_of(port, tmp_path), "mailbox_security": "tls"}
        secured = make_context(mail.database, clock, tmp_path, **given)
        assert fetch_due(secured) == 0
        with mail.reading() as session:
            state = queries.failing(session, secured.settings)
            assert state is not None
            assert state.reason is Reason.UNREACHABLE
        assert letters.asked == []
        monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
        assert again(secured, clock) == 1


def test_without_a_server_nothing_is_asked(
    sqlite_database: Database, clock: FixedClock, tmp_path: Path
) -> None:
    context = make_context(sqlite_database, clock, tmp_path)
    assert fetch_due(context) == 0
    assert "mail" not in context.settings.own_processes
    with context.reading() as session:
        assert session.scalars(select(MailboxState)).all() == []


def test_two_workers_make_one_draft_of_a_letter(
    database: Database, clock: FixedClock, tmp_path: Path, letters: Letters, port: int
) -> None:
    here, also, there = (
        make_context(database, clock, tmp_path, **{**settings_of(port, tmp_path), "mailbox_folder": folder})
        for folder in ("INBOX", "INBOX", "Inbox")  # the third is another mailbox with the same letters
    )
    letters.put(letter("one"), letter("two"))
    read = at_once([lambda one=one: fetch_due(one) for one in (here, also, there)])
    assert (sorted(read[:2]), read[2]) == ([0, 2], 2)
    assert drafts(here) == ["one", "two"]
